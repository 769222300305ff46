"""Workbooks for tests, made by a library that is none of ours."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # it comes without types

Cell = str | int | float | bool | date | None | tuple[str, str]
"""A date gets the format of days; a tuple is a formula and its value, or an error (``=NA()``, ``#N/A``)."""
Sheets = Mapping[str, Sequence[Sequence[Cell]]]
SMALL: Sheets = {
    "来源": [["key", "名称", "nature", "date"], ["reg", "名册", "登记册", date(2020, 3, 31)]],
    "人员": [["键", "姓名"], ["p1", "王芳"], ["p2", "李𠮷"]],
    "office": [["key", "name", "staff", "成立", "开放"], ["o1", "水务局", 30, 1990, True], ["o2", "林草局", None, "2001-05", "no"]],
    "Chief": [
        ["key", "person", "office", "rank", "from", "until", "source", "para"],
        ["c1", "p1", "o1", "高", date(2015, 3, 2), 2018, "reg", 3],
        ["c2", "p2", "o1", "lower", 2019, None, "reg", None],
    ],
}  # fmt: skip


def book(path: Path, sheets: Sheets, more: Callable[[Any, dict[str, Any]], None] = lambda _book, _sheets: None) -> Path:
    """A workbook with these sheets; ``more`` adds to it what is not said by cells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = xlsxwriter.Workbook(str(path))
    days = made.add_format({"num_format": "yyyy-mm-dd"})
    written = {}
    for title, rows in sheets.items():
        written[title] = sheet = made.add_worksheet(title)
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                _write(sheet, line, place, cell, days)
    more(made, written)
    made.close()
    return path


def _write(sheet: Any, line: int, place: int, cell: Cell, days: Any) -> None:
    match cell:
        case None:
            pass
        case tuple():
            sheet.write_formula(line, place, cell[0], None, cell[1])
        case bool():
            sheet.write_boolean(line, place, cell)
        case date():
            sheet.write_datetime(line, place, datetime.combine(cell, time()), days)
        case int() | float():
            sheet.write_number(line, place, cell)
        case _:
            sheet.write_string(line, place, cell)


def rewritten(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """The workbook with one of its parts changed."""
    with zipfile.ZipFile(path) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def replaced(path: Path, part: str, pattern: str, by: str) -> Path:
    """The same, by a regular expression that must be found."""
    assert re.search(pattern, zipfile.ZipFile(path).read(part).decode()), pattern
    return rewritten(path, part, lambda text: re.sub(pattern, by, text, count=1))
