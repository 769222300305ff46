"""Versions of a thing that follow each other and say the same, once what told them apart was purged → one. In: a table, its
things. A load that comes to nothing so leaves no trace but its number, as if its rows had never said it."""

from __future__ import annotations

from collections.abc import Iterable

import apsw

from orggraph.model.model import Kind, Relation
from orggraph.stores.sqlite.asking import rows
from orggraph.stores.sqlite.changes_kept import table_name

KNOWN = {"n", "k0", "k1"}


def join_versions(connection: apsw.Connection, table: Kind | Relation, things: Iterable[int]) -> None:
    name, thing = f'"{table_name(table)}"', "e" if isinstance(table, Kind) else "r"
    columns = [column for _, column, *_ in rows(connection, f"PRAGMA table_info({name})") if column not in KNOWN]
    alike = " AND ".join(f'a."{column}" IS b."{column}"' for column in columns)
    pairs = (
        f"SELECT a.n, b.n, b.k1 FROM {name} a JOIN {name} b ON b.{thing} = a.{thing} AND b.k0 = a.k1 AND {alike} "
        f"WHERE a.{thing} = ? ORDER BY b.k0 DESC LIMIT 1"
    )
    for one in things:
        while found := rows(connection, pairs, (one,)):
            ((first, second, until),) = found
            connection.execute(f"DELETE FROM {name} WHERE n = ?", (second,))
            connection.execute(f"UPDATE {name} SET k1 = ? WHERE n = ?", (until, first))
