"""What only written numbers can tell: two records of a to-one that certainly overlap, hierarchies that go in a circle."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import apsw

from orggraph.errors import Problem
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


def _place(table: Relation, connection: apsw.Connection, key: str) -> tuple[int, int]:
    index_keys(connection, table)
    return value(connection, f'SELECT file, line FROM temp."{staged_name(table)}" WHERE key = ?', (key,)) or (0, 0)


def _overlaps(
    connection: apsw.Connection, model: Model, staged: Staged, relation: Relation, hop: Hop, number: int
) -> Iterator[Problem]:
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
        yield staged.place(
            *_place(relation, connection, key), relation.end(hop.origin).name, "TWO_AT_ONCE", key, message, mend
        )


def _circles(connection: apsw.Connection, staged: Staged, relation: Relation) -> Iterator[Problem]:
    """Entities that come to lie below themselves on some day that is not ruled out."""
    found = f"""WITH RECURSIVE up(start, at, f0, u1, path, depth) AS (
        SELECT s, o, f0, u1, s || ',' || o, 1 FROM "r_{relation.name}" WHERE k1 = {CURRENT}
        UNION ALL SELECT start, v.o, max(up.f0, v.f0), min(up.u1, v.u1), path || ',' || v.o, depth + 1
        FROM up JOIN "r_{relation.name}" v ON v.s = up.at AND v.k1 = {CURRENT}
        WHERE up.at <> up.start AND depth < {DEEPEST} AND max(up.f0, v.f0) < min(up.u1, v.u1))
        SELECT path FROM up WHERE at = start LIMIT 20"""
    seen: set[frozenset[int]] = set()
    for (path,) in rows(connection, found):
        entities = [int(e) for e in path.split(",")]
        if frozenset(entities) in seen:
            continue
        seen.add(frozenset(entities))
        keys = [value(connection, "SELECT key FROM entity WHERE e = ?", (e,)) for e in entities]
        file, line = _row_from(connection, relation, keys)
        message = f"goes in a circle: {' → '.join(keys)}"
        yield staged.place(file, line, relation.subject.name, "CIRCLE", keys[0], message, "take one of these out")


def _row_from(connection: apsw.Connection, relation: Relation, keys: list[str]) -> tuple[int, int]:
    """A row of this load that is part of the circle."""
    for subject, object_ in pairwise(keys):
        brought = f'SELECT file, line FROM temp."{staged_name(relation)}" WHERE x_subject = ? AND x_object = ?'
        place: tuple[int, int] | None = value(connection, brought, (subject, object_))
        if place is not None:
            return place
    return 0, 0
