"""The shortest paths between two entities. In: two keys, N and load of a scope. Out: JSON of the best, which a statement prints.

Length by length it is asked which entities a path may lead over (``reaching.py``); the records between these are read, and its
paths are followed in order, each narrowing N record by record (semantics.md section 5). All of it is read within the
statement that asks (``paths(…)`` is a function in it), so in its transaction.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import apsw

from orggraph.errors import OperationError
from orggraph.model.model import Model
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.reaching import TOO_FAR, Link, Numbers, Reaching, Side, numbered
from orggraph.stores.sqlite.writing import CURRENT
from orggraph.time.days import NEG

LONGEST, MOST = 12, 100
STEPS = 300_000
"""Steps that a search follows at most."""
Texts = dict[tuple[object, ...], list[str]]


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


def find_paths(connection: apsw.Connection, model: Model, texts: Texts, *given: Any) -> str:
    """``texts``: SQL that is kept.

    ``paths(a0, a1, b0, b1, ranged, load, certain, from, to, through, avoid, longest, first)`` → JSON: [{c, f0, f1, u0, u1, n, r}, …],
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
    relations: tuple[int, ...] = tuple(json.loads(through))
    wanted = Wanted(numbers, bool(ranged), load, bool(certain), ends[0], ends[1], relations, leave, longest, first)
    sides = Side({ends[0]: 0}, [ends[0]]), Side({ends[1]: 0}, [ends[1]])
    reaching = Reaching(connection, model, numbers, load, relations, leave, texts, sides)
    return json.dumps(Search(connection, model, wanted, reaching).found(), separators=(",", ":"))


@dataclass
class Search:
    connection: apsw.Connection
    model: Model
    wanted: Wanted
    reaching: Reaching
    keys: dict[int, str] = field(default_factory=dict)
    states: dict[int, list[tuple[int, int, int, int]]] = field(default_factory=dict)
    steps: int = 0

    def found(self) -> list[dict[str, Any]]:
        wanted = self.wanted
        found: list[dict[str, Any]] = []
        for length in range(1, wanted.longest + 1):
            ahead = self.reaching.of_length(length)
            if ahead is None:
                continue
            near = self.joined(ahead)
            for certain in (True,) if wanted.certain else (True, False):
                begun = self.follow(near, ahead, length, certain, [wanted.start], [], wanted.days, True)
                found += islice(begun, wanted.first - len(found))
                if len(found) == wanted.first:
                    return found
        return found

    # ------------------------------------------------------------ reading

    def joined(self, entities: Collection[int]) -> dict[int, list[tuple[int, Link]]]:
        """The records between some entities, from each of them by the keys of the other and of the record."""
        near: dict[int, list[tuple[int, Link]]] = {e: [] for e in entities}
        links = [*self.reaching.links(entities)]
        for link in links:
            near[link[3]].append((link[4], link))
            near[link[4]].append((link[3], link))
        self.describe(entities)
        for each in near.values():
            each.sort(key=lambda hop: (self.keys[hop[0]], hop[1][1]))
        return near

    def describe(self, entities: Collection[int]) -> None:
        """Keys and states of what may be on a path."""
        new = [e for e in entities if e not in self.keys]
        keys = "SELECT e,key FROM carray(?) x CROSS JOIN entity ON e=x.value"
        self.keys.update(rows(self.connection, keys, (numbered(new),)) if new else ())
        for kind, of_kind in self.reaching.by_kind(new):
            states = f'SELECT v.e,v.f0,v.u1,v.g1,v.v0 FROM carray(?) x CROSS JOIN "k_{kind}" v ON v.e=x.value'
            for e, *numbers in rows(self.connection, f"{states} AND {self.reaching.known}", (numbered(of_kind),)):
                self.states.setdefault(e, []).append((numbers[0], numbers[1], numbers[2], numbers[3]))

    # ------------------------------------------------------------ following

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
            if other in path or ahead[other] > left or not _meets(link[5:], days, False):
                continue
            surely = sure and _meets(link[5:], days, True)
            if certain and not surely:
                continue
            below = _narrowed(days, link[5:]) if self.wanted.ranged else days
            if self.there(other, below, False):
                yield from self.follow(near, ahead, length, certain, [*path, other], [*links, link], below, surely)

    def there(self, e: int, days: Numbers, certain: bool) -> bool:
        states = self.states.get(e, ())
        if certain:
            return any(g1 < days[2] and (v0 > days[1] or days[1] == NEG) for _, _, g1, v0 in states)
        return any(f0 < days[3] and u1 > days[0] for f0, u1, _, _ in states)

    def told(self, path: list[int], links: list[Link], certain: bool) -> dict[str, Any]:
        spans = [link[5:] for link in links]
        shared = {name: how(span[i] for span in spans) for i, (name, how) in enumerate(SHARED)}
        nodes = [[e, self.keys[e]] for e in path]
        records = [[link[0], link[2], *_left(spans[:i] + spans[i + 1 :])] for i, link in enumerate(links)]
        return {"c": int(certain), **shared, "n": nodes, "r": records}


SHARED: tuple[tuple[str, Any], ...] = (("f0", max), ("f1", max), ("u0", min), ("u1", min))


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
