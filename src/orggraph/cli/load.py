"""``orggraph load``: files into a store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli.options import DEFAULT_STORE, Model, Store
from orggraph.graphql.schema import sdl
from orggraph.model.reading import model_texts
from orggraph.settings import default_model
from orggraph.stores.sqlite.load import load as load_files


def load(
    files: Annotated[
        list[Path], typer.Argument(help="CSV files, or folders of them; folders 1/, 2/, … are loads in order.")
    ],
    store: Store = DEFAULT_STORE,
    model: Model = None,
) -> None:
    """Load files: all of them, or nothing and every problem. · 载入

    Example: orggraph load seeds/changji --store orggraph.db
    """
    texts = model_texts(model or default_model()) if model is not None or not store.exists() else None
    for report in load_files(store, texts, sdl, files):
        if report.number is None:
            print(f"nothing new in {len(report.files)} files")
        else:
            counts = f"{report.added} added, {report.corrected} corrected, {report.withdrawn} withdrawn"
            print(f"load {report.number}: {report.rows} rows of {len(report.files)} files: {counts}")
