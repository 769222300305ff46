"""Where a store and the engine that answers from it come together."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from orggraph.graphql.engine import Engine
from orggraph.settings import Bounds
from orggraph.stores.contract import Limits
from orggraph.stores.sqlite.opening import open_again, open_store
from orggraph.stores.sqlite.store import SqliteStore


def open_engine(path: Path, bounds: Bounds | None = None, served: bool = False) -> Engine:
    """An engine on the SQLite store at a path (``served``: for long, while others write it); raises StoreError."""
    bounds = bounds or Bounds()
    return Engine(open_store(path, limits(bounds), served), bounds)


def open_another(path: Path, engine: Engine) -> SqliteStore:
    """The store of an engine once more, for another thread; raises StoreError."""
    assert isinstance(engine.store, SqliteStore)
    return open_again(path, engine.store)


def limits(bounds: Bounds) -> Limits:
    """Those bounds that a store keeps while a statement runs."""
    return Limits(**{one.name: getattr(bounds, one.name) for one in fields(Limits)})
