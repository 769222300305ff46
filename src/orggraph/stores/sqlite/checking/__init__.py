"""The whole store against its model: every rule that loading enforces, and the file that it all stands in.

In: a store's path. Out: a ``CheckReport``. It reads one published state, whatever is loaded meanwhile, and its memory does
not grow with the store.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from orggraph.errors import ModelError, Problem, Problems, StoreError
from orggraph.model import model_of
from orggraph.model.model import Model, Relation
from orggraph.stores.sqlite.asking import value
from orggraph.stores.sqlite.checking.file import check_integrity, check_model, check_tables
from orggraph.stores.sqlite.checking.findings import Checking, table_of
from orggraph.stores.sqlite.checking.links import (
    check_citations,
    check_keys,
    check_orphans,
    check_relation,
    tables,
)
from orggraph.stores.sqlite.checking.loads import (
    check_changes,
    check_facts,
    check_figures,
    check_loads,
    check_purges,
    newest,
)
from orggraph.stores.sqlite.checking.names import check_names
from orggraph.stores.sqlite.checking.versions import check_versions
from orggraph.stores.sqlite.faults import faults_told
from orggraph.stores.sqlite.opening import NO_MODEL, connect, meta
from orggraph.watch import Watch

SHARED = {
    "load",
    "entity",
    "record",
    "cite",
    "cited",
    "term",
    "fan_out",
    "fact",
    "purge",
    "change",
    "called",
    "spelling",
    "snippet",
    "snippet_of",
    "bearer",
}


@dataclass(frozen=True)
class CheckReport:
    """``problems``: what is broken; ``warnings``: what may be meant. ``versions``: how many were looked at.
    ``unreadable``: tables that every store has are not there, or there is no model, so that nothing else was looked at."""

    problems: Problems
    warnings: Problems
    versions: int
    loads: int
    unreadable: bool = False


def check(path: Path, make_sdl: Callable[[Model], str], watch: Watch = lambda _step, _rows: None) -> CheckReport:
    """Looks at a store; raises StoreError where there is none, or one of another format."""
    with faults_told(path), closing(connect(path)) as connection:
        connection.pragma("temp_store", "file")
        connection.pragma("mmap_size", 0)  # what is looked at once need not stay
        connection.execute("BEGIN")
        try:
            texts, sdl = meta(connection, path)
            model = model_of(texts)
        except StoreError as error:
            if error.code != NO_MODEL:
                raise
            return _without_model(error)
        except (ModelError, ValueError, KeyError) as error:  # UnicodeDecodeError is a ValueError
            return _without_model(error)
        checking = Checking(connection, model, watch)
        readable = False
        with checking.reading("(file)"):
            readable = _check(checking, sdl, make_sdl(model))
        return CheckReport(checking.problems, checking.warnings, checking.versions, checking.newest, not readable)


def _without_model(error: Exception) -> CheckReport:
    problems = Problems()
    message = f"holds no model: {error}"
    problems.add(Problem("meta", 0, "model", "MODEL", "", message, "restore a backup"))
    return CheckReport(problems, Problems(), 0, 0, True)


def _check(checking: Checking, sdl: str, made: str) -> bool:
    check_integrity(checking)
    sound = check_tables(checking)
    check_model(checking, sdl, made)
    if not sound >= SHARED:
        return False
    checking.newest = newest(checking)
    checking.purged = bool(value(checking.connection, "SELECT count(*) FROM purge"))
    check_keys(checking)
    check_citations(checking)
    looked_at = [table for table in tables(checking.model) if table_of(table) in sound]
    if "k_Source" in sound:
        for table in looked_at:
            check_versions(checking, table)
            check_orphans(checking, table)
    all_sound = len(looked_at) == len(list(tables(checking.model)))
    for table in looked_at if all_sound else []:
        if isinstance(table, Relation):
            check_relation(checking, table)
    if all_sound:
        check_loads(checking)
        check_changes(checking)
        check_figures(checking)
        check_facts(checking)
        check_names(checking)
    check_purges(checking)
    return True


__all__ = ["CheckReport", "check"]
