"""What a filter reads: states of the entity that it is on, days that may be unknown. In: a plan's filter. Out: yes or no."""

from __future__ import annotations

from orggraph.model.model import Field
from orggraph.model.values import Value
from orggraph.plan.filters import (
    AllTrue,
    Along,
    AnyRecords,
    AnyTrue,
    CitesOneOf,
    Compare,
    Filter,
    Missing,
    Negation,
    OfKind,
    OfRecord,
    Over,
    PrecisionIs,
    RecordsOf,
    Same,
    SameBucket,
    SameEntity,
    Source,
    Told,
)


def leads_to_records(source: Source) -> bool:
    return isinstance(source, RecordsOf | AnyRecords) or (isinstance(source, Over) and source.records)


def decided(where: Filter) -> bool:
    """Whether a filter on one state, or on a record, reads nothing that may be unknown."""
    match where:
        case Compare(Field() as field):
            return field.type is not Value.DATE
        case Compare() | Missing() | PrecisionIs() | CitesOneOf() | Same() | SameEntity() | Told():
            return True
        case AllTrue(filters) | AnyTrue(filters):
            return all(map(decided, filters))
        case Negation(inner) | OfRecord(inner):
            return decided(inner)
        case OfKind(cases):
            return all(decided(inner) for _, inner in cases)
    return False


def fields_read(where: Filter, kind: str) -> frozenset[str]:
    """What a filter reads of the states of an entity of a kind: names of fields, ``"name"``, ``"synthetic"``, ``"cites"``."""
    match where:
        case Compare(field) | Missing(field) | PrecisionIs(field) | Same(field) | SameBucket(field):
            return frozenset({field if isinstance(field, str) else field.name} - {"key", "kind"})
        case CitesOneOf():
            return frozenset({"cites"})
        case AllTrue(filters) | AnyTrue(filters):
            return frozenset().union(*(fields_read(one, kind) for one in filters))
        case Negation(inner):
            return fields_read(inner, kind)
        case OfKind(cases):
            return frozenset().union(*(fields_read(inner, kind) for of, inner in cases if of == kind))
    return frozenset()


def reads_state(where: Filter) -> bool:
    """Whether a filter on an entity needs its states (or its kind)."""
    match where:
        case Compare(field) | Missing(field) | PrecisionIs(field) | Same(field) | SameBucket(field):
            return field not in ("key", "kind")
        case CitesOneOf():
            return True
        case AllTrue(filters) | AnyTrue(filters):
            return any(map(reads_state, filters))
        case Negation(inner):
            return reads_state(inner)
        case OfKind():
            return True
    return False


def asks_record(where: Filter) -> bool:
    """Whether a filter tests the record that was hopped over."""
    match where:
        case OfRecord():
            return True
        case AllTrue(filters) | AnyTrue(filters):
            return any(map(asks_record, filters))
        case Negation(filter):
            return asks_record(filter)
    return False


def by_roles(source: Along, day: bool) -> bool:
    """Whether the chains of an overlap are looked for role by role. In a range what lies on them is looked at once they are put
    together, when its number alone tells it: then nothing may be asked of the record that led there."""
    if not source.apart or day:
        return source.apart
    tests = (test.where for role in source.roles for way in role for test in way.tests)
    return not source.grouped and not any(map(asks_record, tests))
