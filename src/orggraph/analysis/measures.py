"""What a graph says of its entities and of itself. In: a graph. Out: rows, in a stated order; no clock and no chance in them.

Direction does not count, nor how many records join two entities, but where records are counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import networkx as nx

from orggraph.analysis.asked import STEPS

SEED = 1


class Entity(NamedTuple):
    """``records``: at either end; ``neighbours``: different entities that they join it to. ``betweenness``: the share of shortest
    paths between others that pass it. ``core``: the greatest k for which it is in a part all of whose entities have k neighbours
    there. ``component``: the number of the component that it is in."""

    key: str
    name: str
    kind: str
    records: int
    neighbours: int
    betweenness: float
    core: int
    component: int


@dataclass(frozen=True)
class Entities:
    """``pivots``: from how many of ``nodes`` the paths were followed; where these are fewer, betweenness is an estimate."""

    rows: tuple[Entity, ...]
    pivots: int
    nodes: int


class Component(NamedTuple):
    """``first``: the entity with the most neighbours in it."""

    number: int
    entities: int
    records: int
    key: str
    name: str


class Bridge(NamedTuple):
    """A record without which the graph falls apart; ``smaller``: how many entities are on the smaller side."""

    key: str
    relation: str
    subject: str
    object: str
    smaller: int


def ties(graph: nx.MultiDiGraph[str]) -> nx.Graph[str]:
    """Who is joined with whom, without direction; nobody with itself."""
    plain: nx.Graph[str] = nx.Graph()
    plain.add_nodes_from(graph)
    plain.add_edges_from((one, other) for one, other in graph.edges() if one != other)
    return plain


def entities(graph: nx.MultiDiGraph[str], work: int = STEPS) -> Entities:
    """The most central first, then those with the most neighbours, then by key."""
    plain = ties(graph)
    pivots = pivots_within(plain, work)
    between = nx.betweenness_centrality(plain, k=None if pivots == len(plain) else pivots, seed=SEED)
    cores = nx.core_number(plain)
    placed = {key: number for number, keys in enumerate(_parts(plain), 1) for key in keys}
    rows = (
        Entity(
            key, data["name"], data["kind"], graph.degree(key), plain.degree(key), between[key], cores[key], placed[key]
        )
        for key, data in graph.nodes(data=True)
    )
    return Entities(tuple(sorted(rows, key=_rank)), pivots, len(plain))


def pivots_within(plain: nx.Graph[str], work: int) -> int:
    """From how many entities paths can be followed in so many steps: one at least, all at most."""
    steps = plain.number_of_nodes() + 2 * plain.number_of_edges()
    return min(len(plain), max(1, work // max(1, steps)))


def components(graph: nx.MultiDiGraph[str]) -> tuple[Component, ...]:
    """The largest first, then by their least key."""
    plain = ties(graph)
    return tuple(_component(graph, plain, number, keys) for number, keys in enumerate(_parts(plain), 1))


def bridges(graph: nx.MultiDiGraph[str]) -> tuple[Bridge, ...]:
    """Those that part most first, then by key."""
    plain = ties(graph)
    found = []
    sides = _sides(plain)
    edges: Iterable[tuple[str, str]] = nx.bridges(plain)  # type: ignore[arg-type]  # the stubs take nodes for edges
    for one, other in edges:
        records = [(a, b, key, data) for a, b in ((one, other), (other, one)) for key, data in _joining(graph, a, b)]
        if len(records) == 1:
            ((subject, object_, key, data),) = records
            found.append(Bridge(key, data["relation"], subject, object_, sides[frozenset((one, other))]))
    return tuple(sorted(found, key=lambda row: (-row.smaller, row.key)))


def _rank(row: Entity) -> tuple[float, int, str]:
    return -row.betweenness, -row.neighbours, row.key


def _parts(plain: nx.Graph[str]) -> list[set[str]]:
    return sorted(nx.connected_components(plain), key=lambda keys: (-len(keys), min(keys)))


def _component(graph: nx.MultiDiGraph[str], plain: nx.Graph[str], number: int, keys: Iterable[str]) -> Component:
    inside = sorted(keys)
    first = min(inside, key=lambda key: (-plain.degree(key), key))
    records = sum(graph.out_degree(key) for key in inside)
    return Component(number, len(inside), records, first, graph.nodes[first]["name"])


def _joining(graph: nx.MultiDiGraph[str], one: str, other: str) -> list[tuple[Any, Any]]:
    return list(graph.get_edge_data(one, other, default={}).items())


def _sides(plain: nx.Graph[str]) -> dict[frozenset[str], int]:
    """By edge of a tree that spans each component: the entities on its smaller side. For a bridge it is what it parts."""
    found = {}
    for keys in nx.connected_components(plain):
        below = dict.fromkeys(keys, 1)
        for parent, child in reversed(list(nx.bfs_edges(plain, min(keys)))):
            below[parent] += below[child]
            found[frozenset((parent, child))] = min(below[child], len(keys) - below[child])
    return found
