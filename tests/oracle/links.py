"""What leads from an entity to others: records over a hop, chains of records over a derived relation.

In: an entity and a window. Out: the ``Link``s that hold at least POSSIBLY, in the order in which lists print them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from orggraph.model.model import Derived, Hop, Model, Step
from orggraph.model.model import Link as LinkField
from tests.oracle.spans import Day, Span
from tests.oracle.truth import TRUE, Pair, Window, both, meets, there
from tests.oracle.world import Entity, Record, World

Condition = Callable[["Link", Mapping[str, Any]], Pair]
"""Whether a link passes a step's ``where``; ``filters`` gives it (a filter may lead over chains again)."""


@dataclass(frozen=True)
class Link:
    """``far``: the entity arrived at. ``records``: the one hopped over, or a chain's in its order. ``n``: what is left
    of the window. ``derived``: None for a hop."""

    far: Entity
    records: tuple[Record, ...]
    n: Window
    holds: Pair
    derived: Derived | None = None

    @property
    def order(self) -> tuple[str, tuple[Day, ...], tuple[str, ...]]:
        """Where it stands in a list: by the far end's key, then by its dates, then by its records' keys."""
        span = self.span
        return self.far.key, (span.f0, span.f1, span.u0, span.u1), tuple(record.key for record in self.records)

    @property
    def span(self) -> Span:
        """All its records at once; tightened only where it is shown."""
        f0, f1, u0, u1 = zip(*((s.f0, s.f1, s.u0, s.u1) for s in (record.span for record in self.records)), strict=True)
        return Span(max(f0), max(f1), min(u0), min(u1))


Leading = Hop | LinkField
"""A field of an entity that leads over a relation or along a chain."""


def leading(model: Model, kind: str) -> list[Leading]:
    """The fields of a kind that lead to other entities."""
    return [*model.hops_of(kind), *model.links_of(kind)]


def hop_links(world: World, x: Entity, hop: Hop, n: Window) -> list[Link]:
    """The records of a hop's relation that x stands in at its origin and a possible far end at its target."""
    far_kinds = world.model.kinds[hop.far].concrete
    found = []
    for record in world.of_relation(hop.relation):
        far = world.entities[str(record.ends[hop.target])]
        if record.ends[hop.origin] != x.key or far.kind not in far_kinds:
            continue
        inner = n.within(record.span)
        present = [there(end, inner) for end in [far, *_beside(world, record, hop)]]
        found.append(Link(far, (record,), inner, both([meets(record.span, n), *present, _near(x, inner)])))
    return _listed(found)


def _beside(world: World, record: Record, hop: Hop) -> list[Entity]:
    """The ends, subject or object, that a hop from or to a further end neither leaves nor arrives at."""
    roles = [role for role in ("subject", "object") if role not in (hop.origin, hop.target)]
    return [world.entities[str(record.ends[role])] for role in roles]


def _near(x: Entity, n: Window) -> Pair:
    """The entity come from: on a day it is there, what leads to it says so (the last point of section 3, and 8); in a
    range it must be there in what the records leave."""
    return there(x, n) if n.narrows else TRUE


def derived_links(world: World, x: Entity, field: LinkField, n: Window, passes: Condition) -> list[Link]:
    """The chains of a derived relation that begin at x, or, read backwards, that end there."""
    derived = world.model.derived[field.derived]
    starts = [x] if field.forward else world.of_kinds(derived.subject.kind)
    near, far = (0, -1) if field.forward else (-1, 0)
    found = []
    for entities, records, inner, held in (c for start in starts for c in _chains(world, derived, start, n, passes)):
        if entities[near] is x:
            others = [*entities[1:]] if field.forward else [*entities[:-1]]
            for step, record in zip(derived.chain, records, strict=True):
                others += _beside(world, record, step.hop)
            present = both(there(entity, inner) for entity in others)
            found.append(Link(entities[far], records, inner, both([held, present, _near(x, inner)]), derived))
    return _listed(found)


Chain = tuple[tuple[Entity, ...], tuple[Record, ...], Window, Pair]


def _chains(world: World, derived: Derived, start: Entity, n: Window, passes: Condition) -> list[Chain]:
    """Hop by hop: each record meets what the ones before it left; the conditions are of the last N."""
    paths: list[Chain] = [((start,), (), n, TRUE)]
    for step in derived.chain:
        paths = [longer for path in paths for longer in _longer(world, step, path)]
    held = []
    for entities, records, inner, met in paths:
        if entities[-1].kind not in derived.object.kinds:
            continue
        conditions = [
            passes(Link(far, (record,), inner, TRUE), step.where)
            for step, far, record in zip(derived.chain, entities[1:], records, strict=True)
        ]
        held.append((entities, records, inner, both([met, *conditions])))
    return held


def _longer(world: World, step: Step, path: Chain) -> list[Chain]:
    entities, records, n, met = path
    far_kinds = set(world.model.kinds[step.hop.far].concrete) & set(world.model.kinds[step.kind].concrete)
    return [
        ((*entities, far), (*records, record), n.within(record.span), both([met, meets(record.span, n)]))
        for record in world.of_relation(step.hop.relation)
        if record.ends[step.hop.origin] == entities[-1].key and record not in records
        for far in [world.entities[str(record.ends[step.hop.target])]]
        if far.kind in far_kinds
    ]


def _listed(links: list[Link]) -> list[Link]:
    return sorted((link for link in links if link.holds.possible), key=lambda link: link.order)


def shown_link(links: list[Link], certain: bool) -> Link | None:
    """The one that a to-one field prints: a certain one first, then the last begun, then by key."""
    listed = [link for link in links if link.holds.at(certain)]
    if not listed:
        return None
    return min(listed, key=lambda link: (not link.holds.certain, -link.span.f0, -link.span.f1, link.order))
