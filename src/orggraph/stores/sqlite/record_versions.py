"""Staged rows of a relation → versions of its records. In: a relation's staged table. Out: its records, as ``versions`` says."""

from __future__ import annotations

from collections.abc import Mapping

from orggraph.model.model import Relation
from orggraph.records.rows import layout
from orggraph.stores.sqlite.ddl import end_column, field_columns
from orggraph.stores.sqlite.overlaying import NOT_LAID, lay_over
from orggraph.stores.sqlite.staging import dated, roles
from orggraph.stores.sqlite.versions import CELLS, NUMBERS, WRITTEN, Applying, TableApplying, Values, first_source
from orggraph.stores.sqlite.writing import CURRENT
from orggraph.time.span import Cells, DateError, once_open, record_span


class RelationApplying(TableApplying):
    """The records of one relation."""

    table: Relation

    def __init__(self, load: Applying, table: Relation) -> None:
        self.ends = tuple(end_column(end.role).strip('"') for end in table.ends)
        self.columns = ("r", *self.ends, *NUMBERS, *WRITTEN, *(name for name, _ in field_columns(table.fields)))
        super().__init__(load, table)

    def apply(self) -> None:
        joined, given = "", {}
        for i, (role, column) in enumerate(zip(roles(self.table), self.ends, strict=True)):
            joined += f' LEFT JOIN entity a{i} ON a{i}.key = s."x_{role}"'
            given[column] = f"coalesce(a{i}.e, 0)"
            if not self.table.end(role).required:
                given[column] = f'iif(s."x_{role}" IS NULL, NULL, coalesce(a{i}.e, 0))'
        if self.numbered.once:
            self.insert_new({"r": self.numbered.at("s"), **given}, f"{self.staged} s{joined}", "1")
            return
        tables = f"{self.staged} s CROSS JOIN record q ON q.key = s.key{joined}"
        mine = self.numbered.of_table("q")
        self.insert_new({"r": "q.r", **given}, tables, f"{mine} AND {self.numbered.new('q')}")
        if not self.numbered.all_new:
            self.correct(tables, joined, given, f"{mine} AND NOT {self.numbered.new('q')}")

    def correct(self, tables: str, ends: str, given: Mapping[str, str], known: str) -> None:
        """Rows of records that are known, each laid over what is known."""
        lay_over(self, f"{tables} {{v}} WHERE {known}", lambda had: None if "from" in had else "v.r = q.r", given, ends)
        names = [*layout(self.table), "w_seen", "c"]
        staged = ", ".join(f's."{name}"' for name in names)
        versions = ", ".join(f'v."{column}"' for column in self.columns)
        found = self.load.connection.cursor().execute(
            f"""SELECT s.file, s.line, s.had, q.r, v.n, {first_source("v")}, {staged}, {", ".join(given.values())}, {versions}
            FROM {tables} LEFT JOIN "{self.name}" v ON v.r = q.r AND v.k1 = {CURRENT} WHERE {known} AND {NOT_LAID} ORDER BY s.i"""
        )
        ended = len(names) + len(given)
        for file, line, had, r, n, first, *rest in found:
            row = dict(zip(names, rest, strict=False))
            row |= dict(zip(given, rest[len(names) :], strict=False))
            before = dict(zip(self.columns, rest[ended:], strict=True)) if n is not None else None
            if row["withdrawn"]:
                self.withdraw(n, file, line)
                continue
            said = self.said(had, row, before, first) | {"r": r}
            if self.complete(said, file, line) and self.spanned(said, file, line):
                self.put(n, before, said)
        self.out.flush()
        self.load.connection.execute("DROP TABLE temp.laid")

    def spanned(self, said: Values, file: int, line: int) -> bool:
        """Puts the four numbers in, now that all is known."""
        cells = [said[cell] for cell in CELLS]
        told = Cells(*(one or "" for one in cells))
        try:
            span = record_span(once_open(told) if self.table.once else told, dated(said["w_seen"]))
        except DateError:
            self.bad_dates(file, line, cells, said["w_seen"])
            return False
        said.update(zip(NUMBERS, span, strict=True))
        return True
