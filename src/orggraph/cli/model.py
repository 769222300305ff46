"""``orggraph model``: judge a model, and make from it what others read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli.options import Model
from orggraph.model import load_model
from orggraph.settings import default_model

model = typer.Typer(
    help="Judge a model, and print what follows from it. · 模型", no_args_is_help=True, rich_markup_mode=None
)
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


__all__ = ["Model", "model"]
