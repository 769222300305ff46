"""Rows as N-Quads, printed by SQLite. In: a store's file, templates, an extent. Out: for each thing, in the order of keys, the
lines of its parts and its own lines, as bytes that are sorted already.

Everything is read in one transaction, so that it is of one published load; memory stays flat, because each table is read
along its index of keys. ``printf`` is a good deal faster here than ``||``, and bytes than text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import apsw

from orggraph.model import model_of
from orggraph.model.model import Kind, Model, Relation
from orggraph.plan.quads import Extent, Template
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.facts import read_facts
from orggraph.stores.sqlite.faults import faults_told
from orggraph.stores.sqlite.marks import Mark, marks_in
from orggraph.stores.sqlite.opening import connect, meta
from orggraph.stores.sqlite.quad_lines import statement
from orggraph.stores.sqlite.rows import Names

CACHE_KB = -16_384


Printed = tuple[str, bytes, bytes, bytes]
"""Key; lines about parts of the thing (its states, citings, interval); lines about itself; one more line about a row that was
taken back, not in its place. All of N-Quads, each with its line feed."""


class Load(NamedTuple):
    number: int
    at: str
    files: dict[str, str]
    added: int
    corrected: int
    withdrawn: int


@dataclass(frozen=True)
class Quads:
    """A store while it is read. ``texts``: its model's, by file name."""

    path: Path
    connection: apsw.Connection
    model: Model
    names: Names
    texts: dict[str, str]

    def loads(self, until: int | None = None) -> list[Load]:
        """All loads up to one, in order."""
        sql = "SELECT k, at, files, added, corrected, withdrawn FROM load WHERE k <= ? ORDER BY k"
        found = rows(self.connection, sql, (2**31 if until is None else until,))
        return [Load(k, at, json.loads(files), *counts) for k, at, files, *counts in found]

    def purges(self) -> list[Mark]:
        """Marks of what was purged, of all times: from every version it is gone."""
        return marks_in(self.connection)

    def load_at(self, moment: str) -> int:
        """The last load published by a moment (UTC, as stores write it); 0 for none."""
        return int(value(self.connection, "SELECT coalesce(max(k), 0) FROM load WHERE at <= ?", (moment,)))

    def table_of(self, key: str) -> Kind | Relation | None:
        """The kind or relation of what has a key."""
        if (e := value(self.connection, "SELECT e & 63 FROM entity WHERE key = ?", (key,))) is not None:
            return next(kind for kind in self.model.concrete() if kind.number == e)
        r = value(self.connection, "SELECT r & 1023 FROM record WHERE key = ?", (key,))
        return next((one for one in self.model.relations.values() if one.number == r), None)

    def things(self, template: Template, extent: Extent) -> Iterator[Printed]:
        """The rows of one table, in the order of keys; several of one key stand together."""
        with faults_told(self.path):
            yield from self.connection.cursor().execute(statement(self.names, template, extent))


@contextmanager
def open_quads(path: Path) -> Iterator[Quads]:
    """A store for printing, in one transaction. Raises StoreError."""
    connection = connect(path)
    try:
        with faults_told(path):
            connection.pragma("mmap_size", 0)  # what is mapped counts as memory, and is read once
            connection.pragma("cache_size", CACHE_KB)
            connection.pragma("temp_store", "file")
            connection.execute("BEGIN")
            texts = meta(connection, path)[0]
            model = model_of(texts, linted=True)
            names = Names(model, read_facts(connection))
        yield Quads(path, connection, model, names, texts)
    finally:
        connection.close()
