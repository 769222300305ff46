"""The price of what is tested and ordered by: ``where`` and ``orderBy``. In: plain values (maybe invalid: what is unknown
costs nothing here). Out: figures for each thing that is tested.

Follows ``filters.py`` and the store's rules: a filter that reads fields is written once for each kind that the thing may be
of; a number bounded from both sides counts twice, nested n deep 2ⁿ times; in a range every hop lengthens all days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

from orggraph.graphql.figures import NOTHING, Figures, dearest, together
from orggraph.graphql.vocabulary import Many, One, Vocabulary
from orggraph.model.model import Field, Relation
from orggraph.plan.beginnings import beginnings
from orggraph.plan.filters import AllOf, Along, AnyRecords, Climb, Hanging, Over, RecordsOf, Source
from orggraph.plan.reads import by_roles
from orggraph.plan.ways import FIRST, LAST, Way
from orggraph.stores.contract import Store

LEVELS = 8.0
"""Records in a chain of a hierarchy, at most: a guess."""
DAY = -1
THERE, STATE = 5.0, 5.0
"""Parts in which it is written that an entity of one kind is there; that some state of it passes."""
ARM = 12.0
"""Parts of a select of the links that come about in one of several ways."""
STRETCHES = 20.0
"""Parts in which it is written how rows make stretches of days."""
LOGIC = ("and", "or", "not")
STATE_WORDS = frozenset({"name", "synthetic", "citedFrom", "is"})


class Thing(NamedTuple):
    """What is tested: an entity of a kind (of these concrete ones), maybe hopped to over a relation; ``hops`` narrow the
    range that it is seen in (DAY: none, it is seen on a day). ``many``: it is one after the other of all of its kinds."""

    kind: str
    kinds: tuple[str, ...]
    relation: str = ""
    hops: int = DAY
    many: bool = False


def narrowed(hops: int, by: int = 1) -> int:
    return hops if hops == DAY else hops + by


def narrowing(source: Source) -> int:
    """How many records narrow a range below a source: of a bundle of ways their common numbers do."""
    if not isinstance(source, Along):
        return 1
    return 0 if source.grouped else len(source.ways[0].strands) if source.plain else 1


def length(hops: float) -> float:
    """How much longer days are written after so many hops."""
    return 1.0 if hops == DAY else 1.5 + hops / 6


@dataclass
class Tests:
    """Prices filters and orders of one document."""

    words: Vocabulary
    store: Store
    known: dict[tuple[int, Thing], Figures] = field(default_factory=dict)
    reading: dict[tuple[int, str], bool] = field(default_factory=dict)

    # ------------------------------------------------------------ sources

    def fan_out(self, source: Source) -> float:
        """Links (or things) that a source has for each thing at hand."""
        match source:
            case AllOf(_, kinds):
                return float(sum(map(self.store.count, kinds)))
            case RecordsOf(relation):
                return float(self.store.records(relation.name))
            case AnyRecords(relations, here=False):
                return float(sum(self.store.records(one.name) for one in relations))
            case AnyRecords(relations):
                return sum(self.store.fan_out(one.name, "object") for one in relations)
            case Over(hop):
                return self.store.fan_out(hop.relation, hop.origin)
            case Climb(link, relation):
                return LEVELS * max(1.0, self.store.fan_out(relation.name, "subject" if link.forward else "object"))
            case Along(link):
                return sum(self.links(way, link.forward) for way in source.ways)

    def hanging(self, source: Source, near: tuple[str, ...]) -> float:
        """The same of one thing among all of some kinds: all records at an end are of them, and each end is looked at."""
        if not isinstance(source, AnyRecords):
            return self.fan_out(source)
        number = sum(map(self.store.count, near)) or 1
        ends = [(one, end) for one in source.relations for end in one.ends if {*near} & {*end.kinds}]
        return sum(
            1.0 + min(self.store.fan_out(one.name, end.role), self.store.records(one.name) / number)
            for one, end in ends
        )

    def links(self, way: Way, forward: bool) -> float:
        """Links that come about in one way: those of its first strands, until all of its places are taken."""
        order = way.strands if forward else way.strands[::-1]
        product, taken = 1.0, {FIRST if forward else LAST}
        for strand in order:
            role, place = (strand.hop.origin, strand.end) if forward else (strand.hop.target, strand.start)
            product *= max(1.0, self.store.fan_out(strand.hop.relation, role)) if place not in taken else 1.0
            taken.add(place)
        return product

    def link(self, source: Source, near: tuple[str, ...], hops: int) -> float:
        """Parts in which the links of a source are written: tables, days, that everything on them is there."""
        there = THERE * len(near) if hops != DAY else 0.0
        match source:
            case AllOf(_, kinds):
                return 3.0 + THERE * len(kinds)
            case RecordsOf(relation):
                return self.ends(relation) * length(hops)
            case AnyRecords(relations, any_, here):
                at = [sum(bool({*near} & {*end.kinds}) for end in one.ends) if here else 1 for one in relations]
                each = sum(ends * (8.0 + self.ends(one)) for ends, one in zip(at, relations, strict=True))
                return (each + self.ends(any_) / 2) * length(hops)  # where certainty is asked for, twice that
            case Over(_, kinds):
                return (5.0 + there + THERE * len(kinds)) * length(hops)
            case Climb(_, relation, kinds):
                return (30.0 + 2 * self.ends(relation) + THERE * len(kinds)) * length(hops)
            case Along(_, kinds, roles):
                chains = by_roles(source, hops == DAY)
                ways = list(chain.from_iterable(roles)) if chains else source.ways
                written = sum(self.way(way) + there + (0.0 if source.plain else ARM) for way in ways)
                if chains and hops != DAY:  # what lies on them is asked once more for each chain of a link
                    written *= source.least
                return (written + THERE * len(kinds)) * length(hops)

    @staticmethod
    def way(way: Way) -> float:
        """Parts in which the links of one way are written."""
        return sum(6.0 + THERE * len(way.places[strand.end]) for strand in way.strands)

    @staticmethod
    def ends(relation: Relation) -> float:
        """Parts in which it is written that a record holds, with both its ends."""
        return 5.0 + THERE * (len(relation.subject.kinds) + len(relation.object.kinds))

    def far(self, source: Source, hops: int) -> Thing | Relation:
        """What a source leads to."""
        match source:
            case AllOf(kind, kinds):
                return Thing(kind, kinds, "", hops, many=True)
            case RecordsOf(relation):
                return relation
            case AnyRecords(any=any_):
                return any_
            case Over(hop, _, records=True):
                return self.words.model.relations[hop.relation]
            case Over(hop, kinds):
                return Thing(hop.far, kinds, hop.relation, narrowed(hops))
            case Along(link, kinds):
                return Thing(link.far, kinds, "", narrowed(hops, narrowing(source)))
            case Climb(link, _, kinds):
                return Thing(link.far, kinds, "", narrowed(hops))

    # ------------------------------------------------------------ filters

    def passes(self, where: Any, far: Thing | Relation, hops: int) -> Figures:
        """That what a source leads to passes."""
        if isinstance(far, Relation):
            return self.record(where, far, narrowed(hops))
        return self.entity(where, far)

    def entity(self, where: Any, thing: Thing) -> Figures:
        """That an entity passes, once for each kind that it may be of if its fields are read."""
        if not isinstance(where, dict):
            return NOTHING
        if len(thing.kinds) > 1 and self.reads_state(where, thing.kind):
            each = (self.all_of(where, thing._replace(kinds=(kind,))) for kind in thing.kinds)
            return dearest(each).above(1.0, STATE * length(thing.hops) * len(thing.kinds))
        return self.all_of(where, thing).above(1.0, STATE * length(thing.hops))

    def reads_state(self, where: dict[str, Any], kind: str) -> bool:
        key = (id(where), kind)
        if key not in self.reading:
            fields = self.words.kinds.get(kind, {})
            self.reading[key] = any(
                any(self.reads_state(one, kind) for one in listed(value) if isinstance(one, dict))
                if name in LOGIC
                else name in STATE_WORDS or isinstance(fields.get(name), Field)
                for name, value in where.items()
            )
        return self.reading[key]

    def all_of(self, where: dict[str, Any], thing: Thing) -> Figures:
        key = (id(where), thing)
        if key not in self.known:
            self.known[key] = together(self.condition(name, value, thing) for name, value in where.items())
        return self.known[key]

    def condition(self, name: str, value: Any, thing: Thing) -> Figures:
        match name:
            case _ if name in LOGIC:
                each = (self.all_of(one, thing) for one in listed(value) if isinstance(one, dict))
                return together(each).above(0.0, 1.0)
            case "is" if isinstance(value, dict):
                return together(self.is_kind(key, one, thing) for key, one in value.items())
            case "at" | "during" | "ever" if isinstance(value, dict):
                there = seen(name, value, thing)
                return self.entity(value.get("where"), there).above(1.0, 2.0 + THERE * len(thing.kinds))
            case "record" if thing.relation:
                return self.record(value, self.words.model.relations[thing.relation], thing.hops)
        meaning = self.words.kinds.get(thing.kind, {}).get(name)
        if name == "within":
            return self.within(value, thing)
        if isinstance(meaning, One):
            return self.some(meaning.source, value, thing, 1.0)
        if isinstance(meaning, Many) and isinstance(value, dict):
            return together(self.quantified(meaning.source, word, one, thing) for word, one in value.items())
        return comparisons(value)

    def within(self, value: Any, thing: Thing) -> Figures:
        """Each comparison climbs: the thing itself, or something above it."""
        above = self.words.kinds.get(thing.kind, {}).get("ancestors")
        number = len(value) if isinstance(value, dict) else 1
        if not isinstance(above, Many):
            return NOTHING
        return self.some(above.source, None, thing, LEVELS).times(number)

    def is_kind(self, name: str, where: Any, thing: Thing) -> Figures:
        kind = self.words.by_singular.get(name, "")
        if kind not in thing.kinds or not isinstance(where, dict):
            return Figures(0.0, 1.0)
        return self.all_of(where, Thing(kind, (kind,), thing.relation, thing.hops)).above(0.0, 1.0)

    def some(self, source: Hanging, where: Any, thing: Thing, fan_out: float) -> Figures:
        passed = self.passes(where, self.far(source, thing.hops), thing.hops)
        link = self.link(source, thing.kinds, thing.hops)
        rows = fan_out * (1.0 + passed.rows)
        begun = self.begun(source, thing) if isinstance(source, Along) and not source.plain else 1.0
        return Figures(min(rows, 1.0 + rows * begun), link + passed.size, passed.height + 1)

    def begun(self, source: Source, thing: Thing) -> float:
        """The share of entities at which the links of a source can begin, where those are looked at one after the other."""
        number = sum(map(self.store.count, thing.kinds))
        found = beginnings(source, self.store.records, number) if thing.many else None
        return 1.0 if found is None else found.records / number

    def share(self, where: Any, far: Thing | Relation) -> float:
        """The share of a list's rows that are looked at where it is asked for as a whole: whatever it must have begins somewhere."""
        if isinstance(far, Relation) or not isinstance(where, dict):
            return 1.0
        fields, shares = self.words.kinds.get(far.kind, {}), [1.0]
        for name, value in where.items():
            meaning = fields.get(name)
            if name == "and":
                shares += [self.share(one, far) for one in listed(value)]
            elif isinstance(value, dict) and (
                (isinstance(meaning, One) and "isNull" not in value) or (isinstance(meaning, Many) and "some" in value)
            ):
                shares.append(self.begun(meaning.source, far))
        return min(shares)

    def quantified(self, source: Hanging, word: str, value: Any, thing: Thing) -> Figures:
        fan_out = self.hanging(source, thing.kinds)
        if word in ("some", "none", "every"):
            return self.some(source, value, thing, fan_out)
        bounds = value if isinstance(value, dict) else {}
        number = sum(2 if bound == "eq" else 1 for bound in bounds if bound != "where")
        passed = self.some(source, bounds.get("where"), thing, fan_out).times(number)
        return together((passed, self.stretches(thing.hops).times(number))) if word in ("days", "gap") else passed

    @staticmethod
    def stretches(hops: int) -> Figures:
        """That rows are made stretches of days."""
        return Figures(0.0, STRETCHES * length(hops))

    def record(self, where: Any, relation: Relation, hops: int) -> Figures:
        if not isinstance(where, dict):
            return NOTHING
        key = (id(where), Thing(relation.name, (), "record", hops))
        if key not in self.known:
            found = (self.record_condition(name, value, relation, hops) for name, value in where.items())
            self.known[key] = together(found).above(0.0, 1.0)
        return self.known[key]

    def record_condition(self, name: str, value: Any, relation: Relation, hops: int) -> Figures:
        if name in LOGIC:
            return together(self.record(one, relation, hops) for one in listed(value))
        if name == "valid" and isinstance(value, dict):
            return together(map(comparisons, value.values()))
        end = next((end for end in relation.ends if end.name == name), None)
        if end is None:
            return comparisons(value)
        return self.entity(value, Thing(end.kind, end.kinds, "", hops)).above(1.0, 1.0 + THERE * len(end.kinds))

    def turn(self, where: Any, relation: Relation) -> Figures:
        """That a turn of a relation's record passes."""
        if not isinstance(where, dict):
            return NOTHING
        parts = []
        for name, value in where.items():
            if name in LOGIC:
                parts += [self.turn(one, relation) for one in listed(value)]
            elif name == "end":
                parts += [self.entity(value, Thing("Entity", end.kinds, "", 1)) for end in relation.ends]
            elif name == "record":
                parts.append(self.record(value, self.words.any, 1))
            else:
                parts.append(comparisons(value))
        return together(parts)

    @staticmethod
    def relations_of(where: Any, relations: tuple[Relation, ...]) -> tuple[Relation, ...]:
        """Those that a filter names, where it does."""
        asked = where.get("relation") if isinstance(where, dict) else None
        named = [one for word in ("eq", "in") for one in listed(asked.get(word, ()))] if isinstance(asked, dict) else []
        wanted = {str(one) for part in named for one in (part if isinstance(part, list | tuple) else [part])}
        return tuple(one for one in relations if one.name in wanted) if wanted else relations

    # ------------------------------------------------------------ orders

    def orders(self, value: Any, far: Thing | Relation) -> list[Figures]:
        """Each order of a list: the rows that are looked at for each row of the list, the parts of its keys."""
        found = (
            self.order(name, one, far) for each in listed(value) if isinstance(each, dict) for name, one in each.items()
        )
        return list(found)

    def order(self, name: str, value: Any, far: Thing | Relation) -> Figures:
        if not isinstance(value, dict):
            return Figures(
                0.0, 1.0 if isinstance(far, Relation) else (STATE if len(far.kinds) > 1 else 1.0) * len(far.kinds)
            )
        inside = list(value.items())
        if isinstance(far, Relation):
            end = next((end for end in far.ends if end.name == name), None)
            thing = Thing(end.kind, end.kinds) if end else far
            return together(self.order(key, one, thing) for key, one in inside).above(1.0, 4.0 if end else 1.0)
        meaning = self.words.kinds.get(far.kind, {}).get(name)
        if isinstance(meaning, Many):
            link = self.link(meaning.source, far.kinds, far.hops)
            stretches = self.stretches(far.hops).times(sum(one in ("days", "gap") for one, _ in inside))
            return together(
                (Figures(self.hanging(meaning.source, far.kinds), link + 1.0, 2).times(len(inside)), stretches)
            )
        thing = far
        if isinstance(meaning, One):
            found = self.far(meaning.source, far.hops)
            thing = found if isinstance(found, Thing) else far
            link = 4.0 + 2 * self.link(meaning.source, far.kinds, far.hops)
            return together(self.order(key, one, thing) for key, one in inside).above(2.0, 2 * link)
        if name == "record" and far.relation:
            thing_ = self.words.model.relations[far.relation]
            return together(self.order(key, one, thing_) for key, one in inside).above(0.0, 1.0)
        return Figures(0.0, 2 * STATE * len(far.kinds) if len(far.kinds) > 1 else 2.0, 2)


def seen(word: str, value: dict[str, Any], thing: Thing) -> Thing:
    """A thing in the days of ``at``, ``during`` or ``ever``."""
    if word != "at":
        return thing._replace(hops=0, relation="")
    return thing._replace(hops=DAY if value.get("date") is not None else thing.hops, relation="")


def comparisons(value: Any) -> Figures:
    return Figures(0.0, 1.5 * max(1, len(value)) if isinstance(value, dict) else 1.5, 2)


def listed(value: Any) -> Iterator[Any]:
    """The items of a list; a single value is a list of one."""
    yield from value if isinstance(value, list) else (value,)
