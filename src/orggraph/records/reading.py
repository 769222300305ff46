"""A file → rows of kinds and relations. In: a file, the model. Out: each row with its line, its table, its header's columns.

What the rows of a sheet are says its title, or a column ``kind`` or ``relation``.
"""

from __future__ import annotations

from collections.abc import Iterator

from orggraph.errors import Problem, Problems
from orggraph.model.columns import SAYS_TABLE, folded
from orggraph.model.model import Model
from orggraph.records.columns import read_header
from orggraph.records.files import InFile, Table, table_names
from orggraph.records.formats import sheets_of
from orggraph.records.guessing import nearest
from orggraph.records.rows import RowReader, Rows
from orggraph.records.sheets import Header, Lines, Sheet

SOURCE = "Source"
MOST_READERS = 1_000

Read = tuple[RowReader, Rows]
"""Rows under one header, and the reader of their table."""


class SourceBehind(Exception):
    """A row of ``Source`` stands in a file that was put aside, when sources were looked for, by how it begins."""


def read_rows(model: Model, file: InFile, problems: Problems, sources: bool, whole: bool = True) -> Iterator[Read]:
    """The rows of a file that are of ``Source``, or all others: what rows mean depends on the sources that they cite.

    What is wrong goes to ``problems``, and is None in the row, so that the rest is judged too. Unless ``whole``, a file that
    does not begin with rows of ``Source`` is believed to have none, which spares reading it twice; when it is read for all
    others and that was wrong, SourceBehind is raised.
    """
    # what is wrong with the file itself is told once, by the reading of all others
    for sheet in sheets_of(file, Problems() if sources else problems):
        yield from SheetReader(model, sheet, problems, sources, whole).rows()


class SheetReader:
    """Reads one sheet, with a reader of rows for each table and header that occurs in it."""

    def __init__(self, model: Model, sheet: Sheet, problems: Problems, sources: bool, whole: bool) -> None:
        self.model, self.sheet, self.problems, self.sources, self.whole = model, sheet, problems, sources, whole
        self.aside = False
        self.names = table_names(model)
        found = (self.names.get(folded(title)) for title in sheet.titles)
        self.titled = next((table for table in found if table is not None), None)
        self.readers: dict[tuple[str, tuple[str, ...]], RowReader] = {}

    def rows(self) -> Iterator[Read]:
        header: Header | None = None
        says: int | None = None
        reader: RowReader | None = None
        for part in self.sheet.parts:
            if isinstance(part, Header):
                if header is None and self.put_aside(part):
                    return
                header, says = part, self.says_table(part)
                reader = self.reader(self.titled, header, -1) if says is None and self.wanted(self.titled) else None
                if says is None and reader is None:
                    if self.titled is None and not self.sources:
                        self.unknown(part.line if self.sheet.headers else 0, -1, "", self.sheet.titles[0])
                    self.sheet.passed.add(tuple(part.cells))
                    if not self.sheet.headers and (self.sources or self.titled is None):
                        return
                continue
            assert header is not None
            for one, lines in [(reader, part)] if says is None else self.by_table(part, says, header):
                if one is not None:
                    yield one, one.read(lines)
        if header is None and not self.sources and not self.problems_here():
            mend = "begin with a line that names the columns" if not self.sheet.headers else "write an object a line"
            self.problems.add(Problem(self.sheet.shown, 0, "", "EMPTY", "", "has no header", mend))

    def problems_here(self) -> bool:
        """Whether it is known already why there is nothing."""
        return any(problem.file == self.sheet.shown for problem in self.problems.kept)

    def put_aside(self, header: Header) -> bool:
        """Whether the sheet, by how it begins, has none of the sources that are looked for."""
        self.aside = not self.whole and self.says_table(header) is None and not _is_source(self.titled)
        return self.aside and self.sources

    def wanted(self, table: Table | None) -> bool:
        return table is not None and _is_source(table) is self.sources

    def says_table(self, header: Header) -> int | None:
        """The place of a column that says what each row is."""
        for place, cell in enumerate(header.cells):
            if folded(cell.strip()) in SAYS_TABLE:
                return place
        return None

    def reader(self, table: Table | None, header: Header, says: int) -> RowReader:
        assert table is not None
        known = (table.name, tuple(header.cells))
        if known not in self.readers:
            if len(self.readers) >= MOST_READERS:  # each line may have a header of its own
                self.readers.clear()
            columns = read_header(self.model, table, header.cells, self.sheet, header.line, self.problems, says)
            self.readers[known] = RowReader(self.model, table, self.sheet, columns, header.cells, self.problems)
        return self.readers[known]

    def by_table(self, lines: Lines, says: int, header: Header) -> Iterator[tuple[RowReader | None, Lines]]:
        """Lines that each name their table, by the readers of these."""
        found: dict[str, list[int]] = {}
        for index, cells in enumerate(lines.cells):
            odd = lines.odd.get(index, {}).get(says)
            if odd is not None:
                line = lines.numbers[index]
                where, column = self.sheet.at(line, says), header.cells[says]
                self.problems.add(Problem(where, line, column, odd.code, odd.text[:100], odd.message, odd.mend))
                continue
            found.setdefault(cells[says].strip() if says < len(cells) else "", []).append(index)
        for text, indexes in found.items():
            table = self.names.get(folded(text)) if text else self.titled
            if self.aside and _is_source(table):
                raise SourceBehind
            if table is None and not self.sources:
                for index in indexes:
                    self.unknown(lines.numbers[index], says, header.cells[says], text)
            yield self.reader(table, header, says) if self.wanted(table) else None, lines.some(indexes)

    def unknown(self, line: int, place: int, column: str, name: str) -> None:
        near = nearest(folded(name), list(self.names))
        mend = f"did you mean {self.names[near].name}?" if near else "name it for what its rows are"
        if not near and self.sheet.lettered and not line:
            mend = "name the sheet for what its rows are, begin its name with # to have it passed over, or take it out"
        message = f"{name[:100]} is no kind or relation" if name else "says no kind or relation"
        file = self.sheet.at(line, place)
        self.problems.add(Problem(file, line, column, "UNKNOWN_TABLE", name[:100], message, mend))


def _is_source(table: Table | None) -> bool:
    return table is not None and table.name == SOURCE
