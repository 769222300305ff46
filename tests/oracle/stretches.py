"""Days on which some record of a list holds, and days on which none does: section 9.6. In: records with pairs. Out: stretches.

A stretch is its first day and the first day no longer in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.oracle.parts import Arguments, ValidView
from tests.oracle.spans import ALWAYS, NEVER, Day, Span
from tests.oracle.truth import Pair, Window

Stretch = tuple[Day, Day]
Held = tuple[Pair, Span]
"""How sure a record is in the list, and when it holds."""


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The union of days, in as few stretches as can be."""
    found: list[Stretch] = []
    for start, end in sorted(one for one in stretches if one[0] < one[1]):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def union(held: Sequence[Held], n: Window, certain: bool) -> list[Stretch]:
    """[f1, u0) of what certainly is in the list, or [f0, u1) of what possibly is, cut to the scope."""
    if certain:
        return merged((max(s.f1, n.a1), min(s.u0, n.b0)) for pair, s in held if pair.certain)
    return merged((max(s.f0, n.a0), min(s.u1, n.b1)) for pair, s in held if pair.possible)


def gaps(held: Sequence[Held], n: Window, certain: bool) -> list[Stretch]:
    """What the other union leaves free between the scope's bounds."""
    possible = union(held, n, certain=False)
    low, high = (n.a1, n.b0) if certain else (n.a0, n.b1)
    if n.a1 == ALWAYS or n.b0 == NEVER:
        if not possible:
            return []
        low = possible[0][0] if n.a1 == ALWAYS else low
        high = possible[-1][1] if n.b0 == NEVER else high
    return free(possible if certain else union(held, n, certain=True), low, high)


def free(taken: Sequence[Stretch], low: Day, high: Day) -> list[Stretch]:
    """The days from ``low`` to before ``high`` that are not taken."""
    found, reached = [], low
    for start, end in taken:
        if start > reached:
            found.append((reached, min(start, high)))
        reached = max(reached, end)
    found.append((reached, high))
    return [one for one in found if one[0] < one[1]]


def length(stretch: Stretch) -> Day:
    start, end = stretch
    return math.inf if math.isinf(start) or math.isinf(end) else end - start


def days(held: Sequence[Held], n: Window, certain: bool) -> Day:
    return sum(map(length, union(held, n, certain)))


def gap(held: Sequence[Held], n: Window, certain: bool) -> Day:
    """The length of the longest gap; 0 for none."""
    return max(map(length, gaps(held, n, certain)), default=0)


def printed(number: Day) -> int | None:
    return None if math.isinf(number) else int(number)


@dataclass(frozen=True)
class StretchView:
    stretch: Stretch

    def field(self, name: str, _: Arguments) -> Any:
        start, end = self.stretch
        return {"days": printed(length(self.stretch)), "valid": ValidView(Span(start, start, end, end))}[name]
