"""A store's file: made with its model inside, opened with the settings that reading and loading want.

Settings: WAL, so that readers never wait for a load; ``synchronous=EXTRA``, so that a load that has been told as done is
on the disk, which costs a load a few flushes and a row nothing; QPSG, without which apsw's SQLite prepares a cached
statement anew at every bind.
"""

from __future__ import annotations

import json
from pathlib import Path

import apsw

from orggraph.errors import StoreError
from orggraph.model import model_of
from orggraph.model.difference import differences, told
from orggraph.model.model import Model
from orggraph.model.numbering import NUMBERS, numbers_text
from orggraph.stores.contract import Limits
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.ddl import tables
from orggraph.stores.sqlite.faults import faults_told
from orggraph.stores.sqlite.refusals import refuse, stray
from orggraph.stores.sqlite.store import OTHER, UNLESS_SAID, SqliteStore
from orggraph.time.text import valid_end, valid_text

FORMAT = 5
CARRIED = 3
"""The oldest format that ``orggraph migrate`` carries over: without tables of names and changes; 4 numbers names in another way."""
NO_MODEL = "NO_MODEL"
LONGEST_TEXT = 64 * 1024 * 1024
CACHE_KB = -32768
"""Of a load, for the store, for temporary tables and for sorting, each; more makes it no faster."""


def connect(path: Path, write: bool = False, wait: float = 10.0) -> apsw.Connection:
    """A connection to a file that exists (``write``: made if it does not), that waits so many seconds for a lock."""
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE if write else apsw.SQLITE_OPEN_READONLY
    if path.is_dir():
        raise StoreError(f"{path}: is a folder; name the store's file", "NOT_A_STORE")
    if not write and not path.is_file():
        raise StoreError(f"{path}: there is no store; make one with: orggraph load FILES --store {path}", "NO_STORE")
    if not path.parent.is_dir():
        raise StoreError(f"{path}: there is no folder {path.parent}; make it first", "NO_FOLDER")
    with faults_told(path):
        connection = apsw.Connection(str(path), flags=flags)
        connection.set_busy_timeout(int(wait * 1000))
        connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
        connection.limit(apsw.SQLITE_LIMIT_LENGTH, LONGEST_TEXT)
        if write:
            connection.pragma("synchronous", "extra")
        connection.pragma("cache_size", CACHE_KB if write else -65536)
        connection.pragma("mmap_size", 0 if write else 1 << 30)
        connection.pragma("temp_store", "memory" if not write else "file")
        if write:
            connection.pragma("cache_size", CACHE_KB, schema="temp")
        rows(connection, "SELECT count(*) FROM sqlite_schema")
    for name, function, arguments in (("valid_text", valid_text, 9), ("valid_end", valid_end, 10)):
        connection.create_scalar_function(name, function, arguments, deterministic=True)
    connection.create_scalar_function("refuse", refuse, 1)
    connection.create_scalar_function("stray", stray)
    return connection


def create(connection: apsw.Connection, model_texts: dict[str, str], model: Model, sdl: str) -> None:
    """Tables, the model and its GraphQL schema, in the transaction that is open; indexes come after the first rows."""
    connection.execute(tables(model))
    remember(connection, model_texts, model, sdl)


def remember(connection: apsw.Connection, model_texts: dict[str, str], model: Model, sdl: str) -> None:
    """Puts the model down: its texts with the numbers of kinds and relations, its GraphQL schema, its terms."""
    texts = json.dumps({**model_texts, NUMBERS: numbers_text(model)}, ensure_ascii=False)
    connection.executemany(
        "INSERT OR REPLACE INTO meta VALUES(?, ?)", {"format": FORMAT, "model": texts, "sdl": sdl}.items()
    )
    connection.execute("DELETE FROM term")
    connection.executemany("INSERT INTO term VALUES(?, ?, ?, ?, ?, ?)", terms_of(model))


def terms_of(model: Model) -> list[tuple[str, str, str, str, str, int]]:
    """The rows of ``term``."""
    return [
        (terms.name, term.code, term.label.zh, term.label.en, term.iri, place)
        for terms in model.terms.values()
        for place, term in enumerate(terms.terms.values())
    ]


def keep_log(connection: apsw.Connection) -> None:
    """What is written goes through a log from now on, as readers want it who must not wait; a new file has none."""
    connection.pragma("journal_mode", "wal")


def is_empty(connection: apsw.Connection) -> bool:
    """Whether nothing was ever made in the file."""
    return not value(connection, "SELECT count(*) FROM sqlite_schema")


def meta(connection: apsw.Connection, path: Path, oldest: int = FORMAT) -> tuple[dict[str, str], str]:
    """The model's texts and the SDL that a store keeps, which has a format from ``oldest`` on."""
    try:
        found = dict(rows(connection, "SELECT name, value FROM meta"))
    except apsw.Error:
        raise StoreError(f"{path}: is no store of orggraph", "NOT_A_STORE") from None
    kept = found.get("format")
    if not isinstance(kept, int) or not oldest <= kept <= FORMAT:
        older = not isinstance(kept, int) or kept < FORMAT
        mend = "load its files into a new store" if older else "use the orggraph that made it, or a later one"
        if isinstance(kept, int) and CARRIED <= kept < FORMAT:
            mend = f"carry it over, with the model that it has or a later one: orggraph migrate --store {path} --model MODEL"
        raise StoreError(f"{path}: has format {kept}; this orggraph reads {FORMAT}; {mend}", "OTHER_FORMAT")
    try:
        texts = json.loads(found["model"])
    except (KeyError, ValueError):
        raise StoreError(f"{path}: holds no model that can be read; restore a backup", NO_MODEL) from None
    return texts, found.get("sdl", "")


def refuse_other_model(path: Path, kept: Model, given: Model) -> None:
    """StoreError that says what differs, and what to do, where a store's model is not the one that is given."""
    found = differences(kept, given)
    if not found:
        return
    mend = "load into a new store, or leave --model out"
    if not any(one.breaks for one in found):
        mend = f"carry the store over to it: orggraph migrate --store {path} --model MODEL"
    raise StoreError(f"{path}: was made with another model: {told(found)}; {mend}", "OTHER_MODEL")


SERVED_CACHE_KB = -16_384


def open_store(path: Path, limits: Limits = UNLESS_SAID, served: bool = False, wait: float = 0.0) -> SqliteStore:
    """The store in a file, for reading (``served``: long and beside others; ``wait``: seconds for a lock). Raises StoreError."""
    connection = _served(path, wait) if served else connect(path)
    with faults_told(path):
        connection.execute("BEGIN")  # one transaction: the model, and the epoch that belongs to it
        texts, sdl = meta(connection, path)
        store = SqliteStore(connection, model_of(texts, linted=True), sdl, limits)
        connection.execute("COMMIT")
    return store


def open_again(path: Path, store: SqliteStore, wait: float) -> SqliteStore:
    """A store once more, for another thread (``wait``: seconds for a lock). Raises StoreError, also where it has another model
    by now."""
    connection = _served(path, wait)
    with faults_told(path):
        again = SqliteStore(connection, store.model, store.sdl, store.limits)
    if again.facts.model != store.facts.model:
        connection.close()
        raise StoreError(f"{path}: {OTHER[1]}", OTHER[0])
    return again


def proved(path: Path) -> None:
    """Raises StoreError if SQLite finds damage in a store."""
    with faults_told(path):
        found = value(connect(path), "PRAGMA quick_check(1)")
    if found != "ok":
        raise StoreError(f"{path}: is damaged: {found}", "DAMAGED")


def _served(path: Path, wait: float) -> apsw.Connection:
    """For reading long and beside others: in little memory, and from no mapped file, because a file that another process
    cuts short kills who has mapped it."""
    connection = connect(path, wait=wait)
    connection.pragma("mmap_size", 0)
    connection.pragma("cache_size", SERVED_CACHE_KB)
    return connection
