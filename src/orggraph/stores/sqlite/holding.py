"""A store's file in the hands of one who loads into it. In: a path. Out: a connection; afterwards a store, or no file.

A file that a first load made and nothing came of is taken away, but never from under another load that waits for it: it
goes while it is locked, and who gets the lock next sees that his file has moved, and begins again with a new one. He begins
again too where the file that he meant to make a store of has become one.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import apsw

from orggraph.stores.sqlite.opening import connect, is_empty, keep_log


class Moved(Exception):
    """What was opened is not any more what it was: the file is gone, or another load has made a store of it."""


@contextmanager
def held(path: Path, wait: float) -> Iterator[apsw.Connection]:
    """A connection that waits so many seconds for another load to end. Raises Moved."""
    connection = connect(path, write=True)
    try:
        connection.set_busy_timeout(int(wait * 1000))
        yield connection
    except apsw.IOError:
        if _has_moved(connection):
            raise Moved from None
        raise
    finally:
        with suppress(apsw.Error):  # what happened before is told, not what follows from it
            _leave(connection, path)
        connection.close()


@contextmanager
def uncollected() -> Iterator[None]:
    """Python does not look for garbage that goes in circles: a load makes next to none, and millions of rows to look at."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def begin(connection: apsw.Connection, new: bool) -> None:
    """Begins a transaction as the only one who writes; ``new``: there was no store when it was opened. Raises Moved."""
    connection.execute("BEGIN IMMEDIATE")
    made_by_another = new and not connection.total_changes() and not is_empty(connection)
    if made_by_another or _has_moved(connection):
        connection.execute("ROLLBACK")
        raise Moved


def _leave(connection: apsw.Connection, path: Path) -> None:
    """Readers of a store that was made want its log; a file in which nothing was made goes; what is no store stays."""
    connection.set_busy_timeout(0)
    if not is_empty(connection):
        if connection.total_changes():
            keep_log(connection)
        return
    connection.execute("BEGIN IMMEDIATE")
    if is_empty(connection) and not _has_moved(connection):
        with suppress(OSError):
            path.unlink()
    connection.execute("ROLLBACK")


def _has_moved(connection: apsw.Connection) -> bool:
    found = ctypes.c_int(0)
    connection.file_control("main", apsw.SQLITE_FCNTL_HAS_MOVED, ctypes.addressof(found))
    return bool(found.value)
