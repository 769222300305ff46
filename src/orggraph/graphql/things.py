"""One thing → what is printed of it: an entity, a record, their terms, dates, citations. In: selections. Out: plan nodes.

Whatever is the same in every answer (type names, labels) becomes text here and costs nothing later.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from orggraph.graphql.asking import Asking, constant, located
from orggraph.graphql.selection import Asked, Selections
from orggraph.graphql.vocabulary import Many, One
from orggraph.model import names
from orggraph.model.entries import Label
from orggraph.model.model import Field, Relation
from orggraph.model.values import Value as FieldType
from orggraph.plan import nodes as plan


class Things(Asking, ABC):
    """Plans one thing at a time."""

    @abstractmethod
    def far_listing(self, asked: Asked, source: plan.Hanging) -> plan.Listing:
        """A list that a field leads to (lists.py)."""

    # ------------------------------------------------------------ entities

    def shapes(self, selections: Selections, kinds: tuple[str, ...]) -> plan.Shapes:
        return tuple(self.entity(selections, kind) for kind in kinds)

    def entity(self, selections: Selections, kind: str) -> plan.Object:
        supers = self.words.model.kinds[kind].supers
        asked = self.asked(selections, kind, "Entity", "Node", *supers)
        return plan.Object(kind, tuple((one.key, self.entity_field(one, kind)) for one in asked))

    @located
    def entity_field(self, asked: Asked, kind: str) -> plan.Node:
        model_kind = self.words.model.kinds[kind]
        match asked.name:
            case "__typename":
                return constant(kind)
            case "kind":
                return self.term(asked, kind, model_kind.label, model_kind.iri)
            case "name":
                return plan.Scalar("name")
            case "at" | "during" | "ever":
                return plan.SeenAgain(self.scope(asked), self.shapes(asked.below, (kind,)))
            case "history":
                return self.many.history(asked, kind)
        match self.words.kinds[kind].get(asked.name):
            case Field() as field:
                return self.field(asked, field)
            case One(source):
                return plan.ToOne(source, self.shapes(asked.below, source.kinds))
            case Many(source):
                return self.far_listing(asked, source)
        return self.sourced(asked)

    def history(self, asked: Asked, kind: str) -> plan.History:
        """All states of an entity."""
        members: list[tuple[str, plan.Text | plan.Object | plan.Total]] = []
        for one in self.asked(asked.below, "EntityStateConnection"):
            match one.name:
                case "__typename":
                    members.append((one.key, constant("EntityStateConnection")))
                case "totalCount":
                    members.append((one.key, plan.Total()))
                case "nodes":
                    members.append((one.key, self.state(one.below, kind)))
                case "edges":
                    members.append((one.key, self.state_edge(one, kind)))
        return plan.History(kind, tuple(members))

    def state_edge(self, asked: Asked, kind: str) -> plan.Object:
        members: list[tuple[str, plan.Node]] = []
        for one in self.asked(asked.below, "EntityStateEdge"):
            edge = constant("EntityStateEdge")
            members.append((one.key, edge if one.name == "__typename" else self.state(one.below, kind)))
        return plan.Object("", tuple(members))

    def state(self, selections: Selections, kind: str) -> plan.Object:
        type_ = names.state_type(kind)
        asked = self.asked(selections, type_, "EntityState", "Version")
        return plan.Object("", tuple((one.key, self.state_field(one, kind, type_)) for one in asked))

    def state_field(self, asked: Asked, kind: str, type_: str) -> plan.Node:
        if asked.name == "__typename":
            return constant(type_)
        field = next((one for one in self.words.model.kinds[kind].fields if one.name == asked.name), None)
        return self.sourced(asked) if field is None else self.field(asked, field)

    # ------------------------------------------------------------ records

    def record(self, selections: Selections, relation: Relation) -> plan.Object:
        type_ = names.record_type(relation.name)
        asked = self.asked(selections, type_, "RelationRecord", "Node", "Version")
        return plan.Object(relation.name, tuple((one.key, self.record_field(one, relation)) for one in asked))

    @located
    def record_field(self, asked: Asked, relation: Relation) -> plan.Node:
        match asked.name:
            case "__typename":
                return constant(names.record_type(relation.name))
            case "relation":
                return self.term(asked, relation.name, relation.label, relation.iri)
            case "ends":
                return self.many.ends(asked, relation)
        for end in relation.ends:
            if end.name == asked.name:
                return plan.EndEntity(relation, end.role, self.shapes(asked.below, end.kinds))
        for field in relation.fields:
            if field.name == asked.name:
                return self.field(asked, field)
        return self.sourced(asked)

    def ends(self, asked: Asked, relation: Relation) -> plan.Items:
        """Every end of a record, as one list."""
        objects = []
        for end in relation.ends:
            members: list[tuple[str, plan.Node]] = []
            for one in self.asked(asked.below, "RecordEnd"):
                match one.name:
                    case "__typename":
                        members.append((one.key, constant("RecordEnd")))
                    case "name":
                        members.append((one.key, constant(end.name)))
                    case "label":
                        members.append((one.key, constant(self.label(one, end.label))))
                    case "entity":
                        shapes = self.shapes(one.below, end.kinds)
                        members.append((one.key, plan.EndEntity(relation, end.role, shapes)))
            objects.append(plan.Object("", tuple(members)))
        return plan.Items(tuple(objects))

    # ------------------------------------------------------------ what both have

    def sourced(self, asked: Asked) -> plan.Node:
        match asked.name:
            case "valid":
                return self.dates(asked)
            case "citations":
                return self.many.citations(asked)
            case "known":
                return self.known(asked)
        return plan.Scalar(asked.name)

    def field(self, asked: Asked, field: Field) -> plan.Node:
        if field.type is not FieldType.TERM:
            return plan.Scalar(field)
        members: list[tuple[str, str | plan.Text]] = []
        for one in self.asked(asked.below, "Term"):
            match one.name:
                case "__typename":
                    members.append((one.key, constant("Term")))
                case "label":
                    members.append((one.key, self.lang(one)))
                case name:
                    members.append((one.key, name))
        return plan.Labelled(field, tuple(members))

    def term(self, asked: Asked, code: str, label: Label, iri: str) -> plan.Text:
        """A term that is the same in every answer: a kind or a relation."""
        values: dict[str, Callable[[Asked], str]] = {
            "__typename": lambda _: "Term",
            "code": lambda _: code,
            "label": lambda one: self.label(one, label),
            "iri": lambda _: iri,
        }
        return constant({one.key: values[one.name](one) for one in self.asked(asked.below, "Term")})

    def dates(self, asked: Asked) -> plan.Dates:
        members: list[tuple[str, str | plan.Text | tuple[tuple[str, plan.EndPart | plan.Text], ...]]] = []
        for one in self.asked(asked.below, "Valid"):
            match one.name:
                case "__typename":
                    members.append((one.key, constant("Valid")))
                case "text":
                    members.append((one.key, self.lang(one)))
                case end:
                    members.append((one.key, self.end(one, end)))
        return plan.Dates(tuple(members))

    def end(self, asked: Asked, end: str) -> tuple[tuple[str, plan.EndPart | plan.Text], ...]:
        parts: list[tuple[str, plan.EndPart | plan.Text]] = []
        for one in self.asked(asked.below, "End"):
            match one.name:
                case "__typename":
                    parts.append((one.key, constant("End")))
                case "text":
                    parts.append((one.key, plan.EndPart(end, self.lang(one))))
                case part:
                    parts.append((one.key, plan.EndPart(end, part)))
        return tuple(parts)

    def citations(self, asked: Asked) -> plan.Cited:
        members: list[tuple[str, str | plan.Text | plan.Object]] = []
        for one in self.asked(asked.below, "Citation"):
            match one.name:
                case "__typename":
                    members.append((one.key, constant("Citation")))
                case "source":
                    members.append((one.key, self.entity(one.below, "Source")))
                case part:
                    members.append((one.key, part))
        return plan.Cited(tuple(members))

    # ------------------------------------------------------------ loads

    def known(self, asked: Asked) -> plan.Known:
        """The load that brought a version, and the one that took it back."""
        members: list[tuple[str, str, plan.Text | plan.Object]] = []
        for one in self.asked(asked.below, "Known"):
            told = constant("Known") if one.name == "__typename" else self.load(one.below)
            members.append((one.key, one.name, told))
        return plan.Known(tuple(members))

    def load(self, selections: Selections) -> plan.Object:
        members: list[tuple[str, plan.Node]] = []
        for one in self.asked(selections, "Load"):
            match one.name:
                case "__typename":
                    members.append((one.key, constant("Load")))
                case "files":
                    members.append((one.key, plan.LoadFiles(self.parts(one, "LoadFile"))))
                case part:
                    members.append((one.key, plan.Scalar(part)))
        return plan.Object("", tuple(members))
