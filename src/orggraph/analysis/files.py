"""A graph → GraphML or GEXF 1.3, which Gephi, yEd, Cytoscape and others open. In: a graph, a file. Out: the file, written wholly or not.

Dates stand in both as four ISO days (blank where there is none); in GEXF also as ``start`` and ``end`` of each node and edge, the first
and last day on which it may be, which Gephi's timeline reads.
"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Any, assert_never

import networkx as nx

from orggraph.output.placing import placed
from orggraph.time.days import iso

GEXF = "1.3"
DAYS = ("earliest_start", "latest_start", "earliest_end", "latest_end")
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no place for."""


class Format(StrEnum):
    GRAPHML = "graphml"
    GEXF = "gexf"


def write_graph(graph: nx.MultiDiGraph[str], target: Path, format: Format, lang: str, force: bool = False) -> None:
    """``lang``: of labels, "zh" or "en". Raises OrggraphError."""
    with placed(target, force) as part:
        match format:
            case Format.GRAPHML:
                nx.write_graphml_xml(_plain(graph, lang, timed=False), part, named_key_ids=True)
            case Format.GEXF:
                nx.write_gexf(_plain(graph, lang, timed=True), part, version=GEXF)
            case _:
                assert_never(format)


def _plain(graph: nx.MultiDiGraph[str], lang: str, timed: bool) -> nx.MultiDiGraph[str]:
    """The same graph with nothing but texts and flags."""
    plain: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    if timed:
        plain.graph.update(mode="dynamic", name=_text(str(graph.graph["name"])))
    for node, data in graph.nodes(data=True):
        plain.add_node(_text(node), **_attributes(data, str(data["name"]), timed))
    for subject, object_, key, data in graph.edges(keys=True, data=True):
        attributes = _attributes(data, str(data[f"relation_{lang}"]), timed)
        plain.add_edge(_text(subject), _text(object_), _text(key), id=_text(key), **attributes)
    return plain


def _attributes(data: dict[str, Any], label: str, timed: bool) -> dict[str, Any]:
    texts = {name: _text(value) if isinstance(value, str) else value for name, value in data.items() if name != "span"}
    span: tuple[int, int, int, int] = data["span"]
    days = {name: day for name, number in zip(DAYS, span, strict=True) if (day := iso(number))}
    first, last = iso(span[0]), iso(span[3] - 1)
    bounds = {name: day for name, day in (("start", first), ("end", last)) if timed and day}
    return {**texts, "label": _text(label), **days, **bounds}


def _text(text: str) -> str:
    return UNWRITABLE.sub("\ufffd", text)
