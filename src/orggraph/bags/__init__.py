"""Bags: folders or archives of files that carry their own checksums, by RFC 8493 and the drafts before it (0.93 to 0.97)."""
