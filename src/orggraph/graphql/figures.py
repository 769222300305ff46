"""What a part of an operation comes to: rows that its statement would look at, parts that it is written in, levels below.

In: the price's walks. Out: sums. A part is about thirty characters of SQL and five microseconds of planning, writing and
preparing them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Figures(NamedTuple):
    """``rows`` for each thing that it is asked of, ``size`` in parts, ``height`` in levels."""

    rows: float
    size: float
    height: int = 0

    def above(self, rows: float = 0.0, size: float = 0.0) -> Figures:
        """One level up, with what is looked at and written there."""
        return Figures(self.rows + rows, self.size + size, self.height + 1)

    def times(self, number: float) -> Figures:
        """The same looked at and written so many times."""
        return Figures(self.rows * number, self.size * number, self.height)


NOTHING = Figures(0.0, 0.0)


def together(parts: Iterable[Figures]) -> Figures:
    """Everything side by side."""
    rows, size, height = 0.0, 0.0, 0
    for part in parts:
        rows += part.rows
        size += part.size
        height = max(height, part.height)
    return Figures(rows, size, height)


def dearest(parts: Iterable[Figures]) -> Figures:
    """One of several, each written; what is looked at is that of the dearest."""
    rows, size, height = 0.0, 0.0, 0
    for part in parts:
        rows = max(rows, part.rows)
        size += part.size
        height = max(height, part.height)
    return Figures(rows, size, height)


def mean(parts: Iterable[tuple[float, Figures]]) -> Figures:
    """The same of things of which so many are known of each sort: what is looked at is their mean."""
    weighed = list(parts)
    number = sum(weight for weight, _ in weighed)
    rows = sum(weight * part.rows for weight, part in weighed) / number if number else 0.0
    return dearest(part for _, part in weighed)._replace(rows=rows)


def about(figure: float) -> str:
    """Two digits of a figure: 28,641 → 29,000."""
    return f"{float(f'{figure:.2g}'):,.0f}" if figure < 1e12 else "more than a million million"
