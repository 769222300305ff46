"""``make bench``: ratios measured in one run, interleaved, medians; written to ``build/bench.json`` and printed.

``python -m tests.bench WORDS…`` measures only what has one of the words in its name; ``make bench-full`` loads at scales
100 and 400 too, which takes an hour and a dozen GB.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path

from orggraph.graphql.engine import Engine
from orggraph.opening import open_engine
from tests.bench import bag, export_load, feed, histories, http, judging, linked, loaded, naive, rdf, statements, tables
from tests.bench.loading import loading, memory, workbooks
from tests.bench.measuring import Figure, by_hand, interleaved
from tests.bench.shape import ROOT, Shape
from tests.bench.shapes.during import DURING
from tests.bench.shapes.filters import RARE_LEAF, TWO_HOPS
from tests.bench.shapes.flagship import CERTAIN, FLAGSHIP
from tests.bench.shapes.groups import BY_FORM, BY_TERM, BY_YEAR
from tests.bench.shapes.overlaps import OVERLAP
from tests.bench.shapes.pages import FAR_PAGE, FIRST_PAGE
from tests.bench.shapes.searches import INITIALS, PINYIN, SHORT
from tests.bench.shapes.totals import TOTALS
from tests.bench.shapes.vacancies import GAPS, TURNOVER
from tests.bench.stores import store

SHAPES = (
    FLAGSHIP,
    CERTAIN,
    DURING,
    TWO_HOPS,
    RARE_LEAF,
    TOTALS,
    FIRST_PAGE,
    FAR_PAGE,
    GAPS,
    TURNOVER,
    BY_TERM,
    BY_FORM,
    BY_YEAR,
    OVERLAP,
    SHORT,
    PINYIN,
    INITIALS,
)
MOST_ABOVE_ONE_ROW = 15.0  # µs
SLOWER_GOAL = 1.5
FULL = "--full" in sys.argv


def against_hand(shape: Shape) -> Iterator[Figure]:
    """Ours against the hand-written statement on the same file, and how much dearer a row is on the largest store."""
    per_row: dict[int, float] = {}
    for scale, sizes in shape.sizes.items():
        path = store(scale)
        engine = open_engine(path)
        for n in sizes:
            ours, best, rows = measured(shape, engine, path, n)
            per_row[scale] = ours / rows
            print(f"  {shape.name}, scale {scale}, N {n}: {rows} rows, ours {ours * 1e6:.0f} µs, by hand {best * 1e6:.0f} µs",
                  file=sys.stderr)  # fmt: skip
            if n == 1:
                above = (ours - best) * 1e6
                yield Figure(f"{shape.name}: µs above by hand (at most)", scale, n, above, MOST_ABOVE_ONE_ROW, True)
            yield Figure(f"{shape.name}: by hand / ours", scale, n, best / ours, shape.goal_at(n))
        engine.store.close()
    if len(per_row) > 1:
        small, large = min(per_row), max(per_row)
        name = f"{shape.name}: time of a row at scale {large} / {small} (at most)"
        yield Figure(name, large, 0, per_row[large] / per_row[small], SLOWER_GOAL, True)


def measured(shape: Shape, engine: Engine, path: Path, n: int) -> tuple[float, float, int]:
    """Seconds of ours and of the statement by hand, and rows of the answer."""
    asked = shape.asked(engine, n)
    ours = partial(engine.execute, shape.document, asked.variables)
    hand = by_hand(path, shape.statement, asked.parameters)
    assert ours() == hand(), f"{shape.name}: the hand-written statement gives another answer"
    mine, best = interleaved(ours, hand)
    return mine, best, max(1, ours().count(shape.row.encode()))


def figures(words: list[str]) -> Iterator[Figure]:
    def asked(name: str, long: bool = False) -> bool:
        """``long``: without a word for it only in the full run; the other takes less than ten minutes."""
        return any(word in name for word in words) if words else FULL or not long

    for shape in SHAPES:
        if asked(shape.name):
            yield from against_hand(shape)
    if asked("naive"):
        yield naive.figure(store(100), 100, 1000)
    if asked("rdf"):
        yield from rdf.figures()
    if asked("bag", long=True):
        for scale, rounds in ((10, 3), (100, 1), (400, 1))[: 3 if FULL else 1]:
            yield from bag.figures(scale, rounds)
    if asked("export_load", long=True):
        yield from export_load.figures(100 if FULL else 10)
    if asked("shapes", long=True):
        yield from judging.figures()
    if asked("versions"):
        yield from histories.figures()
    if asked("loaded", long=True):
        yield from loaded.figures(100)
    if asked("linked", long=True):
        yield from linked.figures(100)
    if asked("feed"):
        yield from feed.figures(100)
    if asked("statement"):
        yield from statements.figures()
    if asked("tables"):
        yield from tables.figures(1)
    if asked("tables", long=True):
        yield from tables.asked(100)
        yield from tables.many()
    if asked("http"):
        yield from http.figures()
    if asked("loading"):
        yield from loads(FULL)


def loads(full: bool) -> list[Figure]:
    figures = [*loading(10, rounds=3), workbooks(2, goal=10_000), memory(100)]
    if full:
        figures += [*loading(100, rounds=1), *loading(400, rounds=1), memory(400)]
    return figures


def main() -> None:
    words = [word for word in sys.argv[1:] if word != "--full"]
    found = []
    for one in figures(words):
        goal = "" if one.goal is None else f"goal {one.goal:g}: {'met' if one.met else 'NOT MET'}"
        print(f"{one.name:70} scale {one.scale:4} N {one.n:5} {one.ratio:9.2f} {goal}", flush=True)
        found.append(asdict(one) | {"met": one.met})
    if not words:
        target = ROOT / "build" / "bench.json"
        target.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
