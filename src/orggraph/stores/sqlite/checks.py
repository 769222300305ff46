"""What only a whole load can tell: keys known and used once, ends of the right kinds, sources there. In SQL, at once.

In: staged tables beside the store's. Out: problems with file:line, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

import apsw

from orggraph.errors import Problem
from orggraph.model.model import End, Kind, Model, Relation
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.rows import relation_number
from orggraph.stores.sqlite.staging import Staged, staged_name

MOST = 1_000


def check_staged(connection: apsw.Connection, model: Model, staged: Staged) -> list[Problem]:
    """Every problem that rows have with each other and with the store."""
    connection.execute("CREATE TEMP TABLE given(key TEXT PRIMARY KEY, kind INTEGER) WITHOUT ROWID")
    try:
        problems = [*_keys(connection, model, staged), *_sources(connection, model, staged)]
        for table in staged.tables.values():
            if isinstance(table, Relation):
                problems += _ends(connection, model, staged, table)
        return problems
    finally:
        connection.execute("DROP TABLE temp.given")


def _keys(connection: apsw.Connection, model: Model, staged: Staged) -> Iterator[Problem]:
    """Keys twice in the load, of another kind in it, or of something else in the store."""
    connection.execute(
        "CREATE TEMP TABLE used(key TEXT PRIMARY KEY, what TEXT, file INTEGER, line INTEGER) WITHOUT ROWID"
    )
    for table in staged.tables.values():
        name = staged_name(table)
        once = "key, coalesce(w_from, '')" if isinstance(table, Kind) else "key"
        nth = f"row_number() OVER (PARTITION BY {once} ORDER BY i) nth"
        twice = f"SELECT file, line, key FROM (SELECT *, {nth} FROM temp.\"{name}\" WHERE key <> '') WHERE nth > 1"
        what = "state (key and from)" if isinstance(table, Kind) else "key"
        for file, line, key in rows(connection, f"{twice} LIMIT {MOST}"):
            yield staged.place(
                file, line, "key", "KEY_TWICE", key, f"{key}: this {what} stands twice", "keep one of the rows"
            )
        other = f"""SELECT s.file, s.line, s.key, u.what
            FROM (SELECT key, min(i) i, file, line FROM temp."{name}" WHERE key <> '' GROUP BY key) s
            JOIN temp.used u ON u.key = s.key LIMIT {MOST}"""
        for file, line, key, what in rows(connection, other):
            yield staged.place(
                file,
                line,
                "key",
                "KEY_TAKEN",
                key,
                f"{key} is the key of a {what} in these files",
                "choose another key",
            )
        connection.execute(
            f'INSERT OR IGNORE INTO temp.used SELECT key, ?, min(file), min(line) FROM temp."{name}" GROUP BY key',
            (table.name,),
        )
        if isinstance(table, Kind):
            connection.execute(
                f'INSERT OR IGNORE INTO temp.given SELECT DISTINCT key, {table.number} FROM temp."{name}"'
            )
        yield from _stored_keys(connection, model, staged, table)
    connection.execute("DROP TABLE temp.used")


def _stored_keys(
    connection: apsw.Connection, model: Model, staged: Staged, table: Kind | Relation
) -> Iterator[Problem]:
    name = staged_name(table)
    if isinstance(table, Kind):
        taken = f"""SELECT s.file, s.line, s.key FROM temp."{name}" s WHERE EXISTS(SELECT 1 FROM record q WHERE q.key = s.key)
            OR EXISTS(SELECT 1 FROM entity a WHERE a.key = s.key AND a.e & 63 <> {table.number}) LIMIT {MOST}"""
    else:
        number = relation_number(model, table.name)
        taken = f"""SELECT s.file, s.line, s.key FROM temp."{name}" s WHERE EXISTS(SELECT 1 FROM entity a WHERE a.key = s.key)
            OR EXISTS(SELECT 1 FROM record q WHERE q.key = s.key AND q.r & 1023 <> {number}) LIMIT {MOST}"""
    for file, line, key in rows(connection, taken):
        message = f"{key} is the key of something else in the store"
        yield staged.place(file, line, "key", "KEY_TAKEN", key, message, "choose another key")


def _sources(connection: apsw.Connection, model: Model, staged: Staged) -> Iterator[Problem]:
    number = model.kinds["Source"].number
    for source, (file, line) in staged.sources.items():
        known = f"""SELECT 1 FROM temp.given WHERE key = ?1 AND kind = {number}
            UNION ALL SELECT 1 FROM entity WHERE key = ?1 AND e & 63 = {number}"""
        if value(connection, known, (source,)) is None:
            yield staged.place(
                file, line, "source", "UNKNOWN_SOURCE", source, f"{source} is no source", _near(connection, source)
            )


def _ends(connection: apsw.Connection, model: Model, staged: Staged, relation: Relation) -> Iterator[Problem]:
    name = staged_name(relation)
    for end in relation.ends:
        yield from _end(connection, model, staged, relation, end)
    if len(relation.pairs) == len(relation.subject.kinds) * len(relation.object.kinds):
        return
    numbers = {kind.number: kind.name for kind in model.concrete()}
    allowed = ",".join(f"({model.kinds[s].number},{model.kinds[o].number})" for s, o in sorted(relation.pairs))
    pairs = f"""SELECT file, line, x_subject, x_object, sk, ok FROM (SELECT s.file, s.line, s.x_subject, s.x_object,
        {_kind_of("s.x_subject")} sk, {_kind_of("s.x_object")} ok FROM temp."{name}" s) WHERE sk IS NOT NULL AND ok IS NOT NULL
        AND (sk, ok) NOT IN (VALUES {allowed}) LIMIT {MOST}"""
    for file, line, subject, object_, sk, ok in rows(connection, pairs):
        if numbers[sk] in relation.subject.kinds and numbers[ok] in relation.object.kinds:
            message = f"joins no {numbers[sk]} ({subject}) with a {numbers[ok]} ({object_})"
            mend = "it joins " + ", ".join(f"{s} with {o}" for s, o in sorted(relation.pairs))
            yield staged.place(
                file, line, relation.object.name, "WRONG_PAIR", object_, f"{relation.name} {message}", mend
            )


def _kind_of(key: str) -> str:
    return f"coalesce((SELECT kind FROM temp.given WHERE key = {key}), (SELECT e & 63 FROM entity WHERE key = {key}))"


def _end(connection: apsw.Connection, model: Model, staged: Staged, relation: Relation, end: End) -> Iterator[Problem]:
    column = f's."x_{end.role}"'
    allowed = ",".join(str(model.kinds[kind].number) for kind in end.kinds)
    wrong = f"""SELECT file, line, key, kind FROM (SELECT s.file, s.line, {column} key, {_kind_of(column)} kind
        FROM temp."{staged_name(relation)}" s WHERE {column} IS NOT NULL) WHERE kind IS NULL OR kind NOT IN ({allowed}) LIMIT {MOST}"""
    names = {kind.number: kind.name for kind in model.concrete()}
    for file, line, key, kind in rows(connection, wrong):
        if kind is None:
            yield staged.place(
                file, line, end.name, "UNKNOWN_KEY", key, f"{key} is no known key", _near(connection, key)
            )
        else:
            mend = f"it wants {' or '.join(end.kinds)}"
            yield staged.place(file, line, end.name, "WRONG_KIND", key, f"{key} is a {names[kind]}", mend)


def _near(connection: apsw.Connection, key: str) -> str:
    """A known key that looks like one, among those that begin alike."""
    start = key[: max(1, len(key) // 2)]
    bounds = (start, start + chr(0x10FFFF))
    candidates = """SELECT key FROM temp.given WHERE key BETWEEN ?1 AND ?2
        UNION SELECT key FROM entity WHERE key BETWEEN ?1 AND ?2 LIMIT 5000"""
    near = get_close_matches(key, [found for (found,) in connection.execute(candidates, bounds)], 1)
    return f"did you mean {near[0]}?" if near else "give it a row of its own, or mend the key"
