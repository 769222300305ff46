"""What a load changes: each state and record that it adds, corrects or withdraws, by the columns of files.

In: a store in which the load is written, published or not. Out: ``Change``s. A state that is written anew only because its
neighbour changed is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import apsw

from orggraph.model.model import Kind, Model, Relation
from orggraph.records.files import Table
from orggraph.stores.sqlite.ddl import end_column

ADDED, CORRECTED, WITHDRAWN = "added", "corrected", "withdrawn"
DATES = ("from", "until", "through", "attested")
CITED = """(SELECT group_concat(a.key, ';') FROM (SELECT s FROM cite WHERE c = {0}.c ORDER BY i) x JOIN entity a ON a.e = x.s)"""
PARAS = """(SELECT group_concat(coalesce(x.para, ''), ';') FROM (SELECT para FROM cite WHERE c = {0}.c ORDER BY i) x)"""
Cell = str | int | None


@dataclass(frozen=True)
class Change:
    """``what``: added, corrected or withdrawn. ``cells``: by column, what it said before and says after (None: nothing);
    of a correction only what differs."""

    what: str
    table: str
    key: str
    from_: str | None
    cells: dict[str, tuple[Cell, Cell]]


def changes_of(connection: apsw.Connection, model: Model, number: int, most: int) -> Iterator[Change]:
    """The changes that a load made, by table, then by key; the first so many."""
    left = most
    tables: list[Table] = [*model.concrete(), *model.relations.values()]
    for table in tables:
        for change in _table_changes(connection, table, number, left):
            yield change
            left -= 1
        if left <= 0:
            return


def columns_of(table: Table, v: str) -> dict[str, str]:
    """The columns of files, with the SQL of what a version says there."""
    found = {"name": f"{v}.name"} if isinstance(table, Kind) else {}
    if isinstance(table, Relation):
        for end in table.ends:
            found[end.name] = f"(SELECT key FROM entity WHERE e = {v}.{end_column(end.role)})"
    found |= {one.name: f'{v}."_{one.name}"' for one in table.fields}
    found |= {date: f"{v}.w_{date}" for date in DATES}
    return found | {"source": CITED.format(v), "para": PARAS.format(v), "synthetic": f"nullif({v}.syn, 0)"}


def _table_changes(connection: apsw.Connection, table: Table, number: int, most: int) -> Iterator[Change]:
    kind = isinstance(table, Kind)
    name, thing, registry = (f"k_{table.name}", "e", "entity") if kind else (f"r_{table.name}", "r", "record")
    same = f"o.{thing} = v.{thing}" + (" AND o.w_from IS v.w_from" if kind else "")
    new, old = columns_of(table, "v"), columns_of(table, "o")
    key = f"(SELECT key FROM {registry} WHERE {thing} = {{}}.{thing})"
    both = f"""SELECT {key.format("v")}, v.w_from, o.n IS NOT NULL, 1, {", ".join(new.values())}, {", ".join(old.values())}
        FROM "{name}" v LEFT JOIN "{name}" o ON {same} AND o.k1 = {number} WHERE v.k0 = {number}"""
    gone = f"""SELECT {key.format("o")}, o.w_from, 1, 0, {", ".join("NULL" for _ in new)}, {", ".join(old.values())}
        FROM "{name}" o WHERE o.k1 = {number} AND NOT EXISTS(SELECT 1 FROM "{name}" v WHERE {same} AND v.k0 = {number})"""
    found = 0
    for row in connection.cursor().execute(f"{both} UNION ALL {gone} ORDER BY 1, 2"):
        change = _change(table.name, list(new), row)
        if change is not None and found < most:
            found += 1
            yield change


def _change(table: str, columns: list[str], row: tuple[Any, ...]) -> Change | None:
    key, from_, before, after, *cells = row
    old, now = cells[len(columns) :], cells[: len(columns)]
    what = CORRECTED if before and after else ADDED if after else WITHDRAWN
    said = {
        column: (was, is_)
        for column, was, is_ in zip(columns, old, now, strict=True)
        if was != is_ and (what == CORRECTED or (was, is_) != (None, None))
    }
    return None if what == CORRECTED and not said else Change(what, table, key, from_, said)
