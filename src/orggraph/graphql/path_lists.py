"""``paths`` → a plan's ``Paths``. In: the field as asked. Out: what is told of each of the shortest paths."""

from __future__ import annotations

from orggraph.graphql.asking import constant
from orggraph.graphql.inputs import items, known, leaves
from orggraph.graphql.searches import Searches
from orggraph.graphql.selection import Asked
from orggraph.model.model import Relation
from orggraph.plan import nodes as plan
from orggraph.plan import scope as scopes

LIST, PATH = "PathList", "Path"
LONGEST, FIRST = 6, 5

Printed = plan.Nodes | plan.Via


class PathLists(Searches):
    """Plans paths between two entities."""

    def paths(self, asked: Asked) -> plan.Paths[Printed]:
        start, end = self.value(asked, "from", "ID"), self.value(asked, "to", "ID")
        assert start is not None, "a valid document gives it"
        assert end is not None, "a valid document gives it"
        given = self.argument(asked, "avoid")
        avoid = scopes.Constant(()) if given is None else leaves(given, "ID")
        longest = self.value(asked, "maxLength", "Int") or scopes.Constant(LONGEST)
        first = self.value(asked, "first", "Int") or scopes.Constant(FIRST)
        through, below = self.through(asked), self.many
        members = tuple(
            (one.key, constant(LIST) if one.name == "__typename" else below.path(one, through))
            for one in self.asked(asked.below, LIST)
        )
        return plan.Paths(start, end, through, avoid, longest, first, members)

    def through(self, asked: Asked) -> tuple[Relation, ...]:
        """The relations that a path may lead over: all, or those that are named."""
        given, relations = self.argument(asked, "through"), self.words.model.relations
        named = None if given is None else {str(known(one)) for one in items(given)}
        return tuple(relation for name, relation in relations.items() if named is None or name in named)

    def path(self, asked: Asked, through: tuple[Relation, ...]) -> plan.Path[Printed]:
        members: list[tuple[str, str | plan.Text | plan.Dates | plan.Nodes | plan.Via]] = []
        for one in self.asked(asked.below, PATH):
            match one.name:
                case "__typename":
                    members.append((one.key, constant(PATH)))
                case "valid":
                    members.append((one.key, self.dates(one)))
                case "nodes":
                    members.append((one.key, plan.Nodes(self.all_kinds(one))))
                case "records":
                    members.append((one.key, plan.Via(tuple(self.record(one.below, each) for each in through))))
                case part:
                    members.append((one.key, part))
        return plan.Path(tuple(members))

    def all_kinds(self, asked: Asked) -> plan.Shapes:
        return self.shapes(asked.below, tuple(kind.name for kind in self.words.model.concrete()))
