"""Files → a store: one load is one transaction with its number, time, files' SHA-256 and counts; all of it or nothing.

In: a store's path, files, the model of a new store. Out: a ``LoadReport`` per load. Raises LoadError with every problem.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import apsw

from orggraph.errors import LoadError, Problems, StoreError
from orggraph.model import model_of
from orggraph.model.model import Model, Relation
from orggraph.records.files import InFile, loads
from orggraph.stores.sqlite.asking import value
from orggraph.stores.sqlite.checks import check_ends, check_keys, check_sources
from orggraph.stores.sqlite.citing import Citations
from orggraph.stores.sqlite.ddl import indexes
from orggraph.stores.sqlite.opening import connect, create, is_empty, keep_log, meta
from orggraph.stores.sqlite.overlaps import check_written
from orggraph.stores.sqlite.staging import Staging
from orggraph.stores.sqlite.versions import Applying, Counts


@dataclass(frozen=True)
class LoadReport:
    """``number`` is None where the files changed nothing."""

    number: int | None
    files: tuple[str, ...]
    rows: int
    added: int = 0
    corrected: int = 0
    withdrawn: int = 0


def load(
    path: Path, model_texts: dict[str, str] | None, make_sdl: Callable[[Model], str], paths: Sequence[Path]
) -> list[LoadReport]:
    """Loads files into the store at ``path``, which is made with the model if it is not there (None: it must be)."""
    connection = connect(path, write=True)
    try:
        new = is_empty(connection)
        if new and model_texts is None:
            raise StoreError(f"{path}: there is no store, and no model to make one with", "NO_STORE")
        texts = model_texts if new and model_texts is not None else meta(connection, path)[0]
        model = model_of(texts)
        if model_texts is not None and model_of(model_texts) != model:
            raise StoreError(f"{path}: was made with another model; load into a new store", "OTHER_MODEL")
        reports = []
        for files in loads(paths):
            with_model = (texts, make_sdl(model)) if is_empty(connection) else None
            keep_log(connection, with_model is None)
            reports.append(_load(connection, model, files, with_model))
        return reports
    finally:
        empty = is_empty(connection)
        if not empty:
            keep_log(connection, True)
        connection.close()
        if new and empty:
            _remove(path)


def _remove(path: Path) -> None:
    """A refused first load leaves no file behind."""
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        file.unlink(missing_ok=True)


def _load(
    connection: apsw.Connection, model: Model, files: Sequence[InFile], with_model: tuple[dict[str, str], str] | None
) -> LoadReport:
    names = tuple(file.shown for file in files)
    hashes = {file.path.name: _sha256(file.path) for file in files}
    if with_model is None and _loaded_before(connection, hashes):
        return LoadReport(None, names, 0)
    connection.execute("BEGIN IMMEDIATE")
    try:
        if with_model is not None:
            create(connection, with_model[0], model, with_model[1])
        number = 1 + value(connection, "SELECT coalesce(max(k), 0) FROM load")
        staging, counts = _apply(connection, model, files, number, with_model is not None)
        if not counts.changed and with_model is None:
            connection.execute("ROLLBACK")
            return LoadReport(None, names, staging.staged.rows)
        _record(connection, model, number, hashes, counts)
        staging.clear()
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return LoadReport(number, names, staging.staged.rows, counts.added, counts.corrected, counts.withdrawn)


LOST = frozenset({"RAGGED", "ENCODING", "CSV", "UNKNOWN_TABLE", "EMPTY", "NO_KEY"})
"""Problems by which rows are lost: keys that are then unknown are no problems of their own."""


def _apply(
    connection: apsw.Connection, model: Model, files: Sequence[InFile], number: int, fresh: bool
) -> tuple[Staging, Counts]:
    """Rows staged, numbered, written and checked; raises LoadError with every problem."""
    problems, citations = Problems(), Citations(connection, model)
    citations.read_sources()
    staging = Staging(connection, model, files, citations, problems)
    applying = Applying(connection, model, staging.staged, number, citations, problems)
    _sources(staging, applying)
    staging.read(sources=False)
    tables = list(staging.staged.tables.values())
    others = [table for table in tables if table.name != "Source"]
    for table in others:
        applying.number_keys(table)
    bad = set()
    for table in tables:
        found = list(check_keys(connection, model, staging.staged, table, applying.numbered[table.name].all_new))
        problems.add_all(found)
        bad |= {table.name} if found else set()
    for table in sorted(others, key=lambda one: isinstance(one, Relation)):
        if table.name not in bad:
            applying.apply(table)
    if fresh and not problems:
        connection.execute(indexes(model))
    if not LOST & problems.counts.keys():
        problems.add_all(check_sources(connection, staging.staged, citations))
        for table in others:
            if isinstance(table, Relation):
                problems.add_all(check_ends(connection, model, staging.staged, table, number))
    if not problems:
        problems.add_all(check_written(connection, model, staging.staged, number))
    if problems:
        raise LoadError(problems)
    return staging, applying.counts


def _sources(staging: Staging, applying: Applying) -> None:
    """What other rows mean depends on the sources that they cite, so these come first; they may cite each other."""
    staging.read(sources=True)
    source = staging.staged.tables.get("Source")
    if source is None:
        return
    applying.number_keys(source)
    applying.citations.read_sources()
    staging.again(source)
    applying.apply(source)
    applying.citations.read_sources()


def _record(connection: apsw.Connection, model: Model, number: int, hashes: dict[str, str], counts: Counts) -> None:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    files = json.dumps(hashes, ensure_ascii=False, sort_keys=True)
    row = (number, at, files, counts.added, counts.corrected, counts.withdrawn)
    connection.execute("INSERT INTO load VALUES(?, ?, ?, ?, ?, ?)", row)
    _measure(connection, model)


def _measure(connection: apsw.Connection, model: Model) -> None:
    """How many there are, and how many records an entity has at an end: what prices are made of."""
    connection.execute("DELETE FROM fan_out")
    put = "INSERT INTO fan_out VALUES(?, ?, ?)"
    for kind in model.concrete():
        count = value(connection, f"SELECT count(*) FROM entity WHERE e & 63 = {kind.number}")
        connection.execute(put, (kind.name, "", float(count)))
    for relation in model.relations.values():
        table = f'"r_{relation.name}"'
        count = value(connection, f"SELECT count(*) FROM {table} WHERE k1 = 8388607")
        connection.execute(put, (relation.name, "", float(count)))
        for end in relation.ends:
            column = {"subject": "s", "object": "o"}.get(end.role, f'"x_{end.role}"')
            distinct = value(connection, f"SELECT count(DISTINCT {column}) FROM {table} WHERE k1 = 8388607")
            connection.execute(put, (relation.name, end.role, count / distinct if distinct else 0.0))


def _loaded_before(connection: apsw.Connection, hashes: dict[str, str]) -> bool:
    """Whether some load was of these very files."""
    text = json.dumps(hashes, ensure_ascii=False, sort_keys=True)
    return value(connection, "SELECT 1 FROM load WHERE files = ?", (text,)) is not None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
