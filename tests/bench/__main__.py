"""``make bench``: ratios measured in one run, interleaved, medians; written to ``build/bench.json`` and printed.

``make bench-full`` loads at scales 100 and 400 too, which takes an hour and a dozen GB.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import apsw

from orggraph.opening import open_engine
from tests.bench.figures import Figure
from tests.bench.hand import FLAGSHIP, STATEMENT
from tests.bench.loading import loading, memory, workbooks
from tests.bench.naive import Naive, graph_of
from tests.bench.stores import ROOT, store

DAY = "2020-03-31"
ROUNDS = 15
NAIVE_GOAL = 16.0  # asked for: 12; raised to what is measured here, less the noise


def seconds(run: Callable[[], Any], least: float = 0.02) -> Callable[[], float]:
    """A measurement: seconds per call, over enough calls to be told from noise."""
    start = perf_counter()
    run()
    times = max(1, int(least / max(perf_counter() - start, 1e-7)))

    def measure() -> float:
        begin = perf_counter()
        for _ in range(times):
            run()
        return (perf_counter() - begin) / times

    return measure


def interleaved(*runs: Callable[[], Any], rounds: int = ROUNDS) -> list[float]:
    """Median seconds of each, measured in turn."""
    measures = [seconds(run) for run in runs]
    found: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for measure, times in zip(measures, found, strict=True):
            times.append(measure())
    return [median(times) for times in found]


def flagship(path: Path, scale: int, ns: tuple[int, ...]) -> tuple[list[Figure], float]:
    """Ours against the hand-written statement on the same file; microseconds per row at the largest N too."""
    engine = open_engine(path)
    connection = engine.store.connection  # type: ignore[attr-defined]
    unit = engine.store.model.kinds["Unit"].number
    figures, per_row = [], 0.0
    for n in ns:
        variables = {"first": n, "date": DAY}
        parameters = (n, date.fromisoformat(DAY).toordinal(), unit)
        ours, hand = partial(engine.execute, FLAGSHIP, variables), partial(by_hand, connection.cursor(), parameters)
        assert ours() == hand(), "the hand-written statement gives another answer"
        rows = ours().count(b'"certainty"')
        mine, best = interleaved(ours, hand)
        per_row = mine / rows * 1e6
        print(
            f"  scale {scale} N {n}: {rows} rows, ours {mine * 1e6:.0f} µs, by hand {best * 1e6:.0f} µs",
            file=sys.stderr,
        )
        if n == 1:
            above = (mine - best) * 1e6
            figures.append(Figure("flagship: µs above by hand (at most)", scale, n, above, 15.0, above <= 15.0))
        goal = 0.8 if n >= 20 else None
        figures.append(
            Figure(
                "flagship: by hand / ours", scale, n, best / mine, goal, None if goal is None else best / mine >= goal
            )
        )
    return figures, per_row


def by_hand(cursor: apsw.Cursor, parameters: tuple[int, int, int]) -> bytes:
    return cursor.execute(STATEMENT, parameters).fetchall()[0][0]  # type: ignore[return-value]


def against_naive(path: Path, scale: int, n: int) -> Figure:
    engine = open_engine(path)
    naive = Naive(graph_of(path), date.fromisoformat(DAY).toordinal())
    answer = json.loads(engine.execute(FLAGSHIP, {"first": n, "date": DAY}))["data"]["at"]["units"]
    assert plain(answer) == naive.answer(n)["units"], "the naive build gives another answer"
    mine, theirs = interleaved(
        lambda: engine.execute(FLAGSHIP, {"first": n, "date": DAY}), lambda: naive.answer(n), rounds=5
    )
    print(f"  scale {scale} N {n}: ours {mine * 1e3:.1f} ms, naive {theirs * 1e3:.1f} ms", file=sys.stderr)
    return Figure("flagship: naive / ours", scale, n, theirs / mine, NAIVE_GOAL, theirs / mine >= NAIVE_GOAL)


def plain(value: Any) -> Any:
    """Connections as the lists in them."""
    if isinstance(value, dict):
        inner = value.get("nodes", value.get("edges"))
        return plain(inner) if inner is not None else {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


def loads(full: bool) -> list[Figure]:
    figures = [*loading(10, rounds=5), workbooks(2, goal=10_000), memory(100)]
    if full:
        figures += [*loading(100, rounds=1), *loading(400, rounds=1), memory(400)]
    return figures


def main() -> None:
    small, per_small = flagship(store(1), 1, (1, 20, 70))
    large, per_large = flagship(store(100), 100, (1, 20, 100, 1000))
    slower = per_large / per_small
    figures = [*small, *large, against_naive(store(100), 100, 1000)]
    figures.append(
        Figure("flagship: µs per row at scale 100 / scale 1 (at most)", 100, 1000, slower, 1.5, slower <= 1.5)
    )
    figures += loads(full="--full" in sys.argv)
    target = ROOT / "build" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps([asdict(one) for one in figures], ensure_ascii=False, indent=1) + "\n", "utf-8")
    for one in figures:
        goal = "" if one.goal is None else f"goal {one.goal:g}: {'met' if one.met else 'NOT MET'}"
        print(f"{one.name:55} scale {one.scale:4} N {one.n:5} {one.ratio:8.2f} {goal}")


if __name__ == "__main__":
    main()
