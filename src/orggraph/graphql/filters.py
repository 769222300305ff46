"""``where`` → the plan's filters. In: an Input and what it is tested on. Out: a Filter, or None if all of it was dropped.

A variable that is not given drops its condition with the smallest branch that holds nothing else:
``{or: [{name: {eq: $n}}, {form: {eq: organ}}]}`` without ``$n`` → ``form = organ``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from msgspec.structs import replace

from orggraph.graphql.everything import ENTITY
from orggraph.graphql.inputs import Dropped, Input, fields, items, known, leaf, leaves, refused
from orggraph.graphql.scopes import dates_of
from orggraph.graphql.vocabulary import Many, Meaning, One, Vocabulary
from orggraph.model.model import Field, Hop, Relation
from orggraph.model.values import TYPES
from orggraph.model.values import Value as FieldType
from orggraph.plan.filters import (
    ANYTHING,
    AllOf,
    AllTrue,
    Along,
    AnyRecords,
    AnyTrue,
    CitesOneOf,
    Climb,
    Compare,
    CountIs,
    EndCompare,
    EndMissing,
    Every,
    Filter,
    Hanging,
    Lasts,
    Leading,
    LinkCountIs,
    Missing,
    Negation,
    OfEnd,
    OfKind,
    OfRecord,
    OfSomeEnd,
    Op,
    Over,
    PrecisionIs,
    RecordsOf,
    SeenOn,
    Some,
    Source,
)
from orggraph.plan.scope import Constant, Value

Test = Callable[[str, Input], Filter | None]
AnySource = TypeVar("AnySource", bound=Source)
RecordTest = Callable[[Input], Filter | None]
"""Reads what ``record:`` asks of the record, or of the grouped link, that was hopped over."""


def entity_filter(words: Vocabulary, kind: str, where: Input, record: RecordTest | None = None) -> Filter | None:
    """A filter on an entity of a kind; ``record``: what reads ``record:``, if it may be asked."""
    return _object(where, _entity_test(words, kind, record))


def record_test(words: Vocabulary, hop: Hop) -> RecordTest:
    """What reads ``record:`` of a record hopped over."""
    return lambda value: record_filter(words, words.model.relations[hop.relation], value)


def _hopped(words: Vocabulary, source: Leading) -> RecordTest | None:
    """What reads ``record:`` below a source."""
    if isinstance(source, Over):
        return record_test(words, source.hop)
    return _link_filter if isinstance(source, Along) and source.grouped else None


def _link_filter(where: Input) -> Filter | None:
    """A filter on a grouped link: how many chains it stands for."""

    def bound(op: str, value: Input) -> Filter:
        return LinkCountIs(Op(op), leaf(value, "Int"))

    return _object(where, lambda _, bounds: _plain(bounds, bound))


def record_filter(words: Vocabulary, relation: Relation, where: Input) -> Filter | None:
    """A filter on a record: its own fields, dates, key and ends."""

    def test(name: str, value: Input) -> Filter | None:
        match name:
            case "key" | "synthetic" | "relation":
                return _comparisons(name, value)
            case "citedFrom":
                return _cited_from(value)
            case "valid":
                return _plain(value, lambda end, bounds: _plain(bounds, lambda op, day: _end_compare(end, op, day)))
        for end in relation.ends:
            if end.name == name:
                inner = entity_filter(words, end.kind, value)
                return None if inner is None else OfEnd(relation, end.role, inner)
        return _comparisons(next(field for field in relation.fields if field.name == name), value)

    return _object(where, test)


def turn_filter(words: Vocabulary, where: Input) -> Filter | None:
    """A filter on who takes or leaves: which way, on which day, how surely, of which relation, who stands at its ends."""

    def test(name: str, value: Input) -> Filter | None:
        match name:
            case "on":
                return _plain(value, lambda op, day: _end_compare("on", op, day))
            case "end":
                inner = entity_filter(words, ENTITY, value)
                return None if inner is None else OfSomeEnd(inner)
            case "record":
                own = record_filter(words, words.any, value)
                return None if own is None else OfRecord(own)
        return _comparisons(name, value)

    return _object(where, test)


def source_filter(words: Vocabulary, source: Source, where: Input) -> Filter | None:
    """A filter on what a source leads to."""
    match source:
        case Over(hop, _, records=True):
            return record_filter(words, words.model.relations[hop.relation], where)
        case Over(hop):
            return entity_filter(words, hop.far, where, _hopped(words, source))
        case Along(link) | Climb(link):
            return entity_filter(words, link.far, where, _hopped(words, source))
        case RecordsOf(relation):
            return record_filter(words, relation, where)
        case AnyRecords():
            return record_filter(words, words.any, where)
        case AllOf():
            return entity_filter(words, source.kind, where)


def narrowed(source: AnySource, where: Filter) -> AnySource:
    """A source without the relations whose records a filter rules out by name."""
    if isinstance(source, AnyRecords):
        return replace(source, relations=relations_asked(where, source.relations))
    return source


def relations_asked(where: Filter, relations: tuple[Relation, ...]) -> tuple[Relation, ...]:
    """Of the relations whose records a filter is on, those that it does not rule out by name."""
    match where:
        case AllTrue(parts):
            for part in parts:
                relations = relations_asked(part, relations)
        case Compare("relation", Op.EQ, Constant(name)):
            return tuple(one for one in relations if one.name == name)
        case Compare("relation", Op.IN, Constant(tuple() as listed)):
            return tuple(one for one in relations if one.name in listed)
    return relations


def _entity_test(words: Vocabulary, kind: str, record: RecordTest | None) -> Test:
    def test(name: str, value: Input) -> Filter | None:
        match name:
            case "key" | "name" | "synthetic":
                return _comparisons(name, value)
            case "citedFrom":
                return _cited_from(value)
            case "within":
                return _within(words.kinds[kind]["ancestors"], value)
            case "is":
                return _of_kind(words, value)
            case "at" | "during" | "ever":
                return _seen_on(words, kind, name, value)
            case "record" if record is not None:
                own = record(value)
                return None if own is None else OfRecord(own)
        match words.kinds[kind][name]:
            case Field() as field:
                return _comparisons(field, value)
            case One(source):
                return _to_one(words, source, value)
            case Many(source):
                return _quantified(words, source, value)
        raise AssertionError(name)

    return test


def _object(where: Input, test: Test) -> Filter | None:
    """Every condition of an object in which and, or, not join objects of the same type."""
    return _plain(where, lambda name, value: _logic(name, value, test) if name in LOGIC else test(name, value))


def _plain(where: Input, test: Test) -> Filter | None:
    """Every condition of an object; None if there were some and all are dropped."""
    return None if isinstance(where, Dropped) else _every(fields(where), test)


def _every(conditions: dict[str, Input], test: Test) -> Filter | None:
    if not conditions:
        return ANYTHING
    found = (test(name, value) for name, value in conditions.items() if not isinstance(value, Dropped))
    return _joined([one for one in found if one is not None])


LOGIC = ("and", "or", "not")


def _logic(word: str, value: Input, test: Test) -> Filter | None:
    if word == "not":
        if not fields(value):
            raise refused(value, "not: {} is never true; leave it out", "EMPTY_NOT")
        inner = _object(value, test)
        return None if inner is None else Negation(inner)
    branches = items(value)
    found = [one for one in (_object(branch, test) for branch in branches) if one is not None]
    if word == "and":
        return _joined(found) if branches else ANYTHING
    if not branches:
        raise refused(value, "or: [] is never true; leave it out", "EMPTY_OR")
    return AnyTrue(tuple(found)) if len(found) > 1 else _joined(found)


def _joined(found: list[Filter]) -> Filter | None:
    """All of them; None for none."""
    return AllTrue(tuple(found)) if len(found) > 1 else (found[0] if found else None)


def _comparisons(target: Field | str, value: Input) -> Filter | None:
    scalar = _scalar(target)

    def compare(op: str, given: Input) -> Filter | None:
        match op:
            case "isNull":
                return Missing(target) if known(given) else Negation(Missing(target))
            case "in":
                return Compare(target, Op.IN, leaves(given, scalar))
            case "precision":
                return PrecisionIs(target, str(known(given)))
        return Compare(target, Op(op), leaf(given, scalar))

    return _plain(value, compare)


def _scalar(target: Field | str) -> str:
    if isinstance(target, str):
        return {
            "key": "ID",
            "name": "String",
            "synthetic": "Boolean",
            "relation": "Enum",
            "turn": "Enum",
            "certainty": "Enum",
        }[target]
    return "Enum" if target.type is FieldType.TERM else TYPES[target.type].scalar


def _end_compare(end: str, op: str, day: Input) -> Filter:
    match op:
        case "isNull":
            return EndMissing(end) if known(day) else Negation(EndMissing(end))
        case "precision":
            return PrecisionIs(end, str(known(day)))
    return EndCompare(end, Op(op), leaf(day, "PartialDate"))


def _cited_from(value: Input) -> Filter | None:
    return _plain(value, lambda _, given: CitesOneOf(leaves(given, "ID")))


def _within(above: Meaning, value: Input) -> Filter | None:
    """The entity itself has one of the keys, or something above it has."""
    assert isinstance(above, Many)

    def one_of(op: str, given: Input) -> Filter:
        same = Compare("key", Op(op), leaves(given, "ID") if op == "in" else leaf(given, "ID"))
        return AnyTrue((same, Some(above.source, same)))

    return _plain(value, one_of)


def _of_kind(words: Vocabulary, value: Input) -> Filter | None:
    cases = []
    for singular, where in fields(value).items():
        kind = words.by_singular[singular]
        inner = entity_filter(words, kind, where)
        if inner is not None:
            cases.append((kind, inner))
    return OfKind(tuple(cases)) if cases else None


def _seen_on(words: Vocabulary, kind: str, word: str, value: Input) -> Filter | None:
    """The entity is there on other days, and passes there; dropped if neither days nor a filter are left of it."""
    given = fields(value)
    where = given.pop("where", None)
    inner = None if where is None else entity_filter(words, kind, where)
    left = [one for one in given.values() if not isinstance(one, Dropped)]
    if inner is None and not left and (where is not None or given):
        return None
    return SeenOn(dates_of(word, given), inner or ANYTHING)


def _to_one(words: Vocabulary, source: Leading, value: Input) -> Filter | None:
    """``{isNull: true}`` → no link; anything else → some link that passes."""
    conditions = fields(value)
    found: list[Filter] = []
    is_null = conditions.pop("isNull", None)
    if is_null is not None and not isinstance(is_null, Dropped):
        some = Some(source, ANYTHING)
        found.append(Negation(some) if known(is_null) else some)
    if conditions or is_null is None:
        inner = _far_conditions(words, source, conditions)
        if inner is not None:
            found.append(Some(source, inner))
    return _joined(found)


def _far_conditions(words: Vocabulary, source: Leading, conditions: dict[str, Input]) -> Filter | None:
    far = source.hop.far if isinstance(source, Over) else source.link.far
    test = _entity_test(words, far, _hopped(words, source))
    return _every(conditions, lambda name, value: _logic(name, value, test) if name in LOGIC else test(name, value))


def _quantified(words: Vocabulary, source: Hanging, value: Input) -> Filter | None:
    def quantifier(word: str, given: Input) -> Filter | None:
        match word:
            case "count" | "nodeCount":
                return _bounded(words, source, given, partial(CountIs, nodes=word == "nodeCount"))
            case "days" | "gap":
                return _bounded(words, source, given, partial(Lasts, gap=word == "gap"))
        inner = source_filter(words, source, given)
        if inner is None:
            return None
        match word:
            case "some":
                return Some(narrowed(source, inner), inner)
            case "none":
                return Negation(Some(narrowed(source, inner), inner))
        return Every(source, inner)

    return _plain(value, quantifier)


def _bounded(
    words: Vocabulary, source: Hanging, value: Input, make: Callable[[Hanging, Filter, Op, Value], Filter]
) -> Filter | None:
    """Bounds on a number that the links which pass ``where`` have."""
    bounds = fields(value)
    where = bounds.pop("where", None)
    counted = ANYTHING if where is None else source_filter(words, source, where) or ANYTHING
    return _every(bounds, lambda op, bound: make(narrowed(source, counted), counted, Op(op), leaf(bound, "Int")))
