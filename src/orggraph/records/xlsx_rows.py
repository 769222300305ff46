"""A workbook of Excel → its sheets. In: a path. Out: a header and lines of cells for each; what cannot be read is told.

A sheet is named for its kind or relation, or has a column that says it; if it is the only one, the file's name does as well.
Sheets without any cell are passed over, and those whose name begins with #, which are for people.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from orggraph.errors import Problem, Problems
from orggraph.records.sheets import BATCH, Header, Lines, Sheet
from orggraph.records.unpacking import Unreadable
from orggraph.records.xlsx_book import CHUNK, UNREADABLE, Book, BookSheet, unreadable
from orggraph.records.xlsx_cells import SheetCells

MOST_CELLS = 200_000
UNMERGE = "unmerge them and fill each"


def xlsx_sheets(path: Path, shown: str, problems: Problems) -> Iterator[Sheet]:
    """The sheets of a workbook that have anything."""
    with Book(path) as book:
        sheets = [one for one in book.sheets if not one.name.startswith("#") and not _is_empty(book, one)]
        if not sheets:
            mend = "name a sheet for what its rows are, and begin it with a line that names the columns"
            problems.add(Problem(shown, 0, "", "EMPTY", "", "has no sheet with anything in it", mend))
        seen = [one for one in sheets if not one.hidden]
        for one in sheets:
            name = f"{shown}[{one.name}]"
            if one.hidden:
                mend = "unhide it if it is to be loaded, begin its name with # to have it passed over, or delete it"
                problems.add(Problem(name, 0, "", "HIDDEN_SHEET", "", "is hidden and not empty", mend))
                continue
            titles = (one.name.partition(".")[0], *((path.name.partition(".")[0],) if len(seen) == 1 else ()))
            yield Sheet(titles, name, _parts(book, one, name, problems), lettered=True)


def _is_empty(book: Book, sheet: BookSheet) -> bool:
    left = book.left  # what is looked at twice is counted once
    cells = SheetCells(book.strings, book.styles, book.since_1904)
    try:
        for chunk in book.chunks(sheet.part):
            cells.feed(chunk)
            if cells.header is not None:
                return False
        cells.feed(b"")
    except UNREADABLE:
        return False  # which is told when it is read
    except Unreadable:
        return False
    finally:
        book.left = left
    return True


def _parts(book: Book, sheet: BookSheet, shown: str, problems: Problems) -> Iterator[Header | Lines]:
    cells = SheetCells(book.strings, book.styles, book.since_1904)
    try:
        yield from _read(book, sheet, cells)
    except Unreadable as found:
        problems.add(Problem(shown, found.line, "", found.code, "", found.message, found.mend))
    except UNREADABLE as error:
        try:
            unreadable(error)
        except Unreadable as found:
            problems.add(Problem(shown, cells.line, "", found.code, "", found.message, found.mend))
    for place, odd in cells.odd_header.items():
        line = cells.header.line if cells.header else 0
        where = Sheet((), shown, iter(()), True).at(line, place)
        problems.add(Problem(where, line, "", odd.code, odd.text[:100], odd.message, odd.mend))
    for area in cells.merged:
        line = int("".join(filter(str.isdigit, area.partition(":")[0])) or 0)
        problems.add(Problem(f"{shown}!{area}", line, "", "MERGED", area, "are merged cells", UNMERGE))


def _read(book: Book, sheet: BookSheet, cells: SheetCells) -> Iterator[Header | Lines]:
    headed = False
    for chunk in book.chunks(sheet.part, CHUNK):
        # lines are as wide as the header: of a wide one, few at a time
        size = len(chunk) if cells.width < 1_000 else 2**12
        for at in range(0, len(chunk), size):
            cells.feed(chunk[at : at + size])
            if cells.header is not None and not headed:
                headed = True
                yield cells.header
            if len(cells.lines) >= BATCH or len(cells.lines) * cells.width > MOST_CELLS:
                yield cells.take()
    cells.feed(b"")
    if headed and cells.lines:
        yield cells.take()
