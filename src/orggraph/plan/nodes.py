"""What is asked, free of GraphQL's text and of any store: one tree of frozen nodes for an operation.

In: ``graphql/planner.py`` builds it. Out: each store compiles it to one statement. A plan says nothing that only one
store can do. Names of fields, kinds and relations are the model's.

    Answer ─ Object ─┬─ Constant, Scalar, Labelled, Dates, Cited          what is printed of the thing at hand
                     ├─ InScope, EachDay, TheScope, SeenAgain              the days that everything is seen on
                     ├─ OneEntity, OneRecord, ToOne, EndEntity, Via        one thing, or null
                     ├─ Changes ─ ChangeEdges, Purges, AllTold             what loads changed
                     ├─ Turnover ─ TurnEdges, TurnDay, TurnRecord          who takes and who leaves
                     ├─ Search ─ Hits, Nodes, Total                        many, by their names; Paths between two
                     └─ Listing ─ Edges, Nodes, Total, Days, Stretches, Page, Groups    many, from a Source, through a Filter
"""

from __future__ import annotations

from msgspec import Struct

from orggraph.model.model import Relation
from orggraph.plan.filters import ANYTHING as ANYTHING
from orggraph.plan.filters import AllOf as AllOf
from orggraph.plan.filters import Along as Along
from orggraph.plan.filters import AnyRecords as AnyRecords
from orggraph.plan.filters import Climb as Climb
from orggraph.plan.filters import Filter as Filter
from orggraph.plan.filters import Hanging as Hanging
from orggraph.plan.filters import Leading as Leading
from orggraph.plan.filters import Over as Over
from orggraph.plan.filters import RecordsOf as RecordsOf
from orggraph.plan.filters import Source as Source
from orggraph.plan.groups import Bound, GroupOrder, Measure
from orggraph.plan.groups import Part as GroupPart
from orggraph.plan.ids import IdForm
from orggraph.plan.order import Order as Order
from orggraph.plan.order import Page as Page
from orggraph.plan.paths import Path as Path
from orggraph.plan.paths import Paths as Paths
from orggraph.plan.printed import AllTold as AllTold
from orggraph.plan.printed import ChangeTests as ChangeTests
from orggraph.plan.printed import Dates as Dates
from orggraph.plan.printed import Days as Days
from orggraph.plan.printed import EndPart as EndPart
from orggraph.plan.printed import FigureObject as FigureObject
from orggraph.plan.printed import FileRow as FileRow
from orggraph.plan.printed import Labelled as Labelled
from orggraph.plan.printed import LoadFiles as LoadFiles
from orggraph.plan.printed import OneOfFew as OneOfFew
from orggraph.plan.printed import PageInfo as PageInfo
from orggraph.plan.printed import Purges as Purges
from orggraph.plan.printed import Scalar as Scalar
from orggraph.plan.printed import Stretches as Stretches
from orggraph.plan.printed import Text as Text
from orggraph.plan.printed import TheScope as TheScope
from orggraph.plan.printed import Total as Total
from orggraph.plan.printed import TurnDay as TurnDay
from orggraph.plan.scope import Scope, Value


class Cited(Struct, frozen=True):
    """The citations of the thing at hand: ``title``, ``para``, constant JSON or the source entity, by response key."""

    members: tuple[tuple[str, str | Text | Object], ...]


class Known(Struct, frozen=True):
    """The loads ``from`` and ``until`` which the version at hand is known: (response key, end, object)."""

    members: tuple[tuple[str, str, Text | Object], ...]


class Items(Struct, frozen=True):
    """A list of objects that are the same in number in every answer."""

    objects: tuple[Object, ...]


class Object(Struct, frozen=True):
    """A JSON object of one concrete type (``kind`` or relation name; "" for those that no table holds)."""

    type: str
    members: tuple[tuple[str, Node], ...]


Shapes = tuple[Object, ...]
"""One object per concrete kind that may stand there."""


class InScope(Struct, frozen=True):
    """Everything below is seen in another scope."""

    scope: Scope
    object: Object


class EachDay(Struct, frozen=True):
    """The object once for each day: of a list of days, or from a day by steps to before another."""

    days: Value
    object: Object


class SeenAgain(Struct, frozen=True):
    """The entity at hand in another scope; null if it is not there."""

    scope: Scope
    shapes: Shapes


class OneEntity(Struct, frozen=True):
    """The entity of a key, if it is of these kinds and there; else null."""

    key: Value
    shapes: Shapes


class OneRecord(Struct, frozen=True):
    relation: Relation
    key: Value
    object: Object


class OneOfRecords(Struct, frozen=True):
    """The record of a key, of whichever relation."""

    key: Value
    records: Shapes


class OneNode(Struct, frozen=True):
    """The entity or record of an id, in the scope that the id carries; null if it is not there."""

    id: Value
    form: IdForm
    entities: Shapes
    records: Shapes


class ManyNodes(Struct, frozen=True):
    """One node for each id of a list, whose ids have these forms."""

    ids: Value
    forms: tuple[IdForm, ...]
    entities: Shapes
    records: Shapes


class ToOne(Struct, frozen=True):
    """The far end of one of the links: a certain one first, then the one begun last, then by key; else null."""

    source: Leading
    shapes: Shapes


class EndEntity(Struct, frozen=True):
    """The entity at an end of the record at hand; null where a further end is not there."""

    relation: Relation
    role: str
    shapes: Shapes


class TheRecord(Struct, frozen=True):
    """The record hopped over."""

    object: Object


class TheLink(Struct, frozen=True):
    """The derived link followed: ``via`` prints its records; a ``Total`` is how many chains it stands for."""

    members: tuple[tuple[str, Text | Scalar | Dates | Via | Total], ...]


class Via(Struct, frozen=True):
    """One object per relation that the link's records may be of."""

    objects: tuple[Object, ...]


class Edges(Struct, frozen=True):
    """One object per edge; ``members`` may be ``certainty``, ``cursor``, ``valid`` parts, the far end or the record."""

    members: tuple[tuple[str, Text | Scalar | Dates | TheRecord | TheLink | Shapes], ...]


class Nodes(Struct, frozen=True):
    shapes: Shapes


class History(Struct, frozen=True):
    """The states of the entity at hand, of one kind: an object for each, or how many."""

    kind: str
    members: tuple[tuple[str, Text | Object | Total], ...]


class KeyPart(Struct, frozen=True):
    """``place`` among the parts; ``printed``: a term's members, one object for each kind of entity; None for a plain value."""

    place: int
    printed: Labelled | Shapes | OneOfFew | None = None


class KeyObject(Struct, frozen=True):
    members: tuple[tuple[str, KeyPart | Text], ...]


class GroupNodes(Struct, frozen=True):
    """The first so many of its rows' far ends, in the order of the list."""

    first: Value
    shapes: Shapes


class Groups(Struct, frozen=True):
    """``where``: which rows of the list are grouped. ``empty``: for each term of a code list there is a group."""

    where: Filter
    parts: tuple[GroupPart, ...]
    having: tuple[Bound, ...]
    order: tuple[GroupOrder, ...]
    first: Value | None
    empty: bool
    members: tuple[tuple[str, KeyObject | FigureObject | GroupNodes | Measure | Text], ...]


ListPart = Edges | Nodes | Total | Days | Stretches | PageInfo | Groups | Text
"""What is printed of a list."""


class Listing(Struct, frozen=True):
    """A connection: what its parts print of the things of a source that pass, in order, a page of them or all."""

    source: Source
    where: Filter
    order: tuple[Order, ...]
    page: Page
    members: tuple[tuple[str, ListPart], ...]


class TurnRecord(Struct, frozen=True):
    """The record of the turn at hand; or that of who held the same post just before (``next`` -1) or after (1), else null."""

    records: Shapes
    next: int = 0


class TurnEdges(Struct, frozen=True):
    """``cursor``, constant JSON or the turn's object, by response key."""

    members: tuple[tuple[str, str | Text | Object], ...]


class Turnover(Struct, frozen=True):
    """Who takes and who leaves in a range, by day: records of these relations that begin in it or have their last day there."""

    relations: tuple[Relation, ...]
    any: Relation
    where: Filter
    descending: bool
    page: Page
    members: tuple[tuple[str, TurnEdges | Object | Total | PageInfo | Text], ...]


class Loads(Struct, frozen=True):
    """The loads, by number; a page of them or all."""

    page: Page
    members: tuple[tuple[str, LoadEdges | Object | Total | PageInfo | Text], ...]


class LoadEdges(Struct, frozen=True):
    """``cursor``, constant JSON or the load's object, by response key."""

    members: tuple[tuple[str, str | Text | Object], ...]


class Version(Struct, frozen=True):
    """The state or record as it was ``before`` the change, or after it; null if there was none."""

    before: bool
    object: Object


class Change(Struct, frozen=True):
    """A change in one table: ``what``, ``key``, ``changed`` (the columns that differ), its load, its versions."""

    type: str
    members: tuple[tuple[str, Text | Scalar | Object | Version | FileRow], ...]


class ChangeEdges(Struct, frozen=True):
    """``cursor``, constant JSON or the change, by response key."""

    members: tuple[tuple[str, str | Text | tuple[Change, ...]], ...]


class Changes(Struct, frozen=True):
    """What loads after ``since`` (until ``until``, if given) changed, in the order of loads; a page or all."""

    since: Value
    until: Value | None
    where: ChangeTests
    page: Page
    members: tuple[tuple[str, ChangeEdges | tuple[Change, ...] | Total | PageInfo | Purges | AllTold | Text], ...]


class Hits(Struct, frozen=True):
    """What is told of each entity that a search has found: constant JSON, ``certainty``, the ``name`` that was found, whether it is
    ``current``, ``match``, or the entity, by response key."""

    members: tuple[tuple[str, str | Text | Shapes], ...]


class Search(Struct, frozen=True):
    """Entities of some kinds that are there, by a name that they have in some state; the ``first`` so many: those whose whole
    name was typed, or its beginning, or a part of it; those in more records; by key."""

    text: Value
    kinds: tuple[str, ...]
    first: Value
    members: tuple[tuple[str, Hits | Nodes | Total | Text], ...]


Node = (
    Text
    | Scalar
    | Labelled
    | Dates
    | Cited
    | Known
    | LoadFiles
    | Object
    | Items
    | InScope
    | EachDay
    | TheScope
    | SeenAgain
    | OneEntity
    | OneRecord
    | OneOfRecords
    | OneNode
    | ManyNodes
    | ToOne
    | EndEntity
    | TheRecord
    | TheLink
    | History
    | Listing
    | Turnover
    | TurnDay
    | TurnRecord
    | Loads
    | Changes
    | Search
    | Paths[Nodes | Via]
)


class Answer(Struct, frozen=True):
    """An operation: its root object, seen in the outermost scope."""

    scope: Scope
    root: Object
