"""An answered question as text, by pages: JSON for machines, Markdown for a page, an aligned table in a terminal. ``spreadsheets.py``
writes CSV and XLSX.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from typing import Any

from orggraph.questions.asking import Answered
from orggraph.questions.layout import Value
from orggraph.questions.paged import Paged
from orggraph.questions.question import LANG, said
from orggraph.questions.words import Plain, heading_texts, worded_row

BATCH = 1_000


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    MARKDOWN = "markdown"


def json_pieces(paged: Paged) -> Iterator[bytes]:
    """Values as the graph answers them, by the names of columns; both languages of all words."""
    head = json.dumps(_about(paged.first), ensure_ascii=False, indent=1)
    yield head.removesuffix("\n}").encode() + b',\n "rows": ['
    names = [heading.name for heading in paged.first.headings]
    before = "\n  "
    for batch in _batches(paged):
        rows = (json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, indent=1) for row in batch)
        yield (before + ",\n  ".join(row.replace("\n", "\n  ") for row in rows)).encode()
        before = ",\n  "
    yield b"\n ]\n}\n" if paged.taken else b"]\n}\n"


def _about(answered: Answered) -> dict[str, Any]:
    entry = answered.ready.question.entry
    return {
        "question": answered.name,
        "title": {"zh": entry.title.zh, "en": entry.title.en},
        "parameters": {name: value for name, value in answered.values.items() if name != LANG},
        "load": answered.load,
        "columns": [{"name": c.name, "zh": c.zh, "en": c.en, "type": c.type} for c in answered.headings],
        "numbers": answered.numbers,
    }


def table(answered: Answered, lang: str) -> tuple[list[str], list[list[Plain]]]:
    """Headings and rows in words."""
    rows = [worded_row(row, answered.headings, lang) for row in answered.rows]
    return heading_texts(answered.headings, lang), rows


def markdown_pieces(paged: Paged, lang: str) -> Iterator[bytes]:
    """A table in Markdown; what would end a cell or be taken for markup is escaped."""
    headings = paged.first.headings
    yield _line([_escaped(cell) for cell in heading_texts(headings, lang)])
    yield _line(["---:" if one.numeric else "---" for one in headings])
    for batch in _batches(paged):
        yield b"".join(_line([_escaped(cell) for cell in worded_row(row, headings, lang)]) for row in batch)


def markdown(answered: Answered, lang: str) -> str:
    """A small one as a whole."""
    return b"".join(markdown_pieces(Paged(answered), lang)).decode()


def _line(cells: list[str]) -> bytes:
    return f"| {' | '.join(cells)} |\n".encode()


def _batches(paged: Paged) -> Iterator[list[list[Value]]]:
    rows = paged.rows()
    while batch := list(islice(rows, BATCH)):
        yield batch


def numbers_told(answered: Answered, lang: str) -> list[str]:
    """``确定的人数 445``, a line each."""
    entries = answered.ready.question.entry.numbers
    return [f"{said(entries[name], lang)} {shown(value)}" for name, value in answered.numbers.items()]


def shown(value: Plain) -> str:
    """A number with its thousands; a blank where there is none."""
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value or "")


def _escaped(cell: Plain) -> str:
    if cell is None:
        return ""
    text = " ".join(str(cell).split("\n"))
    for mark in ("\\", "|", "`", "*", "_", "<", "[", "&"):
        text = text.replace(mark, f"\\{mark}" if mark not in "<&" else {"<": "&lt;", "&": "&amp;"}[mark])
    return text
