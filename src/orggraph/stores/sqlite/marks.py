"""Marks of what was purged: when, of which table, how many and why, and no value of it."""

from __future__ import annotations

import apsw
from msgspec import Struct

from orggraph.stores.sqlite.asking import rows


class Mark(Struct, frozen=True):
    """A mark that a purge left, for one table. ``finished``: 1 once the file is overwritten."""

    purge: int
    at: str
    table: str
    field: str
    things: int
    versions: int
    why: str
    finished: int


def marks_in(connection: apsw.Connection) -> list[Mark]:
    """All of a store."""
    found = rows(connection, "SELECT p, at, name, field, things, versions, why, done FROM purge ORDER BY p, name")
    return [Mark(*row) for row in found]
