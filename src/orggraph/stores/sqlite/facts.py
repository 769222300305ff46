"""What is true of all entities of a kind, so that no statement need ask it of each.

In: a store after a load. Out: ``Facts``, kept in the store. Their ``epoch`` is counted on whenever they change; a statement
that relies on them says so, and is written anew when a load has made them untrue (``store.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import apsw

from orggraph.model.model import Model
from orggraph.stores.sqlite.asking import rows, value
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
EVER = " at every load"
"""Said of a fact that was true at every load, since the entity was first known; else it is true of the newest."""


@dataclass(frozen=True)
class Facts:
    """``known``: (kind, fact)."""

    epoch: int = 0
    known: frozenset[tuple[str, str]] = frozenset()

    def say(self, kind: str, what: str, ever: bool) -> bool:
        return (kind, what + EVER * ever) in self.known


def read_facts(connection: apsw.Connection) -> Facts:
    epoch = value(connection, "SELECT value FROM meta WHERE name = 'epoch'")
    return Facts(epoch or 0, frozenset(rows(connection, "SELECT kind, what FROM fact")))


def measure_facts(connection: apsw.Connection, model: Model) -> None:
    """Looks at what is true now, in the transaction of a load."""
    before = read_facts(connection)
    found = {(kind.name, what) for kind in model.concrete() for what in _facts_of(connection, model, kind.name)}
    if found == before.known and before.epoch:
        return
    connection.execute("DELETE FROM fact")
    connection.executemany("INSERT INTO fact VALUES(?, ?)", sorted(found))
    connection.execute("INSERT OR REPLACE INTO meta VALUES('epoch', ?)", (before.epoch + 1,))


def _facts_of(connection: apsw.Connection, model: Model, kind: str) -> Iterator[str]:
    table, now = f'"k_{kind}"', f"v.k1 = {CURRENT}"
    ends = f"(v.g1 <> {NEG} OR v.v0 <> {CURRENT})"

    def none(sql: str) -> bool:
        return value(connection, f"SELECT 1 FROM {table} v WHERE {sql} LIMIT 1") is None

    if none(f"{now} AND v.n0 <> {CURRENT}"):
        yield STEADY
    if none(f"v.n0 <> {CURRENT}"):
        yield STEADY + EVER
    endless = {"": none(f"{now} AND {ends}"), EVER: none(ends)}
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


def _at_ends(model: Model, kind: str, known: str) -> Iterator[str]:
    """That an entity stands at an end of a record that is known, for each end."""
    for relation in model.relations.values():
        for end in relation.ends:
            if kind in end.kinds:
                column = {"subject": "s", "object": "o"}.get(end.role, f'"x_{end.role}"')
                yield f'EXISTS(SELECT 1 FROM "r_{relation.name}" r WHERE r.{column} = v.e AND {known})'
