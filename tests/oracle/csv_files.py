"""CSV texts → rows by the model's own names: the other way of ``random_files``, for cases that are kept as files.

In: texts by folder and file name (``1/Body.csv``). Out: the rows and the texts of each load, in order.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from orggraph.model.model import Kind, Model, Relation
from tests.oracle.ledger import Ledger, Row, ledger_of
from tests.oracle.random_files import BUILTIN


def ledger_of_files(model: Model, files: Mapping[str, str]) -> Ledger:
    """What files in numbered folders say."""
    ledger = ledger_of(model, [])
    for texts in _loads(files):
        rows: dict[str, list[Row]] = {}
        for name, text in texts.items():
            table = _table(model, name.removesuffix(".csv"))
            rows.setdefault(table, []).extend(_rows(model, table, text))
        ledger = ledger.then(rows, texts)
    return ledger


def _loads(files: Mapping[str, str]) -> Iterator[dict[str, str]]:
    for number in sorted({int(name.split("/")[0]) for name in files}):
        start = f"{number}/"
        yield {name.removeprefix(start): text for name, text in files.items() if name.startswith(start)}


def _table(model: Model, name: str) -> str:
    tables: list[Kind | Relation] = [*model.kinds.values(), *model.relations.values()]
    return next(one.name for one in tables if name in (one.name, one.label.zh, one.label.en))


def _rows(model: Model, table: str, text: str) -> list[Row]:
    described = model.kinds.get(table) or model.relations[table]
    columns = {zh: column for column, zh in BUILTIN.items()} | {
        field.label.zh: field.name for field in described.fields
    }
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    names = [columns.get(column, column) for column in header]
    return [dict(zip(names, row, strict=True)) for row in rows if row]
