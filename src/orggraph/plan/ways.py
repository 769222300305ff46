"""In how many ways a link of a derived relation comes about: each way as the records that hang together in it.

A way has places, at which entities stand, and strands, which are records between two places. Place 0 is the subject, place 1
the object, the others lie between. A chain of two is strands 0 → 2 → 1; two roles at once are strands 0 → 1 and 0 → 1.
Ways are put one after the other (``then``), beside each other (``beside``) and read from their end (``turned``), so that
whatever follows from derived relations is again nothing but ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from itertools import chain, combinations
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from orggraph.model.model import Hop

FIRST, LAST = 0, 1
Places = tuple[tuple[str, ...], ...]
"""The kinds that may stand at each place."""


class Strand(Struct, frozen=True):
    """A record between two places: ``hop.origin`` stands at ``start``, nearer to the subject, ``hop.target`` at ``end``."""

    hop: Hop
    start: int
    end: int


class Test(Struct, frozen=True):
    """What must be true of the entity at a place, which a strand has at an end. ``where``: a Filter; filters stand on ways."""

    place: int
    strand: int
    where: Any


class Together(Struct, frozen=True):
    """What links are told apart by: records, by the numbers of their strands, in this order or (``any_order``) as a set."""

    parts: tuple[Part, ...]
    any_order: bool = False


Part = int | Together


class Way(Struct, frozen=True):
    """``apart``: parts that must be of different records. ``same``: links of the same are one."""

    strands: tuple[Strand, ...]
    places: Places
    tests: tuple[Test, ...] = ()
    apart: tuple[tuple[Part, Part], ...] = ()
    same: Part = 0

    def told(self, part: Part) -> tuple[object, ...]:
        """The relations of a part: where they are others, so are the records."""
        if isinstance(part, int):
            return (self.strands[part].hop.relation,)
        parts = [self.told(one) for one in part.parts]
        return (("in any order", *sorted(parts, key=repr)),) if part.any_order else tuple(chain.from_iterable(parts))

    def moved(self, strand: Callable[[int], int], place: Callable[[int], int]) -> Way:
        """The same with other numbers of strands and places, which still stand in their old order."""

        def renumbered(part: Part) -> Part:
            if isinstance(part, int):
                return strand(part)
            return replace(part, parts=tuple(map(renumbered, part.parts)))

        return replace(
            self,
            strands=tuple(replace(one, start=place(one.start), end=place(one.end)) for one in self.strands),
            tests=tuple(replace(one, place=place(one.place), strand=strand(one.strand)) for one in self.tests),
            apart=tuple((renumbered(one), renumbered(other)) for one, other in self.apart),
            same=renumbered(self.same),
        )


def single(hop: Hop, start: tuple[str, ...], end: tuple[str, ...]) -> Way:
    """One record."""
    return Way((Strand(hop, FIRST, LAST),), (start, end))


def tested(way: Way, kinds: Sequence[str], where: Any | None) -> Way:
    """The same where it arrives at one of some kinds, and at what passes."""
    subject, arrival, *between = way.places
    last = max(number for number, strand in enumerate(way.strands) if strand.end == LAST)
    tests = way.tests if where is None else (*way.tests, Test(LAST, last, where))
    return replace(way, places=(subject, tuple(kind for kind in arrival if kind in kinds), *between), tests=tests)


def turned(way: Way) -> Way:
    """The same read from its end: the last strand first, each the other way."""
    last = len(way.strands) - 1
    found = way.moved(lambda strand: last - strand, lambda place: {FIRST: LAST, LAST: FIRST}.get(place, place))
    subject, object_, *between = way.places
    strands = tuple(Strand(_turned(one.hop), one.end, one.start) for one in reversed(found.strands))
    return replace(found, strands=strands, places=(object_, subject, *between), same=_backwards(found.same))


def _turned(hop: Hop) -> Hop:
    return replace(hop, kind=hop.far, far=hop.kind, origin=hop.target, target=hop.origin)


def _backwards(part: Part) -> Part:
    if isinstance(part, int):
        return part
    parts = tuple(map(_backwards, part.parts))
    return replace(part, parts=parts if part.any_order else parts[::-1])


def then(way: Way, onward: Way) -> Way:
    """One after the other: where the first arrives the second begins; all records are different ones."""
    middle, new, strands = len(way.places), len(way.places) - 1, len(way.strands)
    before = way.moved(lambda strand: strand, lambda place: {LAST: middle}.get(place, place))
    after = onward.moved(
        lambda strand: strand + strands, lambda place: {FIRST: middle, LAST: LAST}.get(place, place + new)
    )
    subject, arrival, *between = way.places
    joined = _joined(before, after, (subject, onward.places[LAST], *between, arrival, *onward.places[2:]))
    crossing = [
        (one, other)
        for one, strand in enumerate(before.strands)
        for other, later in enumerate(after.strands, strands)
        if strand.hop.relation == later.hop.relation
    ]
    return replace(
        joined, apart=(*joined.apart, *crossing), same=Together((*_listed(before.same), *_listed(after.same)))
    )


def _listed(part: Part) -> tuple[Part, ...]:
    return part.parts if isinstance(part, Together) and not part.any_order else (part,)


def beside(ways: Sequence[Way]) -> Way:
    """Several with the same two ends: a set of chains, no two of which are the same."""
    found = reduce(_side, ways)
    starts = [0]
    for way in ways:
        starts.append(starts[-1] + len(way.strands))
    parts = tuple(
        way.moved(lambda strand, start=start: strand + start, lambda place: place).same  # type: ignore[misc]  # a lambda with a default is not inferred
        for way, start in zip(ways, starts, strict=False)
    )
    alike = tuple((one, other) for one, other in combinations(parts, 2) if found.told(one) == found.told(other))
    return replace(found, apart=(*found.apart, *alike), same=Together(parts, any_order=True))


def _side(way: Way, other: Way) -> Way:
    strands, new = len(way.strands), len(way.places) - 2
    second = other.moved(lambda strand: strand + strands, lambda place: place if place <= LAST else place + new)
    ends = (_both(way.places[end], other.places[end]) for end in (FIRST, LAST))
    return _joined(way, second, (*ends, *way.places[2:], *other.places[2:]))


def _both(kinds: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(kind for kind in kinds if kind in others)


def _joined(way: Way, other: Way, places: Places) -> Way:
    return Way((*way.strands, *other.strands), places, (*way.tests, *other.tests), (*way.apart, *other.apart), way.same)


def possible(ways: Sequence[Way]) -> tuple[Way, ...]:
    """Those at all of whose places some kind may stand."""
    return tuple(way for way in ways if all(way.places))


def alike(ways: Sequence[Way]) -> bool:
    """Whether the same records may make up a link in two ways, or in one way twice."""
    told = [way.told(way.same) for way in ways]
    return len(set(told)) < len(told) or any(map(_ambiguous, ways))


def _ambiguous(way: Way) -> bool:
    """Whether chains of a set may change places."""
    return any(
        way.told(one) == way.told(other) for part in _sets(way.same) for one, other in combinations(part.parts, 2)
    )


def _sets(part: Part) -> Iterator[Together]:
    if isinstance(part, Together):
        if part.any_order:
            yield part
        for one in part.parts:
            yield from _sets(one)
