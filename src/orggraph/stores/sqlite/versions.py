"""Staged rows → versions. In: staged tables, the store as it is. Out: new versions (k0 = this load), old ones closed (k1).

A row that says the same as the known version changes nothing. A column that a file has not keeps the known value; a blank
cell empties it. States of an entity are placed together, so that a change of one may write its neighbour anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import apsw
import msgspec

from orggraph.errors import Problem
from orggraph.model.model import Field, Kind, Model, Relation
from orggraph.model.values import Value
from orggraph.records.sorting import sort_key
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.ddl import field_columns
from orggraph.stores.sqlite.rows import relation_number
from orggraph.stores.sqlite.staging import Staged, roles, staged_name
from orggraph.stores.sqlite.writing import CURRENT
from orggraph.time.partial import parse_partial
from orggraph.time.span import Cells, Dated, DateError, record_span
from orggraph.time.states import StateError, begun, place_states

WRITTEN = ("w_from", "w_until", "w_through", "w_attested", "w_seen", "c", "syn")
NUMBERS = ("f0", "f1", "u0", "u1")
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


@dataclass
class Applying:
    """One load being written."""

    connection: apsw.Connection
    model: Model
    staged: Staged
    number: int
    fresh: bool  # the store's first load: nothing is known, and indexes come later
    problems: list[Problem]
    counts: Counts = field(default_factory=Counts)
    dated: dict[str, str] = field(default_factory=dict)
    sets: dict[str, int] = field(default_factory=dict)
    source_numbers: dict[str, int] = field(default_factory=dict)

    # ------------------------------------------------------------ all tables

    def apply(self) -> Counts:
        tables = list(self.staged.tables.values())
        kinds = sorted((t for t in tables if isinstance(t, Kind)), key=lambda kind: kind.name != "Source")
        for kind in kinds:
            self._number(kind, kind.number, "entity", "e", 64)
        self._read_sources()
        for kind in kinds:
            self._apply_kind(kind)
            if kind.name == "Source":
                self._read_sources()
        for relation in (t for t in tables if isinstance(t, Relation)):
            self._number(relation, relation_number(self.model, relation.name), "record", "r", 1024)
            self._apply_relation(relation)
        return self.counts

    def _number(self, table: Kind | Relation, number: int, registry: str, column: str, factor: int) -> None:
        """Numbers for keys that are new, in the order of keys."""
        mask = factor - 1
        top = value(
            self.connection,
            f"SELECT coalesce(max({column} / {factor}), 0) FROM {registry} WHERE {column} & {mask} = {number}",
        )
        self.connection.execute(
            f"""INSERT INTO {registry}({column}, key) SELECT ({top} + row_number() OVER (ORDER BY key)) * {factor} + {number}, key
            FROM (SELECT DISTINCT key FROM temp."{staged_name(table)}" EXCEPT SELECT key FROM {registry})"""
        )

    def _read_sources(self) -> None:
        """What each source says of blanks (``register 2020-03-31``), and its number."""
        rows = self.connection.execute(
            f"""SELECT a.key, a.e, z._nature, z._date FROM entity a LEFT JOIN "k_Source" z
            ON z.e = a.e AND z.k1 = {CURRENT} AND z.n0 = {CURRENT} WHERE a.e & 63 = {self.model.kinds["Source"].number}"""
        )
        for key, e, nature, date in rows:
            self.source_numbers[key] = e
            self.dated[key] = f"{nature} {date}" if date else ""

    # ------------------------------------------------------------ what rows say

    def content(self, fields: tuple[Field, ...], body: Values, known: Values | None) -> Values:
        """All columns of a row but its numbers: what the file says over what is known."""
        said: Values = dict(known) if known else {}
        for name in ("from", "until", "through", "attested"):
            if name in body:
                said[f"w_{name}"] = body[name] or None
        if body.get("until") and "through" not in body:
            said["w_through"] = None
        if body.get("through") and "until" not in body:
            said["w_until"] = None
        if "source" in body or known is None:
            said["c"], said["w_seen"] = self._cited(body.get("source") or (), said)
        said["syn"] = body.get("synthetic", said.get("syn", 0))
        if "name" in body:
            said["name"], said["name__s"] = body["name"], sort_key(body["name"])
        for one in fields:
            if one.name in body:
                said[f"_{one.name}"] = body[one.name]
                if one.type is Value.STRING:
                    said[f"_{one.name}__s"] = sort_key(body[one.name])
                if one.type is Value.DATE:
                    days = parse_partial(body[one.name]) if body[one.name] else (None, None)
                    said[f"_{one.name}__0"], said[f"_{one.name}__1"] = days
        return said

    def _cited(self, sources: list[list[str | None]] | tuple[()], known: Values) -> tuple[int, str]:
        """The interned set of citations, and the date that decides about blanks."""
        if not sources:
            return 0, ""
        text = json.dumps(sources, ensure_ascii=False, separators=(",", ":"))
        number = self.sets.get(text)
        if number is None:
            number = self.sets[text] = self._intern(text, sources)
        first = str(sources[0][0])
        before = known.get("first_source")
        return number, known["w_seen"] if before == first else self.dated.get(first, "")

    def _intern(self, text: str, sources: list[list[str | None]]) -> int:
        found = value(self.connection, "SELECT c FROM cited WHERE text = ?", (text,))
        if found is not None:
            return int(found)
        self.connection.execute("INSERT INTO cited(text) VALUES(?)", (text,))
        number = self.connection.last_insert_rowid()
        rows = [(number, i, self.source_numbers[str(source)], para) for i, (source, para) in enumerate(sources)]
        self.connection.executemany("INSERT INTO cite VALUES(?, ?, ?, ?)", rows)
        return number

    # ------------------------------------------------------------ relations

    def _apply_relation(self, relation: Relation) -> None:
        columns = relation_columns(relation)
        ends = dict(zip(roles(relation), columns[1:], strict=False))
        keys = ", ".join(f'(SELECT e FROM entity WHERE key = s."x_{role}")' for role in ends)
        known = ", ".join("NULL" if self.fresh else f'v."{column}"' for column in columns)
        version = "NULL, NULL" if self.fresh else f"v.n, {_first_source('v')}"
        versions = "" if self.fresh else f'LEFT JOIN "r_{relation.name}" v ON v.r = q.r AND v.k1 = {CURRENT}'
        staged = self.connection.cursor().execute(
            f"""SELECT s.file, s.line, s.body, q.r, {version}, {keys}, {known} FROM temp."{staged_name(relation)}" s
            JOIN record q ON q.key = s.key {versions} ORDER BY s.i"""
        )
        out = Out(self.connection, f"r_{relation.name}", columns, self.number)
        for file, line, text, r, n, first, *rest in staged:
            given, before = (
                dict(zip(ends.values(), rest, strict=False)),
                dict(zip(columns, rest[len(ends) :], strict=True)),
            )
            body = msgspec.json.decode(text)
            if body.get("withdrawn"):
                self._withdraw(out, n, file, line)
                continue
            said = self.content(relation.fields, body, before | {"first_source": first} if n is not None else None)
            said |= {"r": r} | {column: e for column, e in given.items() if e is not None or column not in ("s", "o")}
            if self._spanned(said, relation, file, line):
                self._put(out, n, before, said)
        out.flush()

    def _spanned(self, said: Values, relation: Relation, file: int, line: int) -> bool:
        """Puts the four numbers in; required ends and fields are looked at, now that all is known."""
        for end in relation.ends:
            if end.required and said.get(_end_column(end.role)) is None:
                self._problem(
                    file, line, end.name, "NO_END", "is blank, and must not be", f"give the key of the {end.label.en}"
                )
                return False
        if not self._required(relation.fields, said, file, line):
            return False
        try:
            said |= dict(zip(NUMBERS, record_span(cells_of(said), dated(said.get("w_seen"))), strict=True))
        except DateError as error:
            self._problem(file, line, error.column, "DATE", str(error), "look at its dates and its source's date")
            return False
        return True

    # ------------------------------------------------------------ kinds

    def _apply_kind(self, kind: Kind) -> None:
        columns = state_columns(kind)
        rows = self.connection.cursor().execute(
            f"""SELECT a.e, s.file, s.line, s.body FROM temp."{staged_name(kind)}" s JOIN entity a ON a.key = s.key
            ORDER BY a.e, s.i"""
        )
        out = Out(self.connection, f"k_{kind.name}", columns, self.number)
        for e, group in groupby(rows, key=lambda row: row[0]):
            self._apply_entity(
                kind, out, columns, e, [(file, line, msgspec.json.decode(text)) for _, file, line, text in group]
            )
        out.flush()

    def _apply_entity(
        self, kind: Kind, out: Out, columns: tuple[str, ...], e: int, given: list[tuple[int, int, Values]]
    ) -> None:
        names = ", ".join(f'v."{column}"' for column in columns)
        versions = (
            f'SELECT v.n, {_first_source("v")}, {names} FROM "k_{kind.name}" v WHERE v.e = ? AND v.k1 = {CURRENT}'
        )
        found = [] if self.fresh else rows(self.connection, versions, (e,))
        known = {
            row[2 + columns.index("w_from")] or "": (row[0], row[1], dict(zip(columns, row[2:], strict=True)))
            for row in found
        }
        states: dict[str, tuple[Values, int, int]] = {start: (values, -1, 0) for start, (_, _, values) in known.items()}
        for file, line, body in given:
            start = body.get("from", max(known, key=lambda one: begun(Cells(one)), default="")) or ""
            n, first, before = known.get(start, (None, None, None))
            if body.get("withdrawn"):
                self._withdraw(out, n, file, line)
                states.pop(start, None)
                continue
            said = self.content(kind.fields, body, before | {"first_source": first} if before is not None else None)
            said["e"], said["w_from"] = e, start or None
            if self._named(kind, said, file, line):
                states[start] = (said, file, line)
        for said in self._placed(states):
            n, _, before = known.get(said["w_from"] or "", (None, None, None))
            self._put(out, n, before or {}, said)

    def _named(self, kind: Kind, said: Values, file: int, line: int) -> bool:
        if said.get("name") is None:
            self._problem(file, line, "name", "NO_NAME", "there is no column name", "give every new row a name")
            return False
        return self._required(kind.fields, said, file, line)

    def _placed(self, states: dict[str, tuple[Values, int, int]]) -> Iterator[Values]:
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
            self._problem(file, line, error.column, "DATE", str(error), "look at the dates of its states")
            return
        for (said, _, _), place in zip(ordered, placed, strict=True):
            numbers = (*place.span, place.next_f0, place.next_f1, *place.life)
            yield said | dict(zip((*NUMBERS, "n0", "n1", "g0", "g1", "v0", "v1"), numbers, strict=True))

    # ------------------------------------------------------------ shared

    def _put(self, out: Out, n: int | None, before: Values, said: Values) -> None:
        """A new version, if it says anything new; numbers alone make a version, but no correction."""
        if n is None:
            self.counts.added += 1
        else:
            differing = [column for column in out.columns if said.get(column) != before.get(column)]
            if not differing:
                return
            moved = {*NUMBERS, "n0", "n1", "g0", "g1", "v0", "v1"}
            self.counts.corrected += not moved.issuperset(differing)
            out.close(n)
        out.add(said)

    def _withdraw(self, out: Out, n: int | None, file: int, line: int) -> None:
        if n is None:
            mend = "look at its key, and at from if it is a state"
            self._problem(file, line, "withdrawn", "NOT_KNOWN", "withdraws what is not known", mend)
            return
        out.close(n)
        self.counts.withdrawn += 1

    def _required(self, fields: tuple[Field, ...], said: Values, file: int, line: int) -> bool:
        missing = [one for one in fields if one.required and said.get(f"_{one.name}") is None]
        for one in missing:
            self._problem(file, line, one.name, "NO_VALUE", "is blank, and must not be", f"give its {one.label.en}")
        return not missing

    def _problem(self, file: int, line: int, column: str, code: str, message: str, mend: str) -> None:
        self.problems.append(self.staged.place(file, line, column, code, "", message, mend))


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
        self.added.append((*(said.get(column) for column in self.columns), self.number, CURRENT))
        if len(self.added) >= BATCH:
            self.flush()

    def close(self, n: int) -> None:
        self.closed.append((n,))

    def flush(self) -> None:
        self.connection.executemany(self.update, self.closed)
        self.connection.executemany(self.insert, self.added)
        self.added.clear()
        self.closed.clear()


def relation_columns(relation: Relation) -> tuple[str, ...]:
    """A relation's columns but n, k0, k1: the record, its ends in order of role, numbers, cells, fields."""
    ends = [_end_column(role) for role in roles(relation)]
    return ("r", *ends, *NUMBERS, *WRITTEN, *(name for name, _ in field_columns(relation.fields)))


def state_columns(kind: Kind) -> tuple[str, ...]:
    places = ("n0", "n1", "g0", "g1", "v0", "v1")
    return ("e", *NUMBERS, *places, *WRITTEN, "name", "name__s", *(name for name, _ in field_columns(kind.fields)))


def _end_column(role: str) -> str:
    return {"subject": "s", "object": "o"}.get(role, f"x_{role}")


def _first_source(alias: str) -> str:
    return f"(SELECT a.key FROM cite t JOIN entity a ON a.e = t.s WHERE t.c = {alias}.c AND t.i = 0)"


def cells_of(said: Values) -> Cells:
    return Cells(*(said.get(name) or "" for name in ("w_from", "w_until", "w_through", "w_attested")))


def dated(seen: str | None) -> Dated | None:
    """``register 2020-03`` → what decides about blanks; None for a source without a date."""
    if not seen:
        return None
    nature, _, date = seen.partition(" ")
    return Dated(nature == "register", *parse_partial(date))
