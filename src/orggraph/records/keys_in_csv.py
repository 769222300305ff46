"""A CSV file with keys written into it. In: the file, keys by line. Out: the same bytes, but for the cells of these keys."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from orggraph.records.csv_rows import LONGEST_CELL, delimiter
from orggraph.records.encoding import encoding_of
from orggraph.records.sheets import NewKeys
from orggraph.records.unpacking import bounded_lines, open_file

MARKED = ("utf-8-sig", "utf-16")
"""Codecs that take a mark off."""
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
WRITTEN_BACK = frozenset({*MARKED, "gb18030"})
"""Codecs in which all of a text comes out as the bytes that it was."""


def write_csv(path: Path, out: BinaryIO, shown: str, columns: Mapping[str, NewKeys], said: str | None = None) -> None:
    """Writes the file with its keys, in its own encoding, or that which is said."""
    encoding, new = encoding_of(path, said), columns[shown]
    csv.field_size_limit(LONGEST_CELL)
    with open_file(path) as file, io.TextIOWrapper(file, encoding, newline="") as text:
        head = file.peek(3)[:3]
        mark = next((one for one in MARKS if encoding in MARKED and head.startswith(one)), b"")
        plain = MARKS.get(mark, "utf-8" if encoding == "utf-8-sig" else encoding)
        out.write(mark)
        for line in _with_keys(text, new):
            out.write(line.encode(plain))


def _with_keys(text: io.TextIOWrapper, new: NewKeys) -> Iterator[str]:
    """The text of each row, with its line end."""
    raw: list[str] = []  # of the row that is being read

    def lines() -> Iterator[str]:
        for one in chain([first], given):
            raw.append(one)
            yield one

    given = bounded_lines(text)
    first = next(given, "")
    mark = delimiter(first)
    place = new.width if new.place is None else new.place
    reader = csv.reader(lines(), delimiter=mark, strict=True)
    line = 1
    for cells in reader:
        row = "".join(raw)
        raw.clear()
        if line in new.keys:
            row = with_cell(row, mark, place, new.keys[line])
        elif new.place is None and any(cells):
            row = with_cell(row, mark, place, new.word if line == new.header else "")
        yield row
        line = reader.line_num + 1


def with_cell(row: str, mark: str, place: int, text: str) -> str:
    """A row with another cell at a place; one behind the last is added."""
    body = row.rstrip("\r\n")
    start = 0
    for _ in range(place):
        end = _end(body, mark, start)
        if end == len(body):
            return f"{body}{mark}{text}{row[len(body) :]}"
        start = end + 1
    return f"{body[:start]}{text}{body[_end(body, mark, start) :]}{row[len(body) :]}"


def _end(body: str, mark: str, start: int) -> int:
    """Where the cell ends that starts there."""
    place = start
    if body.startswith('"', start):
        place = body.index('"', start + 1)
        while body.startswith('""', place):
            place = body.index('"', place + 2)
    found = body.find(mark, place)
    return len(body) if found < 0 else found
