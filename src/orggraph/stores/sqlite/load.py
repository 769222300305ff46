"""Files → a store: one load is one transaction with its number, time, files' SHA-256 and counts; all of it or nothing.

In: a store's path, files, the model of a new store. Out: a ``LoadReport`` per load. Raises LoadError with every problem.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import apsw

from orggraph.errors import LoadError, Problem, Problems, StoreError
from orggraph.model import model_of
from orggraph.model.model import Kind, Model, Relation
from orggraph.records.files import InFile, Table, loads
from orggraph.records.reading import SourceBehind
from orggraph.records.watching import changed, sha256s
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.changes_kept import keep_changes, table_name
from orggraph.stores.sqlite.changing import Change, changes_of
from orggraph.stores.sqlite.checks import check_ends, check_keys, check_sources
from orggraph.stores.sqlite.citing import Citations
from orggraph.stores.sqlite.completing import withdraw_rest
from orggraph.stores.sqlite.ddl import indexes
from orggraph.stores.sqlite.faults import faults_told
from orggraph.stores.sqlite.hanging import warn_of_hanging
from orggraph.stores.sqlite.holding import Moved, begin, held, uncollected
from orggraph.stores.sqlite.measuring import measure
from orggraph.stores.sqlite.naming import name_loaded
from orggraph.stores.sqlite.opening import create, is_empty, keep_log, meta, refuse_other_model
from orggraph.stores.sqlite.overlaps import check_written
from orggraph.stores.sqlite.record_versions import RelationApplying
from orggraph.stores.sqlite.staging import Staging, staged_name
from orggraph.stores.sqlite.state_versions import KindApplying
from orggraph.stores.sqlite.versions import Applying, Counts
from orggraph.watch import Watch


@dataclass(frozen=True)
class LoadReport:
    """``number`` is None where the files changed nothing, and where the load was only tried; ``before``: the load that was
    of these very files. ``changes``: the first that a load that is only tried would make. ``warnings``: what may be meant,
    the first thousand of ``warned``."""

    number: int | None
    files: tuple[str, ...]
    rows: int
    added: int = 0
    corrected: int = 0
    withdrawn: int = 0
    before: int | None = None
    changes: tuple[Change, ...] = ()
    warnings: tuple[Problem, ...] = ()
    warned: int = 0


@dataclass(frozen=True)
class How:
    """``dry``: only tried, nothing stays. ``complete``: a source of which these files have all that is still so. ``watch``:
    told of each step and of the number of rows. ``wait``: for so many seconds while another load is being written. ``encoding``:
    the codec of CSV files, where it is said. ``asked``: with all that only questions need (names as they may be typed, a log of
    changes, what is true of all rows, most indexes), which takes nearly half of the time; not for a store that nobody asks."""

    dry: bool = False
    complete: str | None = None
    watch: Watch = lambda _step, _rows: None
    wait: float = 600.0
    encoding: str | None = None
    asked: bool = True


def load(
    path: Path,
    model_texts: dict[str, str] | None,
    make_sdl: Callable[[Model], str],
    paths: Sequence[Path],
    how: How = How(),
) -> list[LoadReport]:
    """Loads files into the store at ``path``, which is made with the model if it is not there (None: it must be)."""
    while True:
        with suppress(Moved), uncollected():
            return _load(path, model_texts, make_sdl, paths, how)


def _load(
    path: Path,
    model_texts: dict[str, str] | None,
    make_sdl: Callable[[Model], str],
    paths: Sequence[Path],
    how: How,
) -> list[LoadReport]:
    with faults_told(path), held(path, how.wait) as connection:
        new = is_empty(connection)
        if new and model_texts is None:
            raise StoreError(
                f"{path}: there is no store yet, and no model to make one with; name one with --model", "NO_STORE"
            )
        texts = model_texts if new and model_texts is not None else meta(connection, path)[0]
        model = model_of(texts)
        if model_texts is not None and model_texts is not texts:
            refuse_other_model(path, model, model_of(model_texts))
        if not new:
            keep_log(connection)
        loading = Loading(connection, model, lambda: create(connection, texts, model, make_sdl(model)), how, new)
        return loading.load_all(loads(paths, how.encoding))


LOST = frozenset({
    "RAGGED", "ENCODING", "CSV", "UNKNOWN_TABLE", "EMPTY", "NO_KEY", "JSON", "NESTED", "XLSX", "HIDDEN_SHEET", "GZIP",
    "TOO_LARGE", "FORMAT", "NO_FILE",
})  # fmt: skip
"""Problems by which rows are lost: keys that are then unknown are no problems of their own."""


@dataclass(frozen=True)
class Loading:
    """Loads into one store. ``make``: puts tables and the model into a new one. ``new``: it was empty when it was opened."""

    connection: apsw.Connection
    model: Model
    make: Callable[[], None]
    how: How
    new: bool

    def load_all(self, groups: Sequence[Sequence[InFile]]) -> list[LoadReport]:
        """Each group of files as one load; those that the store was made of last, in this order, are not loaded again."""
        hashes = [_as_text(sha256s(files)) for files in groups]
        if self.how.dry:
            return self.tried(groups, hashes)
        before = {} if self.how.complete is not None else self.loaded_last(hashes)
        reports: list[LoadReport] = []
        for files, text in zip(groups, hashes, strict=True):
            try:
                known = LoadReport(None, _names(files), 0, before=before.get(text))
                reports.append(known if text in before else self.load(files, text))
            except LoadError as refused:
                refused.done = tuple(reports)
                raise
        return reports

    def tried(self, groups: Sequence[Sequence[InFile]], hashes: Sequence[str]) -> list[LoadReport]:
        """What loads would do one after the other, in a transaction that leaves nothing behind."""
        begin(self.connection, self.new)
        try:
            fresh = is_empty(self.connection)
            if fresh:
                self.make()
            return [
                self.write(files, _names(files), text, fresh and place == 0, whole=True)
                for place, (files, text) in enumerate(zip(groups, hashes, strict=True))
            ]
        finally:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")

    def loaded_last(self, hashes: Sequence[str]) -> dict[str, int]:
        """The last loads, by their files, if they are just those of these files that were ever loaded, in this order."""
        if is_empty(self.connection):
            return {}
        known = [text for text in hashes if value(self.connection, "SELECT 1 FROM load WHERE files = ?", (text,))]
        last = rows(self.connection, "SELECT files, k FROM load ORDER BY k DESC LIMIT ?", (len(known),))[::-1]
        return dict(last) if [text for text, _ in last] == known else {}

    def load(self, files: Sequence[InFile], hashes: str) -> LoadReport:
        """One load: one transaction."""
        with suppress(SourceBehind):
            return self.loaded(files, hashes, whole=False)
        return self.loaded(files, hashes, whole=True)

    def loaded(self, files: Sequence[InFile], hashes: str, whole: bool) -> LoadReport:
        names = _names(files)
        begin(self.connection, self.new)
        try:
            fresh = is_empty(self.connection)
            if fresh:
                self.make()
            report = self.write(files, names, hashes, fresh, whole)
            self.connection.execute("COMMIT" if report.number is not None else "ROLLBACK")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        return report

    def write(
        self, files: Sequence[InFile], names: tuple[str, ...], hashes: str, fresh: bool, whole: bool
    ) -> LoadReport:
        """``whole``: files are searched for sources as a whole (``read_rows``)."""
        number = 1 + value(self.connection, "SELECT coalesce(max(k), 0) FROM load")
        staging, applying = self.apply(files, number, fresh, hashes, whole)
        counts = applying.counts
        report = LoadReport(number, names, staging.staged.rows, counts.added, counts.corrected, counts.withdrawn)
        if self.how.dry:
            found = changes_of(self.connection, self.model, number, Problems.MOST)
            report = replace(report, number=None, changes=tuple(found))
        if not counts.changed and not fresh:
            staging.clear()
            return replace(report, number=None)
        warned = warn_of_hanging(self.connection, self.model, staging.staged, applying.before)
        report = replace(report, warnings=tuple(warned.kept), warned=warned.counts.total())
        self.how.watch("publishing", staging.staged.rows)
        _record(self.connection, number, hashes, counts)
        if self.how.asked:
            self.prepare(staging.staged.tables, number, fresh, applying.before)
        staging.clear()
        return report

    def prepare(self, tables: Mapping[str, Table], number: int, fresh: bool, before: Mapping[str, int]) -> None:
        """What questions read beside the rows."""
        keep_changes(self.connection, tables, number, before)
        name_loaded(self.connection, tables, number, fresh)
        measure(self.connection, self.model, None if fresh else tables)

    def apply(
        self, files: Sequence[InFile], number: int, fresh: bool, hashes: str, whole: bool
    ) -> tuple[Staging, Applying]:
        """Rows staged, numbered, written and checked; raises LoadError with every problem."""
        connection, model, problems = self.connection, self.model, Problems()
        citations = Citations(connection, model)
        citations.read_sources()
        staging = Staging(connection, model, files, citations, problems, partial(self.how.watch, "reading"), whole)
        applying = Applying(connection, model, staging.staged, number, citations, problems)
        _sources(staging, applying)
        staging.read(sources=False)
        if self.how.complete is not None:
            withdraw_rest(staging, self.how.complete)
        tables = list(staging.staged.tables.values())
        others = [table for table in tables if table.name != "Source"]
        bad = {table.name for table in tables if self.number(applying, table)}
        written = 0
        for table in sorted(others, key=lambda one: isinstance(one, Relation)):
            self.how.watch("writing", written)
            if table.name not in bad:
                _apply(applying, table)
            written += value(connection, f'SELECT coalesce(max(i), 0) FROM temp."{staged_name(table)}"')
        if fresh and not problems:
            self.how.watch("indexing", staging.staged.rows)
            connection.execute(indexes(model, self.how.asked))
        self.check(staging, others, bad, applying)
        problems.add_all(changed(files, json.loads(hashes)))
        if problems:
            raise LoadError(problems)
        return staging, applying

    def number(self, applying: Applying, table: Table) -> bool:
        """Numbers a table's keys; whether some of them cannot be."""
        if table.name not in applying.numbered:
            applying.number_keys(table)
        numbered = applying.numbered[table.name]
        found = list(check_keys(self.connection, self.model, applying.staged, table, numbered.all_new, numbered.once))
        applying.problems.add_all(found)
        return bool(found)

    def check(self, staging: Staging, tables: Sequence[Table], bad: set[str], applying: Applying) -> None:
        """What rows say of other rows, and what only written versions tell; ``bad``: tables that were not written."""
        problems, staged = staging.problems, staging.staged
        if not LOST & problems.counts.keys():
            problems.add_all(check_sources(self.connection, staged, staging.citations))
            for table in tables:
                if isinstance(table, Relation):
                    written = None if table.name in bad else applying.before[table.name]
                    problems.add_all(check_ends(self.connection, self.model, staged, table, written))
        if not problems:
            problems.add_all(check_written(self.connection, self.model, staged, applying.number))


def _apply(applying: Applying, table: Table) -> None:
    """The versions of one table."""
    applying.before[table.name] = value(applying.connection, f'SELECT coalesce(max(n), 0) FROM "{table_name(table)}"')
    KindApplying(applying, table).apply() if isinstance(table, Kind) else RelationApplying(applying, table).apply()


def _sources(staging: Staging, applying: Applying) -> None:
    """What other rows mean depends on the sources that they cite, so these come first; they may cite each other."""
    staging.read(sources=True)
    source = staging.staged.tables.get("Source")
    if source is None:
        return
    applying.number_keys(source)
    applying.citations.read_sources()
    staging.again(source)
    _apply(applying, source)
    applying.citations.read_sources()


def _record(connection: apsw.Connection, number: int, hashes: str, counts: Counts) -> None:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    row = (number, at, hashes, counts.added, counts.corrected, counts.withdrawn)
    connection.execute("INSERT INTO load VALUES(?, ?, ?, ?, ?, ?)", row)


def _names(files: Sequence[InFile]) -> tuple[str, ...]:
    return tuple(file.shown for file in files)


def _as_text(hashes: dict[str, str]) -> str:
    return json.dumps(hashes, ensure_ascii=False, sort_keys=True)
