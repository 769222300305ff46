"""A sheet → CSV (RFC 4180). In: a sheet. Out: pieces of UTF-8 text.

With a byte order mark, without which Excel takes UTF-8 for another encoding. Text that would be a formula has an apostrophe
before it (``formulas``), which loading takes off again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

from orggraph.formulas import APOSTROPHE, BEGINNINGS, guarded
from orggraph.output.sheet import Cell, Sheet

BATCH = 1_000
MARK = "\ufeff"
_LOOKED_AT = BEGINNINGS | {APOSTROPHE}


def csv_pieces(sheet: Sheet, mark: bool = True) -> Iterator[bytes]:
    """``mark``: whether it begins with a byte order mark."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    text.write(MARK if mark else "")
    writer.writerow(map(_written, sheet.headings))
    rows = iter(sheet.rows)
    while True:
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
        batch = list(islice(rows, BATCH))
        if not batch:
            return
        writer.writerows([_written_row(row) for row in batch])


def _written_row(row: Sequence[Cell]) -> list[Cell]:
    return [_written(cell) if cell.__class__ is not int else cell for cell in row]


def _written(cell: Cell) -> Cell:
    """Numbers as they are: a negative one is no formula."""
    match cell:
        case str():
            return guarded(cell) if cell[:1] in _LOOKED_AT else cell
        case bool():
            return "true" if cell else "false"
    return cell
