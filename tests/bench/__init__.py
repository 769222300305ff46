"""Measurements against peers: ``make bench``. Nothing here is collected by pytest."""
