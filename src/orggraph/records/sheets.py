"""A file as sheets of lines, whatever its format. Out of a format's reader come headers, and lines of cells as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple


class Odd(NamedTuple):
    """Why a cell cannot be taken, whatever its column; ``text``: what it says."""

    code: str
    text: str
    message: str
    mend: str


@dataclass(frozen=True)
class Header:
    """The names of the columns of the lines that follow."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True)
class Lines:
    """Some lines under one header: the number of each (1-based) and its cells, in the header's order; ``given`` line by line,
    or (``by_column``) column by column, as the format has them.

    ``odd``: cells that cannot be taken, by index of their line and place; a place beyond the header's has no other cell.
    ``days``: by place, the indexes of lines whose cell is no text but a day of a spreadsheet, written as one here.
    """

    numbers: Sequence[int]
    given: Sequence[Sequence[str]]
    odd: Mapping[int, Mapping[int, Odd]] = field(default_factory=dict)
    days: Mapping[int, Set[int]] = field(default_factory=dict)
    by_column: bool = False

    @cached_property
    def cells(self) -> Sequence[Sequence[str]]:
        """The cells of each line."""
        return list(zip(*self.given, strict=True)) if self.by_column else self.given

    @cached_property
    def columns(self) -> Sequence[Sequence[str]]:
        """The cells of each column; ValueError if not all lines have equally many."""
        return self.given if self.by_column else list(zip(*self.given, strict=True))

    def some(self, indexes: Sequence[int]) -> Lines:
        """A few of these lines."""
        odd = {new: self.odd[old] for new, old in enumerate(indexes) if old in self.odd} if self.odd else {}
        days = {place: {new for new, old in enumerate(indexes) if old in rows} for place, rows in self.days.items()}
        return Lines([self.numbers[i] for i in indexes], [self.cells[i] for i in indexes], odd, days)


BATCH = 5_000
"""Lines that are read at once: many, so that whole columns are cleaned in one go; few, so that memory stays flat."""


@dataclass(frozen=True)
class Sheet:
    """``titles``: what its rows may be named by, the first that is known; ``shown``: how problems name it; ``lettered``:
    whether its cells have names like C17; ``headers``: whether there may be several; ``passed``: those whose lines the reader
    of the sheet does not want."""

    titles: Sequence[str]
    shown: str
    parts: Iterator[Header | Lines]
    lettered: bool = False
    headers: bool = False
    passed: set[tuple[str, ...]] = field(default_factory=set)

    def at(self, line: int, place: int = -1) -> str:
        """How a problem names the file of a line, or of a cell: ``book.xlsx[成员]!C17``."""
        return f"{self.shown}!{letters(place)}{line}" if self.lettered and place >= 0 and line else self.shown


@dataclass(frozen=True)
class NewKeys:
    """Keys that are written into a sheet, by line: at ``place``, or (None) in a new column behind the last, named ``word`` in
    the line ``header``."""

    place: int | None
    header: int
    width: int
    word: str
    keys: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Where:
    """How problems name the cells under a header: ``letters`` of the columns, in a workbook."""

    shown: str
    letters: tuple[tuple[str, str], ...] = ()

    def at(self, line: int, column: str = "") -> str:
        """``book.xlsx[成员]!C17``, or just the file."""
        letter = dict(self.letters).get(column)
        return f"{self.shown}!{letter}{line}" if letter and line else self.shown


@lru_cache(20_000)
def letters(place: int) -> str:
    """0 → A, 27 → AB."""
    found, number = "", place + 1
    while number:
        number, digit = divmod(number - 1, 26)
        found = chr(65 + digit) + found
    return found
