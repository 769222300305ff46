"""The whole graph as one stream of lines in canonical order. In: a store that is being read, an extent. Out: blocks of N-Quads.

No blank nodes, canonical literals, lines sorted by bytes: that is the canonical form of RDFC-1.0. Each table comes in the
order of its keys; the order of IRIs differs only where one key begins another (``u1>`` comes after ``u1-2>``), so that a thing's
own lines wait until those that begin with its key are through. Memory holds what waits, and one run of blocks of each table.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from heapq import heapify, heappop, heappush
from itertools import islice
from operator import itemgetter

from orggraph.model.model import Model
from orggraph.plan.quads import Extent, Template
from orggraph.rdf.described import describe
from orggraph.rdf.mapping import templates
from orggraph.stores.sqlite.quads import Printed, Quads

Block = tuple[str, bytes]
"""What a block's lines begin with (``IRI>``), and the lines."""
Run = list[Block]
"""Blocks in order. They go by the hundred, so that what is done for each of them is little."""
LONG = 32
START = itemgetter(0)
LINES = itemgetter(1)


def blocks(quads: Quads, model: Model, extent: Extent) -> Iterator[bytes]:
    """Lines, some at a time, each with its line feed; those about one subject together. ``model``: the store's, or it with
    another base of IRIs."""
    streams = [_stream(quads, one, extent) for one in templates(model, extent.history)]
    described = describe(model, extent, quads.loads(extent.load), quads.purges())
    yield from merged([iter([described]), *streams])


def merged(streams: Iterable[Iterator[Run]]) -> Iterator[bytes]:
    """Sorted streams as one: of the run that begins first, what comes before all others."""
    heads = [(run[0][0], place, run, stream) for place, stream in enumerate(streams) for run in islice(stream, 1)]
    heapify(heads)
    while heads:
        _, place, run, stream = heappop(heads)
        while heads and run[-1][0] <= heads[0][0]:
            yield b"".join(map(LINES, run))
            run = next(stream, [])
            if not run:
                break
        else:
            cut = bisect_right(run, heads[0][0], key=START) if heads else len(run)
            if cut:
                yield b"".join(map(LINES, run[:cut]))
            run = run[cut:] or next(stream, [])
        if run:
            heappush(heads, (run[0][0], place, run, stream))


def _stream(quads: Quads, template: Template, extent: Extent) -> Iterator[Run]:
    found = quads.things(template, extent)
    if extent.history:
        return in_order(template, _versions(found, bool(template.entity)))
    return in_order(template, _states(found) if template.entity else found)


def in_order(template: Template, things: Iterable[Printed]) -> Iterator[Run]:
    """Blocks in the order of IRIs from things in the order of keys."""
    base, mark, things = template.base, template.mark, iter(things)
    waiting: Run = []
    while some := list(islice(things, LONG)):
        cut = bisect_left(waiting, base + some[0][0], key=START)
        if cut:
            yield waiting[:cut]
        del waiting[:cut]
        for key, parts, own, _ in some:
            iri = base + key
            if parts:
                waiting.append((iri + mark, parts))
            waiting.append((f"{iri}>", own))
        waiting.sort(key=START)
    if waiting:
        yield waiting


def _states(found: Iterable[Printed]) -> Iterator[Printed]:
    """An entity's states as one thing; only one of them prints the entity's own lines."""
    return _gathered(found, _state)


def _state(key: str, states: list[Printed]) -> Printed:
    parts = sorted_lines(b"".join(one[1] for one in states))
    return key, parts, b"".join(one[2] for one in states), b""


def _versions(found: Iterable[Printed], of_entity: bool) -> Iterator[Printed]:
    """All versions of a thing as one; of an entity, what is taken back are states."""
    return _gathered(found, partial(_version, of_entity=of_entity))


def _version(key: str, versions: list[Printed], of_entity: bool) -> Printed:
    parts, own, gone = (b"".join(lines) for lines in list(zip(*versions, strict=True))[1:])
    parts, own = (parts + gone, own) if of_entity else (parts, own + gone)
    return key, sorted_lines(parts), sorted_lines(own), b""


def _gathered(found: Iterable[Printed], together: Callable[[str, list[Printed]], Printed]) -> Iterator[Printed]:
    """Things that are there once as they are; of several of one key, and of what was taken back, one is made."""
    before: list[Printed] = []
    for thing in found:
        if before and before[0][0] != thing[0]:
            yield before[0] if len(before) == 1 and not before[0][3] else together(before[0][0], before)
            before = [thing]
        else:
            before.append(thing)
    if before:
        yield before[0] if len(before) == 1 and not before[0][3] else together(before[0][0], before)


def sorted_lines(lines: bytes) -> bytes:
    """Each once, in the order of bytes."""
    return b"".join(sorted(set(lines.splitlines(keepends=True))))
