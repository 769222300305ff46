"""``orggraph export bag``: the whole graph in a package that checks itself."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from orggraph.archive.making import make_bag
from orggraph.cli.counting import counted
from orggraph.cli.options import DEFAULT_STORE, Store
from orggraph.cli.progress import loading_progress
from orggraph.cli.writing import Force


def bag(
    output: Annotated[Path, typer.Option("--output", "-o", help="A new folder, or FILE.zip.")],
    store: Store = DEFAULT_STORE,
    force: Force = False,
) -> None:
    """Write all versions of everything, with tables, model and pages, as a bag (BagIt 1.0). · 导出档案包

    The same bytes for the same store. Its README says how to verify it without orggraph.

    Example: orggraph export bag --store orggraph.db -o bag.zip
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what is half is taken away
    with loading_progress() as watch:
        counts = make_bag(store, output, force, watch)
    said = f"{counted(len(counts.tables), 'table')}, {counted(counts.pages, 'page')}"
    print(f"{output}: {counted(counts.quads, 'quad')} of load {counts.load}, {said}")
