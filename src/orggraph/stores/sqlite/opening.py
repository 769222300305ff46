"""A store's file: made with its model inside, opened with the settings that reading and loading want.

Settings: WAL, so that readers never wait for a load; ``synchronous=NORMAL``, so that a power cut may lose the last load
but never harms the file; QPSG, without which apsw's SQLite prepares a cached statement anew at every bind.
"""

from __future__ import annotations

import json
from pathlib import Path

import apsw

from orggraph.errors import StoreError
from orggraph.model import model_of
from orggraph.model.model import Model
from orggraph.stores.contract import Limits
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.ddl import tables
from orggraph.stores.sqlite.refusals import refuse
from orggraph.stores.sqlite.store import UNLESS_SAID, SqliteStore
from orggraph.time.text import valid_end, valid_text

FORMAT = 2
LONGEST_TEXT = 64 * 1024 * 1024


def connect(path: Path, write: bool = False) -> apsw.Connection:
    """A connection to a file that exists (``write``: made if it does not)."""
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE if write else apsw.SQLITE_OPEN_READONLY
    if not write and not path.is_file():
        raise StoreError(f"{path}: there is no store; make one with: orggraph load FILES --store {path}", "NO_STORE")
    try:
        connection = apsw.Connection(str(path), flags=flags)
        connection.set_busy_timeout(10_000)
        connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
        connection.limit(apsw.SQLITE_LIMIT_LENGTH, LONGEST_TEXT)
        if write:
            connection.pragma("synchronous", "normal")
            connection.pragma("temp.cache_size", -65536)
        connection.pragma("cache_size", -65536)
        connection.pragma("mmap_size", 1 << 30)
        connection.pragma("temp_store", "memory" if not write else "file")
        rows(connection, "SELECT count(*) FROM sqlite_schema")
    except apsw.Error as error:
        raise StoreError(f"{path}: {error}", "NOT_A_STORE") from None
    for name, function, arguments in (("valid_text", valid_text, 9), ("valid_end", valid_end, 10)):
        connection.create_scalar_function(name, function, arguments, deterministic=True)
    connection.create_scalar_function("refuse", refuse, 1)
    return connection


def create(connection: apsw.Connection, model_texts: dict[str, str], model: Model, sdl: str) -> None:
    """Tables, the model and its GraphQL schema, in the transaction that is open; indexes come after the first rows."""
    connection.execute(tables(model))
    meta = {"format": FORMAT, "model": json.dumps(model_texts, ensure_ascii=False), "sdl": sdl}
    connection.executemany("INSERT INTO meta VALUES(?, ?)", meta.items())
    connection.executemany(
        "INSERT INTO term VALUES(?, ?, ?, ?, ?, ?)",
        [
            (terms.name, t.code, t.label.zh, t.label.en, t.iri, place)
            for terms in model.terms.values()
            for place, t in enumerate(terms.terms.values())
        ],
    )


def keep_log(connection: apsw.Connection, log: bool) -> None:
    """Whether what is written goes through a log, as readers want it who must not wait; a new file is written directly."""
    connection.pragma("journal_mode", "wal" if log else "delete")


def is_empty(connection: apsw.Connection) -> bool:
    """Whether nothing was ever made in the file."""
    return not value(connection, "SELECT count(*) FROM sqlite_schema")


def meta(connection: apsw.Connection, path: Path) -> tuple[dict[str, str], str]:
    """The model's texts and the SDL that a store keeps."""
    try:
        found = dict(rows(connection, "SELECT name, value FROM meta"))
    except apsw.Error:
        raise StoreError(f"{path}: is no store of orggraph", "NOT_A_STORE") from None
    if found.get("format") != FORMAT:
        raise StoreError(f"{path}: has format {found.get('format')}; this orggraph reads {FORMAT}", "OTHER_FORMAT")
    return json.loads(found["model"]), found["sdl"]


def open_store(path: Path, limits: Limits = UNLESS_SAID) -> SqliteStore:
    """The store in a file, for reading. Raises StoreError."""
    connection = connect(path)
    texts, sdl = meta(connection, path)
    return SqliteStore(connection, model_of(texts, linted=True), sdl, limits)
