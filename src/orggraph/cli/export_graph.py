"""``orggraph export graphml`` and ``gexf``: a scope of a store as a network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli.drawn import Asked, At, During, Ever, KnownAt, Load, Relations, Sure, draw
from orggraph.cli.options import DEFAULT_STORE, Language, Spoken, Store
from orggraph.cli.writing import Force, ready, tell
from orggraph.plan.scope import Certainty

Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="The file; graph.graphml or graph.gexf unless said.")
]


def graphml(
    output: Output = None,
    store: Store = DEFAULT_STORE,
    at: At = None,
    during: During = None,
    ever: Ever = False,
    certainty: Sure = Certainty.POSSIBLE,
    known_at: KnownAt = None,
    load: Load = None,
    relation: Relations = None,
    lang: Spoken = Language.ZH,
    force: Force = False,
) -> None:
    """Write entities and records as GraphML, for Gephi, yEd, Cytoscape, igraph. · 导出网络图

    Example: orggraph export graphml --at 2020-03-31 -o graph.graphml
    """
    asked = Asked(at, during, ever, known_at, load, certainty, tuple(relation or ()))
    _export(store, asked, output, "graphml", lang, force)


def gexf(
    output: Output = None,
    store: Store = DEFAULT_STORE,
    at: At = None,
    during: During = None,
    ever: Ever = False,
    certainty: Sure = Certainty.POSSIBLE,
    known_at: KnownAt = None,
    load: Load = None,
    relation: Relations = None,
    lang: Spoken = Language.ZH,
    force: Force = False,
) -> None:
    """Write entities and records as GEXF 1.3, with the dates that Gephi's timeline reads. · 导出带时间轴的网络图

    Example: orggraph export gexf --ever --relation 第一书记 -o graph.gexf
    """
    asked = Asked(at, during, ever, known_at, load, certainty, tuple(relation or ()))
    _export(store, asked, output, "gexf", lang, force)


def _export(store: Path, asked: Asked, output: Path | None, format: str, lang: str, force: bool) -> None:
    from orggraph.analysis.files import Format, write_graph

    target = output or Path(f"graph.{format}")
    ready(target, force)
    _, graph = draw(store, asked)
    write_graph(graph, target, Format(format), lang, force)
    counts = f"{graph.number_of_nodes()} entities and {graph.number_of_edges()} records"
    tell(target, f"{counts} of load {graph.graph['load']}")
