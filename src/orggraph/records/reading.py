"""A file → rows of kinds and relations. In: a file, the model. Out: each row with its line, its table, its header's columns.

What the rows of a sheet are says its title, or a column ``kind`` or ``relation``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from orggraph.errors import Problem, Problems
from orggraph.model.columns import folded
from orggraph.model.model import Model
from orggraph.records.columns import read_header
from orggraph.records.csv_rows import csv_sheets
from orggraph.records.files import InFile, Table, table_names
from orggraph.records.rows import Row, RowReader
from orggraph.records.sheets import Header, Lines, Sheet

SOURCE = "Source"
SAYS_TABLE = {"kind": "kind", "种类": "kind", "relation": "relation", "关系": "relation"}


Read = tuple[RowReader, Sequence[int], list[Row]]
"""Rows under one header, the line of each, and the reader of their table."""


def read_rows(model: Model, file: InFile, problems: Problems, sources: bool) -> Iterator[Read]:
    """The rows of a file that are of ``Source``, or all others: what rows mean depends on the sources that they cite.

    What is wrong goes to ``problems``, and is None in the row, so that the rest is judged too.
    """
    for sheet in csv_sheets(file.path, file.shown, problems):
        yield from SheetReader(model, sheet, problems, sources).rows()


class SheetReader:
    """Reads one sheet, with a reader of rows for each table and header that occurs in it."""

    def __init__(self, model: Model, sheet: Sheet, problems: Problems, sources: bool) -> None:
        self.model, self.sheet, self.problems, self.sources = model, sheet, problems, sources
        self.names = table_names(model)
        self.titled = self.names.get(folded(sheet.title))
        self.readers: dict[tuple[str, tuple[str, ...]], RowReader] = {}

    def rows(self) -> Iterator[Read]:
        header: Header | None = None
        says: int | None = None
        reader: RowReader | None = None
        for part in self.sheet.parts:
            if isinstance(part, Header):
                header, says = part, self.says_table(part)
                if says is None and not self.wanted(self.titled):
                    if self.titled is None and not self.sources:
                        self.unknown(0, "", self.sheet.title)
                    return
                reader = self.reader(self.titled, header, -1) if says is None and self.titled else None
                continue
            assert header is not None
            for one, lines in [(reader, part)] if says is None else self.by_table(part, says, header):
                if one is not None:
                    yield one, *one.read(lines)
        if header is None and not self.sources:
            mend = "begin with a line that names the columns"
            self.problems.add(Problem(self.sheet.shown, 0, "", "EMPTY", "", "has no header", mend))

    def wanted(self, table: Table | None) -> bool:
        return table is not None and (table.name == SOURCE) is self.sources

    def says_table(self, header: Header) -> int | None:
        """The place of a column that says what each row is."""
        for place, cell in enumerate(header.cells):
            if folded(cell.strip()) in SAYS_TABLE:
                return place
        return None

    def reader(self, table: Table, header: Header, says: int) -> RowReader:
        known = (table.name, tuple(header.cells))
        if known not in self.readers:
            cells = ["" if place == says else cell for place, cell in enumerate(header.cells)]
            columns = read_header(table, cells, self.sheet.shown, header.line, self.problems, says)
            shown, width = self.sheet.shown, len(header.cells)
            self.readers[known] = RowReader(self.model, table, shown, columns, width, self.problems)
        return self.readers[known]

    def by_table(self, lines: Lines, says: int, header: Header) -> Iterator[tuple[RowReader | None, Lines]]:
        """Lines that each name their table, by the readers of these."""
        found: dict[str, tuple[list[int], list[Sequence[str]]]] = {}
        for number, cells in zip(lines.numbers, lines.cells, strict=True):
            numbers, listed = found.setdefault(cells[says].strip() if says < len(cells) else "", ([], []))
            numbers.append(number)
            listed.append(cells)
        for text, (numbers, listed) in found.items():
            yield self.reader_of(text, numbers[0], says, header), Lines(numbers, listed)

    def reader_of(self, text: str, line: int, says: int, header: Header) -> RowReader | None:
        """The reader of the table that lines name themselves."""
        table = self.names.get(folded(text)) if text else self.titled
        if table is None and not self.sources:
            self.unknown(line, header.cells[says], text)
        return self.reader(table, header, says) if table is not None and self.wanted(table) else None

    def unknown(self, line: int, column: str, name: str) -> None:
        near = get_close_matches(folded(name), list(self.names), 1)
        mend = f"did you mean {self.names[near[0]].name}?" if near else "name it for what its rows are"
        message = f"{name} is no kind or relation" if name else "says no kind or relation"
        self.problems.add(Problem(self.sheet.shown, line, column, "UNKNOWN_TABLE", name, message, mend))
