"""What older versions cost: the same questions on stores with 1, 2 and 11 versions of everything, and at earlier loads."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial

from orggraph.graphql.engine import Engine
from orggraph.opening import open_engine
from tests.bench.measuring import Figure, interleaved
from tests.bench.shape import DAY
from tests.bench.shapes.filters import COMMON
from tests.bench.shapes.flagship import DOCUMENT as FLAGSHIP
from tests.bench.shapes.totals import DOCUMENT as TOTALS
from tests.bench.stores import HISTORY_SCALE, VERSIONS, history

COUNTS = """
query Counts($first: Int, $date: Date) { at(date: $date) { communities(first: $first) { nodes { name
  workers { totalCount } } } } }
"""
QUESTIONS = {
    "flagship": FLAGSHIP,
    "where over two hops": COMMON,
    "totalCount of each row": TOTALS,
    "totalCount alone": COUNTS,
}
SIZES = (20, 100, 350)
CURRENT_GOAL = 1.2
KNOWN_GOAL = {2: 2.0, 11: 3.0}


def figures() -> Iterator[Figure]:
    engines = {versions: open_engine(history(versions)) for versions in VERSIONS}
    for name, document in QUESTIONS.items():
        for n in SIZES:
            yield _current(name, document, n, engines)
            for versions, goal in KNOWN_GOAL.items():
                yield from _known(name, document, n, engines[versions], versions, goal)


def _current(name: str, document: str, n: int, engines: dict[int, Engine]) -> Figure:
    """What is known now, where ten older versions lie about, against where there are none."""
    variables = {"first": n, "date": DAY}
    old, none = (partial(engines[versions].execute, document, variables) for versions in (11, 1))
    assert _data(old()) == _data(none()), "stores that say the same answer differently"
    with_old, without = interleaved(old, none)
    _tell(name, n, "with 11 versions", with_old, "with 1", without)
    title = f"{name}: 11 versions / 1, as known now (at most)"
    return Figure(title, HISTORY_SCALE, n, with_old / without, CURRENT_GOAL, True)


def _known(name: str, document: str, n: int, engine: Engine, versions: int, goal: float) -> Iterator[Figure]:
    """What was known at an earlier load, against what is known now."""
    now = partial(engine.execute, document, {"first": n, "date": DAY})
    at_load = document.replace("$date: Date", "$date: Date, $load: Int").replace(
        "date: $date", "date: $date, load: $load"
    )
    for load in sorted({1, versions // 2 + 1, versions}):
        then = partial(engine.execute, at_load, {"first": n, "date": DAY, "load": load})
        assert _data(then()) == _data(now()), "loads that say the same answer differently"
        before, today = interleaved(then, now, rounds=9)
        _tell(name, n, f"at load {load} of {versions}", before, "now", today)
        title = f"{name}: known at load {load} of {versions} / now (at most)"
        yield Figure(title, HISTORY_SCALE, n, before / today, goal, True)


def _data(reply: bytes) -> bytes:
    return reply.partition(b',"extensions"')[0]


def _tell(name: str, n: int, one: str, one_seconds: float, other: str, other_seconds: float) -> None:
    print(f"  {name}, N {n}: {one} {one_seconds * 1e6:.0f} µs, {other} {other_seconds * 1e6:.0f} µs", file=sys.stderr)
