"""``groups`` of a connection → the plan's groups. In: selections and arguments. Out: ``Groups`` nodes.

``by`` names parts of the key (model/parts.py); what they mean is looked up in the vocabulary, step by step.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from orggraph.errors import OperationError
from orggraph.graphql import filters
from orggraph.graphql.asking import constant
from orggraph.graphql.inputs import Dropped, Input, fields, items, known, leaf
from orggraph.graphql.selection import Asked
from orggraph.graphql.things import Things
from orggraph.graphql.vocabulary import One, Vocabulary
from orggraph.model import names
from orggraph.model.model import End, Field, Relation
from orggraph.model.parts import Part, any_record_parts, kind_parts, record_parts
from orggraph.model.values import Value as FieldType
from orggraph.plan import groups as plan
from orggraph.plan.filters import ANYTHING, AllOf, Along, AnyRecords, Climb, Filter, Op, Over, RecordsOf, Source
from orggraph.plan.nodes import FigureObject, GroupNodes, Groups, KeyObject, KeyPart, Labelled, OneOfFew, Shapes, Text
from orggraph.plan.scope import Certainty, Constant

NODES = 10
"""Rows of a group that ``nodes`` shows where it is not said how many."""
RECKONINGS = tuple(one.value for one in plan.Reckoning)
Members = list[tuple[str, KeyObject | FigureObject | GroupNodes | plan.CountOf | plan.ShareOf | Text]]


def grouped_type(words: Vocabulary, source: Source) -> tuple[str, Mapping[str, Part], Mapping[str, Field]]:
    """The name that the types of a list's groups begin with, what it can be grouped by, and its whole numbers."""
    relation, kind = _grouped(words, source)
    if relation is not None:
        own = any_record_parts() if relation is words.any else record_parts(words.model, relation)
        prefix, found = (
            names.record_type(relation.name) if relation is not words.any else relation.name,
            relation.fields,
        )
    else:
        described = words.described[kind]
        prefix, own, found = kind, kind_parts(words.model, described), described.fields
    numbers = {field.name: field for field in found if field.type is FieldType.INT}
    return prefix, {part.name: part for part in own}, numbers


def _grouped(words: Vocabulary, source: Source) -> tuple[Relation | None, str]:
    """The relation whose records a list has, or the kind of its entities."""
    match source:
        case RecordsOf(relation):
            return relation, ""
        case AnyRecords():
            return words.any, ""
        case Over(hop, _, records=True):
            return words.model.relations[hop.relation], ""
        case Over(hop):
            return None, hop.far
        case Along(link) | Climb(link):
            return None, link.far
        case AllOf(kind):
            return None, kind


class Grouping(Things, ABC):
    """Plans the groups of one list."""

    @abstractmethod
    def where(self, asked: Asked, source: Source) -> Filter:
        """The filter that a field asks for (lists.py)."""

    @abstractmethod
    def nodes(self, asked: Asked, source: Source) -> Shapes:
        """What a source leads to, printed (lists.py)."""

    def groups(self, asked: Asked, source: Source) -> Groups:
        prefix, known_parts, numbers = grouped_type(self.words, source)
        by = self.argument(asked, "by")
        asked_for = dict.fromkeys(str(known(one)) for one in items(by) if not isinstance(one, Dropped)) if by else {}
        parts = {name: known_parts[name] for name in asked_for}
        measures = Measures(self, source, numbers)
        having, order = self.argument(asked, "having"), self.argument(asked, "orderBy")
        members: Members = []
        for one in self.asked(asked.below, names.group_type(prefix)):
            members.append((one.key, self.group_member(one, prefix, source, parts, numbers)))
        empty = self.argument(asked, "empty")
        return Groups(
            self.where(asked, source),
            tuple(self.grouped_by(source, part) for part in parts.values()),
            () if having is None else tuple(measures.bounds(having)),
            () if order is None else tuple(measures.orders(order, tuple(parts))),
            self.value(asked, "first", "Int"),
            empty is not None and bool(known(empty)),
            tuple(members),
        )

    def group_member(
        self, asked: Asked, prefix: str, source: Source, parts: Mapping[str, Part], numbers: Mapping[str, Field]
    ) -> KeyObject | FigureObject | GroupNodes | plan.CountOf | plan.ShareOf | Text:
        match asked.name:
            case "__typename":
                return constant(names.group_type(prefix))
            case "key":
                return self.key_object(asked, prefix, parts)
            case "count":
                return plan.CountOf(self.where(asked, source), self.certainty(asked))
            case "nodeCount":
                return plan.CountOf(certainty=self.certainty(asked), nodes=True)
            case "share":
                given = self.argument(asked, "where")
                return plan.ShareOf(None if given is None else filters.source_filter(self.words, source, given))
            case "nodes":
                first = self.value(asked, "first", "Int") or Constant(NODES)
                return GroupNodes(first, self.many.nodes(asked, source))
        return self.figures(asked, prefix, numbers)

    def figures(self, asked: Asked, prefix: str, numbers: Mapping[str, Field]) -> FigureObject:
        type_ = names.group_figures(prefix, asked.name)
        return FigureObject(
            tuple(
                (
                    one.key,
                    constant(type_)
                    if one.name == "__typename"
                    else plan.Figure(plan.Reckoning(asked.name), numbers[one.name]),
                )
                for one in self.asked(asked.below, type_)
            )
        )

    # ------------------------------------------------------------ keys

    def key_object(self, asked: Asked, prefix: str, parts: Mapping[str, Part]) -> KeyObject:
        members: list[tuple[str, KeyPart | Text]] = []
        for one in self.asked(asked.below, names.group_key(prefix)):
            if one.name == "__typename":
                members.append((one.key, constant(names.group_key(prefix))))
            elif one.name not in parts:
                below = [part for part in parts if part.startswith(f"{one.name}_")]
                mend = (
                    f"they are by {' and '.join(below)}: ask key {{ {below[0]} }}" if below else "write it in by: too"
                )
                message = f"key {{ {one.name} }} is asked of groups that are not by {one.name}; {mend}"
                raise OperationError(message, "NOT_GROUPED")
            else:
                members.append((one.key, self.key_part(one, parts)))
        return KeyObject(tuple(members))

    def key_part(self, asked: Asked, parts: Mapping[str, Part]) -> KeyPart:
        part, place = parts[asked.name], [*parts].index(asked.name)
        model = self.words.model
        match part.value:
            case "node":
                kinds = self.words.described[part.kind].concrete
                return KeyPart(place, self.many.shapes(asked.below, kinds))
            case "kind":
                terms = [(k.name, self.term(asked, k.name, k.label, k.iri)) for k in model.concrete()]
                return KeyPart(place, OneOfFew(tuple(terms)))
            case "relation":
                terms = [(r.name, self.term(asked, r.name, r.label, r.iri)) for r in model.relations.values()]
                return KeyPart(place, OneOfFew(tuple(terms)))
            case Field(type=FieldType.TERM) as field if not part.unit:
                printed = self.field(asked, field)
                assert isinstance(printed, Labelled)
                return KeyPart(place, printed)
        return KeyPart(place)

    def grouped_by(self, source: Source, part: Part) -> plan.Part:
        """What a part means, seen from what a list has."""
        leaf: plan.Part = plan.Itself() if part.value == "node" else plan.OwnValue(part.value)
        if part.unit:
            leaf = plan.Bucket(part.value, part.unit)
        relation, kind = _grouped(self.words, source)
        wrapped: list[tuple[Relation, str] | One] = []
        for step in part.steps:
            if isinstance(step, End):
                assert relation is not None
                wrapped.append((relation, step.role))
                kind = step.kind
            else:
                meaning = self.words.kinds[kind][step.singular or ""]
                assert isinstance(meaning, One)
                wrapped.append(meaning)
                kind = step.far
        for one in reversed(wrapped):
            leaf = plan.OverOne(one.source, leaf) if isinstance(one, One) else plan.AtEnd(*one, leaf)
        return leaf


class Measures:
    """Reads what ``having`` and ``orderBy`` ask of a group."""

    def __init__(self, planner: Grouping, source: Source, numbers: Mapping[str, Field]) -> None:
        self.planner, self.source, self.numbers = planner, source, numbers

    def bounds(self, having: Input) -> list[plan.Bound]:
        """Every bound of ``having``; all of them must be kept."""
        found: list[plan.Bound] = []
        for name, value in _given(having).items():
            if name in RECKONINGS:
                for field, bounds in _given(value).items():
                    found += _bounds(plan.Figure(plan.Reckoning(name), self.numbers[field]), _given(bounds))
            else:
                asked = _given(value)
                found += _bounds(self.counted(name, asked), asked)
        return found

    def counted(self, name: str, asked: dict[str, Input]) -> plan.Measure:
        """A count or a share, whose own arguments are taken out of what is asked."""
        where, certainty = asked.pop("where", None), asked.pop("certainty", None)
        words, source = self.planner.words, self.source
        tested = None if where is None else filters.source_filter(words, source, where)
        if name == "share":
            return plan.ShareOf(tested)
        how_sure = None if certainty is None else Certainty(str(known(certainty)))
        return plan.CountOf(tested or ANYTHING, how_sure, name == "nodeCount")

    def orders(self, order: Input, parts: tuple[str, ...]) -> list[plan.GroupOrder]:
        found = []
        for one in items(order):
            if isinstance(one, Dropped):
                continue
            asked = _given(one)
            if len(fields(one)) != 1:
                message = "orderBy: wants one key in each object, as orderBy: [{count: DESC}, {key: {name: ASC}}]"
                raise OperationError(message, "BAD_VALUE")
            found += [self.order(name, value, parts) for name, value in asked.items()]
        return [one for one in found if one is not None]

    def order(self, name: str, value: Input, parts: tuple[str, ...]) -> plan.GroupOrder | None:
        if name in ("count", "nodeCount"):
            return plan.GroupOrder(plan.CountOf(nodes=name == "nodeCount"), known(value) == "DESC")
        asked = _given(value)
        if name == "share":
            direction = asked.pop("order", None)
            return plan.GroupOrder(self.counted("share", asked), direction is not None and known(direction) == "DESC")
        if len(fields(value)) != 1:
            raise OperationError(f"orderBy: {name}: wants one key, as {{{name}: {{… : ASC}}}}", "BAD_VALUE")
        for field, direction in asked.items():
            if name != "key":
                figure = plan.Figure(plan.Reckoning(name), self.numbers[field])
                return plan.GroupOrder(figure, known(direction) == "DESC")
            if field not in parts:
                message = f"orderBy: key: {field} orders groups that are not by {field}; write it in by: too"
                raise OperationError(message, "NOT_GROUPED")
            return plan.GroupOrder(parts.index(field), known(direction) == "DESC")
        return None


def _given(value: Input) -> dict[str, Input]:
    """The fields of an object but for variables that are not given."""
    return {name: one for name, one in fields(value).items() if not isinstance(one, Dropped)}


def _bounds(measure: plan.Measure, asked: dict[str, Input]) -> list[plan.Bound]:
    return [plan.Bound(measure, Op(op), leaf(bound, "Float")) for op, bound in asked.items()]
