"""Which keys a store has given away. In: its path. Out: its model, and whether a key is taken; so that files can get new ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from orggraph.model import model_of
from orggraph.model.model import Model
from orggraph.stores.sqlite.asking import value
from orggraph.stores.sqlite.opening import connect, meta

TAKEN = "SELECT EXISTS(SELECT 1 FROM entity WHERE key = ?1) OR EXISTS(SELECT 1 FROM record WHERE key = ?1)"


@contextmanager
def keys_taken(path: Path) -> Iterator[tuple[Model, Callable[[str], bool]] | None]:
    """The model of a store and a test of keys; None where there is no store yet."""
    if not path.exists():
        yield None
        return
    connection = connect(path)
    try:
        model = model_of(meta(connection, path)[0])
        yield model, lambda key: bool(value(connection, TAKEN, (key,)))
    finally:
        connection.close()
