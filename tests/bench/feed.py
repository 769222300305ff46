"""The feed of changes: how many a second of processor time are read and written as lines, without HTTP and by ``/changes``."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from time import thread_time
from urllib.request import urlopen

from orggraph.feed import MOST, Feed
from orggraph.opening import open_engine
from tests.bench.http import OURS, served
from tests.bench.measuring import Figure
from tests.bench.stores import store

PAGES = 10
PIECE = 1 << 20
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
    yield served_lines()


def served_lines() -> Figure:
    """Of the whole of ``/changes``, again and again: processor time of the service."""
    rates = []
    with served(*OURS, str(store(1)), connections=0) as server:
        for _ in range(PAGES):
            before = server.seconds()
            with urlopen(f"http://127.0.0.1:{server.port}/changes") as reply:
                number = sum(piece.count(b"\n") for piece in iter(lambda: reply.read(PIECE), b""))
            rates.append(number / (server.seconds() - before))
    return Figure("feed of changes by HTTP: changes a second", 1, number, median(rates), GOAL)
