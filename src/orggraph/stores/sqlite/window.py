"""The days and the load that a scope looks at, as SQL: N = (a0, a1, b0, b1) of semantics.md section 3, narrowed along a path.

A day is ``f0<=?1 AND u1>?1``. In a range each record hopped over narrows all four numbers; the text stays one flat
``max`` or ``min`` per number, however long the path. Versions are the current ones, which partial indexes serve, unless
an earlier load is looked at.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from orggraph.plan.scope import Day, Joined, Range
from orggraph.stores.sqlite.writing import CURRENT, Writer
from orggraph.time.days import NEG


class Window(Struct, frozen=True):
    """``day``: the SQL of a day; else a range, whose starts and ends are the SQL of numbers (none: unbounded).
    ``load``: the SQL of the load that is looked at; None for the newest; ``loaded``: the table that has it in its only row,
    where it is the same in all of the statement. ``bounded``: it is a range with two days for ends, whatever they are.
    ``hopped``: the aliases of the records by which it is reached, which hold in it."""

    day: str | None = None
    a0: tuple[str, ...] = ()
    a1: tuple[str, ...] = ()
    b0: tuple[str, ...] = ()
    b1: tuple[str, ...] = ()
    load: str | None = None
    loaded: str = ""
    bounded: bool = False
    hopped: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether its bounds are days that are known: it is a day, or a range that no record has narrowed."""
        return self.day is not None or (self.a0 == self.a1 and self.b0 == self.b1)

    def on(self, dates: Window) -> Window:
        """The days of another window, at this one's load."""
        return replace(dates, load=self.load, loaded=self.loaded)

    def known(self, alias: str) -> str:
        """That a row is the version that was known at the load."""
        if self.load is None:
            return f"{alias}.k1={CURRENT}"
        return f"{alias}.k0<={self.load} AND {alias}.k1>{self.load}"

    def known_of_many(self, alias: str, table: str) -> str:
        """The same, where an end has many versions: the index does not pass over those that came later, but is asked for each
        load that took back a version of then. Which these are is found out once a statement."""
        if not self.loaded:
            return self.known(alias)
        load = f"(SELECT k FROM {self.loaded})"
        taken_back = f"SELECT 1 FROM {table} v WHERE v.k1=l.k AND v.k1<{CURRENT} AND v.k0<={load}"
        ends = f"SELECT k FROM load l WHERE k>{load} AND EXISTS({taken_back}) UNION ALL SELECT {CURRENT}"
        return f"{alias}.k1 IN ({ends}) AND {alias}.k0<={self.load}"

    def narrowed(self, alias: str) -> Window:
        """The window below a hop over the record in a row; a day stays a day."""
        hopped = replace(self, hopped=(*self.hopped, alias))
        if self.day is not None:
            return hopped
        return hopped.within(f"{alias}.f0", f"{alias}.f1", f"{alias}.u0", f"{alias}.u1")

    def without(self, alias: str) -> Window:
        """The range as it was before a record narrowed it."""

        def others(numbers: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(one for one in numbers if not one.startswith(f"{alias}."))

        return replace(self, a0=others(self.a0), a1=others(self.a1), b0=others(self.b0), b1=others(self.b1))

    def within(self, a0: str, a1: str, b0: str, b1: str) -> Window:
        """What four more numbers leave of a range."""
        return replace(self, a0=(*self.a0, a0), a1=(*self.a1, a1), b0=(*self.b0, b0), b1=(*self.b1, b1))

    def numbers(self) -> tuple[str, str, str, str]:
        """N as four SQL numbers."""
        if self.day is not None:
            return self.day, self.day, f"{self.day}+1", f"{self.day}+1"
        return (_most("max", self.a0, -CURRENT - 1), _most("max", self.a1, -CURRENT - 1),
                _most("min", self.b0, CURRENT), _most("min", self.b1, CURRENT))  # fmt: skip

    def place(self) -> tuple[str, ...]:
        """What a cursor says of N: the day, or the four numbers of a range."""
        return self.numbers() if self.day is None else (self.day,)

    def meets(self, low: str, high: str, certain: bool) -> str:
        """That a span meets the window, given its start and end at that certainty: f1 and u0 if certain, else f0, u1."""
        if self.day is not None:
            return f"{low}<={self.day} AND {high}>{self.day}"
        starts, ends = (self.a1, self.b0) if certain else (self.a0, self.b1)
        found = [f"{low}<{_most('min', ends, 0)}"] if ends else []
        found += [f"{high}>{_most('max', starts, 0)}"] if starts else []
        return " AND ".join(found) if found else f"{low}<{CURRENT}"

    def record_meets(self, alias: str, certain: bool) -> str:
        low, high = ("f1", "u0") if certain else ("f0", "u1")
        return self.meets(f"{alias}.{low}", f"{alias}.{high}", certain)

    def state_meets(self, alias: str) -> str:
        return self.meets(f"{alias}.f0", f"{alias}.u1", False)

    def life_meets(self, alias: str) -> str:
        return self.meets(f"{alias}.g1", f"{alias}.v0", True)

    def always_meets(self) -> str:
        """That what has no first and no last day certainly meets the window: a range may end before every day."""
        found = [f"{_most('min', self.b0, 0)}>{NEG}"] if self.b0 else []
        found += [f"{_most('max', self.a1, 0)}<{CURRENT}"] if self.a1 else []
        return " AND ".join(found) if self.day is None and found else "1"

    def may_show(self, alias: str) -> str:
        """That a state may be the one shown."""
        if self.day is not None or not self.b0:
            last = "" if self.day is not None else f" AND {alias}.n1={CURRENT}"
            return self.state_meets(alias) + last
        return f"{self.state_meets(alias)} AND {alias}.n1>={_most('min', self.b0, 0)}"

    def printed(self, alias: str) -> str:
        """That a state is the last that may have begun."""
        if self.day is not None:
            return f"{self.state_meets(alias)} AND {alias}.n0>{self.day}"
        last = f"{alias}.n0>={_most('min', self.b1, 0)}" if self.b1 else f"{alias}.n0={CURRENT}"
        return f"{self.state_meets(alias)} AND {last}"


def _most(bound: str, numbers: tuple[str, ...], without: int) -> str:
    if not numbers:
        return str(without)
    return numbers[0] if len(numbers) == 1 else f"{bound}({','.join(numbers)})"


def window_of(dates: Day | Range, writer: Writer) -> Window:
    """A scope's days as SQL."""
    match dates:
        case Day(day):
            return Window(day=writer.bind(day, "day"))
        case Range(first, until, through):
            start = () if first is None else (writer.bind(first, "first"),)
            if until is None:
                return Window(None, start, start)
            if through or first is None:
                end = (writer.bind(until, "after" if through else "first"),)
            else:
                end = (writer.bind(Joined((first, until)), "later"),)
            return Window(None, start, start, end, end, bounded=first is not None)
