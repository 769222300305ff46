"""Section 3 without filters: what meets a scope, is there, holds, as a ``Pair`` each; which state is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tests.oracle.spans import ALWAYS, NEVER, Day, Span
from tests.oracle.world import Entity, Record, State, World


class Pair(NamedTuple):
    """A truth value in all completions: ``certain`` (T): true in each; ``possible`` (P): not ruled out."""

    certain: bool
    possible: bool

    def at(self, certain: bool) -> bool:
        """What a scope that must be certain, or may be possible, makes of it."""
        return self.certain if certain else self.possible


TRUE, FALSE = Pair(True, True), Pair(False, False)


def both(pairs: Iterable[Pair]) -> Pair:
    """And: of the Ts, of the Ps."""
    listed = list(pairs)
    return Pair(all(p.certain for p in listed), all(p.possible for p in listed))


def either(pairs: Iterable[Pair]) -> Pair:
    """Or: of the Ts, of the Ps."""
    listed = list(pairs)
    return Pair(any(p.certain for p in listed), any(p.possible for p in listed))


def negated(pair: Pair) -> Pair:
    """Not swaps the bounds."""
    return Pair(not pair.possible, not pair.certain)


def known(value: bool) -> Pair:
    """What no unknown day decides."""
    return Pair(value, value)


@dataclass(frozen=True)
class Window:
    """N of the semantics: start in [a0, a1], end in [b0, b1]. ``narrows``: it is a range, each record narrows it."""

    a0: Day
    a1: Day
    b0: Day
    b1: Day
    narrows: bool

    def within(self, span: Span) -> Window:
        """N': what is left of it below a record; a day stays the day."""
        if not self.narrows:
            return self
        return Window(max(self.a0, span.f0), max(self.a1, span.f1), min(self.b0, span.u0), min(self.b1, span.u1), True)


def on_day(day: Day) -> Window:
    return Window(day, day, day + 1, day + 1, narrows=False)


def during(start: Day = ALWAYS, end: Day = NEVER) -> Window:
    return Window(start, start, end, end, narrows=True)


ALL_DAYS = during()


def meets(span: Span, n: Window) -> Pair:
    """An end comes after some start, so it always comes after -∞, even where no day before it is ruled out."""
    ends_after = span.u0 > n.a1 or n.a1 == ALWAYS
    return Pair(span.f1 < n.b0 and ends_after, span.f0 < n.b1 and span.u1 > n.a0)


def there(entity: Entity, n: Window) -> Pair:
    """Certain by some life, possible by some state."""
    certain = any(meets(life, n).certain for life in entity.lives)
    return Pair(certain, any(meets(state.span, n).possible for state in entity.states))


def holds(world: World, record: Record, n: Window) -> Pair:
    """The record meets N, and both its ends are there in what is left of N."""
    ends = [world.entities[str(record.ends[role])] for role in ("subject", "object")]
    return both([meets(record.span, n), *(there(end, n.within(record.span)) for end in ends)])


def may_show(entity: Entity, n: Window) -> list[State]:
    """The states that may be the one shown."""
    return [s for s in entity.states if s.span.f0 < n.b1 and s.span.u1 > n.a0 and s.next_f1 >= n.b0]


def printed(entity: Entity, n: Window) -> State:
    """The last state that may have begun."""
    return next(state for state in entity.states if state.span.f0 < n.b1 <= state.next_f0)
