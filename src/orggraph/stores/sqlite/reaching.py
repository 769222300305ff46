"""Which entities a path between two ends may lead over. In: two entities, the days and relations of a search. Out: by length, the
distances of those entities, and the records between them.

Both sides are searched level by level for neighbours alone, that side first whose entities stand in fewer records. With S levels from
the start and E from the end, a path of S + E + 1 records has only records that one of the sides has read, and maybe one between the two
outermost levels, which is looked for by itself; so the last level is not read where it is wide. Of a record only its two ends
and the number of its version are read, which an index has; all of it once it is known which entities are near enough to both ends.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

import apsw
import msgspec
from msgspec import Struct

from orggraph.errors import OperationError
from orggraph.model.model import OBJECT, SUBJECT, Model
from orggraph.stores.sqlite.asking import rows
from orggraph.stores.sqlite.writing import CURRENT

READ = 300_000
"""Neighbours that a search reads at most."""
TOO_FAR = "the paths would lead over too many records; name relations with through:, leave hubs out with avoid:, or lower maxLength:"
SMALL = 3_000
"""Records that are as quickly read as looked through."""
ASKED = 8
"""Of the outermost of each kind, by which it is judged in how many records all of them stand."""
AT_ONCE = 100
"""Relations in one statement."""
RECORDS = """SELECT x.value&63,avg(coalesce((SELECT degree FROM bearer b WHERE b.e=x.value LIMIT 1),0)) FROM carray(?) x
  GROUP BY 1"""

Numbers = tuple[int, int, int, int]
Pair = tuple[int, int, int, int]
"""An entity, a neighbour, and the record that joins them: the numbers of its relation and of its version."""
Link = tuple[int, str, int, int, int, int, int, int, int]
"""A record: the number of its relation, its key, its version's number, its two ends, its four day numbers."""


def numbered(numbers: Iterable[int]) -> object:
    """Numbers, as a statement reads them with ``carray(?)``; there must be some."""
    return apsw.carray(array("q", numbers))


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
    read: list[Pair] = msgspec.field(default_factory=list)
    near: defaultdict[int, list[int]] = msgspec.field(default_factory=lambda: defaultdict(list))
    joined: int = 0
    """How many of ``read`` are in ``near``."""

    def of_length(self, length: int) -> dict[int, int] | None:
        """How far from the end those entities are that a path of this length may lead over; nothing if there is no path."""
        while (lacking := length - sum(side.radius for side in self.sides)) > 0:
            side = self.fewer()
            if lacking == 1 and self.records(side) > SMALL:
                break
            self.widen(side)
        start, end = self.sides
        between = self.between() if lacking else set()
        if not between and start.far.keys().isdisjoint(end.far):
            return None
        self.join()
        ahead = self.distances(start, end, between, length)
        if not any(start.far.get(e) == 0 for e in ahead):
            return None
        behind = self.distances(end, start, between, length)
        to_end = {e: end.far.get(e, ahead.get(e, length)) for e in ahead.keys() | behind.keys()}
        return {e: far for e, far in to_end.items() if far + start.far.get(e, behind.get(e, length)) <= length}

    # ------------------------------------------------------------ around the ends

    def fewer(self) -> Side:
        """The side that is to be read: whose outermost stand in fewer records. They are not counted where the others hardly can be
        fewer, each of whom stands in the record that it was reached by and mostly in another."""
        few, many = sorted(self.sides, key=lambda side: len(side.frontier))
        if self.records(few) <= 2 * len(many.frontier):
            return few
        return min(few, many, key=self.records)

    def records(self, side: Side) -> int:
        """In how many the outermost stand, as the newest load knows them."""
        if side.records is None:
            kinds = [of_kind for _, of_kind in self.by_kind(side.frontier)]
            asked = [e for of_kind in kinds for e in of_kind[:ASKED]]
            means = dict(rows(self.connection, RECORDS, (numbered(asked),))) if asked else {}
            side.records = int(sum(means[of_kind[0] & 63] * len(of_kind) for of_kind in kinds))
        return side.records

    def widen(self, side: Side) -> None:
        """One level more."""
        side.radius += 1
        far, radius, found = side.far, side.radius, list[int]()
        for _, other, _, _ in self.pairs(side.frontier, None):
            if other not in far:
                far[other] = radius
                found.append(other)
        side.frontier, side.records = found, None

    def between(self) -> set[int]:
        """Those of the outermost of one side who are neighbours of those of the other."""
        few, many = sorted(self.sides, key=self.records)
        return {e for pair in self.pairs(few.frontier, many.frontier) for e in pair[:2]}

    def pairs(self, entities: Collection[int], others: Collection[int] | None) -> list[Pair]:
        """Entities and their neighbours, or those of them that are among others. Raises OperationError."""
        found: list[Pair] = []
        if not entities or (others is not None and not others):
            return found
        among = () if others is None else (numbered(others),)
        for kind, of_kind in self.by_kind(entities):
            for sql in self.texts_for(kind, others is not None):
                found += rows(self.connection, sql, (numbered(of_kind), self.days[3], self.days[0], *among))
                if len(self.read) + len(found) > READ:
                    raise OperationError(TOO_FAR, "TOO_COSTLY")
        if self.avoid:
            found = [pair for pair in found if pair[1] not in self.avoid]
        self.read += found
        return found

    def join(self) -> None:
        """Who are neighbours, of what was read since."""
        near = self.near
        for e, other, _, _ in self.read[self.joined :]:
            near[e].append(other)
            near[other].append(e)
        self.joined = len(self.read)

    def distances(self, here: Side, there: Side, between: Collection[int], length: int) -> dict[int, int]:
        """How far from one end entities are that are near enough to the other: those around both, and from them on around the
        other. Example: all of ``there`` that ``here`` has met, then their neighbours around ``here``."""
        found = {e: far for e, far in there.far.items() if e in here.far and far + here.far[e] <= length}
        for one in between:
            if there.far.get(one) == there.radius:
                found.setdefault(one, there.radius)
        levels: dict[int, list[int]] = {}
        for e, far in found.items():
            levels.setdefault(far, []).append(e)
        for far in range(length):
            for e in levels.get(far, ()):
                for other in self.near[e]:
                    if other not in found and far + 1 + here.far.get(other, length) <= length:
                        found[other] = far + 1
                        levels.setdefault(far + 1, []).append(other)
        return found

    # ------------------------------------------------------------ what is read

    def links(self, entities: Collection[int]) -> Iterator[Link]:
        """The records that lead from one of some entities to another, and possibly meet the days."""
        found: dict[int, set[int]] = {}
        for e, other, number, version in self.read:
            if e in entities and other in entities:
                found.setdefault(number, set()).add(version)
        for relation in self.model.relations.values():
            if versions := found.get(relation.number):
                sql = f"""SELECT {relation.number},q.key,v.n,v.s,v.o,v.f0,v.f1,v.u0,v.u1 FROM carray(?) x
                  CROSS JOIN "r_{relation.name}" v ON v.n=x.value CROSS JOIN record q ON q.r=v.r"""
                yield from rows(self.connection, sql, (numbered(versions),))

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

    def texts_for(self, kind: str, among: bool) -> list[str]:
        """Statements of ``?1`` entities of a kind, ``?2`` and ``?3`` days, ``?4`` others: who their neighbours are."""
        key = (kind, among, self.known, self.through)
        if key not in self.texts:
            parts = [
                f"SELECT x.value,v.{other} o,{relation.number},v.n FROM carray(?1) x CROSS JOIN "
                f'"r_{relation.name}" v ON v.{column}=x.value AND {self.known} AND v.f0<?2 AND v.u1>?3 AND v.s<>v.o'
                for relation in self.model.relations.values()
                if relation.number in self.through
                for role, column, other in ((SUBJECT, "s", "o"), (OBJECT, "o", "s"))
                if kind in relation.end(role).kinds
            ]
            found = [" UNION ALL ".join(parts[i : i + AT_ONCE]) for i in range(0, len(parts), AT_ONCE)]
            if among:  # outside, so that the set is made once
                found = [f"SELECT * FROM ({one} LIMIT -1) WHERE o IN (SELECT value FROM carray(?4))" for one in found]
            self.texts[key] = found
        return self.texts[key]
