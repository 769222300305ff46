"""Where a store and the engine that answers from it come together."""

from __future__ import annotations

from pathlib import Path

from msgspec import structs
from msgspec.structs import replace

from orggraph.graphql.engine import Engine
from orggraph.plan.scope import OUTERMOST, AsOf
from orggraph.settings import Bounds
from orggraph.stores.contract import Limits
from orggraph.stores.sqlite.opening import open_again, open_store, proved
from orggraph.stores.sqlite.store import SqliteStore

LOCK_SECONDS = 2.0
COMMAND_SECONDS = 10.0


def open_engine(path: Path, bounds: Bounds | None = None, introspection: bool = True, served: bool = False) -> Engine:
    """An engine on the SQLite store at a path (``served``: for long, while others write it); raises StoreError."""
    bounds = bounds or Bounds()
    return Engine(open_store(path, limits(bounds), served), bounds, introspection)


def open_streaming(path: Path, bounds: Bounds | None = None, known: AsOf | None = None) -> Engine:
    """An engine whose answers are taken page by page, however many: what was read is not kept in memory. ``known``: all is seen as
    it was known then, unless a document says otherwise. Raises StoreError."""
    bounds = bounds or Bounds()
    store = open_store(path, limits(bounds), served=True, wait=COMMAND_SECONDS)
    return Engine(store, bounds, outermost=replace(OUTERMOST, load=known))


def open_another(path: Path, engine: Engine, patient: bool = False) -> SqliteStore:
    """The store of an engine once more (``patient``: for a thread that may wait for a lock); raises StoreError."""
    assert isinstance(engine.store, SqliteStore)
    return open_again(path, engine.store, LOCK_SECONDS if patient else 0.0)


def prove(path: Path) -> None:
    """Lets SQLite look through a whole store; raises StoreError if it is damaged."""
    proved(path)


def limits(bounds: Bounds) -> Limits:
    """Those bounds that a store keeps while a statement runs."""
    return Limits(**{one.name: getattr(bounds, one.name) for one in structs.fields(Limits)})
