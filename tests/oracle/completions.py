"""Section 2: truth in one completion, two-valued, and all completions of a tiny world one after the other.

In: a World with few unknown days. Out: ``Completed`` worlds, and what is true in each. Nothing here
knows of pairs or of four numbers, so that ``filters`` and ``links`` can be proved to be bounds of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from orggraph.model.model import Hop, Link
from orggraph.model.values import Value
from tests.oracle.derivations import Same, Walk, walks
from tests.oracle.links import Leading, leading
from tests.oracle.scope import days_of, key_of
from tests.oracle.spans import ALWAYS, NEVER, PRECISION, Day, Span, partial, precision
from tests.oracle.stretches import free, merged
from tests.oracle.truth import Window
from tests.oracle.world import Entity, FieldValue, Record, State, Statement, World

BEYOND = 2
"""How many days outside of a tiny world's own are tried for a day that is bounded on one side only."""
Days = tuple[Day, Day]
"""The days from the first up to but without the second; none, if it is not later."""
Climb = tuple[tuple[Entity, ...], tuple[Record, ...], Days]
"""Entities, the records between them, the days on which all of them hold."""
Where = Mapping[str, Any]


class UnboundedError(Exception):
    """A gap is asked for in a range without a bound: that the possible union stands for it is no matter of one completion."""


@dataclass(frozen=True)
class Path:
    """A link in one completion: its records, the far end, the days that are left; of a grouped one how many chains it is."""

    far: Entity
    records: tuple[Record, ...]
    days: Days
    count: int = 0

    @property
    def hopped(self) -> Record | int:
        """What ``record:`` is asked of."""
        return self.records[0] if self.records else self.count


@dataclass(frozen=True)
class Completed:
    """A world in which every unknown day is one day: of each entity's states in order, of each record."""

    world: World
    states: Mapping[str, tuple[Days, ...]]
    records: Mapping[str, Days]

    def there(self, x: Entity, days: Days) -> bool:
        return any(_meet(days, state) for state in self.states[x.key])

    def shown(self, x: Entity, days: Days) -> State:
        """The state on the last of the days on which x is there."""
        return [s for s, held in zip(x.states, self.states[x.key], strict=True) if _meet(days, held)][-1]

    def left(self, record: Record, days: Days) -> Days | None:
        """The days on which a record holds; None if it does not."""
        common = _common(days, self.records[record.key])
        ends = [self.world.entities[str(record.ends[role])] for role in ("subject", "object")]
        return common if common[0] < common[1] and all(self.there(end, common) for end in ends) else None

    def paths(self, x: Entity, field: Leading, days: Days) -> list[Path]:
        """The links that a field of x leads over."""
        if isinstance(field, Hop):
            return [Path(far, (record,), common) for record, far, common in self._hop(x, field, days)]
        if not field.climbs:
            return self._woven(x, field, days)
        starts = [x] if field.forward else self.world.of_kinds(field.far)
        found = [climb for start in starts for climb in self._climbs(field.derived, (start,), (), days)]
        if field.forward:
            return [Path(entities[-1], records, common) for entities, records, common in found]
        return [Path(entities[0], records, common) for entities, records, common in found if entities[-1] is x]

    def _climbs(
        self, relation: str, entities: tuple[Entity, ...], records: tuple[Record, ...], days: Days
    ) -> Iterator[Climb]:
        """All ways up over records of a hierarchy, all of whose entities are there while all of the records hold."""
        for record in self.world.of_relation(relation):
            above = self.world.entities[str(record.ends["object"])]
            common = _common(days, self.records[record.key])
            if record.ends["subject"] != entities[-1].key or above in entities or common[0] >= common[1]:
                continue
            climb = (*entities, above), (*records, record)
            if all(self.there(entity, common) for entity in climb[0]):
                yield *climb, common
            yield from self._climbs(relation, *climb, common)

    def _hop(self, x: Entity, hop: Hop, days: Days) -> Iterator[tuple[Record, Entity, Days]]:
        for record, far in self._joined(x, hop):
            common = self.left(record, days)
            if common and self.there(x, common):
                yield record, far, common

    def _records_at(self, x: Entity, days: Days) -> list[Path]:
        """The records of any relation that x stands in, at any end: each leads back to x."""
        at = [(record, self.left(record, days)) for record in self.world.all_records() if x.key in record.ends.values()]
        return [Path(x, (record,), common) for record, common in at if common and self.there(x, common)]

    def _joined(self, x: Entity, hop: Hop) -> Iterator[tuple[Record, Entity]]:
        for record in self.world.of_relation(hop.relation):
            far = self.world.entities[str(record.ends[hop.target])]
            if record.ends[hop.origin] == x.key and far.kind in self.world.model.kinds[hop.far].concrete:
                yield record, far

    def _woven(self, x: Entity, field: Link, days: Days) -> list[Path]:
        """The links of a derived relation at x, each once; grouped, one for each far end."""
        derived = self.world.model.derived[field.derived]
        found: dict[tuple[Same, str], Path] = {}
        for walk in walks(self.world, derived):
            near, far = (walk.start, walk.end) if field.forward else (walk.end, walk.start)
            common = self._held(walk, days) if near is x else None
            if common is not None:
                path, same = Path(far, walk.records, common), (walk.same, far.key)
                found[same] = min(path, found.get(same, path), key=lambda one: [r.key for r in one.records])
        if not derived.grouped:
            return [*found.values()]
        ends = [path.far for path in found.values()]
        return [Path(far, (), days, ends.count(far)) for far in {one.key: one for one in ends}.values()]

    def _held(self, walk: Walk, days: Days) -> Days | None:
        """The days on which all of a walk's records hold, with everything on it there, and passing; None if there are none."""
        common = days
        for record in walk.records:
            common = _common(common, self.records[record.key])
        if common[0] >= common[1]:
            return None
        ends = [self.world.entities[str(r.ends[role])] for r in walk.records for role in ("subject", "object")]
        held = all(self.there(entity, common) for entity in [walk.start, walk.end, *walk.between, *ends])
        passing = held and all(self.passes(entity, where, common, record) for entity, record, where in walk.asked)
        return common if passing else None

    def passes(self, x: Entity, where: Where, days: Days, record: Record | int | None = None) -> bool:
        """A node's filter on an entity that is there on the days; ``record`` is the one hopped over."""
        return all(self._test(x, name, operand, days, record) for name, operand in where.items())

    def _test(self, x: Entity, name: str, operand: Any, days: Days, record: Record | int | None) -> bool:
        kind, state = self.world.model.kinds[x.kind], self.shown(x, days)
        for field in kind.fields:
            if field.name == name:
                return _field(field.type, state.said.fields[name], operand)
        match name:
            case "and":
                return all(self.passes(x, one, days, record) for one in operand)
            case "or":
                return any(self.passes(x, one, days, record) for one in operand)
            case "not":
                return not self.passes(x, operand, days, record)
            case "key":
                return _keyed(x.key, operand)
            case "citedFrom":
                return _cited(state.said, operand)
            case "within":
                return self._within(x, operand, days)
            case "at" | "during" | "ever":
                other = scope_days(name, operand, days)
                return self.there(x, other) and self.passes(x, operand.get("where", {}), other)
            case "name":
                return _field(Value.STRING, state.name, operand)
            case "synthetic":
                return _field(Value.BOOLEAN, state.said.synthetic, operand)
            case "is":
                return any(s == kind.singular and self.passes(x, where, days, record) for s, where in operand.items())
            case "record":
                if isinstance(record, int):
                    return _count_passes(record, operand)
                assert record
                return self.record_passes(record, operand, days)
        return self._related(x, name, operand, days)

    def _within(self, x: Entity, operand: Where, days: Days) -> bool:
        above = [field for field in self.world.model.links_of(x.kind) if field.climbs and field.forward]
        fars = [path.far for field in above for path in self.paths(x, field, days)]
        return any(_keyed(one.key, operand) for one in [x, *fars])

    def _related(self, x: Entity, name: str, operand: Where, days: Days) -> bool:
        if name == "records":
            return self._quantified(self._records_at(x, days), operand, self.path_record_passes, days)
        for field in leading(self.world.model, x.kind):
            if name == field.plural:
                return self._quantified(self.paths(x, field, days), operand, self.path_passes, days)
            if name == field.singular and field.one:
                return self._one(self.paths(x, field, days), operand)
            if name == f"{field.singular}Records":
                return self._quantified(self.paths(x, field, days), operand, self.path_record_passes, days)
        raise KeyError(name)

    def path_passes(self, path: Path, where: Where) -> bool:
        return self.passes(path.far, where, path.days, path.hopped)

    def path_record_passes(self, path: Path, where: Where) -> bool:
        return self.record_passes(path.records[0], where, path.days)

    def _one(self, paths: list[Path], operand: Where) -> bool:
        if "isNull" in operand:
            return bool(operand["isNull"]) == (not paths)
        return any(self.path_passes(path, operand) for path in paths)

    def _quantified(self, paths: list[Path], operand: Where, test: Any, days: Days) -> bool:
        results = []
        for quantifier, asked in operand.items():
            counts = quantifier in ("count", "nodeCount", "days", "gap")
            where = asked.get("where", {}) if counts else asked
            passed = [path for path in paths if test(path, where)]
            of_records = test == self.path_record_passes
            passing = _measured(quantifier, passed, days, _record_of if of_records else _far_of)
            if counts:
                results += [_bound(passing, word, k) for word, k in asked.items() if word != "where"]
            else:
                results.append({"some": passing > 0, "none": passing == 0, "every": passing == len(paths)}[quantifier])
        return all(results)

    def record_passes(self, record: Record, where: Where, days: Days) -> bool:
        """A record's filter, on the days on which it holds."""
        return all(self._record_test(record, name, operand, days) for name, operand in where.items())

    def _record_test(self, record: Record, name: str, operand: Any, days: Days) -> bool:
        relation = self.world.model.relations[record.relation]
        for field in relation.fields:
            if field.name == name:
                return _field(field.type, record.said.fields[name], operand)
        for end in relation.ends:
            if end.name == name:
                z = self.world.entities.get(record.ends[end.role] or "")
                return z is not None and self.there(z, days) and self.passes(z, operand, days)
        match name:
            case "and":
                return all(self.record_passes(record, one, days) for one in operand)
            case "or":
                return any(self.record_passes(record, one, days) for one in operand)
            case "not":
                return not self.record_passes(record, operand, days)
            case "key":
                return _keyed(record.key, operand)
            case "relation":
                return _field(Value.STRING, record.relation, operand)
            case "citedFrom":
                return _cited(record.said, operand)
            case "synthetic":
                return _field(Value.BOOLEAN, record.said.synthetic, operand)
            case "valid":
                return all(self._end(record, end, *test) for end, tests in operand.items() for test in tests.items())
        raise KeyError(name)

    def _end(self, record: Record, end: str, word: str, wanted: Any) -> bool:
        which = 0 if end == "from" else 1
        day, span, cells = self.records[record.key][which], record.span, record.said.cells
        written = (span.u0, span.u1, cells.until) if which else (span.f0, span.f1, cells.since)
        if word == "precision":  # how exactly a day is known is no matter of which day it is
            return bool(precision(*written) == wanted)
        return (day == (ALWAYS, NEVER)[which]) is wanted if word == "isNull" else _on(day, word, wanted)


def completions(world: World) -> Iterator[Completed]:
    """Every choice of a day for each unknown day."""
    entities, records = list(world.entities.values()), list(world.records.values())
    choices = [list(_entity_choices(x)) for x in entities] + [[(c,) for c in _choices(r.span)] for r in records]
    for chosen in product(*choices):
        states = {x.key: days for x, days in zip(entities, chosen[: len(entities)], strict=True)}
        yield Completed(world, states, {r.key: c[0] for r, c in zip(records, chosen[len(entities) :], strict=True)})


def _entity_choices(x: Entity) -> Iterator[tuple[Days, ...]]:
    """States' days; the end of one and the start of the next in the same life are one unknown day."""
    for days in product(*(_choices(state.span) for state in x.states)):
        pairs = zip(x.states, x.states[1:], days, days[1:], strict=False)
        if all(held[1] == then[0] for this, other, held, then in pairs if this.life is other.life):
            yield days


def _choices(span: Span) -> list[Days]:
    starts, ends = _range(span.f0, span.f1), _range(span.u0, span.u1)
    return [(start, end) for start in starts for end in ends if start < end]


def _range(earliest: Day, latest: Day) -> list[Day]:
    """The days from one to another; towards an infinity a few, and the infinity itself."""
    if math.isfinite(earliest) and math.isfinite(latest):
        return [*range(int(earliest), int(latest) + 1)]
    if earliest == latest:
        return [earliest]
    if math.isfinite(earliest):
        return [*range(int(earliest), int(earliest) + BEYOND), latest]
    if math.isfinite(latest):
        return [earliest, *range(int(latest) + 1 - BEYOND, int(latest) + 1)]
    raise ValueError("a day without any bound")


def scope_days(word: str, said: Where, around: Days) -> Days:
    """The days of a scope in a filter."""
    n = days_of(word, said, Window(around[0], around[0], around[1], around[1], narrows=True))
    return n.a0, n.b1


def _keyed(key: str, operand: Where) -> bool:
    return all(
        key in [key_of(one) for one in (wanted if word == "in" else [wanted])] for word, wanted in operand.items()
    )


def _cited(said: Statement, operand: Where) -> bool:
    return all(any(_keyed(one.source, {word: wanted}) for one in said.citations) for word, wanted in operand.items())


def _meet(days: Days, held: Days) -> bool:
    common = _common(days, held)
    return common[0] < common[1]


def _common(days: Days, held: Days) -> Days:
    return max(days[0], held[0]), min(days[1], held[1])


def _far_of(path: Path) -> str:
    return path.far.key


def _record_of(path: Path) -> str:
    return path.records[0].key


def _measured(quantifier: str, paths: list[Path], days: Days, node: Callable[[Path], str]) -> Day:
    """A number that paths have; gaps only between bounds that there are. ``node``: what paths lead to, by its key."""
    match quantifier:
        case "nodeCount":
            return len({*map(node, paths)})
        case "days":
            return sum(end - start for start, end in merged(path.days for path in paths))
        case "gap":
            if math.isinf(days[0]) or math.isinf(days[1]):
                raise UnboundedError
            return max((end - start for start, end in free(merged(path.days for path in paths), *days)), default=0)
    return len(paths)


def _bound(number: Day, word: str, k: int) -> bool:
    return {"eq": number == k, "gt": number > k, "gte": number >= k, "lt": number < k, "lte": number <= k}[word]


def _count_passes(number: int, where: Where) -> bool:
    """A filter on how many chains a grouped link stands for."""
    tests = {
        "and": lambda one: all(_count_passes(number, part) for part in one),
        "or": lambda one: any(_count_passes(number, part) for part in one),
        "not": lambda one: not _count_passes(number, one),
        "count": lambda one: all(_bound(number, word, k) for word, k in one.items()),
    }
    return all(tests[name](operand) for name, operand in where.items())


def _on(day: Day, word: str, wanted: str) -> bool:
    """A day against a partial date."""
    first, last = partial(str(wanted))
    in_it = first <= day <= last
    return {"eq": in_it, "gt": day > last, "gte": day >= first, "lt": day < first, "lte": day <= last}[word]


def _field(type_: Value, value: FieldValue, tests: Where) -> bool:
    return all(_one_test(type_, value, word, wanted) for word, wanted in tests.items())


def _one_test(type_: Value, value: Any, word: str, wanted: Any) -> bool:
    if word == "isNull":
        return (value is None) is bool(wanted)
    if value is None:
        return False
    if word == "precision":
        return bool(PRECISION[len(value)] == wanted)
    if type_ is Value.DATE:
        return _on(partial(value)[0], word, wanted)
    match word:
        case "contains":
            return wanted in value
        case "startsWith":
            return str(value).startswith(wanted)
        case "in":
            return value in wanted
        case "eq":
            return bool(value == wanted)
    return _bound(value, word, wanted)
