"""What is kept of a row → the cells that loading reads: the other way of ``rows``. In: kept values by column. Out: a sheet.

Every column that a table can have is there, in one order, under a heading that loading knows; dates and keys as they were
written, terms by a word of theirs, so that a sheet that is loaded back unchanged says what is known already.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from orggraph.model.columns import BUILT_IN, SAYS_TABLE, folded
from orggraph.model.model import End, Field, Kind, Model, Relation, Terms
from orggraph.model.private import is_private
from orggraph.model.values import Kept, Value
from orggraph.output.sheet import Cell, Choices, Column, Sheet
from orggraph.records.cells import spellings
from orggraph.records.columns import column_names
from orggraph.records.files import Table, table_names
from orggraph.records.words import FLAGS, Words

DATES = ("from", "until", "through", "attested")
BATCH = 1_000
"""Rows that are put into words at once, column by column."""
LONGEST_TITLE = 27
"""Of a sheet that may go on in another, ``title.2``."""
_NO_TITLE = re.compile(r"""[\[\]:*?/\\.'"<>|\x00-\x1f]|^[#~ ]| $""")


def written_columns(table: Table) -> tuple[str, ...]:
    """The columns of a table by the model's own names, in the order in which they are written."""
    first = ("name",) if isinstance(table, Kind) else tuple(end.name for end in table.ends)
    fields = tuple(field.name for field in table.fields)
    return ("key", *first, *fields, *DATES, "source", "para", "synthetic", "withdrawn")


def written_sheet(
    model: Model, table: Table, rows: Iterable[Sequence[Kept]], words: Words, told: bool = False
) -> Sheet:
    """Kept values in the order of ``written_columns`` as a sheet; ``told``: with a column that says of each row what it is."""
    columns = [written_column(model, table, name, words) for name in written_columns(table)]
    cells = written_cells(model, table, rows, words)
    title = written_title(model, table, words)
    if told or title is None:
        says = "kind" if isinstance(table, Kind) else "relation"
        columns = [Column(says), *columns]
        cells = ((table.name, *row) for row in cells)
    return Sheet(title or table.name, columns, cells)


def written_cells(model: Model, table: Table, rows: Iterable[Sequence[Kept]], words: Words) -> Iterator[Sequence[Cell]]:
    """Kept values as they are written."""
    spoken = [
        (i, called) for i, name in enumerate(written_columns(table)) if (called := said(model, table, name, words))
    ]
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        columns: list[Sequence[Cell]] = list(zip(*batch, strict=True))
        for place, called in spoken:
            columns[place] = [None if kept is None else called[kept] for kept in columns[place]]
        yield from zip(*columns, strict=True)


def written_column(model: Model, table: Table, name: str, words: Words) -> Column:
    """A column as people and programs see it."""
    field = _field(table, name)
    choices = None
    if field is not None and field.type is Value.TERM:
        terms = model.terms[field.terms or ""]
        choices = Choices(_label(terms, words), tuple(term_words(model, terms, words).values()))
    elif (field is not None and field.type is Value.BOOLEAN) or name in ("synthetic", "withdrawn"):
        no, yes = map(str, _flags(words).values())
        choices = Choices(f"{yes}/{no}", (yes, no) if field else (yes,))
    return Column(heading(model, table, name, words), choices=choices)


def heading(model: Model, table: Table, name: str, words: Words) -> str:
    """What a column is headed by: a word that loading knows it by."""
    known = column_names(table)
    for word in _headings(table, name, words):
        private = is_private(model, table, word)
        if known.get(folded(word)) == name and not private and folded(word) not in map(folded, SAYS_TABLE):
            return word
    return name


def _headings(table: Table, name: str, words: Words) -> Sequence[str]:
    parts: list[Field | End] = [*table.fields, *(table.ends if isinstance(table, Relation) else ())]
    part = next((one for one in parts if one.name == name), None)
    if part is not None:
        return (name,) if words is Words.MODEL else (getattr(part.label, words.value), name)
    chinese = [*BUILT_IN[name], name]
    return chinese if words is Words.ZH else chinese[::-1]


def term_words(model: Model, terms: Terms, words: Words) -> Mapping[str, str]:
    """By code: how each term of a code list is written, so that loading knows it again."""
    known = spellings(model, terms.name)
    labels = {
        code: code if words is Words.MODEL else getattr(term.label, words.value) for code, term in terms.terms.items()
    }
    return {
        code: word if word == word.strip() and known.get(word.casefold()) == code else code
        for code, word in labels.items()
    }


def written_title(model: Model, table: Table, words: Words) -> str | None:
    """What a sheet or file of a table is called, so that loading knows it; None if it has no name that can be one."""
    known = table_names(model)
    named = [table.name] if words is Words.MODEL else [getattr(table.label, words.value), table.name]
    fit = (
        one for one in named if len(one) <= LONGEST_TITLE and not _NO_TITLE.search(one) and one.casefold() != "history"
    )
    return next((one for one in fit if known.get(folded(one)) is table), None)


def said(model: Model, table: Table, name: str, words: Words) -> Mapping[Any, Cell] | None:
    """What is written for each kept value of a column; None where it is written as it is kept."""
    field = _field(table, name)
    if name in ("synthetic", "withdrawn") and field is None:
        return {0: None, 1: _flags(words)[1]}
    if field is not None and field.type is Value.BOOLEAN:
        return _flags(words)
    if field is not None and field.type is Value.TERM and words is not Words.MODEL:
        return term_words(model, model.terms[field.terms or ""], words)
    return None


def _flags(words: Words) -> Mapping[int, Cell]:
    no, yes = FLAGS.get(words, (False, True))
    return {0: no, 1: yes}


def _field(table: Table, name: str) -> Field | None:
    return next((one for one in table.fields if one.name == name), None)


def _label(terms: Terms, words: Words) -> str:
    return terms.name if words is Words.MODEL else str(getattr(terms.label, words.value))
