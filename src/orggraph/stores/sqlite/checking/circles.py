"""Hierarchies that go in a circle. In: a relation's table. Out: the keys along each circle.

First, without looking at dates: what is above nothing, or below nothing, is taken away until nothing goes any more. What is
left, mostly nothing, is followed with its dates and with what was known when.
"""

from __future__ import annotations

from collections.abc import Iterator

import apsw

from orggraph.stores.sqlite.asking import rows, value

DEEPEST = 64
MOST = 20


def circles(connection: apsw.Connection, table: str) -> Iterator[list[str]]:
    """Circles of records that were known at once and that on some day are not ruled out together."""
    connection.execute("CREATE TEMP TABLE edge(s INTEGER, o INTEGER, PRIMARY KEY(s, o)) WITHOUT ROWID")
    try:
        connection.execute(f'INSERT OR IGNORE INTO edge SELECT s, o FROM "{table}"')
        connection.execute("CREATE INDEX temp.edge_o ON edge(o)")
        _peel(connection)
        yield from _followed(connection, table)
    finally:
        connection.execute("DROP TABLE temp.edge")


def _peel(connection: apsw.Connection) -> None:
    gone = 1
    while gone:
        connection.execute("DELETE FROM edge WHERE s NOT IN (SELECT o FROM edge)")
        gone = connection.changes()
        connection.execute("DELETE FROM edge WHERE o NOT IN (SELECT s FROM edge)")
        gone += connection.changes()


def _followed(connection: apsw.Connection, table: str) -> Iterator[list[str]]:
    v = f'edge g CROSS JOIN "{table}" v ON v.s = g.s AND v.o = g.o'
    found = f"""WITH RECURSIVE up(start, at, f0, u1, k0, k1, path, depth) AS (
        SELECT v.s, v.o, v.f0, v.u1, v.k0, v.k1, v.s || ',' || v.o, 1 FROM {v}
        UNION ALL SELECT start, v.o, max(up.f0, v.f0), min(up.u1, v.u1), max(up.k0, v.k0), min(up.k1, v.k1),
        path || ',' || v.o, depth + 1 FROM up CROSS JOIN {v} WHERE g.s = up.at AND up.at <> up.start AND depth < {DEEPEST}
        AND max(up.f0, v.f0) < min(up.u1, v.u1) AND max(up.k0, v.k0) < min(up.k1, v.k1)
        AND (v.o = up.start OR instr(',' || path || ',', ',' || v.o || ',') = 0))
        SELECT path FROM up WHERE at = start LIMIT {MOST * DEEPEST}"""
    seen: set[frozenset[int]] = set()
    for (path,) in rows(connection, found):
        entities = [int(e) for e in path.split(",")]
        if frozenset(entities) not in seen and len(seen) < MOST:
            seen.add(frozenset(entities))
            yield [value(connection, "SELECT key FROM entity WHERE e = ?", (e,)) or str(e) for e in entities]
