"""``orggraph backup``: a proved copy of a store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli.options import DEFAULT_STORE, Store
from orggraph.cli.progress import loading_progress
from orggraph.cli.writing import Force
from orggraph.stores.sqlite.copying import back_up


def backup(
    file: Annotated[Path, typer.Argument(help="The file to copy into.")],
    store: Store = DEFAULT_STORE,
    force: Force = False,
) -> None:
    """Copy a store, also while it is served and loaded · 备份.

    The copy is proved before it has its name.

    Example: orggraph backup --store orggraph.db orggraph.2026-11-27.db
    """
    with loading_progress() as watch:
        copied = back_up(store, file, force, watch)
    print(f"{file}: load {copied.load}, {copied.rows} rows, SHA-256 of content {copied.content}")
