"""``orggraph import``: a graph that was exported, or that others wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli.counting import counted
from orggraph.cli.options import DEFAULT_STORE, Base, Model, Store, TableOrJson
from orggraph.cli.progress import loading_progress
from orggraph.graphql.schema import sdl
from orggraph.model.reading import model_texts
from orggraph.rdf.importing import Foreign, Imported, import_rdf
from orggraph.settings import default_model

import_ = typer.Typer(no_args_is_help=True, help="Make a store of what others wrote. · 导入", rich_markup_mode=None)
MOST = 200


@import_.callback()
def _group() -> None:
    pass


@import_.command()
def rdf(
    file: Annotated[
        Path, typer.Argument(help="N-Quads, N-Triples, Turtle, TriG, JSON-LD or RDF/XML; .gz and .zst too.")
    ],
    store: Store = DEFAULT_STORE,
    model: Model = None,
    dated: Annotated[
        str | None, typer.Option(help="Of a file that others wrote: the day, month or year that it is of.")
    ] = None,
    register: Annotated[bool, typer.Option("--register", help="Of such a file: it is a living register.")] = False,
    map: Annotated[
        list[str] | None, typer.Option(help="Of such a file: IRI=NAME, the kind of a class, the relation of a role.")
    ] = None,
    base: Base = None,
    format: Annotated[TableOrJson, typer.Option(help="How what was left out is printed.")] = TableOrJson.TABLE,
) -> None:
    """Make a new store of RDF: all of our own export, of W3C ORG what the model has a place for. · 导入 RDF

    A file in a bag of orggraph has its model beside it, which is used unless --model names another.

    Example: orggraph import rdf graph.nq.gz --store new.db
    Example: orggraph import rdf BAG/data/graph.nq --store new.db
    """
    places = dict(_pair(one) for one in map or [])
    used = model or _beside(file) or default_model()
    with loading_progress() as watch:
        done = import_rdf(file, store, model_texts(used), sdl, Foreign(dated, register, places), watch, base=base)
    _print(done, used, format)


def _beside(file: Path) -> Path | None:
    """The model in the bag that a file is in."""
    beside = file.parent / "model"
    return beside if beside.is_dir() and (file.parent / "orggraph.json").is_file() else None


def _pair(text: str) -> tuple[str, str]:
    iri, equals, name = text.rpartition("=")
    if not equals:
        raise typer.BadParameter(f"{text}: write IRI=NAME", param_hint="--map")
    return iri, name


def _print(done: Imported, model: Path, format: TableOrJson) -> None:
    from orggraph.cli.query import print_table

    if format is TableOrJson.JSON:
        print(
            json.dumps(
                {"own": done.own, "left_out": [one._asdict() for one in done.left_out]}, ensure_ascii=False, indent=1
            )
        )
        return
    if done.left_out:
        print_table(["left out", "what", "why"], [list(one) for one in done.left_out[:MOST]])
        if len(done.left_out) > MOST:
            print(f"and {len(done.left_out) - MOST} more; --format json has all")
    rows = sum(report.rows for report in done.loads)
    said = f"{counted(rows, 'row')} in {counted(len(done.loads), 'load')}"
    print(f"{said}; {len(done.left_out)} left out; by the model {model}")
