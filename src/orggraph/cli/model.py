"""``orggraph model``: judge a model, and make from it what others read."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from msgspec import structs

from orggraph.cli.options import Model, TableOrJson
from orggraph.model import load_model
from orggraph.settings import default_model

model = typer.Typer(
    help="Judge a model, and print what follows from it. · 模型", no_args_is_help=True, rich_markup_mode=None
)


class Cache(StrEnum):
    APOLLO_MODULE = "apollo.js"
    APOLLO = "apollo.json"
    URQL = "urql.json"


ModelPath = Annotated[Path | None, typer.Argument(help="A YAML file or a folder of them (default: schema).")]


@model.command()
def lint(path: ModelPath = None) -> None:
    """Check a model; every problem with its file and line.

    Example: orggraph model lint schema
    """
    found = load_model(path or default_model())
    print(
        f"{found.name}: {len(found.kinds)} kinds, {len(found.relations)} relations, {len(found.derived)} derived: no problem"
    )


@model.command()
def sdl(path: ModelPath = None) -> None:
    """Print the GraphQL schema of a model.

    Example: orggraph model sdl schema > schema.graphql
    """
    from orggraph.graphql.schema import sdl as make

    print(make(load_model(path or default_model())), end="")


@model.command()
def ddl(path: ModelPath = None) -> None:
    """Print the tables and indexes of a model's SQLite store.

    Example: orggraph model ddl schema
    """
    from orggraph.stores.sqlite.ddl import ddl as make

    print(make(load_model(path or default_model())), end="")


@model.command()
def cache(
    file: Annotated[Cache, typer.Argument(help="What is wanted.")],
    path: ModelPath = None,
) -> None:
    """Print what a client's normalized cache must know of a model; a service gives the same under /clients/.

    apollo.js: possibleTypes and typePolicies of an InMemoryCache, as a module. apollo.json: the same as data, with which two
    queries of the same list fetch it twice. urql.json: a schema for graphcache, and the types that have no key.

    Example: orggraph model cache apollo.js schema > apollo.js
    """
    from orggraph.graphql.caches import CACHES

    print(CACHES[file](load_model(path or default_model())), end="")


@model.command()
def docs(path: ModelPath = None, lang: Annotated[str, typer.Option(help="zh or en")] = "zh") -> None:
    """Print a page that explains a model.

    Example: orggraph model docs schema --lang en
    """
    from orggraph.model.page import page

    print(page(load_model(path or default_model()), lang), end="")


@model.command()
def derive(
    path: ModelPath = None, check: Annotated[bool, typer.Option(help="Change nothing; fail on a difference.")] = False
) -> None:
    """Write everything that follows from a model into its folder derived/.

    Example: orggraph model derive schema --check
    """
    from orggraph.derived import derive as make

    make(path or default_model(), check)


@model.command()
def diff(
    old: Annotated[Path, typer.Argument(help="The older model: a YAML file or a folder of them.")],
    new: Annotated[Path, typer.Argument(help="The newer model.")],
    format: TableOrJson = TableOrJson.TABLE,
) -> None:
    """Tell what changed between two models, and what of it breaks a client (then the exit status is 1).

    Example: orggraph model diff schema ../schema.new
    """
    from orggraph.cli.query import print_table
    from orggraph.model.difference import differences

    found = differences(load_model(old), load_model(new))
    breaking = sum(one.breaks for one in found)
    if format is TableOrJson.JSON:
        print(json.dumps([structs.asdict(one) for one in found], ensure_ascii=False, indent=1))
    elif found:
        ordered = sorted(found, key=lambda one: not one.breaks)
        rows = [
            ["breaks" if one.breaks else "", one.name, one.part, one.what, one.before, one.after, one.why]
            for one in ordered
        ]
        print_table(["", "name", "part", "what", "before", "after", "why"], rows)
        print(f"{breaking} of {len(found)} changes break a client")
    else:
        print("the two say the same")
    sys.exit(1 if breaking else 0)


__all__ = ["Model", "model"]
