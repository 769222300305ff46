"""The states of an entity, one after another: shared unknown days, gaps, lives. In: each state's cells. Out: ``Placed``.

Where one state's end and the next one's start may be one day they are that day, in the numbers of both; where the end is
wholly earlier there is a gap, and the entity has several lives.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from orggraph.time.days import NEG, POS
from orggraph.time.span import Cells, Dated, DateError, Span, attest, end_column, partial_cell, tighten, until_range


class Placed(NamedTuple):
    """A state among its entity's: its span, its next state's start (POS for the last), its life's span."""

    span: Span
    next_f0: int
    next_f1: int
    life: Span


class StateError(DateError):
    """Which state (by place in the order given) says something impossible."""

    def __init__(self, index: int, error: DateError) -> None:
        super().__init__(error.column, str(error))
        self.index = index


def begun(cells: Cells) -> tuple[int, int]:
    """Where a state stands in order: the first and last day that its ``from`` may mean."""
    return partial_cell("from", cells.from_) if cells.from_ else (NEG, NEG)


def place_states(states: Sequence[tuple[Cells, Dated | None]]) -> list[Placed]:
    """States in order of ``begun``, no two alike there → their numbers. Raises StateError."""
    if len(states) == 1:
        return [_only(states[0])]
    last = len(states) - 1
    spans = [_alone(i, *state, i == last) for i, state in enumerate(states)]
    gaps = [this.u1 < then.f0 for this, then in pairwise(spans)]
    spans = _shared(spans, gaps, [end_column(cells) for cells, _ in states])
    lives = _lives(spans, gaps)
    starts = [(span.f0, span.f1) for span in spans[1:]] + [(POS, POS)]
    return [Placed(span, *start, life) for span, start, life in zip(spans, starts, lives, strict=True)]


def _only(state: tuple[Cells, Dated | None]) -> Placed:
    span = _tight(0, _alone(0, *state, True), end_column(state[0]))
    return Placed(span, POS, POS, span)


def _alone(index: int, cells: Cells, source: Dated | None, last: bool) -> Span:
    """What a state's row says by itself: a blank ``from`` is always, a blank ``until`` the next state's start or open."""
    try:
        f0, f1 = begun(cells)
        if cells.until or cells.through:
            u0, u1 = until_range(cells, source)
        else:
            u0, u1 = (POS if last else NEG), POS
        return attest(Span(f0, f1, u0, u1), partial_cell("attested", cells.attested) if cells.attested else None)
    except DateError as error:
        raise StateError(index, error) from None


def _tight(index: int, span: Span, column: str) -> Span:
    try:
        return tighten(span, column)
    except DateError as error:
        raise StateError(index, error) from None


def _shared(spans: list[Span], gaps: list[bool], columns: list[str]) -> list[Span]:
    """Tightened until shared days agree; ``columns``: where each state says its end."""
    while True:
        tight = [_tight(i, span, columns[i]) for i, span in enumerate(spans)]
        for i, gap in enumerate(gaps):
            if not gap:
                this, then = tight[i], tight[i + 1]
                day = max(this.u0, then.f0), min(this.u1, then.f1)
                if day[0] > day[1]:
                    raise StateError(i, DateError(columns[i], "is later than the next state's from"))
                tight[i], tight[i + 1] = Span(this.f0, this.f1, *day), Span(*day, then.u0, then.u1)
        if tight == spans:
            return tight
        spans = tight


def _lives(spans: list[Span], gaps: list[bool]) -> list[Span]:
    """For each state the span of the run without a gap that it is in."""
    lives: list[Span] = []
    start = 0
    for i in range(len(spans)):
        if i == len(spans) - 1 or gaps[i]:
            life = Span(spans[start].f0, spans[start].f1, spans[i].u0, spans[i].u1)
            lives += [life] * (i + 1 - start)
            start = i + 1
    return lives
