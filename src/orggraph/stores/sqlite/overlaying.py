"""Corrections that say neither dates nor sources, laid over what is known by statements.

In: staged rows of known things, each the only row of its thing. Out: new versions of those that say something new, with the
numbers of the old ones, which are closed; ``temp.laid`` has the rows that are done with. What says dates or sources may move
numbers, its own and its neighbours', and is looked at row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from orggraph.stores.sqlite.versions import TableApplying
from orggraph.stores.sqlite.writing import CURRENT

MOVING = frozenset({"until", "through", "attested", "source", "para", "withdrawn"})
NOT_LAID = "s.i NOT IN (SELECT i FROM temp.laid)"


def lay_over(
    applying: TableApplying,
    rows: str,
    same: Callable[[frozenset[str]], str | None],
    given: Mapping[str, str],
    ends: str,
) -> None:
    """``rows``: the rows that may be laid, as FROM and WHERE around ``{v}``, where the known version is joined. ``same``:
    for columns that rows had, which version they correct; None if they cannot be laid. ``given``: SQL of columns that are
    not staged as they are, which wants the joins of ``ends``."""
    connection, load = applying.load.connection, applying.load
    connection.execute("CREATE TEMP TABLE laid(i INTEGER PRIMARY KEY, n INTEGER)")
    for place, had in enumerate(load.staged.had):
        version = same(had)
        if had & MOVING or version is None:
            continue
        said = [column for column in applying.columns if column in applying.taken[place] and column != "w_from"]
        new = {column: given.get(column, f's."{column}"') for column in said}
        differs = " OR ".join(f'{sql} IS NOT v."{column}"' for column, sql in new.items()) or "0"
        must = [f"{new[one]} IS NOT NULL" for one in applying.required() if one in new]
        joined = f'CROSS JOIN "{applying.name}" v ON v.k1 = {CURRENT} AND {version}'
        where = " AND ".join([f"s.had = {place}", *must])
        connection.execute(
            f"INSERT INTO temp.laid SELECT s.i, iif({differs}, v.n, NULL) FROM {rows.format(v=joined)} AND {where}"
        )
        _correct(applying, place, new, ends)


def _correct(applying: TableApplying, place: int, new: Mapping[str, str], ends: str) -> None:
    """Closes the old versions, then sets down the new ones: of each thing only one is current."""
    connection, load = applying.load.connection, applying.load
    columns = ", ".join(f'"{column}"' for column in applying.columns)
    values = ", ".join(new.get(column, f'v."{column}"') for column in applying.columns)
    laid = f"""temp.laid d CROSS JOIN {applying.staged} s ON s.i = d.i AND s.had = {place}
        CROSS JOIN "{applying.name}" v ON v.n = d.n{ends}"""
    connection.execute(
        f"""UPDATE "{applying.name}" SET k1 = {load.number} WHERE n IN
        (SELECT d.n FROM temp.laid d JOIN {applying.staged} s ON s.i = d.i AND s.had = {place} WHERE d.n IS NOT NULL)"""
    )
    connection.execute(
        f'INSERT INTO "{applying.name}"({columns}, k0, k1) SELECT {values}, {load.number}, {CURRENT} FROM {laid}'
    )
    load.counts.corrected += connection.changes()
