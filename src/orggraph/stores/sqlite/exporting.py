"""A store's rows as loading reads them: kept values, table by table. In: tables, a scope. Out: rows in the order of keys.

All tables are read in one transaction, so of one published load, and one row after another, so that memory stays flat.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import apsw
from msgspec.structs import replace

from orggraph.model.model import Kind, Model, Relation
from orggraph.model.values import Kept
from orggraph.plan.scope import AsOf, Constant, Day, Range, Scope
from orggraph.records.files import Table
from orggraph.records.written import DATES, written_columns
from orggraph.stores.contract import Limits
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.binding import binder
from orggraph.stores.sqlite.ddl import end_column
from orggraph.stores.sqlite.facts import Facts, read_facts
from orggraph.stores.sqlite.faults import faults_told
from orggraph.stores.sqlite.rows import Names, Record, ends_of, there
from orggraph.stores.sqlite.seen import load_asked
from orggraph.stores.sqlite.window import Window, window_of
from orggraph.stores.sqlite.writing import Writer, conjunction

MOST_READY = 100_000
Cited = tuple[str | None, str | None]
WrittenTable = tuple[Table, Iterator[tuple[Kept, ...]]]


def written(
    connection: apsw.Connection,
    model: Model,
    tables: Sequence[Table],
    scope: Scope,
    keys: Collection[str] | None = None,
) -> Iterator[WrittenTable]:
    """Each table with its rows, of these ``keys`` only, which are read as they are taken; the transaction ends with the last
    table."""
    with faults_told(Path(connection.filename)):
        connection.execute("BEGIN")
        exporting = Exporting(connection, model, read_facts(connection), scope, keys)
    try:
        for table in tables:
            yield table, exporting.rows(table)
    finally:
        connection.execute("ROLLBACK")


class Exporting:
    """Reads rows at one load of a store, in the transaction that is open."""

    def __init__(
        self,
        connection: apsw.Connection,
        model: Model,
        facts: Facts,
        scope: Scope,
        keys: Collection[str] | None = None,
    ) -> None:
        self.keys = None if keys is None else Constant(tuple(sorted(keys)))
        self.connection, self.model, self.scope = connection, model, scope
        self.names = Names(model, facts)
        self.load = None if scope.load is None else self.number(scope.load)
        self.cited: dict[int, Cited] = {}

    def number(self, load: AsOf) -> int:
        writer = Writer()
        found: int = value(self.connection, *self.bound(load_asked(load, writer), writer))
        return found

    def bound(self, sql: str, writer: Writer) -> tuple[str, Sequence[Any]]:
        text, binds, unused = writer.finished(sql)
        return text, binder(binds, unused, self.model.timezone, Limits())({})

    def rows(self, table: Table) -> Iterator[tuple[Kept, ...]]:
        """Kept values in the order of ``written_columns``."""
        writer = Writer()
        sql = self.states(table, writer) if isinstance(table, Kind) else self.records(table, writer)
        c, cited = written_columns(table).index("source"), self.cited
        with faults_told(Path(self.connection.filename)):
            for row in self.connection.cursor().execute(*self.bound(sql, writer)):
                yield row[:c] + (cited.get(row[c]) or self.citing(row[c])) + row[c + 1 :]

    def states(self, kind: Kind, writer: Writer) -> str:
        window = self.window(writer)
        where = [*self.chosen(writer), f"(q.e & 63) = {kind.number}", window.known("v")]
        if self.scope.dates is not None:
            where.append(window.state_meets("v"))
        return f"""SELECT {_columns(kind, [])} FROM entity q CROSS JOIN "k_{kind.name}" v ON v.e = q.e
            WHERE {conjunction(where)} ORDER BY q.key, v.f0, v.f1"""

    def records(self, relation: Relation, writer: Writer) -> str:
        window, record = self.window(writer), Record("v", relation)
        where = [*self.chosen(writer), f"(q.r & 1023) = {relation.number}", window.known("v")]
        if self.scope.dates is not None:
            below = window.narrowed("v")
            where.append(window.record_meets("v", False))
            where += [there(self.names, writer, spot, below, False) for spot in ends_of(record)]
        ends = [f"LEFT JOIN entity a{i} ON a{i}.e = v.{end_column(end.role)}" for i, end in enumerate(relation.ends)]
        keys = [f"a{i}.key" for i in range(len(ends))]
        return f"""SELECT {_columns(relation, keys)} FROM record q CROSS JOIN "r_{relation.name}" v ON v.r = q.r {" ".join(ends)}
            WHERE {conjunction(where)} ORDER BY q.key"""

    def chosen(self, writer: Writer) -> list[str]:
        """That a row is of one of the keys that are wanted."""
        if self.keys is None:
            return []
        return [f"q.key IN (SELECT value FROM json_each({writer.bind(self.keys, 'keys')}))"]

    def window(self, writer: Writer) -> Window:
        dates: Day | Range = self.scope.dates or Range(None, None)
        return replace(window_of(dates, writer), load=None if self.load is None else str(self.load))

    def citing(self, c: int) -> Cited:
        """``source`` and ``para`` of a set of citations that was not asked for yet."""
        if len(self.cited) > MOST_READY:
            self.cited.clear()
        found = self.cited[c] = self.read_cited(c) if c else (None, None)
        return found

    def read_cited(self, c: int) -> Cited:
        sql = "SELECT a.key, coalesce(t.para, '') FROM cite t JOIN entity a ON a.e = t.s WHERE t.c = ? ORDER BY t.i"
        sources, paras = zip(*rows(self.connection, sql, (c,)), strict=True)
        return ";".join(sources), ";".join(paras) if any(paras) else None


def _columns(table: Table, ends: Sequence[str]) -> str:
    """What is selected: ``c`` in place of ``source`` and ``para``; NULL for ``withdrawn``, which no row that is known is."""
    first = ["v.name"] if isinstance(table, Kind) else ends
    fields = [f'v."_{field.name}"' for field in table.fields]
    return ", ".join(["q.key", *first, *fields, *(f"v.w_{name}" for name in DATES), "v.c", "v.syn", "NULL"])
