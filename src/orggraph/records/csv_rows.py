"""A CSV file → its sheet. In: a path. Out: a header and lines of cells; what cannot be read becomes problems.

UTF-8 with or without BOM; comma, semicolon or tab, whichever the header has most of.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from orggraph.errors import Problem, Problems
from orggraph.records.sheets import BATCH, Header, Lines, Sheet

LONGEST_CELL = 1_000_000


def csv_sheets(path: Path, shown: str, problems: Problems) -> Iterator[Sheet]:
    """The one sheet of a file."""
    yield Sheet(path.name.partition(".")[0], shown, _parts(path, shown, problems))


def _parts(path: Path, shown: str, problems: Problems) -> Iterator[Header | Lines]:
    """Each line by the number that it begins on; blank lines are passed over."""
    csv.field_size_limit(LONGEST_CELL)
    with path.open("rb") as file:
        first = file.readline()
        file.seek(0)
        text = io.TextIOWrapper(file, "utf-8-sig", newline="")
        reader = csv.reader(text, delimiter=_delimiter(first), strict=True)
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
        except UnicodeDecodeError:
            mend = "save it as UTF-8 (in Excel: CSV UTF-8)"
            problems.add(Problem(shown, _bad_line(path), "", "ENCODING", "", "is not UTF-8", mend))
        except csv.Error as error:
            mend = "look at quotes and line ends there"
            problems.add(Problem(shown, line, "", "CSV", "", f"cannot be read: {error}", mend))
        if lines:
            yield Lines(numbers, lines)


def _delimiter(header: bytes) -> str:
    return max(",;\t", key=lambda one: (header.count(one.encode()), one == ","))


def _bad_line(path: Path) -> int:
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            return number
    return 0
