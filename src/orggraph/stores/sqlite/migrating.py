"""A store → the same store with a later model. In: a store's path, the new model's texts. Out: what changed.

Only what breaks nobody is carried over (``model/difference.py``): new tables, columns, indexes and terms, the model's new
texts and GraphQL schema, all in one transaction. Kinds and relations keep the numbers that the store gave them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import apsw

from orggraph.errors import StoreError
from orggraph.model import model_of
from orggraph.model.difference import Difference, differences, told
from orggraph.model.model import Model
from orggraph.model.numbering import numbered, numbers_of
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.changes_kept import keep_all
from orggraph.stores.sqlite.ddl import ddl
from orggraph.stores.sqlite.faults import faults_told
from orggraph.stores.sqlite.measuring import measure
from orggraph.stores.sqlite.naming import OF_NAMES, name_all
from orggraph.stores.sqlite.opening import CARRIED, FORMAT, connect, meta, remember
from orggraph.watch import Watch

LOGGED = 4
"""The first format with a log of changes."""


def migrate(
    path: Path,
    model_texts: dict[str, str],
    make_sdl: Callable[[Model], str],
    dry: bool = False,
    watch: Watch = lambda _step, _rows: None,
    wait: float = 60.0,
) -> list[Difference]:
    """Carries a store over to a model, once who loads into it is done (``wait``: so many seconds). Raises StoreError, with
    the reason, where that would break something."""
    given = model_of(model_texts)
    connect(path).close()  # refuses what is no file
    connection = connect(path, write=True)
    with closing(connection), faults_told(path):
        connection.set_busy_timeout(int(wait * 1000))
        connection.execute("BEGIN IMMEDIATE")
        try:
            kept = model_of(meta(connection, path, CARRIED)[0], linted=True)
            found = differences(kept, given)
            _refuse(path, found)
            if not dry:
                model = numbered(given, numbers_of(kept))
                _carry(connection, model_texts, model, make_sdl(model), watch)
            connection.execute("ROLLBACK" if dry else "COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        return found


def _refuse(path: Path, found: list[Difference]) -> None:
    breaking = [one for one in found if one.breaks]
    if breaking:
        mend = "take these changes out of the model, or load the files into a new store"
        raise StoreError(f"{path}: cannot be carried over: {told(breaking, 20)}; {mend}", "BREAKS")


def _carry(connection: apsw.Connection, texts: dict[str, str], model: Model, sdl: str, watch: Watch) -> None:
    watch("writing", 0)
    format_ = value(connection, "SELECT value FROM meta WHERE name = 'format'")
    for table in OF_NAMES if format_ < FORMAT else ():
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in _statements(connection, model):
        connection.execute(statement)
    if format_ < FORMAT:
        watch("names and changes", 0)
        name_all(connection, model)
    if format_ < LOGGED:
        keep_all(connection, [*model.concrete(), *model.relations.values()])
    remember(connection, texts, model, sdl)
    watch("counting", 0)
    measure(connection, model)


def _statements(connection: apsw.Connection, model: Model) -> Iterator[str]:
    """What makes the tables and indexes that are there those that the model wants: first columns, then what is not there, or
    is an index that an earlier orggraph made of other columns."""
    wanted = apsw.Connection(":memory:")
    wanted.execute(ddl(model))
    there = dict(rows(connection, "SELECT name, sql FROM sqlite_schema"))
    made = rows(wanted, "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, rowid")
    for type_, name, sql in made:
        if name not in there:
            yield sql
        elif type_ == "table":
            known = {column for column, _ in _columns(connection, name)}
            for column, declared in _columns(wanted, name):
                if column not in known:
                    yield f'ALTER TABLE "{name}" ADD COLUMN "{column}" {declared}'
        elif there[name] != sql:
            yield f'DROP INDEX "{name}"'
            yield sql


def _columns(connection: apsw.Connection, table: str) -> list[tuple[str, str]]:
    """Columns in their order, with their types."""
    return rows(connection, "SELECT name, type FROM pragma_table_xinfo(?)", (table,))
