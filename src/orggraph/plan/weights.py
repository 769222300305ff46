"""How much a filter looks at, roughly: in how many tables, for one thing. In: a filter. Out: a number, by which stores ask what is
cheap before what is dear."""

from __future__ import annotations

from orggraph.plan.filters import (
    AllOf,
    AllTrue,
    Along,
    AnyRecords,
    AnyTrue,
    Climb,
    CountIs,
    Every,
    Filter,
    Lasts,
    Negation,
    OfEnd,
    OfKind,
    OfRecord,
    OfSomeEnd,
    Over,
    RecordsOf,
    SeenOn,
    Some,
    Source,
)

DEAR = 8
"""What looks in so many tables is asked last, and only where all else is met."""
LEVELS = 8
"""Tables that a climb looks in, as a guess; a hierarchy has not many levels."""
DAYS, NUMBER = 4, 2
"""So many times as much as whether there is a link costs how long there are some, and how many."""


def weight(where: Filter) -> int:
    match where:
        case Some(source, inner) | Every(source, inner):
            return tables(source) * (1 + weight(inner))
        case CountIs(source, inner):
            return NUMBER * tables(source) * (1 + weight(inner))
        case Lasts(source, inner):
            return DAYS * tables(source) * (1 + weight(inner))
        case AllTrue(filters) | AnyTrue(filters):
            return sum(map(weight, filters))
        case Negation(inner) | OfRecord(inner):
            return weight(inner)
        case OfEnd(_, _, inner) | OfSomeEnd(inner) | SeenOn(_, inner):
            return 1 + weight(inner)
        case OfKind(cases):
            return max((weight(inner) for _, inner in cases), default=0)
    return 0


def tables(source: Source) -> int:
    """In how many tables the links of a source are looked for."""
    match source:
        case AllOf() | RecordsOf() | Over():
            return 1
        case Along():
            return sum(len(way.strands) for way in source.ways)
        case Climb():
            return LEVELS
        case AnyRecords(relations):
            return len(relations)


def by_weight(filters: tuple[Filter, ...]) -> tuple[list[Filter], list[Filter]]:
    """What is cheap, and what is dear, the dearest last; all in their order where nothing is dear, or everything."""
    weighed = sorted(((weight(one), one) for one in filters), key=lambda one: one[0])
    cheap, dear = ([one for number, one in weighed if (number >= DEAR) is so] for so in (False, True))
    return (cheap, dear) if cheap and dear else (list(filters), [])
