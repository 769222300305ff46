"""The options by which a scope of a store is drawn, and what is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orggraph.model.model import Model
from orggraph.plan.scope import Certainty
from orggraph.stores.sqlite.opening import open_store

if TYPE_CHECKING:
    from orggraph.analysis.graph import Network

At = Annotated[str | None, typer.Option(help="What is so on this day; today, unless said.")]
During = Annotated[
    str | None,
    typer.Option(help="What is so in a month, a year or a range (2019, 2019-03-01..2020-01-01, 2019-03-01..)."),
]
Ever = Annotated[bool, typer.Option("--ever", help="What has ever been so.")]
KnownAt = Annotated[str | None, typer.Option(help="As known at this moment (2026-11-27T12:00+08:00).")]
Load = Annotated[int | None, typer.Option(help="As known at this load.")]
Sure = Annotated[Certainty, typer.Option(help="What is sure, or also what may be.")]
Relations = Annotated[
    list[str] | None,
    typer.Option(
        "--relation", help="Only records of this relation, by any of its names, and what they join; may be repeated."
    ),
]


@dataclass(frozen=True)
class Asked:
    at: str | None
    during: str | None
    ever: bool
    known_at: str | None
    load: int | None
    certainty: Certainty
    relations: tuple[str, ...]


def draw(store: Path, asked: Asked) -> tuple[Model, Network]:
    """The model and the graph of a scope. Raises OrggraphError."""
    from orggraph.analysis.asked import graph_scope, relations_named
    from orggraph.analysis.graph import networkx_graph

    scope = graph_scope(asked.at, asked.during, asked.ever, asked.known_at, asked.load, asked.certainty)
    opened = open_store(store, served=True)
    return opened.model, networkx_graph(
        opened.model, opened.drawn(relations_named(opened.model, asked.relations), scope)
    )
