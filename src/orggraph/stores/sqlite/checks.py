"""What rows say of other rows: keys once in all, ends that are there and of the right kind, sources that are known.

In: staged tables, numbered; the versions that were written. Out: problems, with where each row stood.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

import apsw

from orggraph.errors import Problem, Problems
from orggraph.model.model import End, Kind, Model, Relation
from orggraph.records.files import Table
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.citing import Citations, unknown_source
from orggraph.stores.sqlite.ddl import end_column
from orggraph.stores.sqlite.rows import relation_number
from orggraph.stores.sqlite.staging import Staged, index_keys, staged_name

MOST = Problems.MOST


def check_keys(
    connection: apsw.Connection, model: Model, staged: Staged, table: Table, all_new: bool, once: bool
) -> Iterator[Problem]:
    """Keys (of states: with their ``from``) that stand twice, or are of something else. ``all_new``: none was known before;
    ``once``: and each stands in one row."""
    name = staged_name(table)
    columns = "key, w_from" if isinstance(table, Kind) else "key"
    what = "state (key and from)" if isinstance(table, Kind) else "key"
    twice = f'SELECT key FROM temp."{name}" WHERE key IS NOT NULL GROUP BY {columns} HAVING count(*) > 1'
    again = f"""SELECT file, line, key FROM (SELECT file, line, key, row_number() OVER (PARTITION BY {columns} ORDER BY i) nth
        FROM temp."{name}" WHERE key IN ({twice})) WHERE nth > 1 LIMIT {MOST}"""
    for file, line, key in rows(connection, again) if not once else ():
        message = f"{key}: this {what} stands twice"
        yield staged.place(file, line, "key", "KEY_TWICE", key, message, "keep one of the rows")
    for file, line, key in rows(connection, _taken(model, table, all_new)):
        message = f"{key} is the key of something else {_where(connection, staged, table, key)}"
        yield staged.place(file, line, "key", "KEY_TAKEN", key, message, "choose another key")


def _taken(model: Model, table: Table, all_new: bool) -> str:
    """Rows whose key is that of a record if they are entities, of an entity if records, or of another kind or relation."""
    name = staged_name(table)
    number = table.number if isinstance(table, Kind) else relation_number(model, table.name)
    own, other = ("entity", "record") if isinstance(table, Kind) else ("record", "entity")
    column, mask = ("e", 63) if isinstance(table, Kind) else ("r", 1023)
    found = f'SELECT min(s.i) FROM temp."{name}" s JOIN {other} x ON x.key = s.key GROUP BY s.key'
    if not all_new:
        mine = f"x.{column} & {mask} <> {number}"
        found += f' UNION SELECT min(s.i) FROM temp."{name}" s JOIN {own} x ON x.key = s.key AND {mine} GROUP BY s.key'
    return f'SELECT s.file, s.line, s.key FROM temp."{name}" s WHERE s.i IN ({found}) LIMIT {MOST}'


def _where(connection: apsw.Connection, staged: Staged, table: Table, key: str) -> str:
    """Where else a key stands: in these files, or in the store."""
    for other in staged.tables.values():
        if other is not table:
            index_keys(connection, other)
            known = f'SELECT file, line FROM temp."{staged_name(other)}" WHERE key = ?'
            place = value(connection, known, (key,))
            if place is not None:
                return f"({staged.place(place[0], place[1], 'key', '', key, '', '').place})"
    return "in the store"


def check_sources(connection: apsw.Connection, staged: Staged, citations: Citations) -> Iterator[Problem]:
    for source, file, line in citations.unknown():
        yield unknown_source(staged.at(file, line, "source"), line, source, near(connection, source))


def check_ends(
    connection: apsw.Connection, model: Model, staged: Staged, relation: Relation, before: int | None
) -> Iterator[Problem]:
    """Ends of staged rows that are not there, or of a wrong kind; looked for only if the versions that the load wrote, after
    number ``before`` (None: it could not), show that there are."""
    if before is not None and not _bad_ends(connection, model, relation, before):
        return
    for end in relation.ends:
        yield from _end(connection, model, staged, relation, end)
    yield from _pairs(connection, model, staged, relation)


def _bad_ends(connection: apsw.Connection, model: Model, relation: Relation, before: int) -> bool:
    parts = []
    for end in relation.ends:
        kinds, column = _numbers(model, end.kinds), end_column(end.role)
        parts.append(f"({column} & 63) NOT IN ({kinds})")
    if _has_pairs(relation):
        parts.append(f"(s & 63, o & 63) NOT IN (VALUES {_allowed(model, relation)})")
    written = f'SELECT 1 FROM "r_{relation.name}" WHERE n > {before} AND ({" OR ".join(parts)}) LIMIT 1'
    return value(connection, written) is not None


def _numbers(model: Model, kinds: tuple[str, ...]) -> str:
    return ",".join(str(model.kinds[kind].number) for kind in kinds)


def _has_pairs(relation: Relation) -> bool:
    return len(relation.pairs) < len(relation.subject.kinds) * len(relation.object.kinds)


def _allowed(model: Model, relation: Relation) -> str:
    return ",".join(f"({model.kinds[s].number},{model.kinds[o].number})" for s, o in sorted(relation.pairs))


def _pairs(connection: apsw.Connection, model: Model, staged: Staged, relation: Relation) -> Iterator[Problem]:
    if not _has_pairs(relation):
        return
    numbers = {kind.number: kind.name for kind in model.concrete()}
    pairs = f"""SELECT s.file, s.line, s.x_subject, s.x_object, a.e & 63, b.e & 63 FROM temp."{staged_name(relation)}" s
        JOIN entity a ON a.key = s.x_subject JOIN entity b ON b.key = s.x_object
        WHERE (a.e & 63, b.e & 63) NOT IN (VALUES {_allowed(model, relation)}) LIMIT {MOST}"""
    for file, line, subject, object_, sk, ok in rows(connection, pairs):
        if numbers[sk] in relation.subject.kinds and numbers[ok] in relation.object.kinds:
            message = f"{relation.name} joins no {numbers[sk]} ({subject}) with a {numbers[ok]} ({object_})"
            mend = "it joins " + ", ".join(f"{s} with {o}" for s, o in sorted(relation.pairs))
            yield staged.place(file, line, relation.object.name, "WRONG_PAIR", object_, message, mend)


def _end(connection: apsw.Connection, model: Model, staged: Staged, relation: Relation, end: End) -> Iterator[Problem]:
    column = f's."x_{end.role}"'
    wrong = f"""SELECT s.file, s.line, {column}, a.e & 63 FROM temp."{staged_name(relation)}" s LEFT JOIN entity a
        ON a.key = {column} WHERE {column} IS NOT NULL AND (a.e IS NULL OR a.e & 63 NOT IN ({_numbers(model, end.kinds)}))
        LIMIT {MOST}"""
    names = {kind.number: kind.name for kind in model.concrete()}
    for file, line, key, kind in rows(connection, wrong):
        if kind is None:
            message, mend = f"{key} is no known key", near(connection, key)
            yield staged.place(file, line, end.name, "UNKNOWN_KEY", key, message, mend)
        else:
            message, mend = f"{key} is a {names[kind]}", f"it wants {' or '.join(end.kinds)}"
            yield staged.place(file, line, end.name, "WRONG_KIND", key, message, mend)
    if end.required:
        written = f'"r_{relation.name}" v WHERE v.r = q.r AND v.k1 = 8388607 AND v.{end_column(end.role)} = 0'
        blank = f"""SELECT s.file, s.line FROM temp."{staged_name(relation)}" s JOIN record q ON q.key = s.key
            WHERE {column} IS NULL AND EXISTS(SELECT 1 FROM {written}) LIMIT {MOST}"""
        for file, line in rows(connection, blank):
            mend = f"give the key of the {end.label.en}"
            yield staged.place(file, line, end.name, "NO_END", "", "is blank, and must not be", mend)


def near(connection: apsw.Connection, key: str) -> str:
    """A known key that looks like one, among those that begin alike."""
    start = key[: max(1, len(key) // 2)]
    candidates = "SELECT key FROM entity WHERE key BETWEEN ?1 AND ?2 AND key <> ?3 LIMIT 5000"
    found = [one for (one,) in connection.execute(candidates, (start, start + chr(0x10FFFF), key))]
    close = get_close_matches(key, found, 1)
    return f"did you mean {close[0]}?" if close else "give it a row of its own, or mend the key"
