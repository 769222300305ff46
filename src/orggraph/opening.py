"""Where a store and the engine that answers from it come together."""

from __future__ import annotations

from pathlib import Path

from orggraph.graphql.engine import Bounds, Engine
from orggraph.stores.sqlite.opening import open_store


def open_engine(path: Path, bounds: Bounds | None = None) -> Engine:
    """An engine on the SQLite store at a path; raises StoreError."""
    return Engine(open_store(path), bounds)
