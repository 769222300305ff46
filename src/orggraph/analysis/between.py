"""Who sits between entities: who is joined to two of them by records that share a day of the scope. In: a graph. Out: rows.

The two records are a path of two hops: the second must meet what the first leaves of the scope (semantics.md section 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import NamedTuple

import networkx as nx

from orggraph.errors import OrggraphError
from orggraph.model.model import Model

Numbers = tuple[int, int, int, int]
MOST = 1_000_000
"""Pairs that are looked at."""


class Between(NamedTuple):
    """``relation`` joins it to ``one``, ``other_relation`` to ``other``. ``certainty``: of both at once. ``alone``: nobody else sits
    between these two."""

    key: str
    name: str
    kind: str
    one: str
    relation: str
    other: str
    other_relation: str
    certainty: str
    alone: bool


class Tie(NamedTuple):
    end: str
    relation: str
    span: Numbers
    certain: bool


def between(graph: nx.MultiDiGraph[str], ends: Callable[[str], bool]) -> tuple[Between, ...]:
    """Between any two entities that are such ``ends``; by the two, then those who are certain first, then by key. Raises OrggraphError
    (``TOO_MANY``)."""
    found = [row for key in graph if not ends(key) for row in _rows(graph, key, ends)]
    sitting: dict[tuple[str, str], set[str]] = {}
    for row in found:
        sitting.setdefault((row.one, row.other), set()).add(row.key)
    told = (row._replace(alone=len(sitting[row.one, row.other]) == 1) for row in found)
    return tuple(
        sorted(told, key=lambda row: (row.one, row.other, row.certainty, row.key, row.relation, row.other_relation))
    )


def of_kind(graph: nx.MultiDiGraph[str], model: Model, kind: str) -> Callable[[str], bool]:
    """Entities of a kind, or of those below it."""
    concrete = model.kinds[kind].concrete
    return lambda key: graph.nodes[key]["kind"] in concrete


def _rows(graph: nx.MultiDiGraph[str], key: str, ends: Callable[[str], bool]) -> Iterator[Between]:
    ties = sorted(_ties(graph, key, ends))
    if len(ties) ** 2 > 2 * MOST:
        raise OrggraphError(f"{key} is joined to {len(ties)} ends; name two of them, or fewer relations", "TOO_MANY")
    pairs: dict[tuple[str, str, str, str], bool] = {}
    for first, second in combinations(ties, 2):
        if first.end == second.end:
            continue
        possible, certain = together(graph.graph["days"], graph.graph["ranged"], first, second)
        if possible:
            named = (first.end, first.relation, second.end, second.relation)
            pairs[named] = pairs.get(named, False) or certain
    data = graph.nodes[key]
    for named, certain in pairs.items():
        yield Between(key, data["name"], data["kind"], *named, "CERTAIN" if certain else "POSSIBLE", False)


def _ties(graph: nx.MultiDiGraph[str], key: str, ends: Callable[[str], bool]) -> Iterator[Tie]:
    for subject, object_, data in (*graph.out_edges(key, data=True), *graph.in_edges(key, data=True)):
        end = object_ if subject == key else subject
        if ends(end):
            yield Tie(end, data["relation"], data["span"], data["certainty"] == "CERTAIN")


def together(days: Numbers, ranged: bool, first: Tie, second: Tie) -> tuple[bool, bool]:
    """Whether two records that hold in a scope possibly, and whether they certainly share a day of it."""
    left = tuple(map(max, days[:2], first.span[:2])) + tuple(map(min, days[2:], first.span[2:])) if ranged else days
    a0, a1, b0, b1 = left
    f0, f1, u0, u1 = second.span
    return f0 < b1 and u1 > a0, first.certain and second.certain and f1 < b0 and u0 > a1
