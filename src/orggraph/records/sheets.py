"""A file as sheets of lines, whatever its format. Out of a format's reader come headers, and lines of cells as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Header:
    """The names of the columns of the lines that follow."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True)
class Lines:
    """Some lines under one header: the number of each (1-based) and its cells, in the header's order."""

    numbers: Sequence[int]
    cells: Sequence[Sequence[str]]


BATCH = 5_000
"""Lines that are read at once: many, so that whole columns are cleaned in one go; few, so that memory stays flat."""


@dataclass(frozen=True)
class Sheet:
    """``title``: what its rows may be named by; ``shown``: how problems name it."""

    title: str
    shown: str
    parts: Iterator[Header | Lines]
