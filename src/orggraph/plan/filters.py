"""Where many things come from, and what is tested of them: the sources and filters of a plan.

Source ─ AllOf, RecordsOf, AnyRecords, Over, Along (see ways.py), Climb
Filter ─ Compare, Missing, EndCompare, EndMissing, PrecisionIs, CitesOneOf ─ AllTrue, AnyTrue, Negation
       ─ Some, Every, CountIs, LinkCountIs, Lasts ─ OfRecord, OfEnd, OfSomeEnd, OfKind, SeenOn
       ─ Same, SameBucket, SameEntity, Told                     made by a store of the group at hand (groups.py)
"""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from itertools import combinations, product

from msgspec import Struct

from orggraph.model.model import Field, Hop, Link, Relation
from orggraph.plan.scope import Day, Range, Value
from orggraph.plan.ways import Way, alike, beside, possible

# ---------------------------------------------------------------- where many things come from


class AllOf(Struct, frozen=True):
    """Every entity of the concrete kinds (those of ``kind``) that is there."""

    kind: str
    kinds: tuple[str, ...]


class RecordsOf(Struct, frozen=True):
    """Every record of a relation that holds."""

    relation: Relation


class Over(Struct, frozen=True):
    """From the entity at hand over a relation; ``records``: to the records themselves, not to the far ends."""

    hop: Hop
    kinds: tuple[str, ...]
    records: bool = False


class Along(Struct, frozen=True, dict=True):
    """From the entity at hand over a derived relation, as declared, from subject to object.

    ``roles``: for each of its chains the ways in which it comes about; ``least``: how many of them make up a link. ``grouped``:
    one link for each far end, with how many there are.
    """

    link: Link
    kinds: tuple[str, ...]
    roles: tuple[tuple[Way, ...], ...]
    least: int = 1
    grouped: bool = False

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """All ways in which a link comes about."""
        sets = (one for roles in combinations(self.roles, self.least) for one in product(*roles))
        return possible([one[0] if self.least == 1 else beside(one) for one in sets])

    @cached_property
    def apart(self) -> bool:
        """Whether chains of its roles can be looked for role by role, and then be put together: a link may come about, and no two are
        of the same records."""
        return self.least > 1 and bool(self.ways) and not alike(self.ways)

    @cached_property
    def plain(self) -> Way | None:
        """The one way of links that stand each for itself: no two rows of it are of the same records."""
        return self.ways[0] if len(self.ways) == 1 and not self.grouped and not alike(self.ways) else None


class Climb(Struct, frozen=True):
    """From the entity at hand over any number of records of a hierarchy, no entity twice: ``link.forward`` to what is
    above it, else to what is below."""

    link: Link
    relation: Relation
    kinds: tuple[str, ...]


class AnyRecords(Struct, frozen=True):
    """Records of many relations: all that hold, or (``here``) those in which the entity at hand stands at some end.
    ``any``: what they have in common, as a relation."""

    relations: tuple[Relation, ...]
    any: Relation
    here: bool = False


Source = AllOf | RecordsOf | Over | Along | Climb | AnyRecords
Leading = Over | Along | Climb
"""What leads from an entity to others."""
Hanging = Leading | AnyRecords
"""What hangs on an entity: those to which it leads, and all of its records."""


# ---------------------------------------------------------------- filters


class Op(StrEnum):
    EQ = "eq"
    IN = "in"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    CONTAINS = "contains"
    STARTS = "startsWith"


class Compare(Struct, frozen=True):
    """A field, ``"key"``, ``"name"``, ``"synthetic"`` or ``"relation"`` of the thing at hand (of a turn also ``"turn"`` and
    ``"certainty"``) against a value; a missing one passes none."""

    field: Field | str
    op: Op
    value: Value


class Missing(Struct, frozen=True):
    """The thing at hand has no value there."""

    field: Field | str


class EndCompare(Struct, frozen=True):
    """``from`` or ``until`` of the record at hand, or ``on`` of the turn, against a partial date."""

    end: str
    op: Op
    value: Value


class EndMissing(Struct, frozen=True):
    """There is no ``from`` or ``until`` of the record at hand: it has always been, it is open."""

    end: str


class PrecisionIs(Struct, frozen=True):
    """How exactly a date field, or ``from`` or ``until`` of the record at hand, is known."""

    field: Field | str
    precision: str


class CitesOneOf(Struct, frozen=True):
    """The thing at hand cites a source with one of these keys."""

    keys: Value


class AllTrue(Struct, frozen=True):
    filters: tuple[Filter, ...]


class AnyTrue(Struct, frozen=True):
    filters: tuple[Filter, ...]


class Negation(Struct, frozen=True):
    filter: Filter


class Some(Struct, frozen=True):
    """Some link of the source passes; ``none`` is its negation."""

    source: Source
    where: Filter


class Every(Struct, frozen=True):
    source: Source
    where: Filter


class CountIs(Struct, frozen=True):
    """The number of links of the source that pass (``nodes``: of different far ends), against a bound."""

    source: Source
    where: Filter
    op: Op
    value: Value
    nodes: bool = False


class LinkCountIs(Struct, frozen=True):
    """How many chains the grouped link at hand stands for, against a bound."""

    op: Op
    value: Value


class Lasts(Struct, frozen=True):
    """The number of days on which some link of the source that passes holds (``gap``: of the longest stretch of days on
    which none does), against a bound. Without end is more than any number."""

    source: Source
    where: Filter
    op: Op
    value: Value
    gap: bool = False


class OfRecord(Struct, frozen=True):
    """A test of the record or grouped link hopped over, inside a filter on its far end."""

    filter: Filter


class OfEnd(Struct, frozen=True):
    """A test of the entity at an end of the record at hand; a further end that is not there fails it."""

    relation: Relation
    role: str
    filter: Filter


class OfSomeEnd(Struct, frozen=True):
    """Some entity at an end of the record at hand is there and passes."""

    filter: Filter


class OfKind(Struct, frozen=True):
    """The entity at hand is of one of these kinds, and passes what is asked of that kind."""

    cases: tuple[tuple[str, Filter], ...]


class SeenOn(Struct, frozen=True):
    """The entity at hand is there on other days, and passes there; None: on the days around."""

    dates: Day | Range | None
    filter: Filter


class Same(Struct, frozen=True):
    """A field of the thing at hand, or its ``name``, ``synthetic``, ``kind``, ``relation``, is what a group has (which a store
    calls ``key``), or both are missing."""

    field: Field | str
    key: str


class SameBucket(Struct, frozen=True):
    """A date, or ``from`` or ``until``, lies in the year, quarter or month of a group; if that has none, there is none."""

    date: Field | str
    unit: str
    key: str


class SameEntity(Struct, frozen=True):
    """The entity at hand is a group's."""

    key: str


class Told(Struct, frozen=True):
    """A group has something there."""

    key: str


Filter = (
    Compare
    | Missing
    | EndCompare
    | EndMissing
    | PrecisionIs
    | CitesOneOf
    | AllTrue
    | AnyTrue
    | Negation
    | Some
    | Every
    | CountIs
    | LinkCountIs
    | Lasts
    | OfRecord
    | OfEnd
    | OfSomeEnd
    | OfKind
    | SeenOn
    | Same
    | SameBucket
    | SameEntity
    | Told
)
ANYTHING = AllTrue(())
