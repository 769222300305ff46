"""What is written, whatever the format: columns, and rows that come one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

Cell = str | int | float | bool | None
Watch = Callable[[int], None]
"""Told of the number of rows that are written, now and then."""
TOLD = 5_000
DATES = frozenset({"Date", "PartialDate"})
"""Types of answers whose values are days, where they are whole."""
Row = TypeVar("Row")


class Holds(StrEnum):
    """What a workbook makes of a column's text: ``TEXT`` stays as it is and as it will be typed; in ``DAYS`` a text that is a whole
    day becomes a day of the calendar, and any other text stays. Numbers are numbers in either."""

    TEXT = "text"
    DAYS = "days"


@dataclass(frozen=True)
class Choices:
    """Words that a workbook offers for the cells of a column; others can be typed as well."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """``note``: what a workbook says where the heading is pointed at."""

    heading: str
    holds: Holds = Holds.TEXT
    choices: Choices | None = None
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """``title``: of the sheet in a workbook. Each row has a cell for each column."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]

    @property
    def headings(self) -> list[str]:
        return [column.heading for column in self.columns]


def watched(rows: Iterable[Row], watch: Watch) -> Iterator[Row]:
    """The same rows, counted as they pass."""
    number = 0
    for row in rows:
        yield row
        number += 1
        if number % TOLD == 0:
            watch(number)
    watch(number)
