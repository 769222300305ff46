"""Rows as CSV texts. In: rows by the model's own names. Out: texts by file name, headers and names spelled at random."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from random import Random

from orggraph.model.model import Model
from tests.oracle.ledger import Row, Rows

DATE_COLUMNS = {"from": "起", "until": "止", "through": "止于(含)", "attested": "见于"}
BUILTIN = {
    "key": "键",
    "name": "名称",
    "source": "来源",
    "para": "段",
    "synthetic": "合成",
    "withdrawn": "撤回",
    **DATE_COLUMNS,
}


def first_files(rng: Random, model: Model, rows: Rows) -> dict[str, str]:
    """The files of a first load: a column that is blank in every row may be absent."""
    return {
        f"{rng.choice(_file_names(model, name))}.csv": _csv(rng, model, name, listed, _said(rng, listed))
        for name, listed in rows.items()
    }


def later_files(rng: Random, model: Model, rows: Rows) -> dict[str, str]:
    """The files of a later load: every column that a row has is there; withdrawals stand in files of their own."""
    files = {}
    for table, listed in rows.items():
        withdrawn = [row for row in listed if "withdrawn" in row]
        names = rng.sample(_file_names(model, table), 2)
        for name, part in zip(names, (withdrawn, [row for row in listed if row not in withdrawn]), strict=True):
            if part:
                columns = list(dict.fromkeys(column for row in part for column in row))
                files[f"{name}.csv"] = _csv(rng, model, table, part, columns)
    return files


def _file_names(model: Model, table: str) -> list[str]:
    described = model.kinds.get(table) or model.relations[table]
    return [*dict.fromkeys((table, described.label.zh, described.label.en))]


def _said(rng: Random, rows: Sequence[Row]) -> list[str]:
    named = sorted({column for row in rows for column in row})
    return [column for column in named if rng.random() < 0.5 or any(row.get(column) for row in rows)]


def _csv(rng: Random, model: Model, table: str, rows: Sequence[Row], columns: list[str]) -> str:
    """Columns in any order."""
    headers = _headers(rng, model, table)
    rng.shuffle(columns)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=rng.choice(("\n", "\r\n")))
    writer.writerow([headers.get(column, column) for column in columns])
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return text.getvalue()


def _headers(rng: Random, model: Model, table: str) -> Mapping[str, str]:
    """How each column is headed: by its name or, now and then, its Chinese label."""
    described = model.kinds.get(table) or model.relations[table]
    headers = BUILTIN | {field.name: field.label.zh for field in described.fields}
    return {column: zh if rng.random() < 0.3 else column for column, zh in headers.items()}
