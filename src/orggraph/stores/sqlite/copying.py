"""A store → its copy and back, while it is served and loaded into. In: paths. Out: a copy that is proved to be the same.

A copy is of one published state: it is made in one read transaction by SQLite's own backup, proved (SQLite's integrity, the
same rows), and only then given its name, in one step. A store that is there is overwritten in one transaction of its own, so
that those who read it go on.
"""

from __future__ import annotations

import hashlib
import marshal
import os
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import apsw

from orggraph.errors import StoreError
from orggraph.output.leftovers import beside, logs
from orggraph.output.placing import give_name, there
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.faults import faults_told
from orggraph.stores.sqlite.opening import connect, meta
from orggraph.watch import Watch

PAGES = 5_000
ROWS = 1_000


@dataclass(frozen=True)
class Copied:
    """``load``: the last one in the copy. ``content``: SHA-256 of all its rows."""

    load: int
    rows: int
    content: str


def back_up(store: Path, file: Path, force: bool, watch: Watch = lambda _step, _rows: None) -> Copied:
    """Copies a store into a file. Raises StoreError: nothing is overwritten without ``force``, and nothing half is left."""
    _refuse_same(store, file)
    with faults_told(store), closing(connect(store)) as source:
        meta(source, store)
        return _new_file(source, file, force, False, watch)


def restore(
    file: Path, store: Path, force: bool, watch: Watch = lambda _step, _rows: None, wait: float = 60.0
) -> Copied:
    """A copy back into a store: a new file, or (``force``) over the store that is there, once who loads into it is done
    (``wait``: so many seconds). A broken copy is refused."""
    _refuse_same(store, file)
    with faults_told(file), closing(connect(file)) as source:
        meta(source, file)
        if store.exists() and not force:
            raise _exists(store)
        watch("proving the copy", 0)
        if file.stat().st_size % value(source, "PRAGMA page_size"):
            raise StoreError(f"{file}: is broken: its last page is cut off; take another copy", "BROKEN")
        _prove(source, file)
        if not store.exists():
            return _new_file(source, store, force, True, watch)
        with faults_told(store):
            return _over(source, store, wait, watch)


def _refuse_same(store: Path, file: Path) -> None:
    if store.exists() and file.exists() and store.samefile(file):
        raise StoreError(f"{file}: is the store itself; name another file", "SAME_FILE")


def _exists(path: Path) -> StoreError:
    return StoreError(there(path), "EXISTS")


# ---------------------------------------------------------------- a new file


def _new_file(source: apsw.Connection, path: Path, force: bool, log: bool, watch: Watch) -> Copied:
    """A file that is there wholly or not at all; with a ``log`` when it is written to, as stores have."""
    if path.exists() and not force:
        raise _exists(path)
    if not path.parent.is_dir():
        raise StoreError(f"{path}: there is no folder {path.parent}; make it first", "NO_FOLDER")
    with faults_told(path):
        part = beside(path, "part")
    try:
        source.execute("BEGIN")
        with faults_told(path), closing(apsw.Connection(str(part))) as target:
            _copy(source, target, watch)
            target.pragma("journal_mode", "delete")  # one file, without a log beside it
            copied = _same(source, target, path, watch)
            target.pragma("journal_mode", "wal" if log else "delete")
        source.execute("ROLLBACK")
        with faults_told(path):
            _name(part, path, force)
        return copied
    finally:
        for left in (part, *logs(part)):
            left.unlink(missing_ok=True)


def _name(part: Path, path: Path, force: bool) -> None:
    """Gives a finished file its name, in one step; without ``force`` never that of another file."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    if force and any(log.exists() for log in logs(path)):
        raise StoreError(f"{path}: is an open store, no copy; restore overwrites stores", "OPEN_STORE")
    give_name(part, path, force)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


# ---------------------------------------------------------------- over a store that is there


def _over(source: apsw.Connection, store: Path, wait: float, watch: Watch) -> Copied:
    """All pages in one transaction of the store's own: it has them all or none, and its readers see them at once."""
    target = connect(store, write=True)
    try:
        target.set_busy_timeout(int(wait * 1000))
        target.pragma("journal_mode", "wal")
        source.execute("BEGIN")
        _copy(source, target, watch)
        copied = _same(source, target, store, watch)
        source.execute("ROLLBACK")
        target.pragma("wal_checkpoint(truncate)")
        return copied
    except (apsw.NotADBError, apsw.CorruptError, apsw.ReadOnlyError) as error:
        mend = "move it and its -wal and -shm away, and restore again"
        raise StoreError(f"{store}: cannot be written over ({error}); {mend}", "NOT_A_STORE") from None
    finally:
        target.close()


# ---------------------------------------------------------------- copying and proving


def _copy(source: apsw.Connection, target: apsw.Connection, watch: Watch) -> None:
    """Every page of the state that the source's transaction sees."""
    source.pragma("mmap_size", 0)  # what is read once need not stay
    value(source, "SELECT count(*) FROM sqlite_schema")  # the transaction begins to read here
    with target.backup("main", source, "main") as backup:
        while not backup.done:
            backup.step(PAGES)
            watch("copying pages", backup.page_count - backup.remaining)


def _same(source: apsw.Connection, target: apsw.Connection, path: Path, watch: Watch) -> Copied:
    """What was copied, proved to be what was to be copied."""
    watch("proving the copy", 0)
    _prove(target, path)
    copied, wanted = content(target, watch), content(source, watch)
    if copied != wanted and copied.load <= wanted.load:  # a load may have followed the restored state already
        raise StoreError(
            f"{path}: the copy is not the same as what was copied; look at the disk, copy again", "NOT_SAME"
        )
    return copied


def _prove(connection: apsw.Connection, path: Path) -> None:
    """SQLite finds nothing wrong. Raises StoreError."""
    try:
        found = [said for (said,) in rows(connection, "PRAGMA integrity_check(5)") if said != "ok"]
    except apsw.Error as error:
        found = [str(error)]
    if found:
        raise StoreError(f"{path}: is broken: {'; '.join(found)}; take another copy", "BROKEN")


def content(connection: apsw.Connection, watch: Watch = lambda _step, _rows: None) -> Copied:
    """All rows of all tables in the order of their keys, whatever pages they are on."""
    digest, seen = hashlib.sha256(), 0
    tables = rows(connection, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name")
    for name, sql in tables:
        digest.update(f"{name}\n{sql}\n".encode())
        if not sql.startswith("CREATE TABLE"):
            continue
        found = connection.cursor().execute(f'SELECT * FROM "{name}" NOT INDEXED')
        while some := list(islice(found, ROWS)):
            digest.update(marshal.dumps(some, 0))  # the version in which what is equal is the same bytes
            seen += len(some)
            watch("comparing rows", seen)
    load = value(connection, "SELECT coalesce(max(k), 0) FROM load")
    return Copied(int(load), seen, digest.hexdigest())
