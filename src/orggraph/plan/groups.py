"""Groups of a list: what they are by, what is told of each, which are listed, in which order. In: ``graphql/grouping.py``.

Groups ─ parts: OwnValue, Bucket, Itself ─ OverOne, AtEnd               what a group's rows have in common
       ─ Measure: CountOf, ShareOf, Figure                              what is told of its rows
       ─ members: KeyObject, Figures, GroupNodes, Measure, Text         what is printed of it
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from orggraph.model.model import Field, Relation
from orggraph.plan.filters import (
    ANYTHING,
    AllTrue,
    AnyTrue,
    Filter,
    Leading,
    Missing,
    Negation,
    OfEnd,
    Op,
    Same,
    SameBucket,
    SameEntity,
    Some,
    Told,
)
from orggraph.plan.scope import Certainty, Value

# ---------------------------------------------------------------- by what


class OwnValue(Struct, frozen=True):
    """A field of the thing at hand, its ``"name"``, ``"synthetic"``, ``"kind"`` or ``"relation"``; none is a value too."""

    field: Field | str


class Bucket(Struct, frozen=True):
    """The ``year``, ``quarter`` or ``month`` of a date field, of ``"from"`` or ``"until"``; none where it is not known so
    exactly, or there is none."""

    date: Field | str
    unit: str


class Itself(Struct, frozen=True):
    """The entity at hand."""


class OverOne(Struct, frozen=True):
    """Of the far end of a to-one field that is printed."""

    source: Leading
    part: Part


class AtEnd(Struct, frozen=True):
    """Of the entity at an end of the record at hand."""

    relation: Relation
    role: str
    part: Part


Part = OwnValue | Bucket | Itself | OverOne | AtEnd


def leaf_of(part: Part) -> OwnValue | Bucket | Itself:
    """What it is of the thing that the steps lead to."""
    while isinstance(part, OverOne | AtEnd):
        part = part.part
    return part


def same(part: Part, key: str) -> Filter:
    """That the thing at hand has what a group has there; ``key``: what a store calls that."""
    match part:
        case OwnValue(field):
            return Same(field, key)
        case Bucket(date, unit):
            return SameBucket(date, unit, key)
        case Itself():
            return SameEntity(key)
        case OverOne(source, inner):
            return _either(key, Some(source, same(inner, key)), Negation(Some(source, _has(inner))))
        case AtEnd(relation, role, inner):
            there, none = OfEnd(relation, role, same(inner, key)), Negation(OfEnd(relation, role, _has(inner)))
            return _either(key, there, none)


def _either(key: str, told: Filter, none: Filter) -> Filter:
    return AnyTrue((AllTrue((Told(key), told)), AllTrue((Negation(Told(key)), none))))


def _has(part: Part) -> Filter:
    """That there is something to group by."""
    match part:
        case OwnValue(Field() as field):
            return Negation(Missing(field))
        case OverOne(source, inner):
            return Some(source, _has(inner))
        case AtEnd(relation, role, inner):
            return OfEnd(relation, role, _has(inner))
    return ANYTHING


# ---------------------------------------------------------------- what is told


class CountOf(Struct, frozen=True):
    """How many of its rows pass, or (``nodes``) how many different far ends they have: as they are printed in the list, or
    at a certainty."""

    where: Filter = ANYTHING
    certainty: Certainty | None = None
    nodes: bool = False


class ShareOf(Struct, frozen=True):
    """Which part of its rows passes; None: which part of all rows are its rows."""

    where: Filter | None


class Reckoning(StrEnum):
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"


class Figure(Struct, frozen=True):
    """A whole number that its rows have, reckoned together."""

    reckoning: Reckoning
    field: Field


Measure = CountOf | ShareOf | Figure


class Bound(Struct, frozen=True):
    """A group is listed only if what is told of it keeps this bound."""

    measure: Measure
    op: Op
    value: Value


class GroupOrder(Struct, frozen=True):
    """By something told, or by a part of the key: its place among the parts."""

    by: Measure | int
    descending: bool
