"""The feed of changes: how many a second of processor time are read, and written as the lines that ``/changes`` sends."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from time import thread_time

from orggraph.feed import MOST, Feed
from orggraph.opening import open_engine
from tests.bench.measuring import Figure
from tests.bench.stores import store

PAGES = 10
GOAL = 50_000.0


def figures(scale: int) -> Iterator[Figure]:
    """Of a page in the midst of all pages: the statement is prepared anew for each."""
    feed = Feed(open_engine(store(scale)).store, {})
    after, rates = None, []
    for _ in range(PAGES):
        begun = thread_time()
        part = feed.page(0, after)
        number = len(part.lines())
        rates.append(number / (thread_time() - begun))
        after = part.cursor
    yield Figure("feed of changes: changes a second", scale, MOST, median(rates), GOAL)
