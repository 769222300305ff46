"""What leads from an entity to others: records over a hop, chains of records over a derived relation.

In: an entity and a window. Out: the ``Link``s that hold at least POSSIBLY, in the order in which lists print them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from orggraph.model.model import Derived, Hop, Model, Relation
from orggraph.model.model import Link as LinkField
from tests.oracle.derivations import Same, Walk, beside, walks
from tests.oracle.spans import Day, Span
from tests.oracle.truth import ALL_DAYS, TRUE, Pair, Window, both, either, holds, meets, there
from tests.oracle.world import Entity, Record, World

Condition = Callable[["Link", Mapping[str, Any]], Pair]
"""Whether a link passes a step's ``where``; ``filters`` gives it (a filter may lead over chains again)."""


@dataclass(frozen=True)
class Link:
    """``far``: the entity arrived at. ``records``: the one hopped over, or a chain's in its order. ``n``: what is left
    of the window. ``derived``: the relation that it follows from, a hierarchy for a climb; None for a hop. ``chains``: what a
    grouped link stands for."""

    far: Entity
    records: tuple[Record, ...]
    n: Window
    holds: Pair
    derived: Derived | Relation | None = None
    chains: tuple[Link, ...] | None = None

    @property
    def order(self) -> tuple[str, tuple[Day, ...], tuple[str, ...]]:
        """Where it stands in a list: by the far end's key, then by its dates, then by its records' keys."""
        if self.chains is not None:
            return self.far.key, (), ()
        span = self.span
        return self.far.key, (span.f0, span.f1, span.u0, span.u1), tuple(record.key for record in self.records)

    @property
    def counted(self) -> tuple[int, int]:
        """How many chains a grouped link certainly and possibly stands for."""
        assert self.chains is not None
        return sum(chain.holds.certain for chain in self.chains), len(self.chains)

    @property
    def begun(self) -> tuple[Day, ...]:
        """When it began, if it has days of its own."""
        return () if self.chains is not None else (self.span.f0, self.span.f1)

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
        present = [there(end, inner) for end in [far, *beside(world, record, hop)]]
        found.append(Link(far, (record,), inner, both([meets(record.span, n), *present, _near(x, inner)])))
    return _listed(found)


def record_links(world: World, x: Entity, n: Window) -> list[Link]:
    """The records of any relation that x stands in, at any end: each leads back to x."""
    found = []
    for record in world.all_records():
        if x.key in record.ends.values():
            inner = n.within(record.span)
            found.append(Link(x, (record,), inner, both([holds(world, record, n), _near(x, inner)])))
    return found


def _near(x: Entity, n: Window) -> Pair:
    """The entity come from: on a day it is there, what leads to it says so (the last point of section 3, and 8); in a
    range it must be there in what the records leave."""
    return there(x, n) if n.narrows else TRUE


def derived_links(world: World, x: Entity, field: LinkField, n: Window, passes: Condition) -> list[Link]:
    """The links of a derived relation that begin at x, or, read backwards, that end there; or the climbs of a hierarchy."""
    if not field.climbs:
        links = _woven(world, x, field, n, passes)
        return _grouped(links, n) if world.model.derived[field.derived].grouped else links
    found = []
    for chain in _climbs(world, x, field, n):
        others = [*chain.entities[1:]] if field.forward else [*chain.entities[:-1]]
        present = both(there(entity, chain.n) for entity in others)
        far = chain.entities[-1 if field.forward else 0]
        holds = both([chain.met, present, _near(x, chain.n)])
        found.append(Link(far, chain.records, chain.n, holds, world.model.relations[field.derived]))
    return _listed(found)


def _woven(world: World, x: Entity, field: LinkField, n: Window, passes: Condition) -> list[Link]:
    """Those of a derived relation at x: each link once, certain if in one way it is. The same records may lead to several ends."""
    derived = world.model.derived[field.derived]
    found: dict[tuple[Same, str], Link] = {}
    for walk in walks(world, derived):
        if (walk.start if field.forward else walk.end) is x:
            far = walk.end if field.forward else walk.start
            link, same = _walked(x, walk, far, derived, n, passes), (walk.same, far.key)
            other = found.setdefault(same, link)
            if other is not link:
                first = min(link, other, key=lambda one: [record.key for record in one.records])
                found[same] = replace(first, holds=either([link.holds, other.holds]))
    return _listed([*found.values()])


def _walked(x: Entity, walk: Walk, far: Entity, derived: Derived, n: Window, passes: Condition) -> Link:
    """Hop by hop: each record meets what the ones before it left; the rest is asked of what all of them leave."""
    met, left = TRUE, n
    for record in walk.records:
        met, left = both([met, meets(record.span, left)]), left.within(record.span)
    present = both(there(entity, left) for entity in [*walk.between, far])
    asked = [
        passes(Link(entity, () if record is None else (record,), left, TRUE), where)
        for entity, record, where in walk.asked
    ]
    return Link(far, walk.records, left, both([met, present, _near(x, left), *asked]), derived)


def _grouped(links: list[Link], n: Window) -> list[Link]:
    """One link for each far end, which has no records and narrows nothing."""
    found = []
    for far in {link.far.key: link.far for link in links}.values():
        chains = tuple(link for link in links if link.far is far)
        certain = any(chain.holds.certain for chain in chains)
        found.append(Link(far, (), n, Pair(certain, True), chains[0].derived, chains))
    return _listed(found)


@dataclass(frozen=True)
class Chain:
    """Records that follow one another: the entities along them, what they leave of the window, whether each meets it."""

    entities: tuple[Entity, ...]
    records: tuple[Record, ...] = ()
    n: Window = ALL_DAYS
    met: Pair = TRUE

    def longer(self, record: Record, far: Entity) -> Chain:
        """Hop by hop: each record meets what the ones before it left."""
        met, n = both([self.met, meets(record.span, self.n)]), self.n.within(record.span)
        return Chain((*self.entities, far), (*self.records, record), n, met)


def _climbs(world: World, x: Entity, field: LinkField, n: Window) -> list[Chain]:
    """Those of a hierarchy's records that lead up from x, or up to it, through no entity twice."""
    records = world.of_relation(field.derived)
    found: list[Chain] = []
    longest = [Chain((start,), n=n) for start in ([x] if field.forward else world.of_kinds(field.far))]
    while longest:
        longest = [
            chain.longer(record, above)
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
    return min(listed, key=lambda link: (not link.holds.certain, [-day for day in link.begun], link.order))
