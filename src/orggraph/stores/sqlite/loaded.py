"""The loads of a store as they were recorded. In: a store's path. Out: ``Loaded``, in order."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from orggraph.stores.sqlite.asking import rows
from orggraph.stores.sqlite.opening import connect, meta


@dataclass(frozen=True)
class Loaded:
    """``files``: SHA-256 by name."""

    number: int
    at: str
    files: dict[str, str]
    added: int
    corrected: int
    withdrawn: int


def loaded(path: Path) -> list[Loaded]:
    """Raises StoreError where there is no store."""
    connection = connect(path)
    try:
        meta(connection, path)
        found = rows(connection, "SELECT k, at, files, added, corrected, withdrawn FROM load ORDER BY k")
        return [Loaded(k, at, json.loads(files), *counts) for k, at, files, *counts in found]
    finally:
        connection.close()
