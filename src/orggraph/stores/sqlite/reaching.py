"""Which entities a path between two ends may lead over. In: two entities, the days and relations of a search. Out: by length, the
distances of those entities, and the records between them.

Both sides are searched level by level for neighbours alone, that side first whose entities stand in fewer records. With S levels from
the start and E from the end, a path of S + E + 1 records has only records that one of the sides has read, and maybe one between the two
outermost levels, which is looked for by itself; so the last level is not read where it is wide. Records are read as such only once
it is known which entities are near enough to both ends.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

import apsw
import msgspec
from msgspec import Struct

from orggraph.errors import OperationError
from orggraph.model.model import OBJECT, SUBJECT, Model
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.writing import CURRENT

READ = 300_000
"""Neighbours that a search reads at most."""
TOO_FAR = "the paths would lead over too many records; name relations with through:, leave hubs out with avoid:, or lower maxLength:"
SMALL = 3_000
"""Records that are as quickly read as looked through."""
ASKED = 200
"""Of the outermost, by which it is judged in how many records all of them stand."""
AT_ONCE = 100
"""Relations in one statement."""
RECORDS = "SELECT sum((SELECT degree FROM bearer b WHERE b.e=x.value LIMIT 1)) FROM json_each(?) x"

Numbers = tuple[int, int, int, int]
Link = tuple[int, int, int, int, int, int, int, int, int]
"""A record: the number of its relation, its own, its version's, its two ends, its four day numbers."""
Near = dict[int, set[int]]


class Side(Struct):
    """What is known around one end: how far entities are from it, the outermost of them."""

    far: dict[int, int]
    frontier: list[int]
    radius: int = 0
    records: int | None = None


class Reaching(Struct):
    """``texts``: SQL that was written before, kept by the store."""

    connection: apsw.Connection
    model: Model
    days: Numbers
    load: int | None
    through: tuple[int, ...]
    avoid: frozenset[int]
    texts: dict[tuple[object, ...], list[str]]
    sides: tuple[Side, Side]
    near: defaultdict[int, set[int]] = msgspec.field(default_factory=lambda: defaultdict(set))
    read: int = 0

    def of_length(self, length: int) -> dict[int, int] | None:
        """How far from the end those entities are that a path of this length may lead over; nothing if there is no path."""
        while (lacking := length - sum(side.radius for side in self.sides)) > 0:
            side = min(self.sides, key=self.records)
            if lacking == 1 and self.records(side) > SMALL:
                break
            self.widen(side)
        start, end = self.sides
        between = self.between(start, end) if lacking else {}
        ahead = self.distances(start, end, between, length)
        if not any(start.far.get(e) == 0 for e in ahead):
            return None
        behind = self.distances(end, start, between, length)
        to_end = {e: end.far.get(e, ahead.get(e, length)) for e in ahead.keys() | behind.keys()}
        return {e: far for e, far in to_end.items() if far + start.far.get(e, behind.get(e, length)) <= length}

    # ------------------------------------------------------------ around the ends

    def records(self, side: Side) -> int:
        """In how many the outermost stand, as the newest load knows them."""
        if side.records is None:
            asked = side.frontier[:ASKED]
            records = value(self.connection, RECORDS, (json.dumps(asked),)) or 0
            side.records = int(records * len(side.frontier) / max(1, len(asked)))
        return side.records

    def widen(self, side: Side) -> None:
        """One level more."""
        side.radius += 1
        near, far, radius, found = self.near, side.far, side.radius, list[int]()
        for e, other in self.pairs(side.frontier, None):
            near[e].add(other)
            near[other].add(e)
            if other not in far:
                far[other] = radius
                found.append(other)
        side.frontier, side.records = found, None

    def between(self, start: Side, end: Side) -> Near:
        """Who of the outermost are neighbours, from either side."""
        near: Near = {}
        few, many = sorted((start, end), key=self.records)
        for e, other in self.pairs(few.frontier, many.frontier):
            near.setdefault(e, set()).add(other)
            near.setdefault(other, set()).add(e)
        return near

    def pairs(self, entities: Collection[int], others: Collection[int] | None) -> Iterator[tuple[int, int]]:
        """Entities and their neighbours, or those of them that are among others. Raises OperationError."""
        if not entities or (others is not None and not others):
            return
        among = () if others is None else (json.dumps([*others]),)
        for kind, of_kind in self.by_kind(entities):
            for sql in self.texts_for("pairs", kind, others is not None):
                found = rows(self.connection, sql, (json.dumps(of_kind), self.days[3], self.days[0], *among))
                self.read += len(found)
                if self.read > READ:
                    raise OperationError(TOO_FAR, "TOO_COSTLY")
                yield from [pair for pair in found if pair[1] not in self.avoid] if self.avoid else found

    def distances(self, here: Side, there: Side, between: Near, length: int) -> dict[int, int]:
        """How far from one end entities are that are near enough to the other: those around both, and from them on around the
        other. Example: all of ``there`` that ``here`` has met, then their neighbours around ``here``."""
        found = {e: far for e, far in there.far.items() if e in here.far and far + here.far[e] <= length}
        for one in between.keys() & there.far.keys():
            if there.far[one] == there.radius:
                found.setdefault(one, there.radius)
        levels: dict[int, list[int]] = {}
        for e, far in found.items():
            levels.setdefault(far, []).append(e)
        for far in range(length):
            for e in levels.get(far, ()):
                for other in self.near.get(e, set()) | between.get(e, set()):
                    if other not in found and far + 1 + here.far.get(other, length) <= length:
                        found[other] = far + 1
                        levels.setdefault(far + 1, []).append(other)
        return found

    # ------------------------------------------------------------ what is read

    def links(self, entities: Collection[int]) -> Iterator[Link]:
        """The records that lead from one of some entities to another, and possibly meet the days."""
        among = json.dumps([*entities])
        for kind, of_kind in self.by_kind(entities):
            for sql in self.texts_for("links", kind, True):
                yield from rows(self.connection, sql, (json.dumps(of_kind), self.days[3], self.days[0], among))

    def by_kind(self, entities: Iterable[int]) -> Iterator[tuple[str, list[int]]]:
        found: dict[int, list[int]] = {}
        for e in entities:
            found.setdefault(e & 63, []).append(e)
        for kind in self.model.concrete():
            if kind.number in found:
                yield kind.name, found[kind.number]

    @property
    def known(self) -> str:
        return f"v.k1={CURRENT}" if self.load is None else f"v.k0<={self.load} AND v.k1>{self.load}"

    def texts_for(self, what: str, kind: str, among: bool) -> list[str]:
        """Statements of ``?1`` entities, ``?2`` and ``?3`` days, ``?4`` others. ``links`` are read from their subjects."""
        key = (what, kind, among, self.known, self.through)
        if key not in self.texts:
            ends = ((SUBJECT, "s", "o"), (OBJECT, "o", "s"))[: 1 if what == "links" else 2]
            parts = [
                f"SELECT {self.columns(what, relation.number, other)} FROM json_each(?1) x CROSS JOIN "
                f'"r_{relation.name}" v ON v.{column}=x.value AND {self.known} AND v.f0<?2 AND v.u1>?3 AND v.s<>v.o'
                for relation in self.model.relations.values()
                if relation.number in self.through
                for role, column, other in ends
                if kind in relation.end(role).kinds
            ]
            found = [" UNION ALL ".join(parts[i : i + AT_ONCE]) for i in range(0, len(parts), AT_ONCE)]
            if among:  # outside, so that the set is made once
                found = [
                    f"SELECT * FROM ({one} LIMIT -1) WHERE o IN (SELECT value FROM json_each(?4))" for one in found
                ]
            self.texts[key] = found
        return self.texts[key]

    @staticmethod
    def columns(what: str, relation: int, other: str) -> str:
        return f"x.value e,v.{other} o" if what == "pairs" else f"{relation},v.r,v.n,v.s,v.o o,v.f0,v.f1,v.u0,v.u1"
