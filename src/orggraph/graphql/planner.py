"""A validated operation → its plan. In: AST, variables (coerced), the model's vocabulary. Out: an ``Answer``.

One function per GraphQL type; each turns what is asked of it into a plan node. Whatever is the same in every answer
(type names, labels) becomes text here and costs nothing later.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import FragmentDefinitionNode, OperationDefinitionNode

from orggraph.errors import OperationError
from orggraph.graphql import filters
from orggraph.graphql.inputs import Dropped, Input, known, leaf, leaves, written
from orggraph.graphql.scopes import dates_of
from orggraph.graphql.selection import Asked, Document, Selections, collect
from orggraph.graphql.vocabulary import Many, One, Vocabulary
from orggraph.model import names
from orggraph.model.entries import Label
from orggraph.model.model import Field, Relation
from orggraph.model.values import Value as FieldType
from orggraph.plan import nodes as plan
from orggraph.plan import scope as scopes


def plan_operation(
    words: Vocabulary,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    variables: Mapping[str, Any],
) -> plan.Answer:
    """The plan of one operation; raises OperationError for what cannot be answered."""
    planner = Planner(words, Document(fragments, variables))
    return plan.Answer(scopes.OUTERMOST, planner.root((operation.selection_set,), "Query"))


EACH_STEPS = (("from", "Date"), ("until", "Date"), ("step", "Duration"))


def constant(value: object) -> plan.Text:
    """JSON text that every answer repeats."""
    return plan.Text(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


@dataclass(frozen=True)
class Planner:
    words: Vocabulary
    document: Document

    # ------------------------------------------------------------ asking

    def asked(self, selections: Selections, *types: str) -> list[Asked]:
        return collect(self.document, selections, types)

    def argument(self, asked: Asked, name: str) -> Input | None:
        for argument in asked.field.arguments or ():
            if argument.name.value == name:
                return written(argument.value, self.document.variables)
        return None

    def value(self, asked: Asked, name: str, scalar: str) -> scopes.Value | None:
        given = self.argument(asked, name)
        return None if given is None or isinstance(given, Dropped) else leaf(given, scalar)

    def word(self, asked: Asked, name: str, default: str | None = None) -> str | None:
        """An argument that the plan's shape depends on."""
        given = self.argument(asked, name)
        return default if given is None or isinstance(given, Dropped) else str(known(given))

    def label(self, asked: Asked, label: Label) -> str:
        return label.en if self.lang(asked) == "en" else label.zh

    def lang(self, asked: Asked) -> str:
        return str(self.word(asked, "lang", "ZH")).lower()

    # ------------------------------------------------------------ roots

    def root(self, selections: Selections, type_: str) -> plan.Object:
        asked = self.asked(selections, type_)
        return plan.Object(type_, tuple((one.key, self.root_field(one, type_)) for one in asked))

    def root_field(self, asked: Asked, type_: str) -> plan.Node:
        words, name = self.words, asked.name
        match name:
            case "__typename":
                return constant(type_)
            case "at" | "during" | "ever":
                return plan.InScope(self.scope(asked), self.root(asked.below, "Graph"))
            case "each":
                return plan.EachDay(self.days(asked), self.root(asked.below, "Graph"))
            case "scope":
                return plan.TheScope(self.parts(asked, "Scope"))
        if name in words.by_singular:
            kinds = words.model.kinds[words.by_singular[name]].concrete
            return plan.OneEntity(self.key(asked), self.shapes(asked.below, kinds))
        if name in words.by_plural:
            kind = words.by_plural[name]
            source = plan.AllOf(words.model.kinds[kind].concrete)
            return self.listing(asked, source, names.root_connection(kind), names.root_edge(kind))
        if name in words.record_by_singular:
            relation = words.record_by_singular[name]
            return plan.OneRecord(relation, self.key(asked), self.record(asked.below, relation))
        if name in words.record_by_plural:
            relation = words.record_by_plural[name]
            types = names.record_connection(relation.name), names.record_edge(relation.name)
            return self.listing(asked, plan.RecordsOf(relation), *types)
        raise OperationError(f"{name} is not answered", "NOT_ANSWERED")

    def key(self, asked: Asked) -> scopes.Value:
        key = self.value(asked, "key", "ID")
        if key is None:
            raise OperationError("key is missing", "BAD_VALUE")
        return key

    def parts(self, asked: Asked, type_: str) -> tuple[tuple[str, str | plan.Text], ...]:
        """The fields of a type without arguments, by response key."""
        return tuple(
            (one.key, constant(type_) if one.name == "__typename" else one.name)
            for one in self.asked(asked.below, type_)
        )

    def scope(self, asked: Asked) -> scopes.Scope:
        """The scope that a field opens; what it does not say stays as it is around it."""
        certainty = self.word(asked, "certainty")
        number, moment = self.value(asked, "load", "Int"), self.value(asked, "knownAt", "DateTime")
        if number is not None and moment is not None:
            raise OperationError("say either load: or knownAt:", "BAD_VALUE")
        load = scopes.AsOf(number) if number is not None else None
        if moment is not None:
            load = scopes.AsOf(moment, moment=True)
        given = {name: value for name in ("date", "in", "from", "until") if (value := self.argument(asked, name))}
        dates = dates_of(asked.name, given)
        return scopes.Scope(dates, load, None if certainty is None else scopes.Certainty(certainty))

    def days(self, asked: Asked) -> scopes.Value:
        """The days of ``each``: as listed, or start, end and step."""
        listed = self.argument(asked, "dates")
        days = None if listed is None or isinstance(listed, Dropped) else leaves(listed, "Date")
        steps = [self.value(asked, name, scalar) for name, scalar in EACH_STEPS]
        if (days is None) == (None in steps) and (days is None or any(steps)):
            raise OperationError("each: wants either dates: or all of from:, until: and step:", "BAD_VALUE")
        nothing = scopes.Constant(None)
        return scopes.Joined((days or nothing, *(step or nothing for step in steps)))

    # ------------------------------------------------------------ entities and records

    def shapes(self, selections: Selections, kinds: tuple[str, ...]) -> plan.Shapes:
        return tuple(self.entity(selections, kind) for kind in kinds)

    def entity(self, selections: Selections, kind: str) -> plan.Object:
        supers = self.words.model.kinds[kind].supers
        asked = self.asked(selections, kind, "Entity", *supers)
        return plan.Object(kind, tuple((one.key, self.entity_field(one, kind)) for one in asked))

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
        match self.words.kinds[kind].get(asked.name):
            case Field() as field:
                return self.field(asked, field)
            case One(source):
                return plan.ToOne(source, self.shapes(asked.below, source.kinds))
            case Many(source):
                return self.far_listing(asked, source)
        return self.sourced(asked)

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

    def sourced(self, asked: Asked) -> plan.Scalar | plan.Dates | plan.Cited:
        """What entities and records share."""
        match asked.name:
            case "valid":
                return self.dates(asked)
            case "citations":
                return self.citations(asked)
        return plan.Scalar(asked.name)

    def record(self, selections: Selections, relation: Relation) -> plan.Object:
        type_ = names.record_type(relation.name)
        asked = self.asked(selections, type_, "RelationRecord")
        return plan.Object(relation.name, tuple((one.key, self.record_field(one, relation)) for one in asked))

    def record_field(self, asked: Asked, relation: Relation) -> plan.Node:
        match asked.name:
            case "__typename":
                return constant(names.record_type(relation.name))
            case "relation":
                return self.term(asked, relation.name, relation.label, relation.iri)
        for end in relation.ends:
            if end.name == asked.name:
                return plan.EndEntity(relation, end.role, self.shapes(asked.below, end.kinds))
        for field in relation.fields:
            if field.name == asked.name:
                return self.field(asked, field)
        return self.sourced(asked)

    # ------------------------------------------------------------ dates and citations

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

    # ------------------------------------------------------------ connections

    def far_listing(self, asked: Asked, source: plan.Over | plan.Along) -> plan.Listing:
        if isinstance(source, plan.Over) and source.records:
            relation = source.hop.relation
            return self.listing(asked, source, names.record_connection(relation), names.record_edge(relation))
        field = source.hop if isinstance(source, plan.Over) else source.link
        return self.listing(asked, source, *names.hop_connection(field.kind, field.plural))

    def listing(self, asked: Asked, source: plan.Source, connection: str, edge: str) -> plan.Listing:
        where = self.where(asked, source)
        members: list[tuple[str, plan.Edges | plan.Nodes | plan.Total | plan.HasNext | plan.Text]] = []
        for one in self.asked(asked.below, connection):
            match one.name:
                case "__typename":
                    members.append((one.key, constant(connection)))
                case "nodes":
                    members.append((one.key, plan.Nodes(self.nodes(one, source))))
                case "edges":
                    members.append((one.key, self.edges(one, source, edge)))
                case "totalCount":
                    certainty = self.word(one, "certainty")
                    members.append((one.key, plan.Total(None if certainty is None else scopes.Certainty(certainty))))
                case "pageInfo":
                    members.append((one.key, self.page_info(one)))
        return plan.Listing(source, where, self.value(asked, "first", "First"), tuple(members))

    def where(self, asked: Asked, source: plan.Source) -> plan.Filter:
        given = self.argument(asked, "where")
        if given is None or isinstance(given, Dropped):
            return plan.ANYTHING
        if isinstance(source, plan.AllOf):
            found = filters.entity_filter(self.words, self.words.by_plural[asked.name], given)
        else:
            found = filters.source_filter(self.words, source, given)
        return plan.ANYTHING if found is None else found

    def nodes(self, asked: Asked, source: plan.Source) -> plan.Shapes:
        match source:
            case plan.RecordsOf(relation):
                return (self.record(asked.below, relation),)
            case plan.Over(hop, _, records=True):
                return (self.record(asked.below, self.words.model.relations[hop.relation]),)
        return self.shapes(asked.below, source.kinds)

    def edges(self, asked: Asked, source: plan.Source, edge: str) -> plan.Edges:
        members: list[
            tuple[str, plan.Text | plan.Scalar | plan.Dates | plan.TheRecord | plan.TheLink | plan.Shapes]
        ] = []
        for one in self.asked(asked.below, edge):
            match one.name:
                case "__typename":
                    members.append((one.key, constant(edge)))
                case "certainty":
                    members.append((one.key, plan.Scalar("certainty")))
                case "valid":
                    members.append((one.key, self.dates(one)))
                case "node":
                    members.append((one.key, self.nodes(one, source)))
                case "record":
                    members.append((one.key, self.edge_record(one, source)))
        return plan.Edges(tuple(members))

    def edge_record(self, asked: Asked, source: plan.Source) -> plan.TheRecord | plan.TheLink:
        match source:
            case plan.Over(hop):
                return plan.TheRecord(self.record(asked.below, self.words.model.relations[hop.relation]))
            case plan.Along(link):
                return self.derived_record(asked, link.derived)
        raise AssertionError(source)

    def derived_record(self, asked: Asked, name: str) -> plan.TheLink:
        derived = self.words.model.derived[name]
        members: list[tuple[str, plan.Text | plan.Scalar | plan.Dates | plan.Via]] = []
        for one in self.asked(asked.below, "DerivedRecord"):
            match one.name:
                case "__typename":
                    members.append((one.key, constant("DerivedRecord")))
                case "relation":
                    members.append((one.key, self.term(one, derived.name, derived.label, derived.iri)))
                case "valid":
                    members.append((one.key, self.dates(one)))
                case "via":
                    relations = (self.words.model.relations[step.hop.relation] for step in derived.chain)
                    members.append((one.key, plan.Via(tuple(self.record(one.below, r) for r in relations))))
                case part:
                    members.append((one.key, plan.Scalar(part)))
        return plan.TheLink(tuple(members))

    def page_info(self, asked: Asked) -> plan.HasNext:
        members = self.asked(asked.below, "PageInfo")
        return plan.HasNext(
            tuple((one.key, constant("PageInfo") if one.name == "__typename" else one.name) for one in members)
        )
