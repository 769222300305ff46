"""The price of turnover. In: a field that asks for it. Out: figures, as of the other lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from orggraph.graphql.figures import Figures, together
from orggraph.graphql.merging import Asked
from orggraph.graphql.price_tests import Tests, narrowed
from orggraph.graphql.turns import turning
from orggraph.graphql.vocabulary import Vocabulary
from orggraph.model.model import Relation
from orggraph.stores.contract import Store

ARM = 20.0
"""Parts in which it is written, besides that a record holds, that it turns in a range."""
BESIDE = 12.0
"""The same of a search for the record before or after one of a post."""
FEW = 2.0
"""Records of one post that are looked at, beside one: a guess."""


class Pricing(Protocol):
    """Prices fields of one document (``price.py``)."""

    words: Vocabulary
    store: Store
    tests: Tests

    def argument(self, asked: Asked, name: str, page: bool = False) -> Any: ...

    def collect(self, asked: Asked, type_: str) -> list[Asked]: ...

    def page(self, asked: Asked) -> float: ...

    def of_records(
        self, relations: Iterable[Relation], below: tuple[Any, ...], hops: int, sought: bool = False
    ) -> Figures: ...


def turnover(pricing: Pricing, asked: Asked, hops: int) -> Figures:
    """Beginnings and ends of records, each relation's in the order of an index; whatever counts them looks at all."""
    tests, where = pricing.tests, pricing.argument(asked, "where")
    relations = tests.relations_of(where, turning(pricing.words.model.relations.values()))
    number = 2.0 * sum(pricing.store.records(one.name) for one in relations)
    arms = together(tests.turn(where, one).above(0.0, tests.ends(one) + ARM).times(2) for one in relations)
    listed = min(number, pricing.page(asked))
    parts = []
    for one in pricing.collect(asked, "TurnoverConnection"):
        match one.name:
            case "nodes" | "edges":
                below = [one] if one.name == "nodes" else pricing.collect(one, "TurnoverEdge")
                turns = together(_turn(pricing, each, relations, hops) for each in below if each.name != "cursor")
                rows = listed * (1.0 + arms.rows + turns.rows)
                parts.append(Figures(rows, arms.size + turns.size, max(arms.height, turns.height) + 1))
            case "totalCount":
                parts.append(Figures(number * (1.0 + arms.rows), arms.size, arms.height))
            case "pageInfo":
                looks = len(pricing.collect(one, "PageInfo"))
                parts.append(Figures(listed * (1.0 + arms.rows), arms.size, arms.height).times(looks))
    return together(parts).above(1.0, 2.0)


def _turn(pricing: Pricing, asked: Asked, relations: Sequence[Relation], hops: int) -> Figures:
    """What is printed of one turn."""
    posts = [relation for relation in relations if relation.posts]
    parts = [Figures(0.0, 2.0, 1)]
    for one in pricing.collect(asked, "Turnover"):
        match one.name:
            case "record":
                parts.append(pricing.of_records(relations, one.below, narrowed(hops)))
            case "predecessor" | "successor":
                beside = pricing.of_records(posts, one.below, 1, sought=True)
                parts.append(beside.above(FEW, BESIDE * len(posts)))
            case _:
                parts.append(Figures(0.0, 6.0 * max(1, len(one.below)), 1))
    return together(parts)
