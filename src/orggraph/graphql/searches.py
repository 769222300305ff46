"""``search`` → a plan's ``Search``. In: the field as asked. Out: what is told of each entity that a text finds."""

from __future__ import annotations

from orggraph.graphql.asking import constant
from orggraph.graphql.inputs import items, known
from orggraph.graphql.selection import Asked
from orggraph.graphql.turns import Turns
from orggraph.plan import nodes as plan
from orggraph.plan import scope as scopes

CONNECTION, EDGE = "SearchConnection", "SearchEdge"


class Searches(Turns):
    """Plans what is found by name."""

    def search(self, asked: Asked) -> plan.Search:
        text = self.value(asked, "text", "String")
        assert text is not None, "a valid document gives it"
        first = self.value(asked, "first", "Int") or scopes.Constant(20)
        kinds, below = self.kinds(asked), self.many
        members: list[tuple[str, plan.Hits | plan.Nodes | plan.Total | plan.Text]] = []
        for one in self.asked(asked.below, CONNECTION):
            match one.name:
                case "__typename":
                    members.append((one.key, constant(CONNECTION)))
                case "nodes":
                    members.append((one.key, plan.Nodes(below.shapes(one.below, kinds))))
                case "edges":
                    members.append((one.key, below.hits(one, kinds)))
                case "totalCount":
                    members.append((one.key, plan.Total(self.certainty(one))))
        return plan.Search(text, kinds, first, tuple(members))

    def kinds(self, asked: Asked) -> tuple[str, ...]:
        """The concrete kinds that are searched: all, or those of the kinds that are named."""
        given = self.argument(asked, "kinds")
        concrete = [kind.name for kind in self.words.model.concrete()]
        if given is None:
            return tuple(concrete)
        named = {kind for one in items(given) for kind in self.words.model.kinds[str(known(one))].concrete}
        return tuple(kind for kind in concrete if kind in named)

    def hits(self, asked: Asked, kinds: tuple[str, ...]) -> plan.Hits:
        members: list[tuple[str, str | plan.Text | plan.Shapes]] = []
        for one in self.asked(asked.below, EDGE):
            match one.name:
                case "__typename":
                    members.append((one.key, constant(EDGE)))
                case "node":
                    members.append((one.key, self.shapes(one.below, kinds)))
                case part:
                    members.append((one.key, part))
        return plan.Hits(tuple(members))
