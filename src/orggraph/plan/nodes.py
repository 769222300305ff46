"""What is asked, free of GraphQL's text and of any store: one tree of frozen nodes for an operation.

In: ``graphql/planner.py`` builds it. Out: each store compiles it to one statement. A plan says nothing that only one
store can do. Names of fields, kinds and relations are the model's.

    Answer ─ Object ─┬─ Constant, Scalar, Labelled, Dates, Cited          what is printed of the thing at hand
                     ├─ InScope, EachDay, TheScope, SeenAgain              the days that everything is seen on
                     ├─ OneEntity, OneRecord, ToOne, EndEntity, Via        one thing, or null
                     └─ Listing ─ Edges, Nodes, Total, Page                many, from a Source, through a Filter
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from orggraph.model.model import Field, Hop, Link, Relation
from orggraph.plan.scope import Certainty, Day, Range, Scope, Value

# ---------------------------------------------------------------- where many things come from


@dataclass(frozen=True)
class AllOf:
    """Every entity of the concrete kinds that is there."""

    kinds: tuple[str, ...]


@dataclass(frozen=True)
class RecordsOf:
    """Every record of a relation that holds."""

    relation: Relation


@dataclass(frozen=True)
class Over:
    """From the entity at hand over a relation; ``records``: to the records themselves, not to the far ends."""

    hop: Hop
    kinds: tuple[str, ...]
    records: bool = False


@dataclass(frozen=True)
class Step:
    """One hop of a chain, the kinds it may arrive at and what must be true of the entity there."""

    hop: Hop
    kinds: tuple[str, ...]
    where: Filter


@dataclass(frozen=True)
class Along:
    """From the entity at hand along the chain of a derived relation; steps as declared, from subject to object."""

    link: Link
    kinds: tuple[str, ...]
    steps: tuple[Step, ...]


Source = AllOf | RecordsOf | Over | Along


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


@dataclass(frozen=True)
class Compare:
    """A field, ``"key"``, ``"name"`` or ``"synthetic"`` of the thing at hand against a value; a missing one passes none."""

    field: Field | str
    op: Op
    value: Value


@dataclass(frozen=True)
class Missing:
    """The thing at hand has no value there."""

    field: Field | str


@dataclass(frozen=True)
class EndCompare:
    """``from`` or ``until`` of the record at hand against a partial date."""

    end: str
    op: Op
    value: Value


@dataclass(frozen=True)
class AllTrue:
    filters: tuple[Filter, ...]


@dataclass(frozen=True)
class AnyTrue:
    filters: tuple[Filter, ...]


@dataclass(frozen=True)
class Negation:
    filter: Filter


@dataclass(frozen=True)
class Some:
    """Some link of the source passes; ``none`` is its negation."""

    source: Source
    where: Filter


@dataclass(frozen=True)
class Every:
    source: Source
    where: Filter


@dataclass(frozen=True)
class CountIs:
    """The number of links of the source that pass, against a bound."""

    source: Source
    where: Filter
    op: Op
    value: Value


@dataclass(frozen=True)
class OfRecord:
    """A test of the record hopped over, inside a filter on its far end."""

    filter: Filter


@dataclass(frozen=True)
class OfEnd:
    """A test of the entity at an end of the record at hand; a further end that is not there fails it."""

    relation: Relation
    role: str
    filter: Filter


@dataclass(frozen=True)
class OfKind:
    """The entity at hand is of one of these kinds, and passes what is asked of that kind."""

    cases: tuple[tuple[str, Filter], ...]


@dataclass(frozen=True)
class SeenOn:
    """The entity at hand is there on other days, and passes there; None: on the days around."""

    dates: Day | Range | None
    filter: Filter


Filter = (
    Compare
    | Missing
    | EndCompare
    | AllTrue
    | AnyTrue
    | Negation
    | Some
    | Every
    | CountIs
    | OfRecord
    | OfEnd
    | OfKind
    | SeenOn
)
ANYTHING = AllTrue(())


# ---------------------------------------------------------------- what is printed


@dataclass(frozen=True)
class Text:
    """JSON that is the same in every answer."""

    json: str


@dataclass(frozen=True)
class Scalar:
    """A field of the thing at hand, or one of ``key``, ``iri``, ``name``, ``synthetic``, ``certainty``."""

    field: Field | str


@dataclass(frozen=True)
class Labelled:
    """A term of a code list: ``code``, ``zh``, ``en``, ``iri`` or constant JSON, by response key."""

    field: Field
    members: tuple[tuple[str, str | Text], ...]


@dataclass(frozen=True)
class EndPart:
    """``value``, ``precision``, ``earliest``, ``latest``, ``zh`` or ``en`` (text) of ``from``, ``until`` or ``through``."""

    end: str
    part: str


@dataclass(frozen=True)
class Dates:
    """The interval of the thing at hand: ``zh``/``en`` text, constant JSON, or an object of end parts, by response key."""

    members: tuple[tuple[str, str | Text | tuple[tuple[str, EndPart | Text], ...]], ...]


@dataclass(frozen=True)
class Cited:
    """The citations of the thing at hand: ``title``, ``para``, constant JSON or the source entity, by response key."""

    members: tuple[tuple[str, str | Text | Object], ...]


@dataclass(frozen=True)
class Object:
    """A JSON object of one concrete type (``kind`` or relation name; "" for those that no table holds)."""

    type: str
    members: tuple[tuple[str, Node], ...]


Shapes = tuple[Object, ...]
"""One object per concrete kind that may stand there."""


@dataclass(frozen=True)
class InScope:
    """Everything below is seen in another scope."""

    scope: Scope
    object: Object


@dataclass(frozen=True)
class EachDay:
    """The object once for each day: of a list of days, or from a day by steps to before another."""

    days: Value
    object: Object


@dataclass(frozen=True)
class TheScope:
    """``date``, ``from``, ``until``, ``load``, ``certainty`` or constant JSON of the scope at hand, by response key."""

    members: tuple[tuple[str, str | Text], ...]


@dataclass(frozen=True)
class SeenAgain:
    """The entity at hand in another scope; null if it is not there."""

    scope: Scope
    shapes: Shapes


@dataclass(frozen=True)
class OneEntity:
    """The entity of a key, if it is of these kinds and there; else null."""

    key: Value
    shapes: Shapes


@dataclass(frozen=True)
class OneRecord:
    relation: Relation
    key: Value
    object: Object


@dataclass(frozen=True)
class ToOne:
    """The far end of one of the links: a certain one first, then the one begun last, then by key; else null."""

    source: Over | Along
    shapes: Shapes


@dataclass(frozen=True)
class EndEntity:
    """The entity at an end of the record at hand; null where a further end is not there."""

    relation: Relation
    role: str
    shapes: Shapes


@dataclass(frozen=True)
class TheRecord:
    """The record hopped over."""

    object: Object


@dataclass(frozen=True)
class TheLink:
    """The derived link followed: ``via`` has one object per step of the chain."""

    members: tuple[tuple[str, Text | Scalar | Dates | Via], ...]


@dataclass(frozen=True)
class Via:
    objects: tuple[Object, ...]


@dataclass(frozen=True)
class Total:
    """How many edges there are at a certainty (None: as the scope lists them)."""

    certainty: Certainty | None


@dataclass(frozen=True)
class Edges:
    """One object per edge; ``members`` may be ``certainty``, ``valid`` parts, the far end or the record."""

    members: tuple[tuple[str, Text | Scalar | Dates | TheRecord | TheLink | Shapes], ...]


@dataclass(frozen=True)
class Nodes:
    shapes: Shapes


@dataclass(frozen=True)
class HasNext:
    members: tuple[tuple[str, str | Text], ...]


@dataclass(frozen=True)
class Listing:
    """A connection: what its parts print of the things of a source that pass, in order, the first so many."""

    source: Source
    where: Filter
    first: Value | None
    members: tuple[tuple[str, Edges | Nodes | Total | HasNext | Text], ...]


Node = (
    Text
    | Scalar
    | Labelled
    | Dates
    | Cited
    | Object
    | InScope
    | EachDay
    | TheScope
    | SeenAgain
    | OneEntity
    | OneRecord
    | ToOne
    | EndEntity
    | TheRecord
    | TheLink
    | Listing
)


@dataclass(frozen=True)
class Answer:
    """An operation: its root object, seen in the outermost scope."""

    scope: Scope
    root: Object
