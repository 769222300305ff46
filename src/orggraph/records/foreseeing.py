"""About how many rows files have, by how long their first ones are. In: a load's files. Out: a number, for progress to go by.

Looked at are only the beginnings, so that it takes no time; None where there is no telling.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

from orggraph.records.files import InFile, format_of
from orggraph.records.unpacking import Unreadable, open_file, open_unpacked
from orggraph.records.xlsx_book import UNREADABLE

HEAD = 2**18
MOST_PARTS = 1_000
"""Parts of a workbook that are looked into: a hostile one may have millions."""
SHEETS = "xl/worksheets/"


def rows_about(files: Sequence[InFile]) -> int | None:
    """The rows of a load."""
    found = [_of_file(file.path) for file in files]
    known = [one for one in found if one is not None]
    return sum(known) if len(known) == len(found) else None


def _of_file(path: Path) -> int | None:
    try:
        if format_of(path) == "xlsx":
            return _of_workbook(path)
        with open_unpacked(path) as unpacked:
            head = unpacked.read(HEAD)
        return round(_unpacked_size(path) * head.count(b"\n") / max(len(head), 1))
    except (Unreadable, *UNREADABLE):
        return None  # which is told when it is read


def _unpacked_size(path: Path) -> int:
    """Bytes; those of a .gz are told by its last four, up to 4 GB."""
    with open_file(path) as file:
        size = os.fstat(file.fileno()).st_size
        if path.suffix.lower() != ".gz":
            return size
        file.seek(max(size - 4, 0))
        return int.from_bytes(file.read(4), "little")


def _of_workbook(path: Path) -> int:
    rows = 0.0
    with open_file(path) as file, zipfile.ZipFile(file) as book:
        for sheet in book.infolist()[:MOST_PARTS]:
            if sheet.filename.startswith(SHEETS) and sheet.filename.endswith(".xml"):
                with book.open(sheet) as part:
                    head = part.read(HEAD)
                rows += sheet.file_size * head.count(b"<row") / max(len(head), 1)
    return round(rows)
