"""Records that a load leaves at ends that are there no more: known still, and holding on no day.

In: staged rows, written. Out: warnings. A load is not refused for them: whoever takes an entity back by one file may take its
records back by the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import apsw

from orggraph.errors import Problem, Problems
from orggraph.model.model import End, Kind, Model, Relation
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.ddl import end_column
from orggraph.stores.sqlite.staging import Staged, staged_name
from orggraph.stores.sqlite.writing import CURRENT


def warn_of_hanging(connection: apsw.Connection, model: Model, staged: Staged, before: Mapping[str, int]) -> Problems:
    """Looked for only where something was ever withdrawn. ``before``: the number of each table's last version until the load."""
    found, withdrawn = Problems(), False
    for table in staged.tables.values():
        if isinstance(table, Kind) and _withdraws(connection, table):
            withdrawn = True
            found.add_all(_left(connection, model, staged, table))
    if withdrawn or value(connection, "SELECT 1 FROM load WHERE withdrawn > 0 LIMIT 1"):
        for table in staged.tables.values():
            if isinstance(table, Relation):
                found.add_all(_brought(connection, model, staged, table, before[table.name]))
    return found


def _withdraws(connection: apsw.Connection, kind: Kind) -> bool:
    return value(connection, f'SELECT 1 FROM temp."{staged_name(kind)}" WHERE withdrawn = 1 LIMIT 1') is not None


def _left(connection: apsw.Connection, model: Model, staged: Staged, kind: Kind) -> Iterator[Problem]:
    """Entities without a state that is known now, with the number of the records that name them."""
    connection.execute("CREATE TEMP TABLE gone(e INTEGER PRIMARY KEY, i INTEGER NOT NULL, records INTEGER NOT NULL)")
    connection.execute(
        f"""INSERT INTO temp.gone SELECT q.e, min(s.i), 0 FROM temp."{staged_name(kind)}" s CROSS JOIN entity q ON q.key = s.key
        WHERE s.withdrawn = 1 AND NOT {_there(kind.name, "q.e")} GROUP BY q.e"""
    )
    for relation in model.relations.values():
        for end in relation.ends:
            if kind.name in end.kinds:
                known = f'SELECT count(*) FROM "r_{relation.name}" v WHERE v.{end_column(end.role)} = e AND v.k1 = {CURRENT}'
                connection.execute(f"UPDATE temp.gone SET records = records + ({known})")
    told = f"""SELECT s.file, s.line, s.key, g.records FROM temp.gone g JOIN temp."{staged_name(kind)}" s ON s.i = g.i
        WHERE g.records > 0 ORDER BY g.i"""
    for file, line, key, records in rows(connection, told):
        message = f"{key} is there no more, and {records} records of now name it, which hold on no day"
        mend = "withdraw them too, or give it a state again"
        yield staged.place(file, line, "withdrawn", "LEFT_RECORDS", key, message, mend)
    connection.execute("DROP TABLE temp.gone")


def _brought(
    connection: apsw.Connection, model: Model, staged: Staged, relation: Relation, before: int
) -> Iterator[Problem]:
    """Records that the load brings, and that name an entity which is there no more."""
    for end in relation.ends:
        column = f"v.{end_column(end.role)}"
        gone = f"NOT ({_any_there(model, end, column)})"
        told = f"""SELECT s.file, s.line, a.key FROM "r_{relation.name}" v CROSS JOIN record q ON q.r = v.r
            CROSS JOIN entity a ON a.e = {column} JOIN temp."{staged_name(relation)}" s ON s.key = q.key
            WHERE v.n > {before} AND v.k1 = {CURRENT} AND {gone}"""
        for file, line, key in rows(connection, told):
            message = f"{key} was withdrawn and is there no more: on no day does the record hold"
            if not end.required:
                message = f"{key} was withdrawn and is there no more: on no day is it told"
            mend = "withdraw the record, or give the entity a state again"
            yield staged.place(file, line, end.name, "GONE_END", key, message, mend)


def _any_there(model: Model, end: End, entity: str) -> str:
    """That an entity has a state that is known now, whichever of an end's kinds it is of."""
    kinds: Sequence[Kind] = [model.kinds[name] for name in end.kinds]
    cases = " ".join(f"WHEN {kind.number} THEN {_there(kind.name, entity)}" for kind in kinds)
    return f"CASE {entity} & 63 {cases} ELSE 1 END"


def _there(kind: str, entity: str) -> str:
    return f'EXISTS(SELECT 1 FROM "k_{kind}" z WHERE z.e = {entity} AND z.k1 = {CURRENT})'
