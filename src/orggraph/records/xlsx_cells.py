"""The XML of a sheet → rows of text. In: pieces of it. Out: a header, lines, what cannot be taken, merged cells.

Each cell costs a few calls, so names are looked up once and little is asked of cells that are as they should be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from orggraph.records.excel_days import Shows, number_text
from orggraph.records.sheets import Header, Lines, Odd
from orggraph.records.unpacking import Unreadable
from orggraph.records.xlsx_book import SAVE_AGAIN, Text, new_parser, unescaped

MOST_COLUMNS = 16_384
_COLUMN = re.compile("[A-Z]{1,3}")
PASTE = "copy it and paste it as values"


class Places(dict[str, int]):
    """C → 2; by how a cell is named, without its row."""

    def __missing__(self, letters: str) -> int:
        if not _COLUMN.fullmatch(letters):
            raise Unreadable("XLSX", f"has a cell named {letters[:20]}", SAVE_AGAIN)
        place = 0
        for letter in letters:
            place = place * 26 + ord(letter) - 64
        if place > MOST_COLUMNS:
            raise Unreadable("XLSX", f"has a column {letters}", SAVE_AGAIN)
        self[letters] = place - 1
        return place - 1


PLACES = Places()


class SheetCells:
    """Reads a sheet. ``header``: its first line that has anything; ``odd_header``: what cannot be taken of it; ``merged``: told
    when the sheet is at its end."""

    def __init__(self, strings: Sequence[str], styles: Mapping[str, Shows], since_1904: bool) -> None:
        self.strings, self.styles, self.since_1904 = strings, styles, since_1904
        self.header: Header | None = None
        self.odd_header: dict[int, Odd] = {}
        self.merged: list[str] = []
        self.width = MOST_COLUMNS
        self.line = 0
        self.cells: list[str] = []
        self.odd_cells: dict[int, Odd] = {}
        self.day_cells: list[int] = []
        self.reset()
        self.parser = new_parser()
        self.parser.StartElementHandler = self.first

    def feed(self, chunk: bytes) -> None:
        self.parser.Parse(chunk, not chunk)

    def take(self) -> Lines:
        """The lines that are ready; others follow."""
        found = Lines(self.numbers, self.lines, self.odd, self.days)
        self.reset()
        return found

    def reset(self) -> None:
        self.numbers: list[int] = []
        self.lines: list[list[str]] = []
        self.odd: dict[int, dict[int, Odd]] = {}
        self.days: dict[int, set[int]] = {}

    def first(self, name: str, _: dict[str, str]) -> None:
        """The outermost element: all others have its prefix."""
        self.handle(name.rpartition("worksheet")[0])

    def handle(self, prefix: str) -> None:
        """Sets the handlers: closures, since they are called some times a cell."""
        parser, text, strings = self.parser, Text(), self.strings
        row, c, v, f, merge = (prefix + name for name in ("row", "c", "v", "f", "mergeCell"))
        cut = len(prefix)
        kind: str | None = None
        style = ""
        place = -1
        value: str | None = None
        formula: str | None = None
        empty = ""

        def start(name: str, given: dict[str, str]) -> None:
            nonlocal kind, style, place, value, formula
            if name == c:
                ref = given.get("r")
                at = PLACES[ref.rstrip("0123456789")] if ref else place + 1
                if at <= place or at >= MOST_COLUMNS:
                    raise Unreadable("XLSX", f"has cells out of order in line {self.line}", SAVE_AGAIN)
                place, kind, style = at, given.get("t"), given.get("s", empty)
                value = formula = None
            elif name == v:
                parser.CharacterDataHandler = chars
            elif name == row:
                number = given.get("r")
                line = int(number) if number else self.line + 1
                if line <= self.line:
                    raise Unreadable("XLSX", f"has lines out of order at {line}", SAVE_AGAIN)
                self.line, place = line, -1
            elif name == f:
                formula = empty
                parser.CharacterDataHandler = formula_chars
            elif name == merge:
                self.merged.append(given.get("ref", empty))
            elif kind == "inlineStr":
                text.start(name[cut:])
                parser.CharacterDataHandler = text.chars

        def chars(piece: str) -> None:
            nonlocal value
            value = piece if value is None else value + piece
            if len(value) > 100_000:
                raise Unreadable("TOO_LARGE", "has a cell that is too long", "shorten it", self.line)

        def formula_chars(piece: str) -> None:
            nonlocal formula
            if formula is not None and len(formula) < 1_000:
                formula += piece

        def end(name: str) -> None:
            nonlocal kind
            if name in (v, f):
                parser.CharacterDataHandler = None
            elif name == c:
                if kind == "s" and formula is None:
                    if value is not None:
                        self.put(place, strings[int(value) if value[0] != "-" else len(strings)])
                elif kind == "inlineStr":
                    self.put(place, text.take())
                elif value is not None or formula is not None:
                    self.other(place, kind, style, value or empty, formula)
                kind = None
            elif name == row:
                self.end_row()
            elif kind == "inlineStr":
                text.end(name[cut:])

        parser.StartElementHandler, parser.EndElementHandler = start, end

    def put(self, place: int, text: str) -> None:
        cells = self.cells
        if place >= self.width:
            if text.strip():
                self.odd_cells[place] = Odd("UNNAMED", text, "", "")
            return
        if place > len(cells):
            cells.extend([""] * (place - len(cells)))
        cells.append(text)

    def other(self, place: int, kind: str | None, style: str, value: str, formula: str | None) -> None:
        """A cell that is no plain text."""
        if formula is not None:
            text = f"={formula}"
            self.odd_cells[place] = Odd("FORMULA", text, f"{text[:100]} is a formula, not a value", PASTE)
        elif kind == "e":
            self.odd_cells[place] = Odd(
                "ERROR_CELL", value, f"{value} is an error of Excel", "mend the cell, or empty it"
            )
        elif kind == "b":
            self.put(place, "true" if value.strip() in ("1", "true") else "false")
        elif kind is None or kind == "n":
            self.number(place, style, value)
        elif kind == "d":
            self.day_cells.append(place)
            self.put(place, value.removesuffix("Z").removesuffix("T00:00:00.000").removesuffix("T00:00:00"))
        else:
            self.put(place, unescaped(value))

    def number(self, place: int, style: str, value: str) -> None:
        try:
            text, day = number_text(value, self.styles[style] if style else "", self.since_1904)
        except ValueError:
            message = f"{value} has more than 15 digits, of which Excel has lost the last"
            self.odd_cells[place] = Odd("EXCEL_NUMBER", value, message, "format the column as text and type it again")
            return
        if day:
            self.day_cells.append(place)
        self.put(place, text)

    def end_row(self) -> None:
        cells, index = self.cells, len(self.lines)
        if not (any(cells) or self.odd_cells):
            cells.clear()
        elif self.header is None:
            self.set_header()
        else:
            if len(cells) < self.width:
                cells.extend([""] * (self.width - len(cells)))
            if self.odd_cells:
                self.odd[index] = self.odd_cells
            for place in self.day_cells:
                self.days.setdefault(place, set()).add(index)
            self.numbers.append(self.line)
            self.lines.append(cells)
            self.cells = []
        if self.odd_cells:
            self.odd_cells = {}
        if self.day_cells:
            self.day_cells = []

    def set_header(self) -> None:
        """The first line that has anything."""
        while self.cells and not self.cells[-1].strip():
            self.cells.pop()
        self.header, self.odd_header = Header(self.line, self.cells), dict(self.odd_cells)
        self.width = len(self.cells)
        self.cells = []
