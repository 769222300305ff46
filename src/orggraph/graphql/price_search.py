"""What a search costs: names and bearers that it looks at (a guess), then what is printed of those that are found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from orggraph.graphql.figures import Figures, together
from orggraph.graphql.merging import Asked
from orggraph.graphql.vocabulary import Vocabulary
from orggraph.settings import Bounds

SOUGHT = 5_000.0
UNLESS_SAID = 20.0


class Prices(Protocol):
    """What it needs of the prices of everything else (``price.py``)."""

    words: Vocabulary
    bounds: Bounds

    def argument(self, asked: Asked, name: str, page: bool = False) -> Any:
        """An argument's value."""

    def collect(self, asked: Asked, type_: str) -> list[Asked]:
        """The fields below one."""

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
