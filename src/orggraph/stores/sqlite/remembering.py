"""Loads and purges that another store made, remembered as that one had them. In: a store, and what is known of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from msgspec.structs import astuple

from orggraph.stores.sqlite.faults import faults_told
from orggraph.stores.sqlite.marks import Mark
from orggraph.stores.sqlite.opening import connect

Counts = tuple[int, int, int]
LATE = ("at", "files", "added", "corrected", "withdrawn")
SET = f"UPDATE load SET {', '.join(f'{name} = coalesce(?, {name})' for name in LATE)} WHERE k = ?"


def remember_loads(path: Path, loads: Mapping[int, tuple[str, Mapping[str, str], Counts | None]]) -> None:
    """``loads``: time, SHA-256 by file name, and what it added, corrected, withdrew (None: as it did here), by number. Raises
    StoreError."""
    with faults_told(path), closing(connect(path, write=True)) as connection, connection:
        for number, (at, files, counts) in loads.items():
            text = json.dumps(dict(files), ensure_ascii=False, sort_keys=True)
            connection.execute(SET, (at, text, *(counts or (None, None, None)), number))


def remember_empty(path: Path, number: int) -> None:
    """A load of which nothing is left. Raises StoreError."""
    with faults_told(path), closing(connect(path, write=True)) as connection, connection:
        connection.execute("INSERT INTO load VALUES(?, '', '{}', 0, 0, 0)", (number,))


def remember_purges(path: Path, marks: Iterable[Mark]) -> None:
    """Raises StoreError."""
    with faults_told(path), closing(connect(path, write=True)) as connection, connection:
        for one in marks:
            p, at, name, field, *rest = astuple(one)
            connection.execute("INSERT INTO purge VALUES(?, ?, ?, ?, ?, ?, ?, ?)", (p, name, field, at, *rest))
