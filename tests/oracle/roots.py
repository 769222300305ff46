"""What stands at the root and in every scope opened there. In: a Scope. Out: values and views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.oracle.changes import FeedView
from tests.oracle.lists import ConnectionView, connection, loads
from tests.oracle.parts import Arguments, ModelView
from tests.oracle.paths import PathListView
from tests.oracle.scope import Scope, key_of
from tests.oracle.searching import SearchView
from tests.oracle.spans import iso
from tests.oracle.turnover import turnover
from tests.oracle.views import EntityView, RecordView, entity_rows, entity_view, record_rows, record_view
from tests.oracle.world import ENTITY, kinds_below


@dataclass(frozen=True)
class ScopeView:
    scope: Scope

    def field(self, name: str, _: Arguments) -> Any:
        n = self.scope.n
        return {
            "date": None if n.narrows else iso(n.a0),
            "from": iso(n.a0) if n.narrows else None,
            "until": iso(n.b1) if n.narrows else None,
            "load": self.scope.load,
            "certainty": "CERTAIN" if self.scope.certain else "POSSIBLE",
        }[name]


@dataclass(frozen=True)
class RootView:
    scope: Scope

    def field(self, name: str, args: Arguments) -> Any:
        scope = self.scope
        match name:
            case "at" | "during" | "ever":
                return RootView(scope.opened(name, args))
            case "each":
                return [RootView(one) for one in scope.each(args)]
            case "scope":
                return ScopeView(scope)
            case "node":
                return self.node(args["id"])
            case "nodes":
                return [self.node(one) for one in args["ids"]]
            case "turnover":
                return turnover(scope, args)
            case "loads":
                return loads(scope, args)
            case "model":
                return ModelView(scope.world.model)
            case "entity":
                return entity_view(key_of(args["key"]), scope)
            case "entities":
                return self.entities(ENTITY, args)
            case "record":
                return record_view(key_of(args["key"]), scope)
            case "search":
                return SearchView(scope, args)
            case "changes":
                return FeedView(scope, args)
            case "paths":
                return PathListView(scope, args)
            case "records":
                return connection(scope, args, record_rows(scope, scope.world.all_records(), args.get("where", {})), "")
        return self.modelled(name, args)

    def node(self, id_: str) -> EntityView | RecordView | None:
        """What an id stands for, in the scope that it carries."""
        found = self.scope.reopened(id_)
        return found and (entity_view(*found) or record_view(*found))

    def modelled(self, name: str, args: Arguments) -> Any:
        """The roots of a kind or a relation."""
        scope = self.scope
        for kind in scope.world.model.kinds.values():
            if name == kind.singular:
                found = entity_view(key_of(args["key"]), scope)
                below = [one.name for one in kinds_below(scope.world.model, kind.name)]
                return found if found and found.typename in below else None
            if name == kind.plural:
                return self.entities(kind.name, args)
        for relation in scope.world.model.relations.values():
            if name == f"{relation.singular}Record":
                record = record_view(key_of(args["key"]), scope)
                return record if record and record.record.relation == relation.name else None
            if name == f"{relation.singular}Records":
                records = scope.world.of_relation(relation.name)
                return connection(scope, args, record_rows(scope, records, args.get("where", {})), relation.name)
        raise KeyError(name)

    def entities(self, kind: str, args: Arguments) -> ConnectionView:
        return connection(self.scope, args, entity_rows(self.scope, kind, args.get("where", {})), kind)
