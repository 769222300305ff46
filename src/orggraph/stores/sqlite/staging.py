"""Rows of a load, set down in temporary tables before anything is decided. In: checked rows. Out: tables to join with.

``s_<Table>``: one row per file row; its ends by role, the rest of its values as JSON. ``given``: every entity key of the
load with its kind. Memory stays flat however many rows there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import apsw
import msgspec

from orggraph.errors import Problem
from orggraph.model.model import Kind, Model
from orggraph.records.files import Table, TableFile
from orggraph.records.rows import Citing, Row, read_rows

BATCH = 10_000


@dataclass
class Staged:
    """What a load brings: its files, its tables, each source cited and where first."""

    files: Sequence[TableFile]
    tables: dict[str, Table] = field(default_factory=dict)
    sources: dict[str, tuple[int, int]] = field(default_factory=dict)
    rows: int = 0

    def place(self, file: int, line: int, column: str, code: str, value: str, message: str, mend: str) -> Problem:
        return Problem(self.files[file].shown, line, column, code, value, message, mend)


def staged_name(table: Table) -> str:
    return f"s_{'k' if isinstance(table, Kind) else 'r'}_{table.name}"


def stage(connection: apsw.Connection, model: Model, files: Sequence[TableFile], problems: list[Problem]) -> Staged:
    """Sets down the rows of all files; problems of reading go to ``problems``."""
    staged = Staged(files)
    for number, file in enumerate(files):
        if file.table.name not in staged.tables:
            staged.tables[file.table.name] = file.table
            connection.execute(_create(file.table))
        _fill(connection, staged, number, file, read_rows(model, file, problems))
    for table in staged.tables.values():
        name = staged_name(table)
        connection.execute(f'CREATE INDEX temp."{name}_key" ON "{name}"(key)')
    return staged


def unstage(connection: apsw.Connection, staged: Staged) -> None:
    for table in staged.tables.values():
        connection.execute(f'DROP TABLE temp."{staged_name(table)}"')


def roles(table: Table) -> list[str]:
    return [] if isinstance(table, Kind) else [end.role for end in table.ends]


def _create(table: Table) -> str:
    ends = "".join(f', "x_{role}" TEXT' for role in roles(table))
    head = "i INTEGER PRIMARY KEY, file INTEGER, line INTEGER, key TEXT, w_from TEXT"
    return f'CREATE TEMP TABLE "{staged_name(table)}"({head}{ends}, body TEXT)'


def _fill(connection: apsw.Connection, staged: Staged, number: int, file: TableFile, rows: Iterator[Row]) -> None:
    ends = {} if isinstance(file.table, Kind) else {end.role: end.name for end in file.table.ends}
    marks = ",".join("?" * (5 + len(ends)))
    columns = ",".join(["file", "line", "key", "w_from", *(f'"x_{role}"' for role in ends), "body"])
    insert = f'INSERT INTO temp."{staged_name(file.table)}"({columns}) VALUES({marks})'
    for batch in _batches(rows):
        staged.rows += len(batch)
        for row in batch:
            citing = row.values.get("source")
            for source, _ in citing.sources if isinstance(citing, Citing) else ():
                staged.sources.setdefault(source, (number, row.line))
        connection.executemany(insert, [_parameters(number, row, ends) for row in batch])


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _parameters(number: int, row: Row, ends: dict[str, str]) -> tuple[object, ...]:
    body = {
        name: value.sources if isinstance(value, Citing) else value
        for name, value in row.values.items()
        if name != "key" and name not in ends.values()
    }
    keys = [row.values.get(name) for name in ends.values()]
    text = msgspec.json.encode(body).decode()
    return (number, row.line, row.key, row.values.get("from"), *keys, text)
