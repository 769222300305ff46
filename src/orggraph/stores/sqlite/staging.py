"""Rows of a load, set down in temporary tables before anything is decided. In: checked rows. Out: tables to join with.

``s_<Table>``: one row per file row: where it stood (by number), which columns it had, its kept values as ``records.rows.layout`` has
them, the interned set of its citations, what its source's date was, and its span as far as it says it by itself. Memory
stays flat however many rows there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat

import apsw

from orggraph.errors import Conflict, Problem, Problems
from orggraph.model.model import Kind, Model
from orggraph.records.files import InFile, Table
from orggraph.records.reading import read_rows
from orggraph.records.rows import Rows, layout
from orggraph.records.sheets import Where
from orggraph.stores.sqlite.citing import Citations
from orggraph.time.partial import parse_partial
from orggraph.time.span import Cells, Dated, DateError, once_open, record_span
from orggraph.time.states import place_states

TOLD = 5_000
"""Rows after which it is told how far reading is."""
HEAD = ("file", "had", "line")
TAIL = ("w_seen", "c", "f0", "f1", "u0", "u1")
DATES = ("w_from", "w_until", "w_through", "w_attested")
Numbers = tuple[int | None, int | None, int | None, int | None]
NO_SPAN: Numbers = (None, None, None, None)
"""Told of the step that a load is at and the number of its rows, now and then."""


@dataclass
class Staged:
    """What a load brings: its files, its tables, the sets of columns that rows had, each source cited and where first."""

    files: Sequence[InFile]
    tables: dict[str, Table] = field(default_factory=dict)
    had: list[frozenset[str]] = field(default_factory=list)
    places: dict[frozenset[str], int] = field(default_factory=dict)
    wheres: dict[Where, int] = field(default_factory=dict)
    rows: int = 0

    def place(self, where: int, line: int, column: str, code: str, value: str, message: str, mend: str) -> Problem:
        return Problem(self.at(where, line, column), line, column, code, value, message, mend)

    def conflict(
        self, where: int, line: int, column: str, code: str, keys: tuple[str, ...], message: str, mend: str
    ) -> Conflict:
        """``keys``: that of the row which stood there first."""
        return Conflict(self.at(where, line, column), line, column, code, keys[0], message, mend, keys)

    def at(self, where: int, line: int, column: str) -> str:
        """How a problem names the file, or the cell, of what was set down from there."""
        return list(self.wheres)[where].at(line, column)

    def where_number(self, where: Where) -> int:
        return self.wheres.setdefault(where, len(self.wheres))

    def had_number(self, had: frozenset[str]) -> int:
        number = self.places.get(had)
        if number is None:
            number = self.places[had] = len(self.had)
            self.had.append(had)
        return number


def staged_name(table: Table) -> str:
    return f"s_{'k' if isinstance(table, Kind) else 'r'}_{table.name}"


def staged_columns(table: Table) -> tuple[str, ...]:
    return (*HEAD, *layout(table), *TAIL)


def index_keys(connection: apsw.Connection, table: Table) -> None:
    """Makes staged rows found by their keys, where that is needed."""
    name, columns = staged_name(table), "key, w_from" if isinstance(table, Kind) else "key"
    connection.execute(f'CREATE INDEX IF NOT EXISTS temp."{name}_key" ON "{name}"({columns})')


def roles(table: Table) -> list[str]:
    return [] if isinstance(table, Kind) else [end.role for end in table.ends]


class StagedTable:
    """The temporary table of one table's rows."""

    def __init__(self, table: Table, connection: apsw.Connection) -> None:
        self.name, self.connection = staged_name(table), connection
        unless_said = {"syn": " DEFAULT 0", "withdrawn": " DEFAULT 0"}
        columns = ", ".join(f'"{column}"{unless_said.get(column, "")}' for column in staged_columns(table))
        connection.execute(f'CREATE TEMP TABLE "{self.name}"(i INTEGER PRIMARY KEY, {columns})')
        record_numbers = _once_numbers if not isinstance(table, Kind) and table.once else _record_numbers
        self.numbers = _state_numbers if isinstance(table, Kind) else record_numbers

    def set_down(self, where: int, had: int, rows: Rows, seen: Sequence[str], cited: Sequence[int]) -> None:
        """Rows under one header, put together by columns; only what they say is written, which is half of the time."""
        dates = (rows.values.get(name) or repeat(None) for name in DATES)
        spans = zip(*map(self.numbers, seen, *dates), strict=True)
        names = ", ".join(f'"{name}"' for name in ("line", *rows.values, *TAIL))
        places = ",".join("?" * (1 + len(rows.values) + len(TAIL)))
        insert = f'INSERT INTO temp."{self.name}"(file, had, {names}) VALUES({where}, {had}, {places})'
        self.connection.executemany(insert, zip(rows.lines, *rows.values.values(), seen, cited, *spans, strict=True))


class Staging:
    """Sets down the rows of one load; ``whole``: as in ``read_rows``."""

    def __init__(
        self,
        connection: apsw.Connection,
        model: Model,
        files: Sequence[InFile],
        citations: Citations,
        problems: Problems,
        watch: Callable[[int], None] = lambda _: None,
        whole: bool = True,
    ) -> None:
        self.connection, self.model, self.citations, self.problems = connection, model, citations, problems
        self.staged = Staged(files)
        self.watch, self.whole, self.told = watch, whole, 0
        self.tables: dict[str, StagedTable] = {}

    def read(self, sources: bool) -> None:
        """Sets down the rows that are of ``Source``, or all others."""
        for file in self.staged.files:
            for reader, found in read_rows(self.model, file, self.problems, sources, self.whole):
                table = self.table(reader.table)
                if found.lines:
                    had, where = self.staged.had_number(reader.had), self.staged.where_number(reader.where)
                    seen, cited = zip(*self.citations.all(found.citings, where, found.lines), strict=True)
                    table.set_down(where, had, found, seen, cited)
                    self.tell(len(found.lines))
        self.watch(self.staged.rows)

    def again(self, table: Table) -> None:
        """Sets down the rows of ``Source`` anew, now that every source has its number."""
        self.connection.execute(f'DROP TABLE temp."{staged_name(table)}"')
        del self.tables[table.name]
        self.staged.rows = self.told = 0
        self.read(sources=True)
        index_keys(self.connection, table)

    def table(self, table: Table) -> StagedTable:
        if table.name not in self.tables:
            self.staged.tables[table.name] = table
            self.tables[table.name] = StagedTable(table, self.connection)
        return self.tables[table.name]

    def tell(self, rows: int) -> None:
        """Counts rows, and tells of them now and then."""
        self.staged.rows += rows
        if self.staged.rows - self.told >= TOLD:
            self.told = self.staged.rows
            self.watch(self.told)

    def clear(self) -> None:
        """Takes the temporary tables away."""
        for table in self.staged.tables.values():
            self.connection.execute(f'DROP TABLE temp."{staged_name(table)}"')


@lru_cache(65536)
def _record_numbers(seen: str | None, *dates: str | None) -> Numbers:
    """The span of a record's row by itself; none, if it has none: why is told when it is put to use."""
    try:
        return record_span(Cells(*(one or "" for one in dates)), dated(seen))
    except DateError:
        return NO_SPAN


@lru_cache(65536)
def _once_numbers(seen: str | None, *dates: str | None) -> Numbers:
    """The same of what happens once."""
    try:
        return record_span(once_open(Cells(*(one or "" for one in dates))), dated(seen))
    except DateError:
        return NO_SPAN


@lru_cache(65536)
def _state_numbers(seen: str | None, *dates: str | None) -> Numbers:
    """The span of a state that is the only one of its entity."""
    try:
        return place_states([(Cells(*(one or "" for one in dates)), dated(seen))])[0].span
    except DateError:
        return NO_SPAN


@lru_cache(4096)
def dated(seen: str | None) -> Dated | None:
    """``register 2020-03`` → what decides about blanks; None for a source without a date."""
    if not seen:
        return None
    nature, _, date = seen.partition(" ")
    return Dated(nature == "register", *parse_partial(date))
