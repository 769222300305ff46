"""Dots and lines → a networkx graph. In: a model, what a store has drawn. Out: a MultiDiGraph whose nodes are keys of entities and
whose edges are records, from subject to object, each by its own key: parallel ones are kept.

A node has ``kind``, ``kind_zh``, ``kind_en``, ``name``, ``certainty``, ``synthetic`` and ``span``; an edge has ``relation``,
``relation_zh``, ``relation_en``, ``valid_zh``, ``valid_en``, ``certainty``, ``synthetic``, ``span``, and as ``end_NAME`` the key of
each further end that is there. A ``span`` is four day numbers, as ``date.toordinal`` counts: earliest and latest start, earliest and
latest end, the ends being the first day no longer; what is beyond the calendar is open.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import networkx as nx

from orggraph.model.model import Model
from orggraph.plan.drawn import Dot, Drawn, Line
from orggraph.time.text import valid_text

Network: TypeAlias = "nx.MultiDiGraph[str]"


def networkx_graph(model: Model, drawn: Drawn) -> Network:
    """The graph's own attributes: ``name`` of the model, ``load``, ``days`` (the scope's four numbers), ``ranged``."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        name=model.name, load=drawn.load, days=drawn.days, ranged=drawn.ranged
    )
    for dot in drawn.dots:
        graph.add_node(dot.key, **_node(model, dot))
    for line in drawn.lines:
        graph.add_edge(line.subject, line.object, line.key, **_edge(model, line))
    return graph


def _node(model: Model, dot: Dot) -> dict[str, Any]:
    label = model.kinds[dot.kind].label
    return {
        "kind": dot.kind,
        "kind_zh": label.zh,
        "kind_en": label.en,
        "name": dot.name,
        "certainty": _certainty(dot.certain),
        "synthetic": dot.synthetic,
        "span": dot.span,
    }


def _edge(model: Model, line: Line) -> dict[str, Any]:
    relation = model.relations[line.relation]
    return {
        "relation": line.relation,
        "relation_zh": relation.label.zh,
        "relation_en": relation.label.en,
        "valid_zh": valid_text("zh", *line.span, *line.cells),
        "valid_en": valid_text("en", *line.span, *line.cells),
        "certainty": _certainty(line.certain),
        "synthetic": line.synthetic,
        "span": line.span,
        **{f"end_{relation.end(role).name}": key for role, key in line.further.items()},
    }


def _certainty(certain: bool) -> str:
    return "CERTAIN" if certain else "POSSIBLE"
