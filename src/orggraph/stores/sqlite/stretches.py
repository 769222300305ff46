"""The days on which some link of a list holds, and those on which none does, as stretches without a hole. Semantics.md 9.6.

In: a source, the entity at hand, a filter. Out: SQL. The union of [f1, u0) of the links that certainly are in the list, or of
[f0, u1) of those that possibly are, cut to the window; what is free between the window's bounds reads the other union. Where
a side of the window has no bound, the possible union's first or last day stands for it.

Rows ``x``, ``y`` in order of ``x``, each with ``m``, how far the rows before it reach: ``x>m`` is a hole from ``m`` to ``x``.
"""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from orggraph.plan.filters import Filter, Lasts, Op, Source
from orggraph.stores.sqlite.comparing import SYMBOLS
from orggraph.stores.sqlite.rows import Rows, Spot
from orggraph.stores.sqlite.window import Window
from orggraph.stores.sqlite.writing import CURRENT, Writer
from orggraph.time.days import NEG

ENDLESS = 1 << 40
"""More days than there are."""
REACHED = "max(y) OVER (ORDER BY x,y ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"


class Asking(Protocol):
    """Writes conditions in one window (``conditions.py``)."""

    @property
    def window(self) -> Window: ...

    @property
    def writer(self) -> Writer: ...

    def linked(self, source: Source, near: Spot | None, where: Filter, certain: bool) -> tuple[Rows, str]: ...

    def maybe_linked(self, source: Source, near: Spot | None, where: Filter) -> tuple[Rows, str, str]: ...

    def left(self, rows: Rows) -> Window: ...


class Stretches(Struct, frozen=True):
    """Those of one list."""

    asking: Asking
    source: Source
    near: Spot | None
    where: Filter

    # ------------------------------------------------------------ numbers

    def days(self, certain: bool, endless: str) -> str:
        """SQL of the number of days of the union; ``endless``: what stands for no end."""
        total = "coalesce(sum(max(y-max(x,coalesce(m,x)),0)),0)"
        number = f"CASE WHEN min(x)<={NEG} OR max(y)>={CURRENT} THEN {endless} ELSE {total} END"
        return f"(SELECT {number} FROM ({_reached(self.union(certain))}))"

    def gap(self, certain: bool) -> str:
        """SQL of the number of days of the longest stretch that is free."""
        number = f"iif(m<={NEG} OR x>={CURRENT},{ENDLESS},x-m)"
        return f"(SELECT coalesce(max({number}),0) FROM ({_reached(self.free(certain))}) WHERE x>m)"

    def listed(self, gaps: bool, certain: bool) -> str:
        """A select of the stretches, ``x`` and ``y`` each."""
        if gaps:
            return f"SELECT m x,x y FROM ({_reached(self.free(certain))}) WHERE x>m"
        begun = f"SELECT x,m,t FROM ({_reached(self.union(certain), ',max(y) OVER () t')}) WHERE m IS NULL OR x>m"
        return f"SELECT x,coalesce(lead(m) OVER (ORDER BY x),t) y FROM ({begun})"

    # ------------------------------------------------------------ rows

    def union(self, certain: bool) -> str:
        """The stretches of the links, as they are; those that hold certainly may certainly hold on no day."""
        rows, links = self.asking.linked(self.source, self.near, self.where, certain)
        x, y = _ends(self.asking.left(rows), certain)
        return f"SELECT {x} x,{y} y FROM {links} AND {x}<{y}"

    def free(self, certain: bool) -> str:
        """The stretches of the other union, and an empty one at each bound of the window."""
        window = self.asking.window
        low, high = _ends(window, certain)
        if not certain and not (window.bounded or window.day is not None):
            return self._free_for_ever(low, high)
        rows, links = self.asking.linked(self.source, self.near, self.where, not certain)
        x, y = _ends(self.asking.left(rows), not certain)
        if certain and not window.exact:
            x, y = f"max({x},{low})", f"min({y},{high})"
        some = "" if certain and window.exact else f" AND {x}<{y}"  # what possibly meets an exact range has days in it
        taken = f"SELECT {x} x,{y} y FROM {links}{some}"
        none = "" if window.bounded else f" AND {{0}} NOT IN ({NEG},{-CURRENT - 1},{CURRENT})"
        within = "" if window.exact and window.bounded else f" WHERE {low}<{high}"
        bounds = (f"SELECT {end},{end}{within}{none.format(end)}" for end in (low, high))
        return " UNION ALL ".join((taken, *bounds))

    def _free_for_ever(self, low: str, high: str) -> str:
        """Where a bound may be missing: what is possible is looked at once, and says what is certain of it."""
        _, first, last, _ = self.asking.window.numbers()
        rows, certain, links = self.asking.maybe_linked(self.source, self.near, self.where)
        left = self.asking.left(rows)
        (x, y), (x1, y1) = _ends(left, False), _ends(left, True)
        p, b = self.asking.writer.alias("p"), self.asking.writer.alias("b")
        found = f"SELECT {x} x,{y} y,iif({certain},{x1},0) x1,iif({certain},{y1},0) y1 FROM {links}"
        begin = f"iif({first}<={NEG},min(x),{low})"
        end = f"iif({last}>={CURRENT},max(y),{high})"
        return (
            f"WITH {p} AS ({found}),{b} AS (SELECT {begin} l,{end} h FROM {p}) "
            f"SELECT x1 x,y1 y FROM {p} WHERE x1<y1 "
            f"UNION ALL SELECT l,l FROM {b} WHERE l<h UNION ALL SELECT h,h FROM {b} WHERE l<h"
        )


def _ends(window: Window, certain: bool) -> tuple[str, str]:
    """The first day of a window and the first no longer in it, at a certainty."""
    a0, a1, b0, b1 = window.numbers()
    return (a1, b0) if certain else (a0, b1)


def _reached(rows: str, more: str = "") -> str:
    return f"SELECT x,y,{REACHED} m{more} FROM ({rows})"


def lasts(asking: Asking, asked: Lasts, near: Spot | None, certain: bool) -> str:
    """Bounds on a number of days: at CERTAIN the lower number must reach a lower bound, the upper keep an upper."""
    bound = asking.writer.bind(asked.value, "int")
    stretches = Stretches(asking, asked.source, near, asked.where)

    def number(sure: bool) -> str:
        return stretches.gap(sure) if asked.gap else stretches.days(sure, str(ENDLESS))

    if asked.op is Op.EQ:
        return f"{number(certain)}>={bound} AND {number(not certain)}<={bound}"
    return f"{number(certain is (asked.op in (Op.GT, Op.GTE)))}{SYMBOLS[asked.op]}{bound}"
