"""At which records the links of a source can begin: an entity that stands at the end of none of them has no link. Where they are fewer
than the entities, stores read them once instead of looking for links from each entity.

In: a source, and how many records a relation has. Out: relations and roles of ends. Example: an overlap of two of three roles begins
where there is a record of one of any two of them: of those two that have the fewest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from orggraph.plan.filters import Along, Over, Source
from orggraph.plan.ways import FIRST, LAST, Way

FEWER = 4
"""So many times as many entities as records make it worth to read the records first."""
Counted = Callable[[str], float]
"""How many records a relation has."""


class Beginnings(Struct, frozen=True):
    """``ends``: relations and the roles at which links begin; ``records``: how many of them there are."""

    ends: tuple[tuple[str, str], ...]
    records: float


def beginnings(source: Source, counted: Counted, entities: float) -> Beginnings | None:
    """Where the links of a source begin; None where there is no telling, or not far fewer than so many entities."""
    ends = _ends(source, counted)
    records = sum(counted(relation) for relation, _ in ends or ())
    return None if ends is None or records * FEWER > entities or not entities else Beginnings(tuple(ends), records)


def _ends(source: Source, counted: Counted) -> Sequence[tuple[str, str]] | None:
    match source:
        case Over(hop):
            return [(hop.relation, hop.origin)]
        case Along(link, roles=roles, least=least):
            each = [list(dict.fromkeys(_begin(way, link.forward, counted) for way in role)) for role in roles]
            each.sort(key=lambda ends: sum(counted(relation) for relation, _ in ends))
            return list(dict.fromkeys(end for ends in each[: len(each) - least + 1] for end in ends))
    return None


def _begin(way: Way, forward: bool, counted: Counted) -> tuple[str, str]:
    """The strand at the near end whose records are the fewest."""
    return min(_strands(way, forward), key=lambda end: counted(end[0]))


def _strands(way: Way, forward: bool) -> Iterator[tuple[str, str]]:
    for strand in way.strands:
        if forward and strand.start == FIRST:
            yield strand.hop.relation, strand.hop.origin
        elif not forward and strand.end == LAST:
            yield strand.hop.relation, strand.hop.target
