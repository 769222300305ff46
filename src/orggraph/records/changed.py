"""What a load changed, in the words of people: the headings, labels and words of terms that files may use too. In: names of the
model and values as they are kept. Out: texts.
"""

from __future__ import annotations

from typing import Any

from orggraph.model.model import Model
from orggraph.output.sheet import Cell
from orggraph.records.files import Table
from orggraph.records.words import Words
from orggraph.records.written import heading, said, written_columns

HEAD = ("load", "what", "table", "key", "from", "column", "before", "after")
HEADS = {
    Words.ZH: dict(zip(HEAD, ("装载", "变动", "表", "键", "起", "列", "之前", "之后"), strict=True)),
    Words.EN: {},
    Words.MODEL: {},
}
WHAT = {"added": "新增", "corrected": "更正", "withdrawn": "撤回", "purged": "清除"}


def head_word(name: str, words: Words) -> str:
    """The heading of a table of changes."""
    return HEADS[words].get(name, name)


def what_word(what: str, words: Words) -> str:
    """``CORRECTED`` → 更正."""
    return WHAT.get(what.casefold(), what) if words is Words.ZH else what


def table_of(model: Model, name: str) -> Table | None:
    return model.kinds.get(name) or model.relations.get(name)


def table_word(model: Model, name: str, words: Words) -> str:
    """The label of a kind or relation."""
    table = table_of(model, name)
    return name if table is None or words is Words.MODEL else str(getattr(table.label, words.value))


def cell_words(model: Model, name: str, column: str, values: tuple[Any, Any], words: Words) -> tuple[str, Cell, Cell]:
    """A column's heading, and what two values of it are called."""
    table = table_of(model, name)
    if table is None or words is Words.MODEL or column not in written_columns(table):
        return (column, *values)
    called = said(model, table, column, words) or {}
    before, after = (called.get(value, value) for value in values)
    return heading(model, table, column, words), before, after
