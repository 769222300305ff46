"""Staged rows of a kind → versions of its entities' states. In: a kind's staged table. Out: states, as ``versions`` says.

States of one entity that come together, or join known ones, are placed among each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from orggraph.model.model import Kind
from orggraph.records.rows import layout
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.ddl import field_columns
from orggraph.stores.sqlite.overlaying import NOT_LAID, lay_over
from orggraph.stores.sqlite.staging import dated
from orggraph.stores.sqlite.versions import (
    NUMBERS,
    PLACES,
    WRITTEN,
    Applying,
    TableApplying,
    Values,
    cells_of,
    first_source,
)
from orggraph.stores.sqlite.writing import CURRENT
from orggraph.time.span import Cells, Dated
from orggraph.time.states import StateError, begun, place_states


class KindApplying(TableApplying):
    """The states of the entities of one kind."""

    table: Kind

    def __init__(self, load: Applying, table: Kind) -> None:
        fields = (name for name, _ in field_columns(table.fields))
        self.columns = ("e", *NUMBERS, *PLACES, *WRITTEN, "name", "name__s", *fields)
        super().__init__(load, table)

    def apply(self) -> None:
        connection = self.load.connection
        numbers = {"n0": str(CURRENT), "n1": str(CURRENT), "g0": "s.f0", "g1": "s.f1", "v0": "s.u0", "v1": "s.u1"}
        if self.numbered.once:
            self.insert_new({"e": self.numbered.at("s"), **numbers}, f"{self.staged} s", "1")
            return
        connection.execute("CREATE TEMP TABLE many(key TEXT PRIMARY KEY) WITHOUT ROWID")
        connection.execute(f"INSERT INTO many SELECT key FROM {self.staged} GROUP BY key HAVING count(*) > 1")
        tables = f"{self.staged} s CROSS JOIN entity a ON a.key = s.key"
        new, many = self.numbered.new("a"), "s.key IN (SELECT key FROM many)"
        mine = self.numbered.of_table("a")
        self.insert_new({"e": "a.e", **numbers}, tables, f"{mine} AND {new} AND NOT {many}")
        several = f"{tables} WHERE {mine} AND {new} AND {many}"
        self.together(several) if self.lacks(several) else self.several(several)
        if not self.numbered.all_new:
            known = f"{mine} AND NOT {new}"
            lay_over(self, f"{tables} {{v}} WHERE {known} AND NOT {many}", _corrected, {}, "")
            self.together(f"{tables} WHERE {known} AND {NOT_LAID}")
            connection.execute("DROP TABLE temp.laid")
        connection.execute("DROP TABLE temp.many")

    def lacks(self, new: str) -> bool:
        """Whether some of these new rows are anything but states that say all they must."""
        must = {name for name, _ in self.must()} | {"from"}
        lacking = ",".join(str(i) for i, had in enumerate(self.load.staged.had) if not must <= had)
        empty = " OR ".join(
            f's."{one}" IS NULL' for one in ("name", *(f"_{one.name}" for one in self.table.fields if one.required))
        )
        sql = f"SELECT 1 FROM {new} AND (s.withdrawn = 1 OR s.had IN ({lacking}) OR {empty}) LIMIT 1"
        return value(self.load.connection, sql) is not None

    def several(self, new: str) -> None:
        """The states of new entities that come with several, none of which lacks anything: rows become versions as they are."""
        staged = ", ".join(f's."{name}"' for name in self.columns[1 + len(NUMBERS) + len(PLACES) :])
        found = self.load.connection.cursor().execute(
            f"SELECT a.e, s.file, s.line, {staged} FROM {new} ORDER BY a.e, s.i"
        )
        for e, group in groupby(found, key=itemgetter(0)):
            given = list(group)
            states = tuple(row[3:8] for row in given)
            try:
                placed = _placed(states)
            except StateError as error:
                _, file, line, *_ = given[_order(states)[error.index]]
                self.load.problem(file, line, error.column, "DATE", str(error), "look at the dates of its states")
                continue
            self.load.counts.added += len(given)
            for i, numbers in placed:
                self.out.put_down((e, *numbers, *given[i][3:]))
        self.out.flush()

    def together(self, rest: str) -> None:
        """The states of entities that are known, or come with several."""
        names = [*layout(self.table), "w_seen", "c"]
        staged = ", ".join(f's."{name}"' for name in names)
        found = self.load.connection.cursor().execute(
            f"SELECT a.e, s.file, s.line, s.had, {staged} FROM {rest} ORDER BY a.e, s.i"
        )
        for e, group in groupby(found, key=lambda row: row[0]):
            given = [(file, line, had, dict(zip(names, row, strict=True))) for _, file, line, had, *row in group]
            self.entity(e, given)
        self.out.flush()

    def entity(self, e: int, given: list[tuple[int, int, int, Values]]) -> None:
        known = self.known(e)
        states: dict[str, tuple[Values, int, int]] = {start: (values, -1, 0) for start, (_, _, values) in known.items()}
        for file, line, had, row in given:
            start = row["w_from"] or ""
            if "from" not in self.load.staged.had[had]:
                start = max(known, key=lambda one: begun(Cells(one)), default="")
            n, first, before = known.get(start, (None, None, None))
            if row["withdrawn"]:
                self.withdraw(n, file, line)
                states.pop(start, None)
                continue
            said = self.said(had, row, before, first) | {"e": e, "w_from": start or None}
            if self.complete(said, file, line):
                states[start] = (said, file, line)
        for said in self.placed(states):
            n, _, before = known.get(said["w_from"] or "", (None, None, None))
            self.put(n, before, said)

    def known(self, e: int) -> dict[str, tuple[int, int | None, Values]]:
        """The current states of an entity by their ``from``: version, first source, columns."""
        if e // self.numbered.factor > self.numbered.top:
            return {}
        columns = ", ".join(f'v."{column}"' for column in self.columns)
        sql = f'SELECT v.n, {first_source("v")}, {columns} FROM "{self.name}" v WHERE v.e = ? AND v.k1 = {CURRENT}'
        found = rows(self.load.connection, sql, (e,))
        place = 2 + self.columns.index("w_from")
        return {row[place] or "": (row[0], row[1], dict(zip(self.columns, row[2:], strict=True))) for row in found}

    def placed(self, states: dict[str, tuple[Values, int, int]]) -> Iterator[Values]:
        """All states of one entity with their numbers."""
        ordered = sorted(states.values(), key=lambda state: begun(cells_of(state[0])))
        if not ordered:
            return
        try:
            placed = place_states([(cells_of(said), dated(said.get("w_seen"))) for said, _, _ in ordered])
        except StateError as error:
            _, file, line = ordered[error.index]
            if file < 0:
                _, file, line = next(state for state in ordered if state[1] >= 0)
            self.load.problem(file, line, error.column, "DATE", str(error), "look at the dates of its states")
            return
        for (said, _, _), place in zip(ordered, placed, strict=True):
            numbers = (*place.span, place.next_f0, place.next_f1, *place.life)
            yield said | dict(zip((*NUMBERS, *PLACES), numbers, strict=True))


def _corrected(had: frozenset[str]) -> str:
    """The state that a row is of: the one with its ``from``, or the last."""
    return "v.e = a.e AND " + ("v.w_from IS s.w_from" if "from" in had else f"v.n0 = {CURRENT}")


Written = tuple[str | None, ...]
"""A state's date cells, and what its source's date says of blanks."""


def _order(states: tuple[Written, ...]) -> list[int]:
    """States in the order in which they begin."""
    return sorted(range(len(states)), key=lambda i: begun(_told(states[i])[0]))


@lru_cache(8192)
def _told(state: Written) -> tuple[Cells, Dated | None]:
    return Cells(*(one or "" for one in state[:-1])), dated(state[-1])


@lru_cache(8192)
def _placed(states: tuple[Written, ...]) -> list[tuple[int, tuple[int, ...]]]:
    """For each state in order its place among those given and its numbers. Raises StateError."""
    order = _order(states)
    placed = place_states([_told(states[i]) for i in order])
    return [
        (i, (*span, next_f0, next_f1, *life)) for i, (span, next_f0, next_f1, life) in zip(order, placed, strict=True)
    ]
