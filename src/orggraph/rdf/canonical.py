"""The whole graph as one stream of lines in canonical order. In: a store that is being read, an extent. Out: blocks of N-Quads.

No blank nodes, canonical literals, lines sorted by bytes: that is the canonical form of RDFC-1.0. Each table comes in the
order of its keys; the order of IRIs differs only where one key begins another (``u1>`` comes after ``u1-2>``), so that a thing's
own lines wait until those that begin with its key are through. Memory holds what waits, and one block of each table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush
from itertools import groupby
from operator import itemgetter

from orggraph.model.model import Model
from orggraph.plan.quads import Extent, Template
from orggraph.rdf.described import describe
from orggraph.rdf.mapping import templates
from orggraph.stores.sqlite.quads import Printed, Quads

Block = tuple[str, bytes]
"""What a block's lines begin with (``IRI>``), and the lines."""


def blocks(quads: Quads, model: Model, extent: Extent) -> Iterator[bytes]:
    """Lines, some at a time, each with its line feed; those about one subject together. ``model``: the store's, or it with
    another base of IRIs."""
    streams = [_stream(quads, one, extent) for one in templates(model, extent.history)]
    described = describe(model, extent, quads.loads(extent.load))
    yield from merged([iter(described), *streams])


def merged(streams: Iterable[Iterator[Block]]) -> Iterator[bytes]:
    """Sorted streams as one. They come in runs, so that a block is compared with the next of one other stream only."""
    heads: list[tuple[str, int, bytes, Iterator[Block]]] = []
    for place, stream in enumerate(streams):
        for start, lines in stream:
            heads.append((start, place, lines, stream))
            break
    heapify(heads)
    while heads:
        _, place, lines, stream = heappop(heads)
        yield lines
        limit = heads[0][0] if heads else None
        for start, lines in stream:
            if limit is not None and start > limit:
                heappush(heads, (start, place, lines, stream))
                break
            yield lines


def _stream(quads: Quads, template: Template, extent: Extent) -> Iterator[Block]:
    found = quads.things(template, extent)
    if extent.history:
        return in_order(template, _versions(found, bool(template.entity)))
    return in_order(template, _states(found) if template.entity else found)


def in_order(template: Template, things: Iterable[Printed]) -> Iterator[Block]:
    """Blocks in the order of IRIs from things in the order of keys."""
    base, mark = template.base, template.mark
    waiting: list[Block] = []
    for key, parts, own, _ in things:
        iri = base + key
        while waiting and waiting[-1][0] < iri:
            yield waiting.pop()
        waiting.append((f"{iri}>", own))
        if parts:
            waiting.append((iri + mark, parts))
    while waiting:
        yield waiting.pop()


def _states(found: Iterable[Printed]) -> Iterator[Printed]:
    """An entity's states as one thing; only one of them prints the entity's own lines."""
    for _, states in _together(found):
        parts = states[0].parts if len(states) == 1 else sorted_lines(b"".join(one.parts for one in states))
        yield Printed(states[0].key, parts, b"".join(one.own for one in states), b"")


def _versions(found: Iterable[Printed], of_entity: bool) -> Iterator[Printed]:
    """All versions of a thing as one; of an entity, what is taken back are states."""
    for key, versions in _together(found):
        if len(versions) == 1 and not versions[0].gone:
            yield versions[0]
            continue
        parts = b"".join(one.parts for one in versions)
        own = b"".join(one.own for one in versions)
        gone = b"".join(one.gone for one in versions)
        parts, own = (parts + gone, own) if of_entity else (parts, own + gone)
        yield Printed(key, sorted_lines(parts), sorted_lines(own), b"")


def _together(found: Iterable[Printed]) -> Iterator[tuple[str, list[Printed]]]:
    for key, things in groupby(found, itemgetter(0)):
        yield key, list(things)


def sorted_lines(lines: bytes) -> bytes:
    """Each once, in the order of bytes."""
    return b"".join(sorted(set(lines.splitlines(keepends=True))))
