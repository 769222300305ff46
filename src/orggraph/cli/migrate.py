"""``orggraph migrate``: a store carried over to a later model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli.options import DEFAULT_STORE, Store
from orggraph.cli.progress import loading_progress
from orggraph.graphql.schema import sdl
from orggraph.model.reading import model_texts
from orggraph.stores.sqlite.migrating import migrate as carry_over


def migrate(
    model: Annotated[
        Path, typer.Option(help="The new model: a YAML file or a folder. · 新模型", envvar="ORGGRAPH_MODEL")
    ],
    store: Store = DEFAULT_STORE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would change.")] = False,
) -> None:
    """Carry a store over to a model that adds to its own · 迁移.

    A model that changes or takes out what is there is refused with the reason. All of it is one transaction. Services that
    serve the store offer what is new within a second.

    Example: orggraph migrate --store orggraph.db --model schema
    """
    with loading_progress() as watch:
        found = carry_over(store, model_texts(model), sdl, dry_run, watch)
    for one in found:
        print(one)
    print(f"{len(found)} changes {'would be' if dry_run else 'are'} carried over into {store}")
