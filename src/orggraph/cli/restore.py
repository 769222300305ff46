"""``orggraph restore``: a store from its copy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli.options import DEFAULT_STORE, Store
from orggraph.cli.progress import loading_progress
from orggraph.cli.writing import Force
from orggraph.stores.sqlite.copying import restore as restore_store


def restore(
    file: Annotated[Path, typer.Argument(help="The copy that backup made.")],
    store: Store = DEFAULT_STORE,
    force: Force = False,
) -> None:
    """Make a store again from its copy, in one step · 恢复.

    A broken copy is refused. Services that read the store see it from their next answer on, also if it has another model.

    Example: orggraph restore orggraph.2026-11-27.db --store orggraph.db
    """
    with loading_progress() as watch:
        copied = restore_store(file, store, force, watch)
    print(f"{store}: load {copied.load}, {copied.rows} rows, SHA-256 of content {copied.content}")
