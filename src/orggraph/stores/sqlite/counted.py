"""Records counted before anything is looked up for them: where a group's key asks only which entity stands at one end, or only on
which day a record begins, there are few such ends and days and many records.

In: the parts of a key and the record. Out: the columns by which to count first. Example: by the form of an organization →
``("o",)``, and ``(SELECT r1.o,count(1) n FROM "r_PartTimeMember" r1 WHERE … GROUP BY r1.o) r1`` stands for the records.
"""

from __future__ import annotations

from collections.abc import Sequence

from orggraph.plan import groups as plan
from orggraph.stores.sqlite.alike import day_columns
from orggraph.stores.sqlite.ddl import end_column
from orggraph.stores.sqlite.rows import Record

NUMBER = "n"
"""The column that says how many records a row stands for."""


def counted_by(parts: Sequence[plan.Part], asked: Sequence[str]) -> tuple[str, ...]:
    """None where counting first gains nothing. ``asked``: the ends of which something is asked besides."""
    told = {_columns(part) for part in parts}
    if len(told) != 1:
        return ()
    (columns,) = told
    return columns if {(end_column(role),) for role in asked} <= {columns} else ()


def counted(record: Record, holds: str, columns: Sequence[str], current: bool) -> str:
    """The records that hold, as a table of the same alias. ``current``: they are of the newest load, all of which an index has
    with their days; it is read from its begin to its end, rather than rows here and there."""
    r, table = record.alias, f"r_{record.relation.name}"
    by = ",".join(f"{r}.{column}" for column in columns)
    index = f' INDEXED BY "{table}_{columns[0] if columns[0] in ("s", "o") else "o"}"' if current else ""
    return f'(SELECT {by},count(1) {NUMBER} FROM "{table}" {r}{index} WHERE {holds} GROUP BY {by}) {r}'


def _columns(part: plan.Part) -> tuple[str, ...]:
    """The columns of a record that a part of a key reads; none if that is worth nothing."""
    match part:
        case plan.AtEnd(_, "subject" | "object" as role):
            return (end_column(role),)
        case plan.Bucket("from" | "until" as date):
            return day_columns(date, of_record=True)
    return ()
