"""What a text finds where it stands in very many names: the best first, as many as are asked for.

In: the rows of a text (``typed.py``), numbers of kinds. Out: rows ``(e, t, c, key)`` of ``ranked(text, kinds)``, a table that
statements read: bearers and their names, exact ones before those that begin so before all others, in each by degree and key.

A kind in which few names match is looked up by snippets, as any search does it; one in which many do is walked through in the
order of rank, where some of the first will match. So nothing is ever sorted that nobody sees: ``示`` stands in every name of a
store, and is found in as many rows as are printed. Kinds are merged, and read only as far as their rows are wanted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from heapq import merge
from math import isqrt
from typing import Any

import apsw
from msgspec import Struct

from orggraph.model.model import Kind, Model
from orggraph.stores.sqlite.asking import value
from orggraph.stores.sqlite.ddl import PLACE_BITS
from orggraph.stores.sqlite.typed import Reading

EXACT, PREFIX, SUBSTRING = range(3)
WALKED = 10
"""Of n entities of a kind the square root of so many n are looked up at most: as many as have to be walked past, if they are more,
until a page is full."""
COLUMNS = ("e", "t", "c", "key")
GIVEN = ("text", "kinds")
SIZE = "SELECT coalesce((SELECT mean FROM fan_out WHERE name=? AND role=''),0)"
Row = tuple[int, str, int, int]
"""The degree, less than nothing; the key, the entity, the number of the name."""


class Ranking(Struct, frozen=True):
    """One text looked up in some kinds; ``cursors``: what is open."""

    connection: apsw.Connection
    readings: Sequence[Reading]
    kinds: Sequence[Kind]
    cursors: list[apsw.Cursor] = []

    def best_first(self) -> Iterator[tuple[int, int, int, str]]:
        seen: set[tuple[int, int]] = set()
        for how in (EXACT, PREFIX, SUBSTRING):
            ways = [way for one in self.readings if (way := self.way(one, how))]
            for _, key, e, t in merge(*(self.of_kind(kind, ways) for kind in self.kinds)) if ways else ():
                if (e, t) not in seen:
                    seen.add((e, t))
                    yield e, t, how, key

    def way(self, reading: Reading, how: int) -> _Way | None:
        """By which snippets a reading leads to names that match so; nothing if to none."""
        pattern, place = (reading.whole, reading.begun, reading.found)[how], ""
        if pattern is None:
            return None
        if how != SUBSTRING:
            place = f" AND p.later=1 AND p.place={reading.place}" if reading.place else " AND p.later=0"
        if how == EXACT:
            place += f" AND p.cells={reading.length}"
        sql = f"""SELECT coalesce(json_group_array(s.h),'[]'),count(*) FROM snippet s WHERE s.{reading.column}>=?1
            AND s.{reading.column}<=?2 AND s.text GLOB ?3 AND EXISTS(SELECT 1 FROM snippet_of p WHERE p.h=s.h{place})"""
        part = "*" if not reading.cells else pattern if how == EXACT else reading.begun
        snippets, number = value(self.connection, sql, (reading.low, reading.high, part))
        return _Way(pattern, snippets, number, place or " AND p.later IN (0,1)", not reading.cells) if number else None

    def of_kind(self, kind: Kind, ways: Sequence[_Way]) -> Iterator[Row]:
        """Those that match so, in order; among them some that match better."""
        size = int(value(self.connection, SIZE, (kind.name,)))
        names = f"p.t>{kind.number << PLACE_BITS} AND p.t<{(kind.number + 1) << PLACE_BITS}"
        if size >= sum(way.number for way in ways) and self.are_few(ways, names, isqrt(WALKED * size)):
            sql = " UNION ALL ".join(f"SELECT -b.degree,b.key,b.e,b.t FROM {way.bearers(names)}" for way in ways)
            return self.read(f"{sql} ORDER BY 1,2", [one for way in ways for one in way.given])
        alike = " OR ".join("l.text GLOB ?" for _ in ways)
        sql = f"""SELECT -b.degree,b.key,b.e,b.t FROM bearer b INDEXED BY bearer_rank WHERE b.e&63={kind.number}
            AND EXISTS(SELECT 1 FROM spelling l WHERE l.t=b.t AND ({alike})) ORDER BY b.degree DESC,b.key"""
        return self.read(sql, [way.pattern for way in ways])

    def are_few(self, ways: Sequence[_Way], names: str, most: int) -> bool:
        """Whether no more than so many bearers are looked up."""
        for way in ways:
            sql = f"SELECT count(*) FROM (SELECT 1 FROM {way.bearers(names)} LIMIT {most + 1})"
            most -= value(self.connection, sql, way.given)
            if most < 0:
                return False
        return True

    def read(self, sql: str, given: Sequence[Any]) -> Iterator[Row]:
        """Rows, as long as somebody wants them."""
        self.cursors.append(self.connection.cursor())
        yield from self.cursors[-1].execute(sql, given)

    def close(self) -> None:
        for cursor in self.cursors:
            cursor.close()


class _Way(Struct, frozen=True):
    """How a reading leads to names: the pattern of their spellings, snippets as JSON and how many, where names have these; whether
    spellings must be looked at besides."""

    pattern: str
    snippets: str
    number: int
    place: str
    spelled: bool

    def bearers(self, names: str) -> str:
        """Tables and conditions of who bears such a name."""
        alike = " AND EXISTS(SELECT 1 FROM spelling l WHERE l.t=p.t AND l.text GLOB ?)" if self.spelled else ""
        snippets = f"json_each(?) s CROSS JOIN snippet_of p ON p.h=s.value{self.place} AND {names}"
        return f"{snippets} CROSS JOIN bearer b ON b.t=p.t WHERE 1{alike}"

    @property
    def given(self) -> tuple[str, ...]:
        return (self.snippets, self.pattern) if self.spelled else (self.snippets,)


# ---------------------------------------------------------------- as a table


class RankedTable:
    """What SQLite wants of a module of virtual tables, and of its only table."""

    def __init__(self, connection: apsw.Connection, model: Model) -> None:
        self.connection = connection
        self.kinds = {kind.number: kind for kind in model.concrete()}

    def Connect(self, *_: Any) -> tuple[str, RankedTable]:
        columns = ",".join([*COLUMNS, *(f"{one} HIDDEN" for one in GIVEN)])
        return f"CREATE TABLE ranked({columns})", self

    Create = Connect

    def BestIndex(self, constraints: Sequence[tuple[int, int]], _: Any) -> Any:
        """Takes what is given as arguments; a statement always gives both."""
        used = [column - len(COLUMNS) if column >= len(COLUMNS) else None for column, _ in constraints]
        return [None if one is None else (one, True) for one in used], 0, None, False, 1.0

    def Open(self) -> RankedCursor:
        return RankedCursor(self)

    def Disconnect(self) -> None:
        """Nothing is held."""

    Destroy = Disconnect


class RankedCursor:
    """One reading of the table."""

    def __init__(self, table: RankedTable) -> None:
        self.table = table
        self.ranking: Ranking | None = None
        self.row: Any = None

    def Filter(self, _: int, __: str | None, given: Sequence[Any]) -> None:
        text, kinds = given
        readings = [Reading(*one) for one in json.loads(text)]
        kinds = [self.table.kinds[number] for number in json.loads(kinds)]
        self.ranking = Ranking(self.table.connection, readings, kinds)
        self.rows = self.ranking.best_first()
        self.Next()

    def Next(self) -> None:
        self.row = next(self.rows, None)

    def Eof(self) -> bool:
        return self.row is None

    def Column(self, number: int) -> Any:
        return self.row[number] if 0 <= number < len(COLUMNS) else None

    def Rowid(self) -> int:
        return 0

    def Close(self) -> None:
        if self.ranking is not None:
            self.ranking.close()
