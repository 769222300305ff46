"""What a list is ordered by, and which part of it is printed. Every order ends in what tells all rows apart (the far end's
key, the interval, the records' keys), which a store adds; what has no value comes last in both directions.

    Order ─ ByValue, ByEnd, ByCount, ByLinkCount, ByDays ─ ByOne, ByRecord, ByRecordEnd    of the thing at hand; of another that it leads to
"""

from __future__ import annotations

from msgspec import Struct

from orggraph.model.model import Field, Relation
from orggraph.plan.filters import Hanging, Leading
from orggraph.plan.scope import Value


class ByValue(Struct, frozen=True):
    """A field, ``"key"``, ``"name"`` or ``"synthetic"``."""

    field: Field | str


class ByEnd(Struct, frozen=True):
    """``from`` or ``until``: its earliest day, then its latest."""

    end: str


class ByCount(Struct, frozen=True):
    """How many edges a list has, or (``nodes``) how many different far ends."""

    source: Hanging
    nodes: bool


class ByLinkCount(Struct, frozen=True):
    """How many chains a grouped link stands for."""


class ByDays(Struct, frozen=True):
    """On how many days some record of a list holds, or (``gap``) how long none does at most; without end is most."""

    source: Hanging
    gap: bool


class ByOne(Struct, frozen=True):
    """What the far end of a to-one that is printed has."""

    source: Leading
    by: By


class ByRecord(Struct, frozen=True):
    """What the record hopped over has."""

    by: By


class ByRecordEnd(Struct, frozen=True):
    """What the entity at an end of the record at hand has; none, if it is not there."""

    relation: Relation
    role: str
    by: By


By = ByValue | ByEnd | ByCount | ByLinkCount | ByDays | ByOne | ByRecord | ByRecordEnd


class Order(Struct, frozen=True):
    by: By
    descending: bool


class Page(Struct, frozen=True):
    """The ``first`` or ``last`` so many rows, ``after`` and ``before`` the places of cursors. ``mark``: what a cursor must
    have been made for, its list and order."""

    first: Value | None = None
    last: Value | None = None
    after: Value | None = None
    before: Value | None = None
    mark: str = ""

    @property
    def whole(self) -> bool:
        """Whether it is all of the list."""
        return self.first is self.last is self.after is self.before is None
