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

from orggraph.errors import LoadError, Problem, StoreError
from orggraph.model import model_of
from orggraph.model.model import Model
from orggraph.records.files import TableFile, loads
from orggraph.stores.sqlite.asking import value
from orggraph.stores.sqlite.checks import check_staged
from orggraph.stores.sqlite.ddl import indexes
from orggraph.stores.sqlite.facts import measure_facts
from orggraph.stores.sqlite.opening import connect, create, is_empty, meta
from orggraph.stores.sqlite.overlaps import check_written
from orggraph.stores.sqlite.staging import stage, unstage
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
        for files in loads(model, paths):
            with_model = (texts, make_sdl(model)) if is_empty(connection) else None
            reports.append(_load(connection, model, files, with_model))
        return reports
    finally:
        empty = is_empty(connection)
        connection.close()
        if new and empty:
            _remove(path)


def _remove(path: Path) -> None:
    """A refused first load leaves no file behind."""
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        file.unlink(missing_ok=True)


def _load(
    connection: apsw.Connection, model: Model, files: Sequence[TableFile], with_model: tuple[dict[str, str], str] | None
) -> LoadReport:
    names = tuple(file.shown for file in files)
    hashes = {file.path.name: _sha256(file.path) for file in files}
    if with_model is None and _loaded_before(connection, hashes):
        return LoadReport(None, names, 0)
    problems: list[Problem] = []
    connection.execute("BEGIN IMMEDIATE")
    try:
        if with_model is not None:
            create(connection, with_model[0], model, with_model[1])
        staged = stage(connection, model, files, problems)
        problems += check_staged(connection, model, staged)
        if problems:
            raise LoadError(_sorted(problems))
        number = 1 + value(connection, "SELECT coalesce(max(k), 0) FROM load")
        counts = Applying(connection, model, staged, number, with_model is not None, problems).apply()
        if with_model is not None:
            connection.execute(indexes(model))
        problems += check_written(connection, model, staged, number) if not problems else []
        if problems:
            raise LoadError(_sorted(problems))
        if not counts.changed and with_model is None:
            connection.execute("ROLLBACK")
            return LoadReport(None, names, staged.rows)
        _record(connection, model, number, hashes, counts)
        rows = staged.rows
        unstage(connection, staged)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return LoadReport(number, names, rows, counts.added, counts.corrected, counts.withdrawn)


def _record(connection: apsw.Connection, model: Model, number: int, hashes: dict[str, str], counts: Counts) -> None:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    files = json.dumps(hashes, ensure_ascii=False, sort_keys=True)
    row = (number, at, files, counts.added, counts.corrected, counts.withdrawn)
    connection.execute("INSERT INTO load VALUES(?, ?, ?, ?, ?, ?)", row)
    _measure(connection, model)
    measure_facts(connection, model)


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


def _sorted(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column))
