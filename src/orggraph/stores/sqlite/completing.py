"""A source of which the files have all that is still so: what is known from it, of a kind or relation that they have rows of,
and not in them any more is withdrawn.

In: staged rows, the source's key. Out: a staged row that withdraws, for each state or record that cites the source and
stands in no file of the load; from there on it is as if a file had said so.
"""

from __future__ import annotations

from orggraph.errors import LoadError, Problem
from orggraph.model.model import Kind
from orggraph.records.files import Table
from orggraph.stores.sqlite.asking import value
from orggraph.stores.sqlite.checks import near
from orggraph.stores.sqlite.staging import Staging, index_keys, staged_name
from orggraph.stores.sqlite.writing import CURRENT


def withdraw_rest(staging: Staging, source: str) -> None:
    """Raises LoadError where the source is unknown, or no row of the files cites it."""
    number = staging.citations.numbers.get(source)
    files = ", ".join(file.shown for file in staging.staged.files)
    if number is None:
        mend = near(staging.connection, source)
        raise LoadError([Problem(files, 0, "source", "UNKNOWN_SOURCE", source, f"{source} is no source", mend)])
    if source not in staging.citations.first:
        message = f"no row cites {source}, so that all of it would be withdrawn"
        raise LoadError([Problem(files, 0, "source", "NOT_CITED", source, message, "look at the source's key")])
    for table in list(staging.staged.tables.values()):
        if table.name != "Source":
            _withdraw(staging, table, number)


def _withdraw(staging: Staging, table: Table, source: int) -> None:
    kind, name = isinstance(table, Kind), staged_name(table)
    thing, registry = ("e", "entity") if kind else ("r", "record")
    versions = f'"{"k" if kind else "r"}_{table.name}" v JOIN {registry} q ON q.{thing} = v.{thing}'
    cites = f"v.k1 = {CURRENT} AND EXISTS(SELECT 1 FROM cite WHERE c = v.c AND s = {source})"
    if value(staging.connection, f"SELECT 1 FROM {versions} WHERE {cites} LIMIT 1") is None:
        return
    staging.table(table)
    index_keys(staging.connection, table)
    had = staging.staged.had_number(frozenset({"key", "from", "withdrawn"}))
    same = "s.key = q.key AND s.w_from IS v.w_from" if kind else "s.key = q.key"
    staging.connection.execute(
        f"""INSERT INTO temp."{name}"(file, line, had, key, w_from, syn, withdrawn, c)
        SELECT 0, 0, {had}, q.key, v.w_from, 0, 1, 0 FROM {versions} WHERE {cites}
        AND NOT EXISTS(SELECT 1 FROM temp."{name}" s WHERE {same})"""
    )
