"""A sheet → JSON lines: an object a row, named by the headings. In: a sheet. Out: pieces of UTF-8 text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import msgspec

from orggraph.output.sheet import Sheet

BATCH = 1_000


def json_pieces(sheet: Sheet) -> Iterator[bytes]:
    """Headings must differ."""
    names, encoder = sheet.headings, msgspec.json.Encoder()
    rows = iter(sheet.rows)
    while batch := list(islice(rows, BATCH)):
        yield encoder.encode_lines([dict(zip(names, row, strict=True)) for row in batch])
