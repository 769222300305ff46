"""``orggraph purge``: private data that got in by mistake, gone from every version and from the file."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from orggraph.cli.options import DEFAULT_STORE, Store
from orggraph.cli.progress import loading_progress
from orggraph.errors import OrggraphError
from orggraph.stores.sqlite.purging import Purged, finish
from orggraph.stores.sqlite.purging import purge as purge_store

UNFINISHED = (
    "somebody reads the store on, so that old bytes are still in its files; when they are done: orggraph purge --finish"
)


def purge(
    keys: Annotated[list[str] | None, typer.Argument(help="Keys of the entities or records.")] = None,
    field: Annotated[
        str | None,
        typer.Option(help="Only this field of theirs (name, para or a field of the model); else all of them."),
    ] = None,
    why: Annotated[str, typer.Option(help="The reason, which is kept. Say no value in it.")] = "",
    store: Store = DEFAULT_STORE,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    finishing: Annotated[
        bool, typer.Option("--finish", help="Overwrite what an earlier purge left in the file.")
    ] = False,
) -> None:
    """Take private data out of all versions and bytes · 清除.

    It cannot be taken back. What stays is a mark of when, how many and why (orggraph loads). Backups and the files that
    were loaded still have the data: take it out of them too.

    Example: orggraph purge p-017 --field homepage --why "a private page" --store orggraph.db
    """
    if finishing:
        if keys:
            raise typer.BadParameter("--finish takes no keys")
        with loading_progress() as watch:
            done = finish(store, watch)
        _tell_end(done)
        return
    if not keys:
        raise typer.BadParameter("name the keys of what is to be purged")
    if not yes:
        print_purged(purge_store(store, keys, field, why, dry=True), "would lose")
        typer.confirm("Purge it? It cannot be taken back.", abort=True)
    with loading_progress() as watch:
        purged = purge_store(store, keys, field, why, watch=watch)
    print_purged(purged, "lost")
    _tell_end(not purged.loose)


def print_purged(purged: Purged, lost: str) -> None:
    for table, (things, versions) in purged.tables.items():
        print(f"{table}: {versions} versions of {things} {lost} {purged.field or 'all that they had'}")
    if purged.shared:
        print(f"{purged.shared} versions of other things cite by the same words, which stay; name their keys too")


def _tell_end(done: bool) -> None:
    if not done:
        raise OrggraphError(UNFINISHED, "PURGE_UNFINISHED")
    print("overwritten in the file; take it out of backups and of the files that were loaded too", file=sys.stderr)
