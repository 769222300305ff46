"""What is true of all entities of a kind, so that no statement need ask it of each.

In: a store after a load. Out: ``Facts``, kept in the store. A statement that relies on them says by their ``epoch`` which
they are, and is written anew when a load has changed them (``store.py``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator
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


NONE: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Facts:
    """``known``: (kind, fact). ``epoch``: a digest of them, by which a statement tells whether they are still so."""

    known: frozenset[tuple[str, str]] = NONE
    epoch: str = ""

    def say(self, kind: str, what: str, ever: bool) -> bool:
        return (kind, what + EVER * ever) in self.known


def read_facts(connection: apsw.Connection) -> Facts:
    epoch = value(connection, "SELECT value FROM meta WHERE name = 'epoch'")
    return Facts(frozenset(rows(connection, "SELECT kind, what FROM fact")), str(epoch))


def measured(connection: apsw.Connection, model: Model) -> frozenset[tuple[str, str]]:
    """What is true now, looked at anew."""
    return frozenset((kind.name, what) for kind in model.concrete() for what in _facts_of(connection, model, kind.name))


def measure_facts(connection: apsw.Connection, model: Model, of: Container[str] | None) -> None:
    """Looks at what is true now, in the transaction that changed the rows of ``of`` (None: of everything)."""
    before = read_facts(connection).known
    asked = [kind.name for kind in model.concrete() if of is None or _touched(model, kind.name, of, before)]
    found = {one for one in before if one[0] not in asked}
    found |= {(kind, what) for kind in asked for what in _facts_of(connection, model, kind)}
    connection.execute("DELETE FROM fact")
    connection.executemany("INSERT INTO fact VALUES(?, ?)", sorted(found))
    connection.execute("INSERT OR REPLACE INTO meta VALUES('epoch', ?)", (epoch_of(found),))


def epoch_of(known: Iterable[tuple[str, str]]) -> str:
    return hashlib.blake2b(repr(sorted(known)).encode(), digest_size=8).hexdigest()


def _touched(model: Model, kind: str, of: Container[str], before: Container[tuple[str, str]]) -> bool:
    """Whether facts of a kind may have changed: by its own rows, or by records of entities that may have gone."""
    if kind in of:
        return True
    some_gone = any((kind, ENDLESS + ever) in before and (kind, PRESENT + ever) not in before for ever in ("", EVER))
    return some_gone and any(
        relation.name in of and any(kind in end.kinds for end in relation.ends) for relation in model.relations.values()
    )


def _facts_of(connection: apsw.Connection, model: Model, kind: str) -> Iterator[str]:
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


def _at_ends(model: Model, kind: str, known: str) -> Iterator[str]:
    """That an entity stands at an end of a record that is known, for each end."""
    for relation in model.relations.values():
        for end in relation.ends:
            if kind in end.kinds:
                column = {"subject": "s", "object": "o"}.get(end.role, f'"x_{end.role}"')
                yield f'EXISTS(SELECT 1 FROM "r_{relation.name}" r WHERE r.{column} = v.e AND {known})'
