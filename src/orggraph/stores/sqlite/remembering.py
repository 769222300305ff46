"""Loads that another store made, remembered as that one had them. In: a store, and when and of which files each load was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from orggraph.stores.sqlite.faults import faults_told
from orggraph.stores.sqlite.opening import connect


def remember_loads(path: Path, loads: Mapping[int, tuple[str, Mapping[str, str]]]) -> None:
    """``loads``: time and SHA-256 by file name, by number. Raises StoreError."""
    with faults_told(path), closing(connect(path, write=True)) as connection, connection:
        for number, (at, files) in loads.items():
            text = json.dumps(dict(files), ensure_ascii=False, sort_keys=True)
            connection.execute("UPDATE load SET at = ?, files = ? WHERE k = ?", (at, text, number))
