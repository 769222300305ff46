"""How many things a store has, and how many records an entity has at an end: what prices are made of; and what is true of
all of them.

In: a store. Out: the rows of ``fan_out`` and of ``fact``.
"""

from __future__ import annotations

from collections.abc import Container

import apsw

from orggraph.model.model import Model
from orggraph.stores.sqlite.asking import value
from orggraph.stores.sqlite.ddl import end_column
from orggraph.stores.sqlite.facts import measure_facts
from orggraph.stores.sqlite.writing import CURRENT

FanOuts = dict[tuple[str, str], float]


def counted(connection: apsw.Connection, model: Model, of: Container[str] | None = None) -> FanOuts:
    """By kind or relation and role (blank: how many there are); ``of``: these kinds and relations only."""
    found: FanOuts = {}
    for kind in model.concrete():
        if of is not None and kind.name not in of:
            continue
        found[kind.name, ""] = float(value(connection, f"SELECT count(*) FROM entity WHERE e & 63 = {kind.number}"))
    for relation in model.relations.values():
        if of is not None and relation.name not in of:
            continue
        table = f'"r_{relation.name}" WHERE k1 = {CURRENT}'
        count = value(connection, f"SELECT count(*) FROM {table}")
        found[relation.name, ""] = float(count)
        for end in relation.ends:
            distinct = value(connection, f"SELECT count(DISTINCT {end_column(end.role)}) FROM {table}")
            found[relation.name, end.role] = count / distinct if distinct else 0.0
    return found


def measure(connection: apsw.Connection, model: Model, of: Container[str] | None = None) -> None:
    """Counts anew: everything, or what may have changed."""
    rows = [(*named, mean) for named, mean in counted(connection, model, of).items()]
    connection.executemany("INSERT OR REPLACE INTO fan_out VALUES(?, ?, ?)", rows)
    measure_facts(connection, model, of)
