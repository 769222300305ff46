"""What loads changed → a connection of changes. In: selections. Out: a ``plan.Changes``."""

from __future__ import annotations

from orggraph.graphql.asking import constant
from orggraph.graphql.inputs import Dropped, Input, fields, items, known, leaves
from orggraph.graphql.lists import Lists
from orggraph.graphql.selection import Asked
from orggraph.model.model import Kind, Relation
from orggraph.plan import nodes as plan
from orggraph.plan import scope as scopes

CHANGES = "ChangeConnection"
Members = list[
    tuple[str, plan.ChangeEdges | tuple[plan.Change, ...] | plan.Total | plan.PageInfo | plan.Purges | plan.Text]
]
Parts = list[tuple[str, plan.Text | plan.Scalar | plan.Object | plan.Version | plan.FileRow]]


class ChangeLists(Lists):
    """Plans the feed of changes."""

    def changes(self, asked: Asked) -> plan.Changes:
        since = self.value(asked, "since", "Int")
        assert since is not None, "a valid document gives it"
        where = self.change_tests(self.argument(asked, "where"))
        below, members = self.many, Members()
        for one in self.asked(asked.below, CHANGES):
            match one.name:
                case "__typename":
                    members.append((one.key, constant(CHANGES)))
                case "nodes":
                    members.append((one.key, below.change_of_each(one, where)))
                case "edges":
                    members.append((one.key, below.change_edges(one, where)))
                case "totalCount":
                    members.append((one.key, plan.Total()))
                case "pageInfo":
                    members.append((one.key, plan.PageInfo(self.parts(one, "PageInfo"))))
                case "purges":
                    members.append((one.key, plan.Purges(self.parts(one, "Purge"))))
        until = self.value(asked, "until", "Int")
        return plan.Changes(since, until, where, self.page(asked, CHANGES), tuple(members))

    def change_tests(self, where: Input | None) -> plan.ChangeTests:
        model = self.words.model
        given = {} if where is None else fields(where)
        asked = {name: leaves(one, SCALARS[name]) for name, one in given.items() if not isinstance(one, Dropped)}
        kinds, relations = _kinds(given.get("kinds")), asked.get("relations")
        tables: list[Kind | Relation] = []
        if kinds is not None or relations is None:
            tables += [one for one in model.concrete() if kinds is None or kinds & {one.name, *one.supers}]
        if relations is not None or kinds is None:
            tables += [one for one in model.relations.values() if _may_be(one.name, relations)]
        return plan.ChangeTests(
            tuple(tables), _unknown(relations), asked.get("keys"), asked.get("what"), asked.get("citedFrom"),
            asked.get("touching"),
        )  # fmt: skip

    def change_edges(self, asked: Asked, where: plan.ChangeTests) -> plan.ChangeEdges:
        members: list[tuple[str, str | plan.Text | tuple[plan.Change, ...]]] = []
        for one in self.asked(asked.below, "ChangeEdge"):
            match one.name:
                case "__typename":
                    members.append((one.key, constant("ChangeEdge")))
                case "node":
                    members.append((one.key, self.change_of_each(one, where)))
                case part:
                    members.append((one.key, part))
        return plan.ChangeEdges(tuple(members))

    def change_of_each(self, asked: Asked, where: plan.ChangeTests) -> tuple[plan.Change, ...]:
        """A change in each table."""
        return tuple(self.change(asked, table) for table in where.tables)

    def change(self, asked: Asked, table: Kind | Relation) -> plan.Change:
        members = Parts()
        for one in self.asked(asked.below, "Change"):
            match one.name:
                case "__typename":
                    members.append((one.key, constant("Change")))
                case "kind" | "relation":
                    own = (one.name == "kind") is isinstance(table, Kind)
                    term = self.term(one, table.name, table.label, table.iri)
                    members.append((one.key, term if own else constant(None)))
                case "load":
                    members.append((one.key, self.load(one.below)))
                case "before" | "after":
                    members.append((one.key, plan.Version(one.name == "before", self.version(one, table))))
                case part:
                    members.append((one.key, plan.Scalar(part)))
        return plan.Change(table.name, tuple(members))

    def version(self, asked: Asked, table: Kind | Relation) -> plan.Object:
        if isinstance(table, Kind):
            return self.state(asked.below, table.name)
        return self.record(asked.below, table)


def _kinds(given: Input | None) -> set[str] | None:
    """The kinds, abstract ones too, that the document or a request names."""
    return None if given is None or isinstance(given, Dropped) else {str(known(one)) for one in items(given)}


SCALARS = {"kinds": "Enum", "relations": "Enum", "what": "Enum", "keys": "ID", "citedFrom": "ID", "touching": "ID"}


def _may_be(name: str, asked: scopes.Value | None) -> bool:
    """Whether a table may be one of those that are asked for."""
    return not isinstance(asked, scopes.Constant) or name in asked.value  # type: ignore[operator]  # leaves gives tuples


def _unknown(asked: scopes.Value | None) -> scopes.Value | None:
    """What only the request tells."""
    return None if isinstance(asked, scopes.Constant) else asked
