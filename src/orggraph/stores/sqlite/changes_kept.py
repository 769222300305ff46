"""The log of changes: which states and records each load added, corrected, withdrew. In: a load's versions. Out: rows of ``change``.

A row is (k, m, x, b): the load; the number of the version that came with it (of one withdrawn: that went), with the place of its
table above it (``ddl.place_of``), so that (k, m) orders and names a change; the entity or record; the version that went, if any. A
version that came as another of its thing went is a correction, if it says anything else: numbers that only followed a
neighbour's are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import apsw

from orggraph.model.model import Kind, Relation
from orggraph.records.files import Table
from orggraph.stores.sqlite.ddl import PLACE_BITS, end_column, place_of
from orggraph.stores.sqlite.writing import CURRENT


def table_name(table: Table) -> str:
    return ("k_" if isinstance(table, Kind) else "r_") + table.name


def keep_changes(
    connection: apsw.Connection, tables: Mapping[str, Table], number: int, before: Mapping[str, int]
) -> None:
    """What a load changed, in the transaction that it is; ``before``: the number of each table's last version before it."""
    for name, top in before.items():
        connection.execute(f"INSERT INTO change {changes_in(tables[name], f'v.n > {top}', f'o.k1 = {number}')}")


def keep_all(connection: apsw.Connection, tables: Iterable[Table]) -> None:
    """The log of all loads, of a store that kept none."""
    for table in tables:
        connection.execute(f"INSERT INTO change {changes_in(table, '1', '1')}")


def keep_less(connection: apsw.Connection, table: Table, things: Iterable[int]) -> None:
    """The log says again what the versions of these things say, which have lost something."""
    thing = "e" if isinstance(table, Kind) else "r"
    connection.execute("CREATE TEMP TABLE less(x INTEGER PRIMARY KEY)")
    connection.executemany("INSERT INTO less VALUES(?)", [(one,) for one in things])
    connection.execute(
        f"DELETE FROM change WHERE x IN (SELECT x FROM less) AND m >> {PLACE_BITS} = {place_number(table)}"
    )
    came, went = (f"{v}.{thing} IN (SELECT x FROM less)" for v in "vo")
    connection.execute(f"INSERT INTO change {changes_in(table, came, went)}")
    connection.execute("DROP TABLE temp.less")


def place_number(table: Table) -> int:
    """The place of a table among all."""
    return place_of(table) >> PLACE_BITS


def changes_in(table: Table, came: str, went: str) -> str:
    """A select of the changes in a table. ``came``: which versions (``v``) came; ``went``: which (``o``) may be withdrawn."""
    name, place = table_name(table), place_of(table)
    thing, known = ("e", f"{name}_known") if isinstance(table, Kind) else ("r", f"{name}_r")
    same = f"o.{thing} = v.{thing}" + (" AND o.w_from IS v.w_from" if isinstance(table, Kind) else "")
    differs = " OR ".join(f"v.{column} IS NOT o.{column}" for column in said_by(table))
    return f"""SELECT v.k0 k, v.n + {place} m, v.{thing} x, o.n b FROM "{name}" v
        LEFT JOIN "{name}" o INDEXED BY "{known}" ON {same} AND o.k1 = v.k0 WHERE {came} AND (o.n IS NULL OR {differs})
        UNION ALL SELECT o.k1, o.n + {place}, o.{thing}, o.n FROM "{name}" o INDEXED BY "{name}_went" WHERE {went}
        AND o.k1 < {CURRENT} AND NOT EXISTS(SELECT 1 FROM "{name}" v INDEXED BY "{known}" WHERE {same} AND v.k0 = o.k1)"""


def said_by(table: Table) -> list[str]:
    """The columns that tell what a version says; its numbers follow from them and from its neighbours."""
    ends = [end_column(end.role) for end in table.ends] if isinstance(table, Relation) else []
    own = ["name"] if isinstance(table, Kind) else ["w_from"]
    cells = ["w_until", "w_through", "w_attested", "c", "syn"]
    return [*own, *ends, *(f'"_{field.name}"' for field in table.fields), *cells]
