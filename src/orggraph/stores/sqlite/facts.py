"""What is true of all entities of a kind, so that no statement need ask it of each.

In: a store after a load. Out: ``Facts``, kept in the store. Their ``epoch`` is counted on whenever they change; a statement
that relies on them says so, and is written anew when a load has made them untrue (``store.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

import apsw

from orggraph.model.model import Model
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.writing import CURRENT
from orggraph.time.days import NEG

LASTING = "lasting"
"""Entities of the kind are always there: their one life has no first and no last day."""
STEADY = "steady"
"""Entities of the kind have one state each."""
EVER = " at every load"
"""Said of a fact that was true at every load, since the entity was first known; else it is true of the newest."""


@dataclass(frozen=True)
class Facts:
    """``known``: (kind, fact)."""

    epoch: int = 0
    known: frozenset[tuple[str, str]] = frozenset()

    def lasting(self, kind: str, ever: bool) -> bool:
        return (kind, LASTING + EVER * ever) in self.known

    def steady(self, kind: str, ever: bool) -> bool:
        return (kind, STEADY + EVER * ever) in self.known


def read_facts(connection: apsw.Connection) -> Facts:
    epoch = value(connection, "SELECT value FROM meta WHERE name = 'epoch'")
    return Facts(epoch or 0, frozenset(rows(connection, "SELECT kind, what FROM fact")))


def measure_facts(connection: apsw.Connection, model: Model) -> None:
    """Looks at what is true now, in the transaction of a load."""
    before = read_facts(connection)
    found = {(kind.name, what) for kind in model.concrete() for what in _facts_of(connection, kind.name)}
    if found == before.known and before.epoch:
        return
    connection.execute("DELETE FROM fact")
    connection.executemany("INSERT INTO fact VALUES(?, ?)", sorted(found))
    connection.execute("INSERT OR REPLACE INTO meta VALUES('epoch', ?)", (before.epoch + 1,))


def _facts_of(connection: apsw.Connection, kind: str) -> list[str]:
    table = f'"k_{kind}"'
    ends = f"(v.g1 <> {NEG} OR v.v0 <> {CURRENT})"
    now = f"v.k1 = {CURRENT}"
    # what was taken back and not replaced by the same load left the entity without that state
    gone = f"v.k1 < {CURRENT} AND NOT EXISTS(SELECT 1 FROM {table} y WHERE y.e = v.e AND y.k0 = v.k1)"
    against = {
        LASTING: f"{now} AND {ends}",
        STEADY: f"{now} AND v.n0 <> {CURRENT}",
        LASTING + EVER: f"{ends} OR ({gone})",
        STEADY + EVER: f"v.n0 <> {CURRENT}",
    }
    withdrawn = value(connection, f"SELECT 1 FROM {table} v WHERE {gone} LIMIT 1") is not None
    found = [
        what
        for what, sql in against.items()
        if value(connection, f"SELECT 1 FROM {table} v WHERE {sql} LIMIT 1") is None
    ]
    return [what for what in found if what != LASTING or not withdrawn]
