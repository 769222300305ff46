"""Where a store and the engine that answers from it come together."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from orggraph.graphql.engine import Engine
from orggraph.settings import Bounds
from orggraph.stores.contract import Limits
from orggraph.stores.sqlite.opening import connect, open_store
from orggraph.stores.sqlite.store import SqliteStore


def open_engine(path: Path, bounds: Bounds | None = None, introspection: bool = True) -> Engine:
    """An engine on the SQLite store at a path; raises StoreError."""
    bounds = bounds or Bounds()
    return Engine(open_store(path, limits(bounds)), bounds, introspection)


def open_another(path: Path, engine: Engine) -> SqliteStore:
    """The store of an engine once more, for another thread; raises StoreError."""
    return SqliteStore(connect(path), engine.store.model, engine.store.sdl, limits(engine.bounds))


def limits(bounds: Bounds) -> Limits:
    """Those bounds that a store keeps while a statement runs."""
    return Limits(**{one.name: getattr(bounds, one.name) for one in fields(Limits)})
