"""``orggraph loads``: what was loaded when, and what was purged."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from msgspec import structs

from orggraph.cli.options import DEFAULT_STORE, Store, TableOrJson
from orggraph.stores.sqlite.loaded import loaded
from orggraph.stores.sqlite.marks import Mark
from orggraph.stores.sqlite.purging import marks


def loads(
    store: Store = DEFAULT_STORE,
    format: Annotated[TableOrJson, typer.Option(help="How they are printed.")] = TableOrJson.TABLE,
) -> None:
    """List what was loaded, and what was purged · 载入记录.

    Example: orggraph loads --store orggraph.db
    """
    from orggraph.cli.query import print_table

    found, purges = loaded(store), marks(store)
    if format is TableOrJson.JSON:
        said = {"loads": [asdict(one) for one in found], "purges": [structs.asdict(mark) for mark in purges]}
        print(json.dumps(said, ensure_ascii=False, indent=1))
        return
    rows = [[one.number, one.at, len(one.files), one.added, one.corrected, one.withdrawn] for one in found]
    print_table(["load", "at", "files", "added", "corrected", "withdrawn"], rows)
    print_purges(purges)


def print_purges(purges: list[Mark]) -> None:
    """Marks of what was purged, if there are any."""
    from orggraph.cli.query import print_table

    if purges:
        rows = [
            [mark.purge, mark.at, mark.table, mark.field or "all", mark.things, mark.versions, mark.why]
            for mark in purges
        ]
        print_table(["purge", "at", "table", "field", "things", "versions", "why"], rows)
