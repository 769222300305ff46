"""Who takes and who leaves in a range → a connection of turns. In: selections. Out: a ``Turnover`` node."""

from __future__ import annotations

from collections.abc import Iterable

from orggraph.errors import OperationError
from orggraph.graphql import filters, orders
from orggraph.graphql.asking import constant
from orggraph.graphql.lists import Lists
from orggraph.graphql.selection import Asked, Selections
from orggraph.model.model import Relation
from orggraph.plan import nodes as plan

TURNOVER = "TurnoverConnection"
ON_A_DAY = (
    "turnover: tells who takes and who leaves in a range of days, and this is one day; "
    'ask for it in a range: during(from: "2019-01-01", until: "2020-01-01") { turnover { … } }'
)


class Turns(Lists):
    """Plans turnover."""

    def turnover(self, asked: Asked) -> plan.Turnover:
        if not self.ranged:
            raise OperationError(ON_A_DAY, "TURNOVER_ON_A_DAY")
        given = self.argument(asked, "orderBy")
        descending = given is not None and orders.latest_first(given)
        page = self.page(asked, f"{TURNOVER} {descending}")
        given = self.argument(asked, "where")
        where = (None if given is None else filters.turn_filter(self.words, given)) or plan.ANYTHING
        relations = filters.relations_asked(where, turning(self.words.model.relations.values()))
        members: list[tuple[str, plan.TurnEdges | plan.Object | plan.Total | plan.PageInfo | plan.Text]] = []
        below = self.many
        for one in self.asked(asked.below, TURNOVER):
            match one.name:
                case "__typename":
                    members.append((one.key, constant(TURNOVER)))
                case "nodes":
                    members.append((one.key, below.turn(one.below, relations)))
                case "edges":
                    members.append((one.key, below.turn_edges(one, relations)))
                case "totalCount":
                    members.append((one.key, plan.Total(self.certainty(one))))
                case "pageInfo":
                    members.append((one.key, plan.PageInfo(self.parts(one, "PageInfo"))))
        return plan.Turnover(relations, self.words.any, where, descending, page, tuple(members))

    def turn_edges(self, asked: Asked, relations: tuple[Relation, ...]) -> plan.TurnEdges:
        members: list[tuple[str, str | plan.Text | plan.Object]] = []
        for one in self.asked(asked.below, "TurnoverEdge"):
            match one.name:
                case "__typename":
                    members.append((one.key, constant("TurnoverEdge")))
                case "node":
                    members.append((one.key, self.turn(one.below, relations)))
                case part:
                    members.append((one.key, part))
        return plan.TurnEdges(tuple(members))

    def turn(self, selections: Selections, relations: tuple[Relation, ...]) -> plan.Object:
        members: list[tuple[str, plan.Node]] = []
        for one in self.asked(selections, "Turnover"):
            match one.name:
                case "__typename":
                    members.append((one.key, constant("Turnover")))
                case "on":
                    members.append((one.key, plan.TurnDay(self.day_parts(one))))
                case "record":
                    members.append((one.key, self.turn_record(one, relations, 0)))
                case "predecessor" | "successor":
                    posts = tuple(relation for relation in relations if relation.posts)
                    members.append((one.key, self.turn_record(one, posts, -1 if one.name == "predecessor" else 1)))
                case part:
                    members.append((one.key, plan.Scalar(part)))
        return plan.Object("", tuple(members))

    def turn_record(self, asked: Asked, relations: tuple[Relation, ...], next_: int) -> plan.TurnRecord:
        return plan.TurnRecord(tuple(self.record(asked.below, relation) for relation in relations), next_)

    def day_parts(self, asked: Asked) -> tuple[tuple[str, str | plan.Text], ...]:
        return tuple(
            (key, part.part if isinstance(part, plan.EndPart) else part) for key, part in self.end(asked, "on")
        )


def turning(relations: Iterable[Relation]) -> tuple[Relation, ...]:
    """The relations whose records somebody takes and leaves: not what happens once."""
    return tuple(relation for relation in relations if not relation.once)
