"""Stores that are broken below the loader. In: a store's file, its model, a generator of random numbers. Out: the file, broken.

Each way to break is a function of the file alone: what loading would never let in, and what a disk, another program or a
careless hand may leave behind.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from orggraph.model.model import Field, Kind, Model, Relation
from orggraph.model.values import Value

NEG, POS = -8388608, 8388607
BEYOND, BEFORE = 4_000_000, -50
"""Numbers of days that no calendar has."""
WRONG_DATES = (
    "abc", "2019-02-30", "2019-13", "2019-00", "2019-W01", "20190301", "2019-1", "", "0000-01-01", "2019-03-05Z", "二〇一九",
    "2019-03-5", "abcd", "never", "2019-02-29", "-2019-01-01", "2019-01-01T00:00:00",
)  # fmt: skip
NUMBERS = ("f0", "f1", "u0", "u1")
OFF_CALENDAR = (
    (NEG, BEYOND, POS, POS),
    (BEYOND, POS, POS, POS),
    (BEFORE, POS, POS, POS),
    (NEG, NEG, BEYOND, POS),
    (700_000, 700_001, POS, BEYOND),
)
"""So that pyshacl need not compare a day with what is none: it compares their texts, or fails; SHACL says that this breaks
the rule."""


@dataclass
class Breaking:
    rng: Random
    connection: sqlite3.Connection
    model: Model

    def run(self, sql: str, *values: Any) -> list[Any]:
        return self.connection.execute(sql, values).fetchall()

    def tables(self) -> list[Kind | Relation]:
        return [*self.model.concrete(), *self.model.relations.values()]

    def table(self) -> Kind | Relation:
        return self.rng.choice(self.tables())

    def version(self, table: Kind | Relation) -> int | None:
        """A current one."""
        found = self.run(f"SELECT n FROM {name(table)} WHERE k1 = ?", POS)
        return self.rng.choice(found)[0] if found else None

    def set(self, table: Kind | Relation, **columns: Any) -> None:
        """Of one current version, if there is any."""
        n = self.version(table)
        setting = ", ".join(f'"{column}" = ?' for column in columns)
        self.run(f"UPDATE {name(table)} SET {setting} WHERE n = ?", *columns.values(), n)

    def field(self, *types: Value) -> tuple[Kind | Relation, Field] | None:
        found = [(table, field) for table in self.tables() for field in table.fields if field.type in types]
        return self.rng.choice(found) if found else None

    def entity(self) -> tuple[int, Kind]:
        kinds = {kind.number: kind for kind in self.model.concrete()}
        (e,) = self.rng.choice(self.run("SELECT e FROM entity"))
        return e, kinds[e & 63]


def name(table: Kind | Relation) -> str:
    return f'"{"k" if isinstance(table, Kind) else "r"}_{table.name}"'


# ---------------------------------------------------------------- ways


def missing_field(b: Breaking) -> None:
    if found := b.field(*Value):
        b.set(found[0], **{f"_{found[1].name}": None})


def wrong_term(b: Breaking) -> None:
    if found := b.field(Value.TERM):
        b.set(found[0], **{f"_{found[1].name}": b.rng.choice(("nothing", "", "无", 'a "b"'))})


def wrong_date(b: Breaking) -> None:
    text = b.rng.choice(WRONG_DATES)
    found = b.field(Value.DATE)
    if found and b.rng.random() < 0.5:
        b.set(found[0], **{f"_{found[1].name}": text})
    else:
        b.set(b.table(), **{f"w_{b.rng.choice(('from', 'until', 'through', 'attested'))}": text})


def other_end(b: Breaking) -> None:
    """An entity of any kind, or one that is not there."""
    if not b.model.relations:
        return
    relation = b.rng.choice([*b.model.relations.values()])
    end = b.rng.choice(relation.ends)
    column = {"subject": "s", "object": "o"}.get(end.role, f"x_{end.role}")
    e, _ = b.entity()
    lost = b.rng.choice((None if column not in "so" else e, e, e + 64 * 1000, e, 0))
    b.set(relation, **{column: lost})


def lost_entity(b: Breaking) -> None:
    """No longer known, without states, or without one that is the last."""
    e, kind = b.entity()
    ways: list[tuple[str, tuple[Any, ...]]] = [
        ("DELETE FROM entity WHERE e = ?", ()),
        (f"DELETE FROM {name(kind)} WHERE e = ?", ()),
        (f"UPDATE {name(kind)} SET k1 = 1 WHERE e = ?", ()),
        (f"UPDATE {name(kind)} SET n0 = 5 WHERE e = ?", ()),
        (f"UPDATE {name(kind)} SET f0 = {POS} WHERE e = ?", ()),
    ]
    sql, _ = b.rng.choice(ways)
    b.run(sql, e)


def lost_record(b: Breaking) -> None:
    if b.model.relations:
        relation = b.rng.choice([*b.model.relations.values()])
        b.run(f"DELETE FROM record WHERE r = (SELECT r FROM {name(relation)} LIMIT 1)")


def out_of_order(b: Breaking) -> None:
    day = b.rng.randint(1, 800_000)
    b.set(b.table(), **b.rng.choice((
        {"f0": day + 5, "f1": day}, {"u0": day + 5, "u1": day}, {"f0": day, "u1": day}, {"f0": day + 9, "u1": day},
        {"f0": day, "f1": day}, {"u0": day, "u1": day},
    )))  # fmt: skip


def off_calendar(b: Breaking) -> None:
    b.set(b.table(), **dict(zip(NUMBERS, b.rng.choice(OFF_CALENDAR), strict=True)))


def other_source(b: Breaking) -> None:
    """Citings that cite what is no source, or nothing, or are not all there."""
    e, _ = b.entity()
    cite = b.run("SELECT c, i FROM cite")
    if not cite:
        return
    c, i = b.rng.choice(cite)
    match b.rng.randrange(4):
        case 0:
            b.run("DELETE FROM cite WHERE c = ? AND i = ?", c, i)
        case 1:
            b.run("UPDATE cite SET s = ? WHERE c = ? AND i = ?", e + 64 * 1000, c, i)
        case 2:
            b.run("UPDATE cite SET s = ? WHERE c = ? AND i = ?", e, c, i)
        case _:
            b.run("INSERT OR IGNORE INTO cite VALUES (?, ?, ?, NULL)", c, i + b.rng.randint(1, 3), e)


def second_version(b: Breaking) -> None:
    """A thing that says two things at once; the index that forbids it is gone."""
    table = b.table()
    n = b.version(table)
    if n is None:
        return
    (row,) = b.run(f"SELECT * FROM {name(table)} WHERE n = ?", n)
    ((other,),) = b.run(f"SELECT max(n) + 1 FROM {name(table)}")
    columns = [column for (column,) in b.run("SELECT name FROM pragma_table_info(?)", name(table).strip('"'))]
    if isinstance(table, Relation):
        b.run(f'DROP INDEX IF EXISTS "r_{table.name}_r"')
    b.run(f"INSERT INTO {name(table)} VALUES ({', '.join('?' * len(row))})", other, *row[1:])
    day = b.rng.randint(1, 800_000)
    for column, value in _otherwise(b, table, columns, day):
        if b.rng.random() < 0.4:
            b.run(f'UPDATE {name(table)} SET "{column}" = ? WHERE n = ?', value, other)


def _otherwise(b: Breaking, table: Kind | Relation, columns: Sequence[str], day: int) -> list[tuple[str, Any]]:
    e, _ = b.entity()
    found: list[tuple[str, Any]] = [
        ("f0", day),
        ("f1", day + 3),
        ("u0", day + 9),
        ("u1", day + 30),
        ("w_until", "2020"),
    ]
    found += [("name", "另名"), ("n0", 5)] if isinstance(table, Kind) else [("s", e), ("o", e)]
    found += [(column, e) for column in columns if column.startswith("x_")]
    other = {
        Value.STRING: "别的",
        Value.INT: 7,
        Value.BOOLEAN: 1,
        Value.DATE: "2019-05",
        Value.URI: "x:y",
        Value.TERM: "no",
    }
    return found + [(f"_{field.name}", b.rng.choice((None, other[field.type]))) for field in table.fields]


def loose_table(b: Breaking) -> None:
    """A table that another program made anew, without types."""
    found = b.field(Value.INT)
    if not found:
        return
    table, field = found
    b.run("PRAGMA writable_schema = ON")
    b.run("UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')') WHERE name = ?", name(table).strip('"'))
    b.run("PRAGMA writable_schema = RESET")
    b.set(table, **{f"_{field.name}": b.rng.choice(("many", 1.5, "12x", "三十"))})


Way = Callable[[Breaking], None]
WAYS: tuple[Way, ...] = (
    missing_field, wrong_term, wrong_date, wrong_date, other_end, other_end, lost_entity, lost_record, other_source, loose_table,
)  # fmt: skip


def break_store(path: Path, model: Model, rng: Random) -> None:
    """In one way or up to a dozen."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        b = Breaking(rng, connection, model)
        ways = (*WAYS, *rng.choice(((second_version, second_version, out_of_order), (off_calendar, off_calendar))))
        for way in rng.choices(ways, k=rng.randint(1, 12)):
            way(b)
