"""What leads from an entity to others: records over a hop, chains of records over a derived relation.

In: an entity and a window. Out: the ``Link``s that hold at least POSSIBLY, in the order in which lists print them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from orggraph.model.model import Derived, Hop, Model, Relation, Step
from orggraph.model.model import Link as LinkField
from tests.oracle.spans import Day, Span
from tests.oracle.truth import ALL_DAYS, TRUE, Pair, Window, both, meets, there
from tests.oracle.world import Entity, Record, World

Condition = Callable[["Link", Mapping[str, Any]], Pair]
"""Whether a link passes a step's ``where``; ``filters`` gives it (a filter may lead over chains again)."""


@dataclass(frozen=True)
class Link:
    """``far``: the entity arrived at. ``records``: the one hopped over, or a chain's in its order. ``n``: what is left
    of the window. ``derived``: the relation that it follows from, a hierarchy for a climb; None for a hop."""

    far: Entity
    records: tuple[Record, ...]
    n: Window
    holds: Pair
    derived: Derived | Relation | None = None

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
    """The chains of a derived relation that begin at x, or, read backwards, that end there; or the climbs of a hierarchy."""
    found = []
    for chain in _climbs(world, x, field, n) if field.climbs else _chains(world, x, field, n, passes):
        others = [*chain.entities[1:]] if field.forward else [*chain.entities[:-1]]
        present = both(there(entity, chain.n) for entity in [*others, *chain.beside])
        far = chain.entities[-1 if field.forward else 0]
        holds = both([chain.met, present, _near(x, chain.n)])
        found.append(Link(far, chain.records, chain.n, holds, derived_of(world.model, field)))
    return _listed(found)


def derived_of(model: Model, field: LinkField) -> Derived | Relation:
    """What the links of a field follow from."""
    return model.relations[field.derived] if field.climbs else model.derived[field.derived]


@dataclass(frozen=True)
class Chain:
    """Records that follow one another: the entities along them, what they leave of the window, whether each meets it.
    ``beside``: ends of theirs that the chain does not pass."""

    entities: tuple[Entity, ...]
    records: tuple[Record, ...] = ()
    n: Window = ALL_DAYS
    met: Pair = TRUE
    beside: tuple[Entity, ...] = ()

    def longer(self, record: Record, far: Entity, beside: list[Entity]) -> Chain:
        """Hop by hop: each record meets what the ones before it left."""
        met, n = both([self.met, meets(record.span, self.n)]), self.n.within(record.span)
        return Chain((*self.entities, far), (*self.records, record), n, met, (*self.beside, *beside))


def _chains(world: World, x: Entity, field: LinkField, n: Window, passes: Condition) -> list[Chain]:
    """Those of a derived relation that have x at the near end; the conditions are of the last N."""
    derived = world.model.derived[field.derived]
    chains = [Chain((start,), n=n) for start in ([x] if field.forward else world.of_kinds(derived.subject.kind))]
    for step in derived.chain:
        chains = [longer for chain in chains for longer in _longer(world, step, chain)]
    held = []
    for chain in chains:
        if chain.entities[-1].kind in derived.object.kinds and chain.entities[0 if field.forward else -1] is x:
            along = zip(derived.chain, chain.entities[1:], chain.records, strict=True)
            conditions = [passes(Link(far, (record,), chain.n, TRUE), step.where) for step, far, record in along]
            held.append(replace(chain, met=both([chain.met, *conditions])))
    return held


def _longer(world: World, step: Step, chain: Chain) -> list[Chain]:
    far_kinds = set(world.model.kinds[step.hop.far].concrete) & set(world.model.kinds[step.kind].concrete)
    return [
        chain.longer(record, far, _beside(world, record, step.hop))
        for record in world.of_relation(step.hop.relation)
        if record.ends[step.hop.origin] == chain.entities[-1].key and record not in chain.records
        for far in [world.entities[str(record.ends[step.hop.target])]]
        if far.kind in far_kinds
    ]


def _climbs(world: World, x: Entity, field: LinkField, n: Window) -> list[Chain]:
    """Those of a hierarchy's records that lead up from x, or up to it, through no entity twice."""
    records = world.of_relation(field.derived)
    found: list[Chain] = []
    longest = [Chain((start,), n=n) for start in ([x] if field.forward else world.of_kinds(field.far))]
    while longest:
        longest = [
            chain.longer(record, above, [])
            for chain in longest
            for record in records
            if record.ends["subject"] == chain.entities[-1].key
            for above in [world.entities[str(record.ends["object"])]]
            if above not in chain.entities
        ]
        found += longest
    return [chain for chain in found if chain.entities[0 if field.forward else -1] is x]


def _listed(links: list[Link]) -> list[Link]:
    return sorted((link for link in links if link.holds.possible), key=lambda link: link.order)


def shown_link(links: list[Link], certain: bool) -> Link | None:
    """The one that a to-one field prints: a certain one first, then the last begun, then by key."""
    listed = [link for link in links if link.holds.at(certain)]
    if not listed:
        return None
    return min(listed, key=lambda link: (not link.holds.certain, -link.span.f0, -link.span.f1, link.order))
