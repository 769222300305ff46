"""Time by turns: what is compared is run alternately, so that noise meets both, and medians are taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

import apsw

from orggraph.graphql.engine import Engine
from orggraph.stores.sqlite.store import SqliteStore

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
    begin = perf_counter()
    for _ in range(times):
        run()
    return (perf_counter() - begin) / times


def by_hand(engine: Engine, statement: str, parameters: Any) -> Callable[[], bytes]:
    """A statement run as ours is: on the same connection, fetching one value."""
    store = engine.store
    assert isinstance(store, SqliteStore)
    cursor: apsw.Cursor = store.connection.cursor()

    def run() -> bytes:
        return cursor.execute(statement, parameters).fetchall()[0][0]  # type: ignore[return-value]

    return run
