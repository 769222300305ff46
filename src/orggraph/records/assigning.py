"""Rows without a key get one, written into their files. In: files, the model, which keys are taken. Out: files with keys.

Nothing else in a file changes. All files are read before any is written, and each is put in its place as a whole: if one
cannot be read, all stay as they are. A row is taken for a thing of its own: rows that are states of one entity need its
key from whoever wrote them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NoReturn

from orggraph.errors import LoadError, Problem, Problems
from orggraph.model.columns import SAYS_TABLE, folded
from orggraph.model.model import Model
from orggraph.model.values import TRUE_WORDS
from orggraph.records.columns import column_names
from orggraph.records.files import InFile, Table, format_of, loads, table_names
from orggraph.records.formats import sheets_of
from orggraph.records.keys_in_csv import write_csv
from orggraph.records.keys_in_json import write_json
from orggraph.records.keys_in_xlsx import write_xlsx
from orggraph.records.naming import Namer
from orggraph.records.reading import read_rows
from orggraph.records.sheets import Header, Lines, NewKeys, Sheet
from orggraph.records.unpacking import Unreadable

WRITERS = {"jsonl": write_json, "xlsx": write_xlsx}


@dataclass(frozen=True)
class Assigned:
    """How many rows of a file got a key."""

    file: str
    rows: int


@dataclass
class Found:
    """What a file has: keys, and rows without one, each by its sheet and line with its table and name."""

    file: InFile
    keys: set[str] = field(default_factory=set)
    without: list[tuple[str, int, Table, str]] = field(default_factory=list)
    columns: dict[str, NewKeys] = field(default_factory=dict)


def assign_keys(
    model: Model, paths: Sequence[Path], taken: Callable[[str], bool], encoding: str | None = None
) -> list[Assigned]:
    """Gives keys to the rows of files that have none; raises LoadError, with nothing written, if a file cannot be read.
    ``encoding``: of CSV, as in ``loads``; one in which they can be written back."""
    problems = Problems()
    found = [_find(model, file, problems) for group in loads(paths, encoding) for file in group]
    problems.add_all(_packed(one) for one in found if one.without and one.file.path.suffix.lower() == ".gz")
    if problems:
        raise LoadError(_all_problems(model, found, problems))
    namer = Namer({key for one in found for key in one.keys}, taken)
    for one in found:
        for sheet, line, table, name in sorted(one.without, key=lambda row: row[:2]):
            one.columns[sheet].keys[line] = namer.key(table, name)
    try:
        _write([one for one in found if one.without])
    except OSError as error:
        message, mend = f"cannot be written: {error.strerror}", "look at permissions and space"
        problem = Problem(
            ", ".join(one.file.shown for one in found if one.without), 0, "", "NOT_WRITTEN", "", message, mend
        )
        raise LoadError([problem]) from None
    return [Assigned(one.file.shown, len(one.without)) for one in found if one.without]


def _find(model: Model, file: InFile, problems: Problems) -> Found:
    found = Found(file)
    for sheet in sheets_of(file, problems):
        _Finder(model, sheet, found, problems).find()
    return found


class _Finder:
    """Looks for keys, and rows without one, in a sheet."""

    def __init__(self, model: Model, sheet: Sheet, found: Found, problems: Problems) -> None:
        self.sheet, self.found, self.problems = sheet, found, problems
        self.tables = table_names(model)
        self.any_table = next(iter(self.tables.values()))
        self.titled = next((self.tables[folded(one)] for one in sheet.titles if folded(one) in self.tables), None)
        self.places: dict[str, dict[str, int]] = {}

    def find(self) -> None:
        for part in self.sheet.parts:
            if isinstance(part, Header):
                self.header, self.places = part, {}
                self.says = next((i for i, cell in enumerate(part.cells) if folded(cell.strip()) in SAYS_TABLE), None)
                self.key = self.place(self.titled or self.any_table, "key")
                word = "键" if any(one >= "一" for cell in part.cells for one in cell) else "key"
                self.new = NewKeys(self.key, part.line, len(part.cells), word)
                self.found.columns.setdefault(self.sheet.shown, self.new)
            else:
                for index in range(len(part.numbers)):
                    self.look(part, index)

    def place(self, table: Table, name: str) -> int | None:
        """Where a column is; keys are called alike in all tables."""
        if table.name not in self.places:
            known = column_names(table)
            words = [known.get(folded(cell.strip()), "") for cell in self.header.cells]
            self.places[table.name] = {word: i for i, word in reversed(list(enumerate(words)))}
        return self.places[table.name].get(name)

    def look(self, lines: Lines, index: int) -> None:
        cells, width, line = lines.cells[index], len(self.header.cells), lines.numbers[index]
        odd = lines.odd.get(index, {})
        if len(cells) < width or any(cell.strip() for cell in cells[width:]) or any(place >= width for place in odd):
            message = f"has {len(cells)} cells; the header has {width}"
            mend = "look for a comma or a quote too many or too few"
            self.problems.add(Problem(self.sheet.shown, line, "", "RAGGED", "", message, mend))
            return
        key = cells[self.key].strip() if self.key is not None else ""
        if key:
            self.found.keys.add(key)
        elif self.key not in odd:
            self.without(line, cells)

    def without(self, line: int, cells: Sequence[str]) -> None:
        said = cells[self.says].strip() if self.says is not None else ""
        table = self.tables.get(folded(said)) if said else self.titled
        if table is None:
            return  # which the load refuses
        withdrawn, name = self.place(table, "withdrawn"), self.place(table, "name")
        if withdrawn is not None and cells[withdrawn].strip().casefold() in TRUE_WORDS:
            return  # which the load refuses too: what withdraws must say which
        self.found.without.append((self.sheet.shown, line, table, cells[name].strip() if name is not None else ""))


def _packed(one: Found) -> Problem:
    line = min(row[1] for row in one.without)
    return Problem(one.file.shown, line, "key", "PACKED", "", "has no key, and the file is packed", "unpack it first")


def _all_problems(model: Model, found: Sequence[Found], problems: Problems) -> Problems:
    """With what else is wrong in the files, but for keys that are only missing."""
    others = Problems()
    for one in found:
        for sources in (True, False):
            for _ in read_rows(model, one.file, others, sources):
                pass
    problems.add_all(one for one in others.kept if one.code != "NO_KEY" and (one.code != "KEY" or one.value))
    return problems


def _write(found: Sequence[Found]) -> None:
    """Each file anew beside the old one, then all in their places."""
    new: list[tuple[Path, Path]] = []
    try:
        for one in found:
            path = one.file.path.resolve()  # a link stays a link
            handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
            new.append((Path(name), path))
            with os.fdopen(handle, "w+b") as out:
                _write_one(one, path, out)
            shutil.copymode(path, name)
        for one in found:
            if one.file.now() != one.file:
                _refuse(
                    one, "CHANGED_WHILE_READ", "has changed while it was read", "load again when nobody writes there"
                )
        for made, path in new:
            os.replace(made, path)
    finally:
        for made, _ in new:
            made.unlink(missing_ok=True)


def _write_one(one: Found, path: Path, out: BinaryIO) -> None:
    try:
        format = format_of(path) or ""
        if format == "csv":
            write_csv(path, out, one.file.shown, one.columns, one.file.encoding)
        else:
            WRITERS[format](path, out, one.file.shown, one.columns)
        out.flush()
        os.fsync(out.fileno())
    except Unreadable as error:
        _refuse(one, error.code, error.message, error.mend)


def _refuse(one: Found, code: str, message: str, mend: str) -> NoReturn:
    raise LoadError([Problem(one.file.shown, 0, "", code, "", message, mend)])
