"""The few entities at which the links of a source can begin, as a select that hangs on no row. In: a source and an entity, one after
the other of all of its kinds. Out: SQL. Example: ``SELECT r2.s FROM "r_Secretary" r2 WHERE r2.k1=… AND r2.f0<=?1 AND r2.u1>?1``.
"""

from __future__ import annotations

from msgspec import Struct

from orggraph.plan.beginnings import beginnings
from orggraph.plan.filters import Source
from orggraph.stores.sqlite.looking import Asking
from orggraph.stores.sqlite.rows import Record, Spot

NOBODY = "SELECT 0 WHERE 0"


class Begun(Struct, frozen=True):
    """``select``: of the entities' numbers; ``records``: how many it reads."""

    select: str
    records: float


def begun(asking: Asking, source: Source, near: Spot) -> Begun | None:
    """Where the links of a source can begin, if that is at far fewer than all of the entities that are looked at."""
    names = asking.names
    found = beginnings(source, names.records, names.count(near.kinds)) if near.many else None
    if found is None:
        return None
    return Begun(" UNION ALL ".join(_select(asking, *end) for end in found.ends) or NOBODY, found.records)


def _select(asking: Asking, relation: str, role: str) -> str:
    record = Record(asking.writer.alias("r"), asking.names.model.relations[relation])
    holds = f"{asking.window.known(record.alias)} AND {asking.window.record_meets(record.alias, False)}"
    return f'SELECT {record.end(role)} FROM "r_{relation}" {record.alias} WHERE {holds}'
