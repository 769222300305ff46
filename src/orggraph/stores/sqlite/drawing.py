"""A scope of a store as dots and lines. In: a scope, relations. Out: entities that are there, records that hold, all of one load.

What holds says semantics.md section 3: a record meets N, and its two ends are there in what it leaves of N.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import apsw

from orggraph.model.model import Kind, Model, Relation
from orggraph.plan.drawn import Dot, Drawn, Line
from orggraph.plan.scope import Certainty, Day, Scope
from orggraph.records.written import DATES
from orggraph.stores.sqlite.asking import value
from orggraph.stores.sqlite.ddl import end_column
from orggraph.stores.sqlite.exporting import Exporting
from orggraph.stores.sqlite.facts import read_facts
from orggraph.stores.sqlite.faults import faults_told
from orggraph.stores.sqlite.rows import Record, Spot, ends_of, printed_state, there
from orggraph.stores.sqlite.writing import Writer, conjunction


def drawn(connection: apsw.Connection, model: Model, relations: Sequence[Relation] | None, scope: Scope) -> Drawn:
    """Everything; with ``relations`` their records and what these join. Raises StoreError."""
    with faults_told(Path(connection.filename)):
        connection.execute("BEGIN")
        try:
            return Drawing(connection, model, scope).all(relations)
        finally:
            connection.execute("ROLLBACK")


class Drawing:
    """Reads dots and lines in the transaction that is open."""

    def __init__(self, connection: apsw.Connection, model: Model, scope: Scope) -> None:
        self.connection, self.model = connection, model
        self.reading = Exporting(connection, model, read_facts(connection), scope)
        self.names = self.reading.names
        self.certain = scope.certainty is Certainty.CERTAIN
        self.ranged = not isinstance(scope.dates, Day)

    def all(self, relations: Sequence[Relation] | None) -> Drawn:
        chosen = self.model.relations.values() if relations is None else relations
        lines = tuple(line for relation in chosen for line in self.lines(relation))
        dots = tuple(dot for kind in self.model.concrete() for dot in self.dots(kind))
        if relations is not None:
            joined = {key for line in lines for key in (line.subject, line.object)}
            dots = tuple(dot for dot in dots if dot.key in joined)
        writer = Writer()
        (days,) = self.found(f"SELECT {','.join(self.reading.window(writer).numbers())}", writer)
        load = self.reading.load
        return Drawn(
            value(self.connection, "SELECT coalesce(max(k),0) FROM load") if load is None else load,
            days,
            self.ranged,
            dots,
            lines,
        )

    def found(self, sql: str, writer: Writer) -> Iterator[Any]:
        return self.connection.cursor().execute(*self.reading.bound(sql, writer))

    def dots(self, kind: Kind) -> Iterator[Dot]:
        writer = Writer()
        window, spot = self.reading.window(writer), Spot("q.e", (kind.name,))
        surely = there(self.names, writer, spot, window, True)
        where = [
            f"(q.e&63)={kind.number}",
            printed_state(self.names, "v", spot, window),
            surely if self.certain else "1",
        ]
        sql = f"""SELECT q.key,v.name,v.g0,v.g1,v.v0,v.v1,v.syn,{surely} FROM entity q CROSS JOIN "k_{kind.name}" v
            WHERE {conjunction(where)} ORDER BY q.key"""
        for key, name, *span, synthetic, certain in self.found(sql, writer):
            yield Dot(key, kind.name, name, tuple(span), bool(certain), bool(synthetic))

    def lines(self, relation: Relation) -> Iterator[Line]:
        writer, record = Writer(), Record("v", relation)
        window = self.reading.window(writer)
        below = window.narrowed("v")

        def holds(certain: bool) -> str:
            ends = [there(self.names, writer, spot, below, certain) for spot in ends_of(record)]
            return conjunction([window.record_meets("v", certain), *ends])

        surely = holds(True)
        where = [f"(q.r&1023)={relation.number}", window.known("v"), holds(False), surely if self.certain else "1"]
        further = [self.further(record, end.role, f"x{i}") for i, end in enumerate(relation.further)]
        seen = [f"iif({there(self.names, writer, spot, below, False)},{alias}.key,NULL)" for spot, alias, _ in further]
        columns = ["q.key", "a.key", "b.key", "v.f0", "v.f1", "v.u0", "v.u1", *(f"v.w_{name}" for name in DATES)]
        sql = f"""SELECT {",".join([*columns, "v.syn", f"({surely})", *seen])} FROM record q
            CROSS JOIN "r_{relation.name}" v ON v.r=q.r CROSS JOIN entity a ON a.e=v.s CROSS JOIN entity b ON b.e=v.o
            {" ".join(join for _, _, join in further)} WHERE {conjunction(where)} ORDER BY q.key"""
        roles = [end.role for end in relation.further]
        for row in self.found(sql, writer):
            ends = {role: key for role, key in zip(roles, row[13:], strict=True) if key is not None}
            yield Line(row[0], relation.name, row[1], row[2], ends, row[3:7], row[7:11], bool(row[12]), bool(row[11]))

    def further(self, record: Record, role: str, alias: str) -> tuple[Spot, str, str]:
        """A further end's spot, and the row of its key."""
        kinds = record.relation.end(role).kinds
        column = f"v.{end_column(role)}"
        return Spot(column, kinds, record), alias, f"LEFT JOIN entity {alias} ON {alias}.e={column}"
