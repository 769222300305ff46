"""A CSV file → its rows with their lines. In: a path. Out: lists of cells; what cannot be read becomes problems.

UTF-8 with or without BOM; comma, semicolon or tab, whichever the header has most of.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from orggraph.errors import Problem

LONGEST_CELL = 1_000_000


def read_csv(path: Path, shown: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """The line that each row begins on, and its cells; blank rows are passed over. The header comes first."""
    csv.field_size_limit(LONGEST_CELL)
    with path.open("rb") as file:
        first = file.readline()
        file.seek(0)
        text = io.TextIOWrapper(file, "utf-8-sig", newline="")
        reader = csv.reader(text, delimiter=_delimiter(first), strict=True)
        line = 1
        try:
            for cells in reader:
                if any(cells):
                    yield line, cells
                line = reader.line_num + 1
        except UnicodeDecodeError:
            mend = "save it as UTF-8 (in Excel: CSV UTF-8)"
            problems.append(Problem(shown, _bad_line(path), "", "ENCODING", "", "is not UTF-8", mend))
        except csv.Error as error:
            problems.append(
                Problem(shown, line, "", "CSV", "", f"cannot be read: {error}", "look at quotes and line ends there")
            )


def _delimiter(header: bytes) -> str:
    return max(",;\t", key=lambda one: (header.count(one.encode()), one == ","))


def _bad_line(path: Path) -> int:
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            return number
    return 0
