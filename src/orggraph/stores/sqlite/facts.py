"""What is true of all entities of a kind, or all records of a relation, so that no statement need ask it of each.

In: a store after a load. Out: ``Facts``, kept in the store. A statement that relies on them says by their ``epoch`` which
they are, and is written anew when a load has changed them (``store.py``). The epoch says of which model the store is too, so
that no statement runs that was written for another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator, Sequence

import apsw
from msgspec import Struct

from orggraph.model.model import Kind, Model, Relation
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.ddl import EVERY_VERSION, end_column
from orggraph.stores.sqlite.writing import CURRENT
from orggraph.time.days import NEG

ENDLESS = "endless"
"""States of the kind are of lives without a first and a last day."""
PRESENT = "present"
"""They are, and every entity of the kind has one: it is always there."""
AT_ENDS = "present at ends"
"""They are, and every entity of the kind that stands at an end of a record that is known has one."""
STEADY = "steady"
"""Entities of the kind have at most one state each."""
SAME = "the same: "
"""All states of an entity have the same value of the field that is named."""
SOLE = "sole at "
"""At the end that is named an entity has at most one record."""
SUCCESSIVE = "successive at "
"""There it has at most one record on any day, possible ones included."""
WITHIN = "within the life at "
"""Every record that is known lies, whatever its days are, within a life of the entity at the end that is named."""
EVER = " at every load"
"""Said of a fact that was true at every load, since the entity was first known; else it is true of the newest."""


NONE: frozenset[tuple[str, str]] = frozenset()


class Facts(Struct, frozen=True):
    """``known``: (kind or relation, fact). ``epoch``: digests of them and of the model, by which a statement tells whether they
    are still so."""

    known: frozenset[tuple[str, str]] = NONE
    epoch: str = ""

    @property
    def model(self) -> str:
        """A digest of the model."""
        return self.epoch.partition("-")[2]

    def say(self, kind: str, what: str, ever: bool) -> bool:
        return (kind, what + EVER * ever) in self.known


def read_facts(connection: apsw.Connection) -> Facts:
    epoch = value(connection, "SELECT value FROM meta WHERE name = 'epoch'")  # first: facts are never older than it
    return Facts(frozenset(rows(connection, "SELECT kind, what FROM fact")), str(epoch))


def measured(connection: apsw.Connection, model: Model) -> frozenset[tuple[str, str]]:
    """What is true now, looked at anew."""
    found = {(name, what) for name in _named(model) for what in _facts_of(connection, model, name)}
    return frozenset(
        found | {one for relation in model.relations.values() for one in _within(connection, model, relation, found)}
    )


def measure_facts(connection: apsw.Connection, model: Model, of: Container[str] | None) -> None:
    """Looks at what is true now, in the transaction that changed the rows of ``of`` (None: of everything)."""
    before = read_facts(connection).known
    asked = [name for name in _named(model) if of is None or _touched(model, name, of, before)]
    found = {one for one in before if one[0] not in asked}
    found |= {(name, what) for name in asked for what in _facts_of(connection, model, name)}
    for relation in model.relations.values():
        if of is None or relation.name in of or any(kind in of for end in relation.ends for kind in end.kinds):
            found -= {(relation.name, WITHIN + end.role) for end in relation.ends}
            found |= set(_within(connection, model, relation, found))
    connection.execute("DELETE FROM fact")
    connection.executemany("INSERT INTO fact VALUES(?, ?)", sorted(found))
    connection.execute("INSERT OR REPLACE INTO meta VALUES('epoch', ?)", (epoch_of(connection, found),))


def epoch_of(connection: apsw.Connection, known: Iterable[tuple[str, str]]) -> str:
    """``facts-model``, each as a digest."""
    model = value(connection, "SELECT value FROM meta WHERE name = 'model'")
    return "-".join(hashlib.blake2b(text.encode(), digest_size=8).hexdigest() for text in (repr(sorted(known)), model))


def _named(model: Model) -> list[str]:
    return [*(kind.name for kind in model.concrete()), *model.relations]


def _touched(model: Model, name: str, of: Container[str], before: Container[tuple[str, str]]) -> bool:
    """Whether facts may have changed: by the own rows, of a kind also by records of entities that may have gone."""
    if name in of:
        return True
    some_gone = any((name, ENDLESS + ever) in before and (name, PRESENT + ever) not in before for ever in ("", EVER))
    return some_gone and any(
        relation.name in of and any(name in end.kinds for end in relation.ends) for relation in model.relations.values()
    )


def _facts_of(connection: apsw.Connection, model: Model, name: str) -> Iterator[str]:
    if name in model.relations:
        return _of_relation(connection, model.relations[name])
    return _of_kind(connection, model, name)


def _of_relation(connection: apsw.Connection, relation: Relation) -> Iterator[str]:
    table = f'"r_{relation.name}"'
    superseded = value(connection, f"SELECT 1 FROM {table} WHERE k1 <> {CURRENT} LIMIT 1") is not None

    def none(sql: str) -> bool:
        return value(connection, f"{sql} LIMIT 1") is None

    for end in relation.ends:
        e = end_column(end.role)
        sole = none(f"SELECT 1 FROM {table} WHERE k1 = {CURRENT} AND {e} IS NOT NULL GROUP BY {e} HAVING count(*) > 1")
        pairs = f"SELECT 1 FROM {table} v CROSS JOIN {table} w ON w.{e} = v.{e} AND w.f0 < v.u1 AND w.u1 > v.f0 AND w.r <> v.r"
        successive = sole or none(f"{pairs} AND w.k1 = {CURRENT} WHERE v.k1 = {CURRENT}")
        if sole:
            yield SOLE + end.role
        if successive:
            yield SUCCESSIVE + end.role
        if sole and (
            not superseded
            or none(
                f"SELECT 1 FROM {table} WHERE {EVERY_VERSION} GROUP BY {e} HAVING min(r) <> max(r) AND {e} IS NOT NULL"
            )
        ):
            yield SOLE + end.role + EVER
            yield SUCCESSIVE + end.role + EVER
        elif successive and (not superseded or none(f"{pairs} AND w.k1 > v.k0 AND w.k0 < v.k1")):
            yield SUCCESSIVE + end.role + EVER


def _within(
    connection: apsw.Connection, model: Model, relation: Relation, known: Container[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """At which ends the records lie within lives; who stands at an end and is always there has nothing else."""
    for end in relation.ends:
        e = f"v.{end_column(end.role)}"
        outside = (
            f"""SELECT 1 FROM "r_{relation.name}" v WHERE v.k1 = {CURRENT} AND ({e} & 63) = {model.kinds[kind].number}
            AND NOT EXISTS(SELECT 1 FROM "k_{kind}" z WHERE z.e = {e} AND z.k1 = {CURRENT} AND z.g1 <= v.f0 AND z.v0 >= v.u1) LIMIT 1"""
            for kind in end.kinds
            if (kind, AT_ENDS) not in known
        )
        if all(value(connection, sql) is None for sql in outside):
            yield relation.name, WITHIN + end.role


def _of_kind(connection: apsw.Connection, model: Model, kind: str) -> Iterator[str]:
    table, now = f'"k_{kind}"', f"v.k1 = {CURRENT}"
    ends = f"(v.g1 <> {NEG} OR v.v0 <> {CURRENT})"

    def none(sql: str) -> bool:
        return value(connection, f"SELECT 1 FROM {table} v WHERE {sql} LIMIT 1") is None

    if none(f"{now} AND v.n0 <> {CURRENT}"):
        yield STEADY
    if none(f"v.n0 <> {CURRENT}"):
        yield STEADY + EVER
    # as rows lie: an index of current rows would lead to each of them anywhere
    endless = {"": none(f"{now} AND {ends} ORDER BY v.e"), EVER: none(ends)}
    # a state that was taken back, and not replaced by the same load, may have left the entity without any
    gone = f"v.k1 < {CURRENT} AND NOT EXISTS(SELECT 1 FROM {table} y WHERE y.e = v.e AND y.k0 = v.k1)"
    whole = none(gone)
    for ever in [ever for ever, true in endless.items() if true]:
        yield ENDLESS + ever
        if whole:
            yield PRESENT + ever
        known = "r.k1 > v.k1" if ever else f"r.k1 = {CURRENT}"
        if whole or not any(not none(f"{gone} AND {at}") for at in _at_ends(model, kind, known)):
            yield AT_ENDS + ever
    yield from _same(connection, model.kinds[kind])


def _same(connection: apsw.Connection, kind: Kind) -> Iterator[str]:
    """Of entities that have several states, or versions of them."""
    fields = {field.name for field in kind.fields}
    for several, known, ever in (
        (f"k1 = {CURRENT} AND n0 <> {CURRENT}", f"v.k1 = {CURRENT}", ""),
        (f"k1 <> {CURRENT} OR n0 <> {CURRENT}", "1", EVER),
    ):
        fields &= _the_same(connection, f'"k_{kind.name}"', sorted(fields), several, known)
        yield from (SAME + field + ever for field in sorted(fields))


def _the_same(connection: apsw.Connection, table: str, fields: Sequence[str], several: str, known: str) -> set[str]:
    """The fields in which the known rows of each entity agree, looked at in one go."""
    if not fields:
        return set()
    differ = [
        f'max(min("_{one}") IS NOT max("_{one}") OR count("_{one}") NOT IN (0, count(*))) OVER ()' for one in fields
    ]
    entities = f"SELECT DISTINCT e FROM {table} WHERE {several}"
    of_them = f"FROM ({entities}) x CROSS JOIN {table} v ON v.e = x.e AND {known}"
    found = rows(connection, f"SELECT {', '.join(differ)} {of_them} GROUP BY v.e LIMIT 1")
    return {one for one, differs in zip(fields, found[0] if found else [0] * len(fields), strict=True) if not differs}


def _at_ends(model: Model, kind: str, known: str) -> Iterator[str]:
    """That an entity stands at an end of a record that is known, for each end."""
    for relation in model.relations.values():
        for end in relation.ends:
            if kind in end.kinds:
                yield f'EXISTS(SELECT 1 FROM "r_{relation.name}" r WHERE r.{end_column(end.role)} = v.e AND {known})'
