"""The shortest paths between two entities. In: two keys, N and load of a scope. Out: JSON of the best, which a statement prints.

Both sides are searched level by level, the smaller frontier first, until every record that a path of some length can have is read;
then its paths are followed in order, each narrowing N record by record (semantics.md section 5). All of it is read within the
statement that asks (``paths(…)`` is a function in it), so in its transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import apsw

from orggraph.errors import OperationError
from orggraph.model.model import OBJECT, SUBJECT, Model
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.writing import CURRENT
from orggraph.time.days import NEG

LONGEST, MOST = 12, 100
READ, STEPS = 300_000, 300_000
"""Records that a search reads, steps that it follows at most."""
TOO_FAR = "the paths would lead over too many records; name relations with through:, leave hubs out with avoid:, or lower maxLength:"

Numbers = tuple[int, int, int, int]


class Link(NamedTuple):
    """A record as a search sees it: its number, relation, version, two ends, span."""

    r: int
    relation: int
    n: int
    one: int
    other: int
    span: Numbers


@dataclass(frozen=True)
class Wanted:
    days: Numbers
    ranged: bool
    load: int | None
    certain: bool
    start: int
    end: int
    through: tuple[int, ...]
    avoid: frozenset[int]
    longest: int
    first: int


def find_paths(connection: apsw.Connection, model: Model, *given: Any) -> str:
    """``paths(a0, a1, b0, b1, ranged, load, certain, from, to, through, avoid, longest, first)`` → JSON: [{c, f0, f1, u0, u1, n, r}, …],
    n of [entity, key], r of [relation, version, and the four numbers that the other records leave]. Raises OperationError."""
    *days, ranged, load, certain, start, end, through, avoid, longest, first = given
    if not 1 <= longest <= LONGEST:
        raise OperationError(f"maxLength: takes a number from 1 to {LONGEST}, not {longest}", "BAD_VALUE")
    if not 0 <= first <= MOST:
        raise OperationError(f"first: of paths takes a number from 0 to {MOST}, not {first}", "BAD_VALUE")
    ends = [value(connection, "SELECT e FROM entity WHERE key=?", (key,)) for key in (start, end)]
    if None in ends or ends[0] == ends[1] or not first:
        return "[]"
    avoided = rows(connection, "SELECT e FROM entity WHERE key IN (SELECT value FROM json_each(?))", (avoid,))
    leave = frozenset(e for (e,) in avoided)
    if leave & set(ends):
        return "[]"
    numbers = (days[0], days[1], days[2], days[3])
    numbered: tuple[int, ...] = tuple(json.loads(through))
    wanted = Wanted(numbers, bool(ranged), load, bool(certain), ends[0], ends[1], numbered, leave, longest, first)
    return json.dumps(Search(connection, model, wanted).found(), separators=(",", ":"))


@dataclass
class Side:
    """What is known around one end: distances, the frontier, how far all records are read."""

    seen: set[int]
    frontier: list[int]
    radius: int = 0


@dataclass
class Search:
    connection: apsw.Connection
    model: Model
    wanted: Wanted
    links: dict[int, Link] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    states: dict[int, list[tuple[int, int, int, int]]] = field(default_factory=dict)
    steps: int = 0

    def found(self) -> list[dict[str, Any]]:
        wanted = self.wanted
        sides = [Side({e}, [e]) for e in (wanted.start, wanted.end)]
        found: list[dict[str, Any]] = []
        for length in range(1, wanted.longest + 1):
            self.read_for(sides, length)
            for certain in (True,) if wanted.certain else (True, False):
                for one in self.of_length(length, certain):
                    found.append(one)
                    if len(found) == wanted.first:
                        return found
        return found

    # ------------------------------------------------------------ reading

    def read_for(self, sides: list[Side], length: int) -> None:
        """Reads until every record on a path of this length is there."""
        while sum(side.radius for side in sides) < length:
            side = min((one for one in sides), key=lambda one: len(one.frontier))
            near = set(side.frontier)
            side.radius += 1
            links = [link for e in self.by_kind(near) for link in self.read(*e)]
            self.links.update((link.r, link) for link in links)
            if len(self.links) > READ:
                raise OperationError(TOO_FAR, "TOO_COSTLY")
            ends = {e for link in links for e in (link.one, link.other)} - side.seen - self.wanted.avoid
            side.seen |= ends
            side.frontier = sorted(ends)

    def by_kind(self, entities: set[int]) -> Iterator[tuple[str, list[int]]]:
        for kind in self.model.concrete():
            if of_kind := sorted(e for e in entities if e & 63 == kind.number):
                yield kind.name, of_kind

    def read(self, kind: str, entities: Sequence[int]) -> Iterator[Link]:
        """The records that possibly meet N at these entities of a kind."""
        parts = [
            f'SELECT {relation.number},v.r,v.n,v.s,v.o,v.f0,v.f1,v.u0,v.u1 FROM json_each(?1) x CROSS JOIN "r_{relation.name}" v '
            f"ON v.{column}=x.value AND {self.known} AND v.f0<?2 AND v.u1>?3 AND v.s<>v.o"
            for relation in self.model.relations.values()
            if relation.number in self.wanted.through
            for role, column in ((SUBJECT, "s"), (OBJECT, "o"))
            if kind in relation.end(role).kinds
        ]
        days = self.wanted.days
        for i in range(0, len(parts), 100):
            sql = " UNION ALL ".join(parts[i : i + 100])
            for relation, r, n, s, o, *span in rows(self.connection, sql, (json.dumps(entities), days[3], days[0])):
                yield Link(r, relation, n, s, o, (span[0], span[1], span[2], span[3]))

    @property
    def known(self) -> str:
        load = self.wanted.load
        return f"v.k1={CURRENT}" if load is None else f"v.k0<={load} AND v.k1>{load}"

    def describe(self, entities: set[int], records: set[int]) -> None:
        """Keys and states of what may be on a path."""
        new = entities - self.keys.keys()
        self.keys.update(
            rows(
                self.connection,
                "SELECT e,key FROM entity WHERE e IN (SELECT value FROM json_each(?))",
                (json.dumps([*new]),),
            )
        )
        named = json.dumps([*(records - self.names.keys())])
        self.names.update(
            rows(self.connection, "SELECT r,key FROM record WHERE r IN (SELECT value FROM json_each(?))", (named,))
        )
        for kind, of_kind in self.by_kind(new):
            sql = f'SELECT v.e,v.f0,v.u1,v.g1,v.v0 FROM json_each(?) x CROSS JOIN "k_{kind}" v ON v.e=x.value AND {self.known}'
            for e, *numbers in rows(self.connection, sql, (json.dumps(of_kind),)):
                self.states.setdefault(e, []).append((numbers[0], numbers[1], numbers[2], numbers[3]))

    # ------------------------------------------------------------ following

    def of_length(self, length: int, certain: bool) -> Iterator[dict[str, Any]]:
        """Paths of a length that are certain, or that are only possible, by the keys of entity and record hop by hop."""
        joined: dict[int, list[tuple[int, Link]]] = {}
        for link in self.links.values():
            if not {link.one, link.other} & self.wanted.avoid:
                joined.setdefault(link.one, []).append((link.other, link))
                joined.setdefault(link.other, []).append((link.one, link))
        ahead = _distances(joined, self.wanted.end, length)
        if ahead.get(self.wanted.start, length + 1) > length:
            return
        behind = _distances(joined, self.wanted.start, length)
        on = {e for e, far in ahead.items() if behind.get(e, length) + far <= length}
        near = {e: [(other, link) for other, link in joined[e] if other in on] for e in on}
        self.describe(on, {link.r for each in near.values() for _, link in each})
        for each in near.values():
            each.sort(key=lambda hop: (self.keys[hop[0]], self.names[hop[1].r]))
        yield from self.follow(near, ahead, length, certain, [self.wanted.start], [], self.wanted.days, True)

    def follow(
        self, near: dict[int, list[tuple[int, Link]]], ahead: dict[int, int], length: int, certain: bool,
        path: list[int], links: list[Link], days: Numbers, sure: bool,
    ) -> Iterator[dict[str, Any]]:  # fmt: skip
        """``sure``: whether the records so far meet for certain."""
        if len(links) == length:
            if path[-1] == self.wanted.end and all(self.there(e, days, False) for e in path):
                surely = sure and all(self.there(e, days, True) for e in path)
                if surely is certain:
                    yield self.told(path, links, surely)
            return
        for other, link in near[path[-1]]:
            self.steps += 1
            if self.steps > STEPS:
                raise OperationError(TOO_FAR, "TOO_COSTLY")
            left = length - len(links) - 1
            if other in path or ahead[other] > left or not _meets(link.span, days, False):
                continue
            surely = sure and _meets(link.span, days, True)
            if certain and not surely:
                continue
            below = _narrowed(days, link.span) if self.wanted.ranged else days
            if self.there(other, below, False):
                yield from self.follow(near, ahead, length, certain, [*path, other], [*links, link], below, surely)

    def there(self, e: int, days: Numbers, certain: bool) -> bool:
        states = self.states.get(e, ())
        if certain:
            return any(g1 < days[2] and (v0 > days[1] or days[1] == NEG) for _, _, g1, v0 in states)
        return any(f0 < days[3] and u1 > days[0] for f0, u1, _, _ in states)

    def told(self, path: list[int], links: list[Link], certain: bool) -> dict[str, Any]:
        spans = [link.span for link in links]
        shared = {name: how(span[i] for span in spans) for i, (name, how) in enumerate(SHARED)}
        nodes = [[e, self.keys[e]] for e in path]
        records = [[link.relation, link.n, *_left(spans[:i] + spans[i + 1 :])] for i, link in enumerate(links)]
        return {"c": int(certain), **shared, "n": nodes, "r": records}


SHARED: tuple[tuple[str, Any], ...] = (("f0", max), ("f1", max), ("u0", min), ("u1", min))


def _distances(joined: dict[int, list[tuple[int, Link]]], start: int, longest: int) -> dict[int, int]:
    found = {start: 0}
    level = [start]
    for far in range(1, longest + 1):
        level = [*dict.fromkeys(e for one in level for e, _ in joined.get(one, ()) if e not in found)]
        found.update((e, far) for e in level)
    return found


def _meets(span: Numbers, days: Numbers, certain: bool) -> bool:
    if certain:
        return span[1] < days[2] and (span[2] > days[1] or days[1] == NEG)
    return span[0] < days[3] and span[3] > days[0]


def _left(spans: Sequence[Numbers]) -> Numbers:
    """What some records leave of all days."""
    days = (NEG - 1, NEG - 1, CURRENT, CURRENT)
    for span in spans:
        days = _narrowed(days, span)
    return days


def _narrowed(days: Numbers, span: Numbers) -> Numbers:
    return max(days[0], span[0]), max(days[1], span[1]), min(days[2], span[2]), min(days[3], span[3])
