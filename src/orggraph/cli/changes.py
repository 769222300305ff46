"""``orggraph changes``: what loads changed, as a table, CSV or JSON lines; also what is loaded from now on."""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any

import typer

from orggraph.cli.options import DEFAULT_STORE, Called, Store
from orggraph.feed import Feed, Part
from orggraph.model.model import Model
from orggraph.records.changed import cell_words, head_word, table_word, what_word
from orggraph.records.words import Words
from orggraph.stores.sqlite.opening import open_store

POLL = 0.5
"""Seconds between two looks for a new load."""
HEAD = ("load", "what", "table", "key", "column", "before", "after")


class ChangeFormat(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def _listed(name: str, help: str) -> Any:
    return typer.Option(f"--{name}", help=f"{help} (may be repeated).")


def changes(
    store: Store = DEFAULT_STORE,
    since: Annotated[int, typer.Option(help="Changes of loads after this one (0: all).", min=0)] = 0,
    after: Annotated[str | None, typer.Option(help="Go on after the change that has this cursor.")] = None,
    follow: Annotated[bool, typer.Option(help="Wait for what is loaded from now on. · 跟随")] = False,
    format: Annotated[ChangeFormat, typer.Option(help="How they are printed; json: a line each.")] = ChangeFormat.TABLE,
    kind: Annotated[list[str] | None, _listed("kind", "Of this kind")] = None,
    relation: Annotated[list[str] | None, _listed("relation", "Of this relation")] = None,
    key: Annotated[list[str] | None, _listed("key", "Of this entity or record")] = None,
    what: Annotated[list[str] | None, _listed("what", "ADDED, CORRECTED or WITHDRAWN")] = None,
    cited_from: Annotated[list[str] | None, _listed("cited-from", "That cite this source")] = None,
    touching: Annotated[
        list[str] | None, _listed("touching", "Of this entity, and of records at an end of which it is")
    ] = None,
    lang: Called = Words.MODEL,
) -> None:
    """List what loads changed · 变更记录.

    Example: orggraph changes --since 3 --follow --format json
    """
    given = {
        "kinds": kind,
        "relations": relation,
        "keys": key,
        "what": what,
        "citedFrom": cited_from,
        "touching": touching,
    }
    opened = open_store(store)
    feed = Feed(opened, {name: tuple(values) for name, values in given.items() if values})
    parts = _parts(feed, since, after, follow)
    if format is ChangeFormat.JSON:
        for part in parts:
            sys.stdout.buffer.writelines(line + b"\n" for line in part.lines())
            sys.stdout.buffer.flush()
        return
    rows = (row for part in parts for line in part.lines() for row in _cells(json.loads(line), opened.model, lang))
    head = [head_word(one, lang) for one in HEAD]
    if format is ChangeFormat.TABLE and not follow:
        from orggraph.cli.query import print_table

        print_table(head, list(rows))
        return
    writer = csv.writer(sys.stdout)
    writer.writerow(head)
    for row in rows:
        writer.writerow(row)
        sys.stdout.flush()


def _parts(feed: Feed, since: int, after: str | None, follow: bool) -> Iterator[Part]:
    told = 0
    while True:
        part = feed.page(since, after)
        after = part.cursor or after
        marks = tuple(mark for mark in part.purges if json.loads(mark)["number"] > told)
        told = max([told, *(json.loads(mark)["number"] for mark in marks)])
        if part.edges or marks:
            yield Part(marks, part.edges, part.load, part.full)
        if not part.full:
            if not follow:
                return
            time.sleep(POLL)


def _cells(change: dict[str, Any], model: Model, words: Words) -> Iterator[list[Any]]:
    """A row for each cell that a change says anew; what a purge's mark says in one."""
    if "purge" in change:
        mark = change["purge"]
        yield [
            "",
            what_word("PURGED", words),
            table_word(model, mark["table"], words),
            "",
            mark["field"] or "",
            f"{mark['things']} things",
            mark["why"],
        ]
        return
    before, after = change["before"] or {}, change["after"] or {}
    table = change.get("kind") or change["relation"]
    head = [
        change["load"]["number"],
        what_word(change["what"], words),
        table_word(model, table, words),
        change["key"],
    ]
    for column in change["changed"] or [name for name, cell in (after or before).items() if cell not in (None, False)]:
        yield [*head, *cell_words(model, table, column, (before.get(column), after.get(column)), words)]
