"""Cells → a checked row. In: a header's columns and rows of cells. Out: lists of kept values, or problems with file:line.

What needs other rows or the store (unknown keys, spans, cardinality) is checked when loading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

from orggraph.errors import Problem, Problems
from orggraph.model.model import Kind, Model, Relation
from orggraph.model.values import Value
from orggraph.records.cells import (
    MOST_READY,
    Citing,
    Column,
    Kept,
    citing,
    clean_date,
    clean_flag,
    clean_name,
    clean_until,
    end_key,
    field_column,
    kept_of,
    keys,
    own_key,
    texts,
    words,
)
from orggraph.records.columns import EXAMPLES
from orggraph.records.files import Table
from orggraph.records.sheets import Lines, Odd, Sheet, Where, letters

DATES = ("from", "until", "through", "attested")
NOTHING = Citing(())
FORMAT_AS_TEXT = "format the column as text and type it again"


@dataclass(frozen=True)
class Rows:
    """Kept values (``cells.Kept``), column by column: by their names in the ``layout``, those that the header has. ``lines``:
    the number of each row; ``citings``: whom it cites."""

    lines: Sequence[int]
    values: Mapping[str, Sequence[Kept]]
    citings: Sequence[Citing]


def layout(table: Table) -> tuple[str, ...]:
    """What a row has, in order: its key; its ends by role; date cells; flags; its name and fields, each with what is kept
    beside it (``name__s``; ``_x__0``, ``_x__1``, ``_x__s``)."""
    fields: list[str] = ["name", "name__s"] if isinstance(table, Kind) else []
    for field in table.fields:
        beside = {3: ("__0", "__1"), 2: ("__s",)}.get(kept_of(field), ())
        fields += [f"_{field.name}", *(f"_{field.name}{suffix}" for suffix in beside)]
    ends = [] if isinstance(table, Kind) else [f"x_{end.role}" for end in table.ends]
    return ("key", *ends, *(f"w_{name}" for name in DATES), "syn", "withdrawn", *fields)


def columns_of(model: Model, table: Table) -> dict[str, tuple[str, Column]]:
    """By name: the place of a column's first value, and how its cells are cleaned; but for whom a row cites."""
    found = {
        "key": ("key", keys(own_key)),
        "from": ("w_from", words(clean_date, 1)),
        "until": ("w_until", words(clean_until, 1)),
        "through": ("w_through", words(clean_date, 1)),
        "attested": ("w_attested", words(clean_date, 1)),
        "synthetic": ("syn", words(clean_flag, 1)),
        "withdrawn": ("withdrawn", words(clean_flag, 1)),
        "name": ("name", texts(clean_name)),
    }
    if isinstance(table, Relation):
        found |= {end.name: (f"x_{end.role}", keys(end_key)) for end in table.ends}
    return found | {field.name: (f"_{field.name}", field_column(model, field)) for field in table.fields}


class Cited(dict[tuple[str, str], Citing]):
    """What texts of ``source`` and ``para`` cite."""

    def __missing__(self, written: tuple[str, str]) -> Citing:
        found = citing(*written)
        if len(self) >= MOST_READY:
            self.clear()
        self[written] = found
        return found


class RowReader:
    """Reads rows of a table under one header. ``had``: the columns that it has, which tells what rows leave as it was."""

    def __init__(
        self,
        model: Model,
        table: Table,
        sheet: Sheet,
        columns: Mapping[str, int],
        header: Sequence[str],
        problems: Problems,
    ) -> None:
        self.table, self.sheet, self.problems = table, sheet, problems
        self.width = len(header)
        named = ((name, letters(place)) for name, place in columns.items())
        self.where = Where(sheet.shown, tuple(named) if sheet.lettered else ())
        self.had = frozenset(columns)
        self.key = columns.get("key", -1)
        self.source, self.para = columns.get("source", -1), columns.get("para", -1)
        self.cited = Cited()
        known = columns_of(model, table)
        self.columns = [(place, name, known[name][1]) for name, place in columns.items() if name in known]
        places = layout(table)
        self.names: list[str] = []
        for _, name, column in self.columns:
            first = places.index(known[name][0])
            self.names += places[first : first + column.width]
        self.blank: list[Kept] = [0 if name in ("syn", "withdrawn") else None for name in self.names]
        self.unnamed = [place for place, cell in enumerate(header) if not cell.strip()]
        dates = {*DATES, *(field.name for field in table.fields if field.type is Value.DATE)}
        self.no_days = frozenset(place for name, place in columns.items() if name not in dates)

    def read(self, lines: Lines) -> Rows:
        """The kept values of those lines that have any. A value that is wrong is a problem, and None in its row, so that the
        rest is judged."""
        if not lines.odd and not self.no_days & lines.days.keys():
            try:
                return self.at_once(lines)
            except ValueError:
                pass  # something is wrong in some line, or blank: each is read by itself, and told where
        numbers: list[int] = []
        rows: list[Sequence[Kept]] = []
        citings: list[Citing] = []
        for index, number in enumerate(lines.numbers):
            cells = lines.cells[index]
            if self.key >= 0 and cells[self.key : self.key + 1] and cells[self.key].strip() in EXAMPLES:
                continue
            odd = self.odd(lines, index)
            if self.fits(number, cells, odd):
                numbers.append(number)
                rows.append(self.row(number, cells, odd))
                citings.append(self.citing(number, cells, odd))
        return Rows(numbers, dict(zip(self.names, zip(*rows, strict=True), strict=False)), citings)

    def odd(self, lines: Lines, index: int) -> Mapping[int, Odd]:
        """What cannot be taken of a line; days in columns of anything else too."""
        odd = lines.odd.get(index, {})
        for place in self.no_days & lines.days.keys():
            if index in lines.days[place]:
                text = lines.cells[index][place]
                odd = {place: Odd("EXCEL_DATE", text, f"{text} is a day that Excel made of it", FORMAT_AS_TEXT), **odd}
        return odd

    def fits(self, line: int, cells: Sequence[str], odd: Mapping[int, Odd]) -> bool:
        """Whether a line has a cell for each column; what stands under no name is told, in a workbook without more ado."""
        beside = (*self.unnamed, *range(self.width, len(cells)))
        nameless = [place for place in beside if place in odd or (place < len(cells) and cells[place].strip())]
        if len(cells) < self.width or (not self.sheet.lettered and any(place >= self.width for place in nameless)):
            message = f"has {len(cells)} cells; the header has {self.width}"
            self.problem(line, "", "RAGGED", "", message, "look for a comma or a quote too many or too few")
            return False
        for place in {*nameless, *(place for place in odd if place >= self.width)}:
            text = odd[place].text if place in odd else cells[place].strip()
            message = f"{text[:100]} stands in a column without a name"
            mend = "name the column in the header, or empty it"
            self.problems.add(Problem(self.sheet.at(line, place), line, "", "UNNAMED", text[:100], message, mend))
        return True

    def at_once(self, lines: Lines) -> Rows:
        """The same, column by column, for lines in which nothing is wrong: several times as fast. Raises ValueError."""
        given = lines.columns
        if len(given) != self.width or any(any(given[place]) for place in self.unnamed):
            raise ValueError
        kept = [values for place, _, column in self.columns for values in column.all(given[place])]
        citings: Sequence[Citing] = [NOTHING] * len(lines.numbers)
        if self.source >= 0:
            paras = given[self.para] if self.para >= 0 else repeat("")
            citings = list(map(self.cited.__getitem__, zip(given[self.source], paras, strict=False)))
        return Rows(lines.numbers, dict(zip(self.names, kept, strict=True)), citings)

    def row(self, line: int, cells: Sequence[str], odd: Mapping[int, Odd]) -> Sequence[Kept]:
        """The kept values of a row; a value that is wrong is a problem, and None in the row, so that the rest is judged."""
        row, wrong = self.blank.copy(), list[tuple[str, str, ValueError]]()
        at = 0
        for place, name, column in self.columns:
            text = cells[place]
            if place in odd:
                self.refuse(line, name, odd[place])
            else:
                try:
                    row[at : at + column.width] = column.clean(text.strip())
                except ValueError as error:
                    wrong.append((name, text, error))
            at += column.width
        withdrawn = "withdrawn" in self.names and row[self.names.index("withdrawn")]
        for name, text, what in wrong:
            if name == "key" or text.strip() or not withdrawn:  # what withdraws need not say more than which
                self.wrong(line, name, text, what)
        return row

    def citing(self, line: int, cells: Sequence[str], odd: Mapping[int, Odd]) -> Citing:
        if self.source < 0:
            return NOTHING
        for name, place in (("source", self.source), ("para", self.para)):
            if place in odd:
                self.refuse(line, name, odd[place])
                return NOTHING
        try:
            return self.cited[cells[self.source], cells[self.para] if self.para >= 0 else ""]
        except ValueError as error:
            self.wrong(line, "source", cells[self.source], error)
            return NOTHING

    def refuse(self, line: int, name: str, odd: Odd) -> None:
        self.problem(line, name, odd.code, odd.text, odd.message, odd.mend)

    def wrong(self, line: int, name: str, text: str, error: ValueError) -> None:
        text = text.strip()
        what, mend = str(error.args[0]), str(error.args[1]) if len(error.args) > 1 else ""
        self.problem(line, name, _code(name, what), text, f"{text[:100]} {what}" if text else what, mend)

    def problem(self, line: int, column: str, code: str, value: str, message: str, mend: str) -> None:
        self.problems.add(Problem(self.where.at(line, column), line, column, code, value[:100], message, mend))


def _code(name: str, what: str) -> str:
    if what.startswith(("is no key", "is blank")) and (name == "key" or what == "is no key"):
        return "KEY"
    if name in DATES:
        return "DATE"
    return "BOOLEAN" if name in ("synthetic", "withdrawn") else "VALUE"
