"""A header → what each column means for a kind or relation. In: cells. Out: columns by place, or problems.

Columns are named by the model's names or labels, Chinese or English. Unknown ones are errors; those that would bring
private data are refused by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orggraph.errors import Problem, Problems
from orggraph.model.columns import BUILT_IN, column_words, folded
from orggraph.model.model import End, Field, Kind, Model, Relation
from orggraph.model.private import is_private
from orggraph.records.files import Table
from orggraph.records.guessing import nearest
from orggraph.records.sheets import Sheet

EXAMPLES = ("#示例", "#example")
"""Keys of rows that show how a row is filled in; they are for people, and passed over."""
MOST_TOLD = 16_384
"""Columns: as many as a sheet can have; what stands behind them is only counted."""
PRIVATE = "take the column out of the file"
NO_KEY = "add a column key: letters, digits and -_. that name a row for ever; --assign-keys writes one into the file"


def column_names(table: Table) -> dict[str, str]:
    """Every name that a column may have → the column: a built-in one, a field, an end."""
    built_in = [name for name in BUILT_IN if name != "name" or isinstance(table, Kind)]
    known = {folded(word): name for name in built_in for word in (name, *BUILT_IN[name])}
    parts: list[Field | End] = [*table.fields, *(table.ends if isinstance(table, Relation) else ())]
    for part in parts:
        known |= dict.fromkeys(column_words(table, part), part.name)
    return known


def read_header(
    model: Model, table: Table, cells: Sequence[str], sheet: Sheet, line: int, problems: Problems, passed: int = -1
) -> Mapping[str, int]:
    """The place of each column that is there; the one at ``passed`` is none of the table's, a blank one is none at all."""
    known = column_names(table)
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if place == passed or not cell.strip():
            continue
        name = known.get(_word(cell))
        if is_private(model, table, cell):
            message = "is private data, which has no place here"
            told = Problem(sheet.at(line, place), line, cell[:100], "PRIVATE", cell[:100], message, PRIVATE)
            problems.add(told)
        elif name is None and place >= MOST_TOLD:
            problems.more("UNKNOWN_COLUMN", 1)
        elif name is None:
            problems.add(_unknown(table, cell, known, sheet.at(line, place), line))
        elif name in places:
            message = "stands twice in the header"
            problems.add(
                Problem(sheet.at(line, place), line, name, "COLUMN_TWICE", cell[:100], message, "keep one of them")
            )
        else:
            places[name] = place
    if "para" in places and "source" not in places:
        message = "is there without a column source"
        file = sheet.at(line, places["para"])
        problems.add(Problem(file, line, "para", "PARA", "", message, "add the column source that paras are in"))
    if "key" not in places:
        problems.add(Problem(sheet.shown, line, "key", "NO_KEY", "", "there is no column key", NO_KEY))
    return places


def _word(cell: str) -> str:
    """A header's cell as names are looked up."""
    return folded(cell[:1000].strip())


def _unknown(table: Table, cell: str, known: Mapping[str, str], file: str, line: int) -> Problem:
    near = nearest(_word(cell), list(known))
    names = ", ".join(dict.fromkeys(known.values()))
    mend = f"did you mean {_said(near, known)}?" if near else f"columns of {table.name}: {names}"
    return Problem(file, line, cell[:100], "UNKNOWN_COLUMN", cell[:100], "is no column here", mend)


def _said(word: str, known: Mapping[str, str]) -> str:
    """A column in the language that it was nearly said in."""
    return known[word] if word.isascii() else word
