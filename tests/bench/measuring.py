"""Time by turns: what is compared is run alternately, so that noise meets both, and medians are taken.

Processor time of the thread, not the clock's: all that is compared works in one thread on a warm file, and a machine that
others use too would tell of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import thread_time
from typing import Any

from orggraph.stores.sqlite.opening import connect

ROUNDS = 15
LEAST_SECONDS = 0.02
Run = Callable[[], Any]


@dataclass(frozen=True)
class Figure:
    """``ratio`` is compared with ``goal``: at least it, or at most where ``most`` is set."""

    name: str
    scale: int
    n: int
    ratio: float
    goal: float | None
    most: bool = False

    @property
    def met(self) -> bool | None:
        if self.goal is None:
            return None
        return self.ratio <= self.goal if self.most else self.ratio >= self.goal


def interleaved(*runs: Run, rounds: int = ROUNDS) -> list[float]:
    """Median seconds of a call of each, measured in turn."""
    times = [max(1, int(LEAST_SECONDS / max(_seconds(run, 1), 1e-7))) for run in runs]
    found: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for run, often, measured in zip(runs, times, found, strict=True):
            measured.append(_seconds(run, often))
    return [median(measured) for measured in found]


def _seconds(run: Run, times: int) -> float:
    begin = thread_time()
    for _ in range(times):
        run()
    return (thread_time() - begin) / times


def by_hand(path: Path, statement: str, parameters: Any) -> Callable[[], bytes]:
    """A statement run by itself: on a connection of its own, which no other statement shares."""
    cursor = connect(path).cursor()

    def run() -> bytes:
        return cursor.execute(statement, parameters).fetchall()[0][0]  # type: ignore[return-value]  # a statement gives one blob

    return run
