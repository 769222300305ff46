"""A sheet → CSV (RFC 4180). In: a sheet. Out: pieces of UTF-8 text.

With a byte order mark, without which Excel takes UTF-8 for another encoding. Text that would be a formula has an apostrophe
before it (``formulas``), which loading takes off again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from orggraph.formulas import APOSTROPHE, BEGINNINGS, guarded
from orggraph.output.sheet import Cell, Sheet

BATCH = 1_000
MARK = "\ufeff"
_LOOKED_AT = BEGINNINGS | {APOSTROPHE}
_SIGNS = re.escape("".join(sorted(_LOOKED_AT - set("\r\n"))))
_SIGN = re.compile(rf'[{_SIGNS}](?<=[,\n"].)')
_LINE_END = re.compile('"[\r\n]')


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
        writer.writerows(zip(*map(_worded, zip(*batch, strict=True)), strict=True))
        if _may_hold_formulas(text.getvalue()):
            text.seek(0)
            text.truncate()
            writer.writerows([map(_written, row) for row in batch])


def _may_hold_formulas(text: str) -> bool:
    """Whether a cell may begin as a formula does, told of all of them in a fraction of the time: one that begins with a line end
    is in quotes."""
    return text[:1] in _LOOKED_AT or bool(_SIGN.search(text) or ('"' in text and _LINE_END.search(text)))


def _worded(column: Sequence[Cell]) -> Sequence[Cell]:
    """What is true or false as words; nearly no column has such."""
    if bool not in set(map(type, column)):
        return column
    return ["true" if cell is True else "false" if cell is False else cell for cell in column]


def _written(cell: Cell) -> Cell:
    """Numbers as they are: a negative one is no formula."""
    match cell:
        case str():
            return guarded(cell) if cell[:1] in _LOOKED_AT else cell
        case bool():
            return "true" if cell else "false"
    return cell
