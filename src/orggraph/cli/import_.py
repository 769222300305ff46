"""``orggraph import``: a graph that was exported, or that others wrote."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli.counting import counted
from orggraph.cli.options import DEFAULT_STORE, Base, Model, Store, TableOrJson
from orggraph.cli.progress import loading_progress
from orggraph.errors import OrggraphError
from orggraph.graphql.schema import sdl
from orggraph.model.reading import model_texts
from orggraph.rdf.filing import whole_file
from orggraph.rdf.found import Key
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
    keys: Annotated[Path | None, typer.Option(help="Of such a file: a new CSV of which IRI became which key.")] = None,
    format: Annotated[TableOrJson, typer.Option(help="How what was left out is printed.")] = TableOrJson.TABLE,
) -> None:
    """Make a new store of RDF: all of our own export, of W3C ORG what the model has a place for. · 导入 RDF

    A file in a bag of orggraph has its model beside it, which is used unless --model names another.

    Example: orggraph import rdf graph.nq.gz --store new.db
    Example: orggraph import rdf BAG/data/graph.nq --store new.db
    """
    places = dict(_pair(one) for one in map or [])
    if keys is not None and keys.exists():
        raise OrggraphError(f"{keys}: is there already; name a new file", "EXISTS")
    used = model or _beside(file) or default_model()
    with loading_progress() as watch:
        done = import_rdf(file, store, model_texts(used), sdl, Foreign(dated, register, places), watch, base=base)
    if keys is not None:
        _write_keys(done, keys)
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

    for one in done.warnings:
        print(f"orggraph: {one}", file=sys.stderr)
    if format is TableOrJson.JSON:
        told = {
            "own": done.own, "rows": done.rows, "loads": len(done.loads), "left_out": [one._asdict() for one in done.left_out],
            "keys": [one._asdict() for one in done.keys], "warnings": done.warnings,
        }  # fmt: skip
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    if done.left_out:
        rows = [[one.resource, one.what or "all of it", one.reason] for one in done.left_out[:MOST]]
        print_table(["left out", "what", "why"], rows)
        if len(done.left_out) > MOST:
            print(f"and {len(done.left_out) - MOST} more; --format json has all")
    if done.keys:
        first = done.keys[0]
        print(
            f"{counted(len(done.keys), 'IRI')} became keys ({first.iri} is {first.key}); --keys FILE.csv writes all, --format json has them"
        )
    said = f"{counted(done.rows, 'row')} in {counted(len(done.loads), 'load')}"
    print(f"{said}; {len(done.left_out)} left out; by the model {model}")


def _write_keys(done: Imported, file: Path) -> None:
    with whole_file(file) as write:
        write(f"{','.join(Key._fields)}\r\n".encode())
        for one in done.keys:
            text = io.StringIO(newline="")
            csv.writer(text).writerow(one)
            write(text.getvalue().encode())
