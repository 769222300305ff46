"""Which records could make up a link of a derived relation, whatever the days: told by the model alone.

In: a world, a derived relation. Out: ``Walk``s from its subject to its object, one for each way in which records hang together;
two of the same ``same`` and the same ends are one link. When they hold say ``links`` (as pairs) and ``completions`` (in one completion).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from orggraph.model.model import Chain, Derived, Hop, Step
from tests.oracle.world import Entity, Record, World

Where = Mapping[str, Any]
Same = tuple[Any, ...]
"""Keys of records in order; a set of such where chains stand beside each other."""


@dataclass(frozen=True)
class Walk:
    """``between``: entities passed, and ends of records beside the way. ``asked``: entities, the record that led to each (None,
    if a derived link did), what the model asks of them."""

    start: Entity
    end: Entity
    between: tuple[Entity, ...]
    records: tuple[Record, ...]
    same: Same
    asked: tuple[tuple[Entity, Record | None, Where], ...] = ()

    @property
    def turned(self) -> Walk:
        return Walk(self.end, self.start, self.between, self.records[::-1], _turned(self.same), self.asked)


def _turned(same: Same) -> Same:
    return tuple(part if isinstance(part, str) else frozenset(map(_turned, part)) for part in same[::-1])


def walks(world: World, derived: Derived) -> list[Walk]:
    """All of a derived relation, from its subjects on; looked for once in a world."""
    if derived.name not in world.walks:
        world.walks[derived.name] = _walks(world, derived)
    found: list[Walk] = world.walks[derived.name]
    return found


def _key(record: Record) -> str:
    return record.key


def _walks(world: World, derived: Derived) -> list[Walk]:
    starts = world.of_kinds(derived.subject.kind)
    members = [[walk for x in starts for walk in _chain(world, chain, x)] for chain in derived.members]
    if derived.least == 1:
        return [walk for member in members for walk in member]
    return [
        _beside(chosen)
        for roles in combinations(members, derived.least)
        for chosen in product(*roles)
        if len({(walk.start.key, walk.end.key) for walk in chosen}) == 1
        and len({walk.same for walk in chosen}) == derived.least
    ]


def _beside(chosen: Sequence[Walk]) -> Walk:
    first = chosen[0]
    return Walk(
        first.start,
        first.end,
        tuple(one for walk in chosen for one in walk.between),
        tuple(one for walk in chosen for one in walk.records),
        (frozenset(walk.same for walk in chosen),),
        tuple(one for walk in chosen for one in walk.asked),
    )


def _chain(world: World, chain: Chain, x: Entity) -> Iterator[Walk]:
    """Step by step; all records are different ones."""
    found = [*_step(world, chain[0], x)]
    for step in chain[1:]:
        found = [
            Walk(
                walk.start,
                onward.end,
                (*walk.between, walk.end, *onward.between),
                (*walk.records, *onward.records),
                (*walk.same, *onward.same),
                (*walk.asked, *onward.asked),
            )
            for walk in found
            for onward in _step(world, step, walk.end)
            if not {*map(_key, walk.records)} & {*map(_key, onward.records)}
        ]
    yield from found


def _step(world: World, step: Step, x: Entity) -> Iterator[Walk]:
    kinds = world.model.kinds[step.kind].concrete
    for walk in _over(world, step, x):
        if walk.end.kind in kinds:
            record = walk.records[0] if isinstance(step.over, Hop) else None
            asked = ((walk.end, record, step.where),) if step.where else ()
            yield Walk(walk.start, walk.end, walk.between, walk.records, walk.same, (*walk.asked, *asked))


def _over(world: World, step: Step, x: Entity) -> Iterator[Walk]:
    over = step.over
    if not isinstance(over, Hop):
        found = walks(world, world.model.derived[over.derived])
        yield from (walk for one in found for walk in [one if over.forward else one.turned] if walk.start is x)
        return
    for record in world.of_relation(over.relation):
        far = world.entities[str(record.ends[over.target])]
        if record.ends[over.origin] == x.key and far.kind in world.model.kinds[over.far].concrete:
            yield Walk(x, far, tuple(beside(world, record, over)), (record,), (record.key,))


def beside(world: World, record: Record, hop: Hop) -> list[Entity]:
    """The ends, subject or object, that a hop from or to a further end neither leaves nor arrives at."""
    roles = [role for role in ("subject", "object") if role not in (hop.origin, hop.target)]
    return [world.entities[str(record.ends[role])] for role in roles]
