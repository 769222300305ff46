"""Which changes a feed has: rows of the log (``changes_kept.py``) that pass its tests, in the order of loads.

In: a plan's ``ChangeTests``, a page's bounds. Out: SQL of rows (k, m, x, a, b): load, place, entity or record, the versions that
came and went.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from orggraph.model.model import Kind, Model, Relation
from orggraph.plan.nodes import ChangeTests
from orggraph.plan.scope import Value
from orggraph.records.files import Table
from orggraph.stores.sqlite.changes_kept import place_number, table_name
from orggraph.stores.sqlite.ddl import PLACE_BITS, end_column
from orggraph.stores.sqlite.writing import Writer, conjunction, quote

NUMBER = f"c.m&{(1 << PLACE_BITS) - 1}"
PLACE = f"c.m>>{PLACE_BITS}"
FIRST_RELATION = 64
SORT = f"CASE WHEN c.b IS NULL THEN 'ADDED' WHEN c.b={NUMBER} THEN 'WITHDRAWN' ELSE 'CORRECTED' END"


def change_rows(writer: Writer, model: Model, tests: ChangeTests, within: list[str], columns: str = "*") -> str:
    """A select of the changes that pass, in any order. ``within``: the bounds of their loads and places."""
    if columns == "*":
        columns = f"c.k,c.m,c.x,iif(c.b={NUMBER},NULL,{NUMBER}) a,c.b"
    return f"SELECT {columns} FROM change c WHERE {conjunction([*within, *_tested(writer, model, tests)])}"


def _tested(writer: Writer, model: Model, tests: ChangeTests) -> Iterator[str]:
    if tests.relations or len(tests.tables) < len(model.concrete()) + len(model.relations):
        yield _in_tables(writer, tests)
    if tests.what is not None:
        yield f"{SORT} IN {_listed(writer, tests.what)}"
    if tests.keys is not None:
        entities, records = (_numbers(writer, *registry, tests.keys) for registry in (("entity", "e"), ("record", "r")))
        yield f"iif({PLACE}<{FIRST_RELATION},c.x IN {entities},c.x IN {records})"
    if tests.touching is not None:
        yield _touches(tests.tables, _numbers(writer, "entity", "e", tests.touching))
    if tests.sources is not None:
        sources = _numbers(writer, "entity", "e", tests.sources)
        yield _by_table(tests.tables, lambda _: f"EXISTS(SELECT 1 FROM cite t WHERE t.c=v.c AND t.s IN {sources})")


def _in_tables(writer: Writer, tests: ChangeTests) -> str:
    """That a change is in one of the tables that are asked for, by the document or by the request."""
    parts = []
    for kind, named in ((True, None), (False, tests.relations)):
        numbers = {one.name: place_number(one) for one in tests.tables if isinstance(one, Kind) is kind}
        if numbers and named is None:
            parts.append(f"{PLACE} IN ({','.join(map(str, numbers.values()))})")
        elif numbers and named is not None:
            whens = " ".join(f"WHEN {quote(name)} THEN {number}" for name, number in numbers.items())
            values = f"json_each({writer.bind(named, 'list')})"
            parts.append(f"{PLACE} IN (SELECT CASE value {whens} END FROM {values})")
    return f"({' OR '.join(parts)})" if parts else "0"


def _touches(tables: tuple[Table, ...], entities: str) -> str:
    """That it is of one of these entities, or of a record in which one stands before or after; records that ever had one there
    are found first."""
    relations = [table for table in tables if isinstance(table, Relation)]
    records = " UNION ALL ".join(
        f'SELECT r FROM "{table_name(one)}" WHERE {end_column(end.role)} IN {entities}'
        for one in relations
        for end in one.ends
    )
    if not records:
        return f"c.x IN {entities}"
    stands = _by_table(
        relations, lambda one: f"({' OR '.join(f'v.{end_column(end.role)} IN {entities}' for end in one.ends)})"
    )
    of_record = f"CASE WHEN c.x IN ({records}) THEN {stands} ELSE 0 END"
    return f"CASE WHEN {PLACE}<{FIRST_RELATION} THEN c.x IN {entities} ELSE {of_record} END"


def _by_table(tables: Sequence[Table], test: Callable[[Any], str]) -> str:
    """That one of a change's versions (``v``) passes a test, which is written for each table."""
    whens = " ".join(
        f'WHEN {place_number(one)} THEN EXISTS(SELECT 1 FROM "{table_name(one)}" v WHERE v.n IN ({NUMBER},c.b) AND {test(one)})'
        for one in tables
    )
    return f"CASE {PLACE} {whens} END" if tables else "0"


def _listed(writer: Writer, value: Value) -> str:
    return f"(SELECT value FROM json_each({writer.bind(value, 'list')}))"


def _numbers(writer: Writer, registry: str, column: str, keys: Value) -> str:
    return f"(SELECT {column} FROM {registry} WHERE key IN (SELECT value FROM json_each({writer.bind(keys, 'keys')})))"
