"""Rows → files that people and programs open: CSV, JSON lines, workbooks. In: sheets of rows, one after another. Out: bytes.

Nothing here knows a store or a model: answers and exported tables are written alike, and memory stays flat however many rows
there are.
"""
