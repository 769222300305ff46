"""The file itself: SQLite's own integrity, tables and indexes as the model wants them, what is kept of the model.

In: a store. Out: findings, and the tables that are there as they should be; the others' rows are not looked at.
"""

from __future__ import annotations

from typing import Any

import apsw

from orggraph.model.numbering import numbers_of
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.checking.findings import Checking
from orggraph.stores.sqlite.ddl import ddl
from orggraph.stores.sqlite.opening import terms_of

MOST_KINDS, MOST_RELATIONS = 63, 1023
COLUMNS = 'SELECT name, type, "notnull", pk FROM pragma_table_xinfo(?)'
OURS = "SELECT name, sql FROM sqlite_schema WHERE type = '{}' AND name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\'"


def check_integrity(checking: Checking) -> None:
    """What SQLite says of pages, indexes, and columns that must not be null."""
    checking.watch("integrity", 0)
    with checking.reading("(file)"):
        for (said,) in checking.every("PRAGMA integrity_check(1000)"):
            if said != "ok":
                mend = "make the index anew: REINDEX" if " index " in said and "malformed" not in said else ""
                checking.problem("(file)", 0, "", "INTEGRITY", said, mend or "restore a backup")
        pages, size = (value(checking.connection, f"PRAGMA {one}") for one in ("page_count", "page_size"))
        held = checking.connection.filename and _length(checking.connection.filename)
        if held and held % size:
            checking.problem("(file)", 0, "", "INTEGRITY", f"has {held % size} bytes after its {pages} pages")


def _length(file: str) -> int:
    with open(file, "rb") as opened:
        return opened.seek(0, 2)


def check_tables(checking: Checking) -> set[str]:
    """Tables and indexes are those that follow from the model; which tables are."""
    wanted = apsw.Connection(":memory:")
    wanted.execute(ddl(checking.model))
    sound = _tables(checking, wanted)
    _indexes(checking, wanted)
    for type_, name in rows(
        checking.connection, "SELECT type, name FROM sqlite_schema WHERE type IN ('trigger','view')"
    ):
        mend = f"DROP {type_.upper()} {name}"
        checking.problem(name, 0, "", "FOREIGN", f"is a {type_}, of which a store has none", mend)
    return sound


def _tables(checking: Checking, wanted: apsw.Connection) -> set[str]:
    there = {name for name, _ in rows(checking.connection, OURS.format("table"))}
    known = {name for name, _ in rows(wanted, OURS.format("table"))}
    for name in sorted(there - known):
        checking.problem(name, 0, "", "FOREIGN", "is no table of this model", f"DROP TABLE {name}, if nobody needs it")
    for name in sorted(known - there):
        checking.problem(name, 0, "", "NO_TABLE", "is not there")
    sound = set()
    for name in sorted(known & there):
        if _shape(checking.connection, name) != _shape(wanted, name):
            lacking = ", ".join(
                sorted(one[0] for one in _shape(wanted, name)[1] - _shape(checking.connection, name)[1])
            )
            checking.problem(name, 0, lacking, "OTHER_TABLE", "has not the columns that the model wants")
        else:
            sound.add(name)
    return sound


def _shape(connection: apsw.Connection, table: str) -> tuple[Any, set[tuple[Any, ...]]]:
    """Whether it is strict and by rowid, and its columns in whatever order."""
    kind = value(connection, "SELECT wr, strict FROM pragma_table_list WHERE name = ? AND schema = 'main'", (table,))
    return kind, set(rows(connection, COLUMNS, (table,)))


def _indexes(checking: Checking, wanted: apsw.Connection) -> None:
    there = dict(rows(checking.connection, OURS.format("index")))
    known = dict(rows(wanted, OURS.format("index")))
    for name in sorted(there.keys() - known.keys()):
        checking.problem(name, 0, "", "FOREIGN", "is no index of this model", f"DROP INDEX {name}")
    for name in sorted(known.keys() - there.keys()):
        checking.problem(name, 0, "", "NO_INDEX", "is not there", f"make it: {known[name] or 'restore a backup'}")
    for name in sorted(known.keys() & there.keys()):
        if known[name] != there[name]:
            checking.problem(name, 0, "", "OTHER_INDEX", "is another index than the model wants", f"{known[name]}")


def check_model(checking: Checking, sdl: str, made: str) -> None:
    """The model's numbers, its terms, its GraphQL schema as kept and as it would be made."""
    for name in (
        name for (name,) in checking.every("SELECT name FROM meta WHERE name NOT IN ('format','model','sdl','epoch')")
    ):
        checking.problem("meta", 0, name, "FOREIGN", "is nothing that a store keeps", "DELETE it")
    numbers = numbers_of(checking.model)
    for part, most in (("kinds", MOST_KINDS), ("relations", MOST_RELATIONS)):
        given = numbers[part].values()
        if len(set(given)) < len(given) or not all(0 < number <= most for number in given):
            checking.problem("meta", 0, part, "NUMBERS", f"two {part} have one number, or one has none")
    if sdl != made:
        mend = "orggraph migrate --model with the same model writes it anew"
        checking.problem("meta", 0, "sdl", "OTHER_SDL", "is not the GraphQL schema that follows from the model", mend)
    with checking.reading("term"):
        there, known = (
            set(rows(checking.connection, "SELECT l, code, zh, en, iri, place FROM term")),
            set(terms_of(checking.model)),
        )
        for terms, code, *_ in sorted(there ^ known):
            checking.problem("term", 0, f"{terms}.{code}", "OTHER_TERM", "is not as the model says")
