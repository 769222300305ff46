"""Sheets → a workbook of Excel. In: sheets, a file or stream. Out: the workbook in it.

Rows go to temporary files as they come, so that memory stays flat. The line of headings stays in view and filters; columns are as
wide as what they begin with; code lists are offered in the cells. A text stays text whatever it looks like, also when its cell
is edited: no formula, no number, no day. What is more than a sheet holds goes on in a sheet of the same title, ``人员.2``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import chain, count, islice
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

from orggraph.errors import OrggraphError
from orggraph.formulas import BEGINNINGS
from orggraph.output.sheet import Cell, Choices, Column, Holds, Sheet

MOST_LINES = 1_048_576
LISTS = "#词表"
"""The sheet of code lists, which loading passes over."""
LONGEST_TITLE, LONGEST_NUMBERED = 31, 27
SAMPLE, NARROWEST, WIDEST = 200, 8, 48
CHUNK = 2**16
MADE = datetime(1980, 1, 1, tzinfo=UTC)
"""The same for all, so that the same rows make the same bytes."""
FIRST_DAY = date(1900, 3, 1)
"""Excel has a 29th of February before it, and no calendar has."""
MOST_DIGITS = 10**15
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def workbook_pieces(sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """A workbook as it is sent to somebody; it is finished before the first piece."""
    with TemporaryFile() as file:
        write_workbook(sheets, file)
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


def write_workbook(sheets: Iterable[Sheet], out: IO[bytes]) -> None:
    """Raises OrggraphError for a cell that no workbook holds."""
    import xlsxwriter  # type: ignore[import-untyped]  # it comes without types

    with TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(out, {"constant_memory": True, "tmpdir": folder})
        book.set_properties({"created": MADE.replace(tzinfo=None)})
        writing = Workbook(book)
        for sheet in sheets:
            writing.add(sheet)
        writing.add_lists()
        book.close()


class Workbook:
    """A workbook that is being written."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "bg_color": "#DDE7F0", "bottom": 1, "num_format": "@"})
        self.text = book.add_format({"num_format": "@"})
        self.guarded = book.add_format({"num_format": "@", "quote_prefix": True})
        self.number = book.add_format({"num_format": "General"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.titles: set[str] = set()
        self.lists: dict[Choices, int] = {}

    def add(self, sheet: Sheet) -> None:
        """A sheet, and more of them for rows that it cannot hold."""
        rows = iter(sheet.rows)
        for number in count(1):
            first = list(islice(rows, SAMPLE))
            if number > 1 and not first:
                return
            title = sheet.title if number == 1 else f"{sheet.title[:LONGEST_NUMBERED]}.{number}"
            rest = islice(rows, MOST_LINES - 1 - len(first))
            self.add_part(title, sheet.columns, first, chain(first, rest))

    def add_part(
        self, title: str, columns: Sequence[Column], first: Sequence[Sequence[Cell]], rows: Iterable[Sequence[Cell]]
    ) -> None:
        page = self.book.add_worksheet(self.title(title))
        page.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            page.set_column(place, place, _width(column.heading, [row[place] for row in first]), self.text)
            page.write_string(0, place, column.heading, self.head)
            if column.note:
                page.write_comment(0, place, column.note, {"x_scale": 2.5, "y_scale": 2})
            if column.choices:
                self.offer(page, place, column.choices)
        days = [column.holds is Holds.DAYS for column in columns]
        line = 0
        for line, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if cell is not None and cell != "":
                    self.put(page, line, place, cell, days[place])
        if columns:
            page.autofilter(0, 0, line, len(columns) - 1)

    def title(self, wanted: str) -> str:
        """A title that Excel takes and no other sheet has."""
        plain = _NO_TITLE.sub(" ", wanted).strip("' ")[:LONGEST_TITLE] or "Sheet"
        plain = f"{plain}." if plain.casefold() == "history" else plain  # which Excel keeps to itself
        title = next(
            one
            for number in count(1)
            if (one := plain if number == 1 else f"{plain[:LONGEST_NUMBERED]}.{number}").casefold() not in self.titles
        )
        self.titles.add(title.casefold())
        return title

    def put(self, page: Any, line: int, place: int, cell: Cell, days: bool) -> None:
        match cell:
            case bool():
                page.write_boolean(line, place, cell, self.number)
            case int() | float() if (
                -MOST_DIGITS < cell < MOST_DIGITS
            ):  # beyond, and what is no number, digits would be lost
                page.write_number(line, place, cell, self.number)
            case str() if days and (day := _day(cell)):
                page.write_datetime(line, place, day, self.day)
            case _:
                self.put_text(page, line, place, str(cell))

    def put_text(self, page: Any, line: int, place: int, text: str) -> None:
        if text.startswith("<r>") and text.endswith("</r>"):  # which the library would take for its own markup
            wrong = page.write_rich_string(line, place, *text[:2], text[2:], self.text)
        else:
            wrong = page.write_string(line, place, text, self.guarded if text[0] in BEGINNINGS else None)
        if wrong:
            message = (
                f"line {line + 1} has a cell of more than 32,767 characters, which no workbook holds: {text[:60]}…"
            )
            raise OrggraphError(f"{message}; write CSV or JSON lines", "LONG_CELL")

    def offer(self, page: Any, place: int, choices: Choices) -> None:
        """A list in the cells of a column; what is not of it is asked about, and taken."""
        column = self.lists.setdefault(choices, len(self.lists))
        letter = _letters(column)
        source = f"='{LISTS}'!${letter}$2:${letter}${len(choices.words) + 1}"
        told = {"error_type": "warning", "error_title": choices.name[:32], "error_message": f"{choices.name}?"[:255]}
        page.data_validation(1, place, MOST_LINES - 1, place, {"validate": "list", "source": source, **told})

    def add_lists(self) -> None:
        """The sheet that the lists stand in, a column each."""
        if not self.lists:
            return
        page = self.book.add_worksheet(LISTS)
        listed = sorted(self.lists, key=self.lists.__getitem__)
        lines = max(len(choices.words) for choices in listed)
        for line in range(lines + 1):  # row by row, as rows are written
            for place, choices in enumerate(listed):
                if line == 0:
                    page.set_column(place, place, _width(choices.name, choices.words))
                    page.write_string(0, place, choices.name, self.head)
                elif line <= len(choices.words):
                    self.put_text(page, line, place, choices.words[line - 1])
        page.hide()


def _day(text: str) -> date | None:
    if _DAY.fullmatch(text):
        with suppress(ValueError):
            found = date.fromisoformat(text)
            return found if found >= FIRST_DAY else None
    return None


def _width(heading: str, cells: Sequence[Cell]) -> float:
    """In characters; a Chinese one is two wide, and the heading has a button beside it."""
    widest = max((_columns(str(cell)) for cell in cells if cell is not None), default=0)
    return min(max(widest, _columns(heading) + 3, NARROWEST), WIDEST) + 1


def _columns(text: str) -> int:
    return sum(1 if character < "ᄀ" else 2 for character in text[:WIDEST])


def _letters(place: int) -> str:
    """0 → A, 27 → AB."""
    found, number = "", place + 1
    while number:
        number, digit = divmod(number - 1, 26)
        found = chr(65 + digit) + found
    return found


def workbook_bytes(sheets: Iterable[Sheet]) -> bytes:
    """A small workbook as a whole."""
    out = io.BytesIO()
    write_workbook(sheets, out)
    return out.getvalue()
