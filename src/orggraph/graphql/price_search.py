"""What a search costs, by name or for paths: names and bearers that it looks at (a guess), then what is printed of those that are found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from orggraph.graphql.figures import Figures, together
from orggraph.graphql.merging import Asked
from orggraph.graphql.vocabulary import Vocabulary
from orggraph.model.model import Relation
from orggraph.settings import Bounds

SOUGHT = 5_000.0
UNLESS_SAID = 20.0
FOLLOWED = 5_000.0
PATHS_UNLESS_SAID, LENGTH = 5.0, 6.0


class Prices(Protocol):
    """What it needs of the prices of everything else (``price.py``)."""

    words: Vocabulary
    bounds: Bounds

    def argument(self, asked: Asked, name: str, page: bool = False) -> Any:
        """An argument's value."""

    def collect(self, asked: Asked, type_: str) -> list[Asked]:
        """The fields below one."""

    def of_records(
        self, relations: Iterable[Relation], below: tuple[Any, ...], hops: int, sought: bool = False
    ) -> Figures:
        """A record of one of some relations, printed."""

    def kinds(self, kinds: Iterable[str], below: tuple[Any, ...], hops: int) -> Figures:
        """An entity of one of some kinds, printed."""


def searched(prices: Prices, asked: Asked, hops: int) -> Figures:
    """A ``search``."""
    first, kinds = prices.argument(asked, "first", page=True), [kind.name for kind in prices.words.model.concrete()]
    number = (
        float(min(first, prices.bounds.list_rows)) if isinstance(first, int | float) and first >= 0 else UNLESS_SAID
    )
    found = [Figures(SOUGHT, 40.0 + 8.0 * len(kinds), 2)]
    for one in prices.collect(asked, "SearchConnection"):
        for each in prices.collect(one, "SearchEdge") if one.name == "edges" else [one]:
            if each.below:
                printed = prices.kinds(kinds, each.below, hops)
                found.append(printed._replace(rows=number * printed.rows, size=10.0 + printed.size))
    return together(found)


def paths_found(prices: Prices, asked: Asked, hops: int) -> Figures:
    """``paths``: records that are read (a guess), then what is printed of each path."""
    model = prices.words.model
    first, longest = (prices.argument(asked, name, page=True) for name in ("first", "maxLength"))
    number = float(first) if isinstance(first, int | float) and first >= 0 else PATHS_UNLESS_SAID
    length = float(longest) if isinstance(longest, int | float) and longest >= 1 else LENGTH
    found = [Figures(FOLLOWED, 60.0 + 2.0 * len(model.relations), 2)]
    for one in prices.collect(asked, "PathList"):
        for each in prices.collect(one, "Path") if one.below else ():
            if each.name == "nodes":
                printed = prices.kinds([kind.name for kind in model.concrete()], each.below, hops + 1)
            elif each.name == "records":
                printed = prices.of_records(model.relations.values(), each.below, hops + 1)
            else:
                continue
            found.append(printed._replace(rows=number * (length + 1.0) * printed.rows, size=20.0 + printed.size))
    return together(found)
