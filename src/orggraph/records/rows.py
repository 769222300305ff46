"""Cells → a checked row. In: a file's columns and cells. Out: ``Row``s with clean values, or problems with file:line.

What needs other rows or the store (unknown keys, spans, cardinality) is checked when loading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from orggraph.errors import Problem
from orggraph.model.model import Field, Kind, Model, Relation
from orggraph.model.values import TYPES, Value, clean_boolean, clean_string
from orggraph.records.columns import read_header
from orggraph.records.csv_rows import read_csv
from orggraph.records.files import Table, TableFile
from orggraph.time.partial import parse_partial

KEY = re.compile(r"[A-Za-z0-9_.-]{1,64}")
DATES = ("from", "until", "through", "attested")
WORDS = {"until": {"open": "open", "开放": "open", "至今": "open", "?": "?", "？": "?"}}
Cell = str | int | None


@dataclass(frozen=True)
class Citing:
    """The sources that a row cites, with where in them (or None)."""

    sources: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Row:
    """A row. ``values``: by column, for the columns that its file has: dates as written ("" is blank), fields
    cleaned (None is blank), ends as keys, ``source`` as a Citing, ``synthetic`` and ``withdrawn`` as 0 or 1."""

    line: int
    key: str
    values: Mapping[str, Cell | Citing]


def read_rows(model: Model, file: TableFile, problems: list[Problem]) -> Iterator[Row]:
    """The rows of a file; what is wrong goes to ``problems``, and is blank in the row, so that the rest can be judged too."""
    lines = read_csv(file.path, file.shown, problems)
    header = next(lines, None)
    if header is None:
        problems.append(
            Problem(file.shown, 0, "", "EMPTY", "", "has no header", "begin with a line that names the columns")
        )
        return
    columns = read_header(file.table, header[1], file.shown, header[0], problems)
    reader = RowReader(model, file.table, file.shown, columns, len(header[1]), problems)
    for line, cells in lines:
        row = reader.row(line, cells)
        if row is not None:
            yield row


class RowReader:
    """Reads the rows of one file; keeps what its columns need."""

    def __init__(
        self, model: Model, table: Table, shown: str, columns: Mapping[str, int], width: int, problems: list[Problem]
    ) -> None:
        self.model, self.shown, self.width, self.problems = model, shown, width, problems
        self.columns = columns
        self.fields = {field.name: field for field in table.fields}
        self.ends = {end.name: end for end in table.ends} if isinstance(table, Relation) else {}
        self.is_kind = isinstance(table, Kind)
        self.spellings = {f.name: spellings(model, f.terms) for f in table.fields if f.terms}

    def row(self, line: int, cells: list[str]) -> Row | None:
        if len(cells) != self.width:
            message = f"has {len(cells)} cells; the header has {self.width}"
            self.problem(line, "", "RAGGED", "", message, "look for a comma or a quote too many or too few")
            return None
        values: dict[str, Cell | Citing] = {}
        for name, place in self.columns.items():
            if name != "para":
                values[name] = self.cell(line, name, cells[place].strip(), cells)
        key = str(values.get("key") or "")
        return Row(line, key, values)

    def cell(self, line: int, name: str, text: str, cells: list[str]) -> Cell | Citing:
        try:
            if name == "key":
                return clean_key(text)
            if name in self.ends:
                return clean_key(text) if text else None
            if name in self.fields:
                return self.field(self.fields[name], text)
            if name in DATES:
                return clean_date(name, text)
            if name == "source":
                para = cells[self.columns["para"]] if "para" in self.columns else ""
                return citing(text, para)
            if name == "name":
                return clean_name(text)
            return clean_boolean(text) if text else 0
        except ValueError as error:
            what = str(error)
            code = {"synthetic": "BOOLEAN", "withdrawn": "BOOLEAN"}.get(name, "VALUE")
            code = "DATE" if name in DATES else "KEY" if name == "key" or name in self.ends else code
            mend = error.args[1] if len(error.args) > 1 else ""
            message = f"{text} {error.args[0]}" if text else what if len(error.args) < 2 else error.args[0]
            self.problem(line, name, code, text, message, mend)
            return None

    def field(self, field: Field, text: str) -> Cell:
        if not text:
            if field.required:
                raise ValueError("is blank, and must not be", f"give its {field.label.en}")
            return None
        if field.type is Value.TERM:
            return self.term(field, text)
        if field.type is Value.DATE:
            parse_partial_cell(text)
            return text
        return TYPES[field.type].clean(text)

    def term(self, field: Field, text: str) -> str:
        known = self.spellings[field.name]
        code = known.get(text.casefold())
        if code is None:
            near = get_close_matches(text.casefold(), list(known), 1)
            mend = f"did you mean {near[0]}?" if near else f"one of {', '.join(dict.fromkeys(known.values()))}"
            raise ValueError(f"is no {field.label.en}", mend)
        return code

    def problem(self, line: int, column: str, code: str, value: str, message: str, mend: str) -> None:
        self.problems.append(Problem(self.shown, line, column, code, value, message, mend))


def spellings(model: Model, terms: str) -> dict[str, str]:
    """Every way that a file may spell a term → its code."""
    return {
        word.casefold(): term.code
        for term in model.terms[terms].terms.values()
        for word in (*term.aliases, term.label.en, term.label.zh, term.code)
    }


def clean_key(text: str) -> str:
    if not KEY.fullmatch(text):
        raise ValueError("is no key" if text else "is blank", "1 to 64 letters, digits and -_.")
    return text


def clean_name(text: str) -> str:
    if not text:
        raise ValueError("is blank, and must not be", "give the name")
    return clean_string(text)


def clean_date(name: str, text: str) -> str:
    if not text:
        return ""
    word = WORDS.get(name, {}).get(text)
    if word:
        return word
    parse_partial_cell(text)
    return text


@lru_cache(65536)
def parse_partial_cell(text: str) -> tuple[int, int]:
    """First and last day; the ValueError fits behind the cell's text."""
    try:
        return parse_partial(text)
    except ValueError:
        raise ValueError("is no date", "write 2020-03-31, 2020-03 or 2020") from None


def citing(text: str, para: str) -> Citing:
    """``a;b`` with ``3;`` → a at 3, b."""
    if not text:
        return Citing(())
    sources = [clean_key(one.strip()) for one in text.split(";")]
    paras = [clean_string(one.strip()) for one in para.split(";")] if para.strip() else []
    if len(paras) > len(sources):
        raise ValueError("has fewer sources than there are in para", "pair them by ;")
    paras += [""] * (len(sources) - len(paras))
    return Citing(tuple((source, where or None) for source, where in zip(sources, paras, strict=True)))
