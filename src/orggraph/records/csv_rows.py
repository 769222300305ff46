"""A CSV file → its sheet. In: a path. Out: a header and lines of cells; what cannot be read becomes problems.

UTF-8 with or without BOM, or GB18030; comma, semicolon or tab, whichever the header has most of; as it is or in a .gz.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from orggraph.errors import Problem, Problems
from orggraph.records.encoding import encoding_of
from orggraph.records.sheets import BATCH, Header, Lines, Sheet
from orggraph.records.unpacking import Unreadable, bounded_lines, open_unpacked

LONGEST_CELL = 1_000_000
MARK = "\ufeff"


def csv_sheets(path: Path, shown: str, problems: Problems) -> Iterator[Sheet]:
    """The one sheet of a file."""
    yield Sheet((path.name.partition(".")[0],), shown, _parts(path, shown, problems))


def _parts(path: Path, shown: str, problems: Problems) -> Iterator[Header | Lines]:
    try:
        encoding = encoding_of(path)
        with open_unpacked(path) as file, io.TextIOWrapper(file, encoding, newline="") as text:
            yield from _read(text, shown, problems)
    except Unreadable as found:
        problems.add(Problem(shown, found.line, "", found.code, "", found.message, found.mend))


def _read(text: io.TextIOWrapper, shown: str, problems: Problems) -> Iterator[Header | Lines]:
    """Each line by the number that it begins on; blank lines are passed over."""
    csv.field_size_limit(LONGEST_CELL)
    given = bounded_lines(text)
    first = next(given, "")
    reader = csv.reader(_marked(first, given), delimiter=delimiter(first), strict=True)
    line, headed = 1, False
    numbers: list[int] = []
    lines: list[list[str]] = []
    try:
        for cells in reader:
            if not any(cells):
                pass
            elif not headed:
                yield Header(line, cells)
                headed = True
            else:
                numbers.append(line)
                lines.append(cells)
                if len(lines) == BATCH:
                    yield Lines(numbers, lines)
                    numbers, lines = [], []
            line = reader.line_num + 1
    except csv.Error as error:
        mend = "look at quotes and line ends there"
        problems.add(Problem(shown, line, "", "CSV", "", f"cannot be read: {error}", mend))
    except Unreadable as found:
        problems.add(Problem(shown, found.line or line, "", found.code, "", found.message, found.mend))
    if lines:
        yield Lines(numbers, lines)


def _marked(first: str, rest: Iterator[str]) -> Iterator[str]:
    """All lines; a byte order mark in the middle, where two files were joined, would make a key that looks like another."""
    for number, line in enumerate(chain([first], rest), 1):
        if MARK in line:
            message = "has a byte order mark, which stands only at the beginning of a file"
            raise Unreadable("ENCODING", message, "load joined files one by one, or take the mark out", number)
        yield line


def delimiter(header: str) -> str:
    """What separates the cells of a header."""
    return max(",;\t", key=lambda one: (header.count(one), one == ","))
