"""Staged rows → versions. In: staged tables, the store as it is. Out: new versions (k0 = this load), old ones closed (k1).

What is new is set down by one statement a table; what is known, and states of one entity that stand together, are looked
at row by row: a row that says the same as the known version changes nothing, a column that a file has not keeps the known
value, a blank cell empties it, and a change of one state may write its neighbour anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import apsw

from orggraph.errors import Problems
from orggraph.model.model import Kind, Model, Relation
from orggraph.model.values import Value
from orggraph.records.files import Table
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.citing import Citations
from orggraph.stores.sqlite.ddl import end_column
from orggraph.stores.sqlite.rows import relation_number
from orggraph.stores.sqlite.staging import Staged, dated, index_keys, staged_name
from orggraph.stores.sqlite.writing import CURRENT
from orggraph.time.span import Cells, DateError, once_open, record_span
from orggraph.time.states import place_states

CELLS = ("w_from", "w_until", "w_through", "w_attested")
WRITTEN = (*CELLS, "w_seen", "c", "syn")
NUMBERS = ("f0", "f1", "u0", "u1")
PLACES = ("n0", "n1", "g0", "g1", "v0", "v1")
BATCH = 5_000
Values = dict[str, Any]


@dataclass
class Counts:
    added: int = 0
    corrected: int = 0
    withdrawn: int = 0

    @property
    def changed(self) -> int:
        return self.added + self.corrected + self.withdrawn


@dataclass(frozen=True)
class Numbered:
    """Where a table's things are numbered: by ``factor``, its own ``number`` in the low bits; those above ``top`` are new.
    ``all_new``: none of the load's was known; ``once``: and each of the ``rows`` is of one of its own, so that its number
    follows from its place."""

    registry: str
    column: str
    factor: int
    number: int
    top: int
    rows: int
    all_new: bool
    once: bool

    def at(self, alias: str) -> str:
        """The number of a row's thing, where each has one row."""
        return f"({self.top} + {alias}.i) * {self.factor} + {self.number}"

    def new(self, alias: str) -> str:
        return f"{alias}.{self.column} / {self.factor} > {self.top}"

    def of_table(self, alias: str) -> str:
        return f"({alias}.{self.column} & {self.factor - 1}) = {self.number}"


@dataclass
class Applying:
    """One load being written. ``before``: the number of each table's last version until then."""

    connection: apsw.Connection
    model: Model
    staged: Staged
    number: int
    citations: Citations
    problems: Problems
    counts: Counts = field(default_factory=Counts)
    numbered: dict[str, Numbered] = field(default_factory=dict)
    before: dict[str, int] = field(default_factory=dict)

    def number_keys(self, table: Table) -> None:
        """Numbers for keys that are new, in the order of rows and above all that there are; those that are known are left."""
        kind, staged = isinstance(table, Kind), f'temp."{staged_name(table)}"'
        registry, column, factor = ("entity", "e", 64) if kind else ("record", "r", 1024)
        number = table.number if isinstance(table, Kind) else relation_number(self.model, table.name)
        top = value(self.connection, f"SELECT coalesce(max({column}) / {factor}, 0) FROM {registry}")
        new = f"SELECT ({top} + s.i) * {factor} + {number}, s.key FROM {staged} s WHERE s.key IS NOT NULL ORDER BY s.i"
        self.connection.execute(f"INSERT OR IGNORE INTO {registry}({column}, key) {new}")
        numbered = self.connection.changes()
        all_rows = value(self.connection, f"SELECT count(*) FROM {staged}")
        once = all_new = numbered == all_rows
        if not once:
            index_keys(self.connection, table)
            keys = value(self.connection, f"SELECT count({'DISTINCT key' if kind else 'key'}) FROM {staged}")
            all_new = numbered == keys
        self.numbered[table.name] = Numbered(registry, column, factor, number, top, all_rows, all_new, once)

    def problem(self, file: int, line: int, column: str, code: str, message: str, mend: str) -> None:
        self.problems.add(self.staged.place(file, line, column, code, "", message, mend))


class TableApplying:
    """What kinds and relations have in common. ``columns``: a version's but n, k0, k1."""

    columns: tuple[str, ...]
    ends: tuple[str, ...] = ()

    def __init__(self, load: Applying, table: Table) -> None:
        self.load, self.table = load, table
        self.name = ("k_" if isinstance(table, Kind) else "r_") + table.name
        self.staged = f'temp."{staged_name(table)}"'
        self.numbered = load.numbered[table.name]
        self.out = Out(load.connection, self.name, self.columns, load.number)

    @cached_property
    def taken(self) -> list[frozenset[str]]:
        """For each set of columns that rows had, the kept values that it says."""
        return [frozenset(_said_by(had, self.table)) for had in self.load.staged.had]

    # ------------------------------------------------------------ what is new

    def insert_new(self, numbers: Mapping[str, str], tables: str, alone: str) -> None:
        """New things by one statement; ``numbers``: SQL of the columns that are not staged as they are."""
        load = self.load
        required = [f's."_{one.name}" IS NOT NULL' for one in self.table.fields if one.required]
        required += ["s.name IS NOT NULL"] if isinstance(self.table, Kind) else []
        where = " AND ".join([alone, "s.withdrawn = 0", "s.f0 IS NOT NULL", *required])
        columns = ", ".join(f'"{column}"' for column in self.columns)
        values = ", ".join(numbers.get(column, f's."{column}"') for column in self.columns)
        load.connection.execute(
            f'INSERT INTO "{self.name}"({columns}, k0, k1) SELECT {values}, {load.number}, {CURRENT} FROM {tables} WHERE {where}'
        )
        added = load.connection.changes()
        load.counts.added += added
        if added < (self.numbered.rows if self.numbered.once else self.count(tables, alone)):
            self.tell_bad(tables, alone)

    def count(self, tables: str, alone: str) -> int:
        found: int = value(self.load.connection, f"SELECT count(*) FROM {tables} WHERE {alone}")
        return found

    def tell_bad(self, tables: str, alone: str) -> None:
        """What keeps new rows from being versions."""
        said = ", ".join(f's."{cell}"' for cell in (*CELLS, "w_seen"))
        bad = f"SELECT s.file, s.line, {said} FROM {tables} WHERE {alone} AND s.withdrawn = 0 AND s.f0 IS NULL"
        for file, line, *cells, seen in rows(self.load.connection, f"{bad} LIMIT {Problems.MOST}"):
            self.bad_dates(file, line, cells, seen)
        withdrawn = f"SELECT s.file, s.line FROM {tables} WHERE {alone} AND s.withdrawn = 1 LIMIT {Problems.MOST}"
        for file, line in rows(self.load.connection, withdrawn):
            self.not_known(file, line)
        for name, label in self.must():
            lacking = ",".join(str(i) for i, had in enumerate(self.load.staged.had) if name not in had)
            if lacking:
                rows_without = (
                    f"{tables} WHERE {alone} AND s.withdrawn = 0 AND s.had IN ({lacking}) LIMIT {Problems.MOST}"
                )
                for file, line in rows(self.load.connection, f"SELECT s.file, s.line FROM {rows_without}"):
                    self.missing(file, line, name, label)

    def must(self) -> list[tuple[str, str]]:
        """Columns that a new row needs, with what they are called."""
        found = [(one.name, one.label.en) for one in self.table.fields if one.required]
        return [("name", "name"), *found] if isinstance(self.table, Kind) else found

    def required(self) -> list[str]:
        """Columns of versions that may not be empty."""
        return ["name" if name == "name" and isinstance(self.table, Kind) else f"_{name}" for name, _ in self.must()]

    def bad_dates(self, file: int, line: int, cells: Iterable[str | None], seen: str | None) -> None:
        told = Cells(*(one or "" for one in cells))
        if isinstance(self.table, Relation) and self.table.once:
            told = once_open(told)
        try:
            place_states([(told, dated(seen))]) if isinstance(self.table, Kind) else record_span(told, dated(seen))
        except DateError as error:
            self.load.problem(file, line, error.column, "DATE", str(error), "look at its dates and its source's date")

    def not_known(self, file: int, line: int) -> None:
        mend = "look at its key, and at from if it is a state"
        self.load.problem(file, line, "withdrawn", "NOT_KNOWN", "withdraws what is not known", mend)

    def missing(self, file: int, line: int, name: str, label: str) -> None:
        if name == "name":
            message, mend = "there is no column name", "give every new row a name"
            self.load.problem(file, line, name, "NO_NAME", message, mend)
        else:
            self.load.problem(file, line, name, "NO_VALUE", "is blank, and must not be", f"give its {label}")

    # ------------------------------------------------------------ what is known

    def said(self, had: int, row: Values, known: Values | None, first: int | None) -> Values:
        """All columns of a version but its numbers: what the file says over what is known."""
        taken = self.taken[had]
        said: Values = dict(known) if known else {column: row.get(column) for column in self.columns if column in row}
        if known:
            said.update((column, row[column]) for column in taken if column in row)
            if row["w_until"] and "w_until" in taken and "w_through" not in taken:
                said["w_through"] = None
            if row["w_through"] and "w_through" in taken and "w_until" not in taken:
                said["w_until"] = None
            citations = self.load.citations
            if (
                "c" in taken
                and "para" not in self.load.staged.had[had]
                and citations.same_sources(row["c"], known["c"])
            ):
                said["c"] = known["c"]  # who is cited is said, and not where: where stays as it was
            elif "c" in taken:
                said["c"] = row["c"]
                same = first is not None and first == citations.first_source(row["c"])
                said["w_seen"] = known["w_seen"] if same else row["w_seen"]
        return said

    def put(self, n: int | None, before: Values | None, said: Values) -> None:
        """A new version, if it says anything new; numbers alone make a version, but no correction."""
        if n is None:
            self.load.counts.added += 1
        else:
            assert before is not None
            differing = {column for column in self.columns if said.get(column) != before.get(column)}
            if not differing:
                return
            self.load.counts.corrected += not differing <= MOVED
            self.out.close(n)
        self.out.add(said)

    def withdraw(self, n: int | None, file: int, line: int) -> None:
        if n is None:
            self.not_known(file, line)
            return
        self.out.close(n)
        self.load.counts.withdrawn += 1

    def complete(self, said: Values, file: int, line: int) -> bool:
        """Whether a version has all that it needs."""
        lacking = [
            (name, label) for name, label in self.must() if said.get("name" if name == "name" else f"_{name}") is None
        ]
        for name, label in lacking:
            self.missing(file, line, name, label)
        return not lacking


MOVED = frozenset({*NUMBERS, *PLACES})


class Out:
    """Versions on their way into one table, in batches."""

    def __init__(self, connection: apsw.Connection, table: str, columns: tuple[str, ...], number: int) -> None:
        self.connection, self.columns, self.number = connection, columns, number
        names = ", ".join(f'"{column}"' for column in (*columns, "k0", "k1"))
        self.insert = f'INSERT INTO "{table}"({names}) VALUES({", ".join("?" * (len(columns) + 2))})'
        self.update = f'UPDATE "{table}" SET k1 = {number} WHERE n = ?'
        self.added: list[tuple[Any, ...]] = []
        self.closed: list[tuple[int]] = []

    def add(self, said: Values) -> None:
        self.put_down(tuple(map(said.get, self.columns)))

    def put_down(self, version: tuple[Any, ...]) -> None:
        self.added.append((*version, self.number, CURRENT))
        if len(self.added) >= BATCH:
            self.flush()

    def close(self, n: int) -> None:
        self.closed.append((n,))

    def flush(self) -> None:
        self.connection.executemany(self.update, self.closed)
        self.connection.executemany(self.insert, self.added)
        self.added.clear()
        self.closed.clear()


def _said_by(had: frozenset[str], table: Table) -> Iterator[str]:
    """The kept values that columns say something of."""
    for name in had:
        match name:
            case "from" | "until" | "through" | "attested":
                yield f"w_{name}"
            case "synthetic":
                yield "syn"
            case "source":
                yield "c"
            case "name" if isinstance(table, Kind):
                yield from ("name", "name__s")
    fields = {one.name: one for one in table.fields}
    for name in had & set(fields):
        yield f"_{name}"
        if fields[name].type is Value.DATE:
            yield from (f"_{name}__0", f"_{name}__1")
        if fields[name].type is Value.STRING:
            yield f"_{name}__s"
    if isinstance(table, Relation):
        yield from (end_column(end.role).strip('"') for end in table.ends if end.name in had)


def first_source(alias: str) -> str:
    return f"(SELECT t.s FROM cite t WHERE t.c = {alias}.c AND t.i = 0)"


def cells_of(said: Values) -> Cells:
    return Cells(*(said.get(name) or "" for name in CELLS))
