"""What versions say of other things: keys, ends, citations, at most one at a time, no circle, within the lives of ends.

In: a store. Out: findings. Each rule is a statement that gives what breaks it, or a stream that is compared as it comes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby

from orggraph.model.model import End, Hop, Kind, Model, Relation
from orggraph.stores.sqlite.checking.circles import circles
from orggraph.stores.sqlite.checking.findings import Checking, Table, table_of
from orggraph.stores.sqlite.ddl import end_column
from orggraph.stores.sqlite.writing import CURRENT

NO_KEY = "key GLOB '*[^A-Za-z0-9_.-]*' OR length(key) NOT BETWEEN 1 AND 64"
CITE = """SELECT d.c, d.text, t.i, a.key, t.para, t.s FROM cited d LEFT JOIN cite t ON t.c = d.c LEFT JOIN entity a ON a.e = t.s
    ORDER BY d.c, t.i"""


def check_keys(checking: Checking) -> None:
    """Keys are well formed and name one thing; a thing's number fits its table, where it has versions."""
    checking.watch("keys", checking.versions)
    for registry, thing, mask in (("entity", "e", 63), ("record", "r", 1023)):
        with checking.reading(registry):
            for number, key in checking.every(f"SELECT {thing}, key FROM {registry} WHERE {NO_KEY}"):
                checking.problem(registry, number, "key", "KEY", f"{key} is no key", value=key)
            known = ",".join(str(number) for number in _numbers(checking.model, registry))
            wrong = f"SELECT {thing}, key FROM {registry} WHERE {thing} <= {mask} OR {thing} & {mask} NOT IN ({known})"
            for number, key in checking.every(wrong):
                message = f"{key} has the number {number}, which is of no kind or relation"
                checking.problem(registry, number, "number", "NUMBER", message, value=key)
    with checking.reading("record"):
        for number, key in checking.every("SELECT r.r, r.key FROM record r JOIN entity e ON e.key = r.key"):
            checking.problem("record", number, "key", "KEY_TWICE", f"{key} is the key of an entity too", value=key)


def _numbers(model: Model, registry: str) -> list[int]:
    if registry == "entity":
        return [kind.number for kind in model.concrete()]
    return [relation.number for relation in model.relations.values()]


def check_orphans(checking: Checking, table: Table) -> None:
    """Every thing of a table has a version, and every version is of a thing of its table."""
    name = table_of(table)
    kind = isinstance(table, Kind)
    registry, thing, mask = ("entity", "e", 63) if kind else ("record", "r", 1023)
    with checking.reading(name):
        lone = f"""SELECT {thing}, key FROM {registry} q WHERE {thing} & {mask} = {table.number}
            AND NOT EXISTS(SELECT 1 FROM "{name}" v WHERE v.{thing} = q.{thing})"""
        for number, key in checking.every(lone):
            message = f"{key} has no version in {name}"
            checking.problem(registry, number, "key", "ORPHAN", message, value=key)
        lost = f"""SELECT n, {thing} FROM "{name}" v WHERE {thing} & {mask} <> {table.number}
            OR NOT EXISTS(SELECT 1 FROM {registry} q WHERE q.{thing} = v.{thing})"""
        for n, number in checking.every(lost):
            checking.problem(name, n, "key", "ORPHAN", f"is a version of {number}, which is no {table.name}")


def check_relation(checking: Checking, relation: Relation) -> None:
    """What the records of a relation say together."""
    name = table_of(relation)
    checking.watch(f"ends of {relation.name}", checking.versions)
    with checking.reading(name):
        for end in relation.ends:
            _there(checking, relation, end)
        for hop in relation.to_one:
            _two_at_once(checking, relation, hop)
        if relation.hierarchy:
            for path in circles(checking.connection, name):
                message = f"goes in a circle: {' → '.join(path)}"
                checking.problem(name, 0, relation.subject.name, "CIRCLE", message, "take one of these records out")
        for end in (relation.subject, relation.object):
            _within_life(checking, relation, end)


def _there(checking: Checking, relation: Relation, end: End) -> None:
    column = end_column(end.role)
    lost = f"""SELECT n, {column} FROM "r_{relation.name}" v WHERE {column} IS NOT NULL
        AND NOT EXISTS(SELECT 1 FROM entity a WHERE a.e = v.{column})"""
    for n, number in checking.every(lost):
        checking.problem(f"r_{relation.name}", n, end.name, "NO_END", f"is entity {number}, which is not there")


def _two_at_once(checking: Checking, relation: Relation, hop: Hop) -> None:
    """Two records at one end that were known at once and certainly hold on some day both."""
    near, far = end_column(hop.origin), end_column(hop.target)
    kinds = ",".join(str(checking.model.kinds[kind].number) for kind in checking.model.kinds[hop.far].concrete)
    both = f"""SELECT b.n, (SELECT key FROM entity WHERE e = a.{near}), (SELECT key FROM record WHERE r = a.r),
        (SELECT key FROM record WHERE r = b.r) FROM "r_{relation.name}" a CROSS JOIN "r_{relation.name}" b
        ON b.{near} = a.{near} AND b.r > a.r WHERE max(a.k0, b.k0) < min(a.k1, b.k1)
        AND max(a.f1, b.f1) < min(a.u0, b.u0) AND a.f1 < a.u0 AND b.f1 < b.u0
        AND a.{far} & 63 IN ({kinds}) AND b.{far} & 63 IN ({kinds})"""
    for n, entity, one, other in checking.every(both):
        message = f"{entity} certainly has two at once: {one} and {other}"
        mend = "end the earlier one before the later begins, or withdraw one"
        checking.problem(f"r_{relation.name}", n, relation.end(hop.origin).name, "TWO_AT_ONCE", message, mend)


def _within_life(checking: Checking, relation: Relation, end: End) -> None:
    """Warns of records that no life of an end can hold: they begin before it, or end after it (semantics.md, 2 and 9.12)."""
    column, name = end_column(end.role), f"r_{relation.name}"
    for kind in end.kinds:
        life = f"""SELECT 1 FROM "k_{kind}" z WHERE z.e = v.{column} AND z.k1 = {CURRENT} AND z.g0 <= v.f1 AND z.v1 >= v.u0"""
        outside = f"""SELECT v.n, q.key, a.key FROM "{name}" v JOIN record q ON q.r = v.r JOIN entity a ON a.e = v.{column}
            WHERE v.k1 = {CURRENT} AND v.{column} & 63 = {checking.model.kinds[kind].number} AND NOT EXISTS({life})"""
        for n, record, entity in checking.every(outside):
            message = f"{record} lies partly outside the life of {entity}, and does not hold there"
            checking.warn(name, n, end.name, "OUTSIDE_LIFE", message, f"look at the dates of {record} and of {entity}")


def check_citations(checking: Checking) -> None:
    """Sets of citations are written once, as they are listed, and cite sources."""
    checking.watch("citations", checking.versions)
    source = checking.model.kinds["Source"].number
    with checking.reading("cited"):
        for (c, text), parts in groupby(checking.every(CITE), key=lambda row: row[:2]):
            listed = list(parts)
            if text != _text(listed):
                checking.problem("cited", c, "text", "CITATION", "is another text than its parts say", value=text)
            for place, (_, _, i, key, _, s) in enumerate(listed):
                if i != place or key is None or s & 63 != source:
                    message = f"part {place} cites {key or s or 'nothing'}, which is no source"
                    checking.problem("cite", c, "source", "NO_SOURCE", message)
        for (c,) in checking.every(
            "SELECT DISTINCT c FROM cite t WHERE NOT EXISTS(SELECT 1 FROM cited d WHERE d.c = t.c)"
        ):
            checking.problem("cite", c, "text", "ORPHAN", "is a set without its text")


def _text(parts: list[tuple[int, str, int, str, str | None, int]]) -> str:
    """As ``citing.py`` writes it."""
    return json.dumps([[key, para] for *_, key, para, _ in parts], ensure_ascii=False, separators=(",", ":"))


def tables(model: Model) -> Iterator[Table]:
    """Kinds, then relations."""
    yield from model.concrete()
    yield from model.relations.values()
