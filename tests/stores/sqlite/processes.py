"""Loads in processes of their own, that can be killed at any moment; what a store holds, to compare.

A load that is to be killed has caches of a few pages, so that it writes into the store's file, its log and its temporary
files all the time, as a load of millions of rows does.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import perf_counter
from typing import Any

import apsw

from orggraph.errors import OrggraphError, StoreError
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.load import How
from orggraph.stores.sqlite.load import load as load_files
from orggraph.stores.sqlite.opening import connect, is_empty
from tests.small_model import MODEL, SOURCES, put

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.stores.sqlite.processes"])
PAGES = 20
DONE, REFUSED = "done", "refused"
Content = dict[str, list[Any]]


@dataclass
class LoadProcess:
    """A load that runs by itself, and what it tells: its steps, then that it is done (or refused, and why)."""

    process: BaseProcess
    told: Connection

    def events(self) -> Iterator[tuple[str, Any]]:
        """What it tells, as it comes; nothing more once it has ended."""
        with suppress(EOFError):
            while True:
                yield self.told.recv()

    def result(self) -> tuple[str, Any]:
        """The last that it tells."""
        *_, last = self.events()
        self.process.join()
        return last

    def kill(self) -> None:
        self.process.kill()
        self.process.join()


def start(store: Path, folder: Path, wait: float = 600.0) -> LoadProcess:
    """A load of the small model."""
    told, telling = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=_run, args=(store, folder, wait, telling))
    process.start()
    telling.close()
    return LoadProcess(process, told)


def _run(store: Path, folder: Path, wait: float, telling: Connection) -> None:
    few_pages(PAGES)
    how = How(watch=lambda step, _rows: telling.send((step, None)), wait=wait)
    telling.send(("starting", None))
    try:
        (report,) = load_files(store, {"small.yaml": MODEL}, lambda _: "", [folder], how)
        telling.send((DONE, report.number))
    except OrggraphError as error:
        telling.send((REFUSED, (error.code, error.message)))


def few_pages(pages: int, most: int = 0) -> None:
    """Connections of this process that load have caches of so few pages; and files of so many at most, if it is said."""

    def made(connection: apsw.Connection) -> None:
        def traced(_cursor: apsw.Cursor, sql: str, _bindings: Any) -> bool:
            if sql.startswith("BEGIN"):
                connection.exec_trace = None
                connection.pragma("cache_size", pages)
                connection.pragma("cache_size", pages, schema="temp")
                if most:
                    connection.pragma("max_page_count", most)
            return True

        connection.exec_trace = traced

    apsw.connection_hooks.append(made)


def durations(load: LoadProcess) -> list[tuple[str, float]]:
    """How long each part of a load takes, from one thing that it tells to the next."""
    found: list[tuple[str, float]] = []
    before, at = "", perf_counter()
    for step, _ in load.events():
        if before:
            found.append((before, perf_counter() - at))
        before, at = step, perf_counter()
    return found


def content(store: Path) -> Content:
    """Everything in a store but when it was loaded, by table; nothing where there is no store, or nothing in it."""
    if not store.exists() or not store.stat().st_size:
        return {}
    try:
        connection = connect(store)
    except StoreError as error:
        if error.code != "BROKEN_OFF":
            raise
        return {}  # what a killed first load left, which none but the next load can clear up
    try:
        if is_empty(connection):
            return {}
        names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        found = {name: rows(connection, f'SELECT * FROM "{name}" ORDER BY 1, 2') for (name,) in rows(connection, names)}
        found["load"] = rows(connection, "SELECT k, files, added, corrected, withdrawn FROM load ORDER BY k")
        indexes = "SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name"
        return found | {"indexes": rows(connection, indexes)}
    finally:
        connection.close()


def is_whole(store: Path) -> bool:
    """Whether SQLite finds nothing wrong in a store."""
    connection = connect(store)
    try:
        return bool(value(connection, "PRAGMA integrity_check") == "ok")
    finally:
        connection.close()


def files(folder: Path, offices: int, staff: int) -> Path:
    """A folder with so many offices, each with so many staff, their chiefs, and twice as many people."""
    people = "".join(f"p{i},王芳{i}（示例）\n" for i in range(2 * offices))
    of_offices = "".join(f"o{i},水务局{i},{staff},1990\n" for i in range(offices))
    rank = ("high", "low")[staff % 2]
    chiefs = "".join(f"c{i},p{i},o{i},{rank},2015-03,2018,reg\n" for i in range(offices))
    return put(
        folder,
        {
            "Source.csv": SOURCES,
            "Person.csv": "key,name\n" + people,
            "Office.csv": "key,name,staff,founded\n" + of_offices,
            "Chief.csv": "key,person,office,rank,from,until,source\n" + chiefs,
        },
    )


def killed_before(statement: int, store: Path) -> None:
    """From here on this process is killed before its so manieth statement on a store."""
    seen = 0

    def traced(_cursor: apsw.Cursor, _sql: str, _bindings: Any) -> bool:
        nonlocal seen
        seen += 1
        if seen == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return True

    def made(connection: apsw.Connection) -> None:
        if connection.filename == str(store):
            connection.exec_trace = traced

    apsw.connection_hooks.append(made)
