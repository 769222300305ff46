"""What only written numbers can tell: two records of a to-one that certainly overlap, hierarchies that go in a circle."""

from __future__ import annotations

from collections.abc import Iterator

import apsw

from orggraph.errors import Conflict, Problem
from orggraph.model.model import Hop, Model, Relation
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.ddl import end_column
from orggraph.stores.sqlite.staging import Staged, index_keys, staged_name
from orggraph.stores.sqlite.writing import CURRENT

MOST = 1_000
DEEPEST = 64


def check_written(connection: apsw.Connection, model: Model, staged: Staged, number: int) -> list[Problem]:
    """Problems of the versions that a load wrote."""
    problems: list[Problem] = []
    for table in staged.tables.values():
        if isinstance(table, Relation):
            for hop in table.to_one:
                problems += _overlaps(connection, model, staged, table, hop, number)
            if table.hierarchy:
                problems += _circles(connection, staged, table)
    return problems


def _place(table: Relation, connection: apsw.Connection, *keys: str) -> tuple[int, int, str]:
    """The last row of this load that is of one of these records."""
    index_keys(connection, table)
    last = f"""SELECT file, line, key FROM temp."{staged_name(table)}" WHERE key IN ({",".join("?" * len(keys))})
        ORDER BY i DESC LIMIT 1"""
    return next(iter(rows(connection, last, keys)), (0, 0, keys[0]))


def _overlaps(
    connection: apsw.Connection, model: Model, staged: Staged, relation: Relation, hop: Hop, number: int
) -> Iterator[Conflict]:
    """Two current records at one end that both certainly hold on some day."""
    near, far = end_column(hop.origin), end_column(hop.target)
    kinds = ",".join(str(model.kinds[kind].number) for kind in model.kinds[hop.far].concrete)
    of_kind = f"a.{far} & 63 IN ({kinds}) AND b.{far} & 63 IN ({kinds})"
    found = f"""SELECT (SELECT key FROM record WHERE r = a.r), (SELECT key FROM record WHERE r = b.r),
        (SELECT key FROM entity WHERE e = a.{near}) FROM "r_{relation.name}" a JOIN "r_{relation.name}" b
        ON b.{near} = a.{near} AND b.k1 = {CURRENT} AND b.r <> a.r WHERE a.k1 = {CURRENT} AND a.k0 = {number}
        AND (b.k0 < {number} OR b.r < a.r) AND {of_kind}
        AND a.f1 < a.u0 AND b.f1 < b.u0 AND max(a.f1, b.f1) < min(a.u0, b.u0) LIMIT {MOST}"""
    for key, other, entity in rows(connection, found):
        message = f"{entity} certainly has two at once: {key} and {other}"
        mend = "end the earlier one before the later begins, or withdraw one"
        file, line, _ = _place(relation, connection, key)
        column = relation.end(hop.origin).name
        yield staged.conflict(file, line, column, "TWO_AT_ONCE", (key, other), message, mend)


def _circles(connection: apsw.Connection, staged: Staged, relation: Relation) -> Iterator[Conflict]:
    """Entities that come to lie below themselves on some day that is not ruled out: each circle once, from the first of its
    entities."""
    found = f"""WITH RECURSIVE up(start, at, f0, u1, path, records, depth) AS (
        SELECT s, o, f0, u1, ',' || s || ',' || o || ',', r || '', 1 FROM "r_{relation.name}" WHERE k1 = {CURRENT} AND o >= s
        UNION ALL SELECT start, v.o, max(up.f0, v.f0), min(up.u1, v.u1), path || v.o || ',', records || ',' || v.r, depth + 1
        FROM up JOIN "r_{relation.name}" v ON v.s = up.at AND v.k1 = {CURRENT}
        WHERE up.at <> up.start AND depth < {DEEPEST} AND max(up.f0, v.f0) < min(up.u1, v.u1)
        AND (v.o = start OR (v.o > start AND instr(path, ',' || v.o || ',') = 0)))
        SELECT path, records FROM up WHERE at = start LIMIT {MOST}"""
    for path, records in rows(connection, found):
        keys = _keys(connection, "SELECT key FROM entity WHERE e = ?", path.strip(","))
        circle = _keys(connection, "SELECT key FROM record WHERE r = ?", records)
        file, line, last = _place(relation, connection, *circle)
        message, mend = f"goes in a circle: {' → '.join(keys)}", "take one of these out"
        others = (one for one in circle if one != last)
        yield staged.conflict(file, line, relation.subject.name, "CIRCLE", (last, *others), message, mend)


def _keys(connection: apsw.Connection, known: str, numbers: str) -> list[str]:
    """``1,2,1`` → the keys of these."""
    return [value(connection, known, (int(number),)) for number in numbers.split(",")]
