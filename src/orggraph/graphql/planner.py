"""A validated operation → its plan. In: AST, variables (coerced), the model's vocabulary. Out: an ``Answer``.

asking.py (arguments, scopes) ← things.py (one thing) ← lists.py (many) ← turns.py (who takes and leaves), change_lists.py (what
                              loads changed) ← here (what an operation begins with)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graphql import FragmentDefinitionNode, OperationDefinitionNode

from orggraph.errors import OperationError
from orggraph.graphql.asking import constant, located
from orggraph.graphql.change_lists import ChangeLists
from orggraph.graphql.inputs import items, known, leaf, leaves
from orggraph.graphql.introspection import mark
from orggraph.graphql.path_lists import PathLists
from orggraph.graphql.selection import Asked, Document, Selections
from orggraph.graphql.vocabulary import Vocabulary
from orggraph.model import names
from orggraph.plan import nodes as plan
from orggraph.plan import scope as scopes
from orggraph.plan.ids import IdForm, parse_id

LOADS = "LoadConnection"


def plan_operation(
    words: Vocabulary,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    variables: Mapping[str, Any],
    outermost: scopes.Scope = scopes.OUTERMOST,
) -> plan.Answer:
    """The plan of one operation, around which a scope stands; raises OperationError for what cannot be answered."""
    planner = Planner(words, Document(fragments, variables))
    return plan.Answer(outermost, planner.root((operation.selection_set,), "Query"))


class Planner(PathLists, ChangeLists):
    """Plans what stands at the root, and below a scope."""

    def root(self, selections: Selections, type_: str) -> plan.Object:
        asked = self.asked(selections, type_)
        return plan.Object(type_, tuple((one.key, self.root_field(one, type_)) for one in asked))

    @located
    def root_field(self, asked: Asked, type_: str) -> plan.Node:
        match asked.name:
            case "__typename":
                return constant(type_)
            case "__schema" | "__type":
                return constant(mark(asked.key))
            case "at" | "during" | "ever":
                scope = self.scope(asked)
                return plan.InScope(scope, self.within(scope).root(asked.below, "Graph"))
            case "each":
                each = replace(self.many, ranged=False)
                return plan.EachDay(self.days(asked), each.root(asked.below, "Graph"))
            case "scope":
                return plan.TheScope(self.parts(asked, "Scope"))
            case "node":
                return self.one_node(asked)
            case "nodes":
                return self.many.many_nodes(asked)
            case "loads":
                return self.loads(asked)
            case "changes":
                return self.changes(asked)
            case "model":
                return self.model(asked)
            case "record":
                return plan.OneOfRecords(self.key(asked), self.all_records(asked))
            case "records":
                return self.far_listing(
                    asked, plan.AnyRecords(tuple(self.words.model.relations.values()), self.words.any)
                )
            case "turnover":
                return self.turnover(asked)
            case "search":
                return self.search(asked)
            case "paths":
                return self.paths(asked)
        return self.entity_root(asked) or self.record_root(asked)

    def entity_root(self, asked: Asked) -> plan.Node | None:
        words, name = self.words, asked.name
        if name in words.by_singular:
            kinds = words.described[words.by_singular[name]].concrete
            return plan.OneEntity(self.key(asked), self.shapes(asked.below, kinds))
        if name in words.by_plural:
            kind = words.by_plural[name]
            source = plan.AllOf(kind, words.described[kind].concrete)
            return self.listing(asked, source, names.root_connection(kind), names.root_edge(kind))
        return None

    def record_root(self, asked: Asked) -> plan.Node:
        words, name = self.words, asked.name
        if name in words.record_by_singular:
            relation = words.record_by_singular[name]
            return plan.OneRecord(relation, self.key(asked), self.record(asked.below, relation))
        if name in words.record_by_plural:
            relation = words.record_by_plural[name]
            types = names.record_connection(relation.name), names.record_edge(relation.name)
            return self.listing(asked, plan.RecordsOf(relation), *types)
        raise OperationError(f"{name} is not answered", "NOT_ANSWERED")

    # ------------------------------------------------------------ nodes

    def all_entities(self, asked: Asked) -> plan.Shapes:
        return self.shapes(asked.below, tuple(kind.name for kind in self.words.model.concrete()))

    def all_records(self, asked: Asked) -> plan.Shapes:
        return tuple(self.record(asked.below, relation) for relation in self.words.model.relations.values())

    def one_node(self, asked: Asked) -> plan.Node:
        given = self.argument(asked, "id")
        assert given is not None, "a valid document gives it"
        found = parse_id(str(known(given)))
        if found is None:
            return constant(None)
        return plan.OneNode(leaf(given, "ID"), found.form, self.all_entities(asked), self.all_records(asked))

    def many_nodes(self, asked: Asked) -> plan.Node:
        given = self.argument(asked, "ids")
        assert given is not None, "a valid document gives it"
        found = (parse_id(str(known(one))) for one in items(given))
        forms: dict[IdForm, None] = {one.form: None for one in found if one is not None}
        return plan.ManyNodes(leaves(given, "ID"), tuple(forms), self.all_entities(asked), self.all_records(asked))

    # ------------------------------------------------------------ loads and model

    def loads(self, asked: Asked) -> plan.Loads:
        page = self.page(asked, LOADS)
        members: list[tuple[str, plan.LoadEdges | plan.Object | plan.Total | plan.PageInfo | plan.Text]] = []
        for one in self.asked(asked.below, LOADS):
            match one.name:
                case "__typename":
                    members.append((one.key, constant(LOADS)))
                case "nodes":
                    members.append((one.key, self.load(one.below)))
                case "edges":
                    members.append((one.key, self.load_edges(one)))
                case "totalCount":
                    members.append((one.key, plan.Total()))
                case "pageInfo":
                    members.append((one.key, plan.PageInfo(self.parts(one, "PageInfo"))))
        return plan.Loads(page, tuple(members))

    def load_edges(self, asked: Asked) -> plan.LoadEdges:
        members: list[tuple[str, str | plan.Text | plan.Object]] = []
        for one in self.asked(asked.below, "LoadEdge"):
            match one.name:
                case "__typename":
                    members.append((one.key, constant("LoadEdge")))
                case "node":
                    members.append((one.key, self.load(one.below)))
                case part:
                    members.append((one.key, part))
        return plan.LoadEdges(tuple(members))

    def model(self, asked: Asked) -> plan.Object:
        """The model, which is the same in every answer."""
        model = self.words.model
        told: dict[str, plan.Text] = {
            "__typename": constant("Model"),
            "name": constant(model.name),
            "iri": constant(model.iri),
            "timezone": constant(model.timezone),
        }
        described = {"kinds": model.kinds, "relations": model.relations, "derived": model.derived}
        members: list[tuple[str, plan.Node]] = []
        for one in self.asked(asked.below, "Model"):
            if one.name in described:
                terms = (self.term(one, d.name, d.label, d.iri) for d in described[one.name].values())  # type: ignore[attr-defined]  # all three have them
                members.append((one.key, plan.Text(f"[{','.join(term.json for term in terms)}]")))
            else:
                members.append((one.key, told.get(one.name) or constant(self.label(one, model.label))))
        return plan.Object("", tuple(members))
