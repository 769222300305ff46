"""Which format a file is in, by the end of its name → its sheets. In: a file. Out: sheets; what cannot be read is told."""

from __future__ import annotations

from collections.abc import Iterator

from orggraph.errors import Problem, Problems
from orggraph.records.csv_rows import csv_sheets
from orggraph.records.files import SAVE_AS, InFile, format_of
from orggraph.records.json_lines import json_sheets
from orggraph.records.sheets import Sheet
from orggraph.records.unpacking import Unreadable
from orggraph.records.xlsx_rows import xlsx_sheets

READERS = {"jsonl": json_sheets, "xlsx": xlsx_sheets}


def sheets_of(file: InFile, problems: Problems) -> Iterator[Sheet]:
    """The sheets of a file, to be read one after the other."""
    format = format_of(file.path)
    if format is None:
        problems.add(Problem(file.shown, 0, "", "FORMAT", file.path.suffix, "is in no format that is read", SAVE_AS))
        return
    try:
        if format == "csv":
            yield from csv_sheets(file.path, file.shown, problems, file.encoding)
        else:
            yield from READERS[format](file.path, file.shown, problems)
    except Unreadable as found:
        problems.add(Problem(file.shown, found.line, "", found.code, "", found.message, found.mend))
