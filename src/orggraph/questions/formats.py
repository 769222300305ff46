"""An answered question as text: JSON for machines, Markdown for a page, an aligned table in a terminal. ``spreadsheets.py`` writes
CSV and XLSX.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

from orggraph.questions.asking import Answered
from orggraph.questions.question import LANG, said
from orggraph.questions.words import Plain, heading_texts, worded_row


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    MARKDOWN = "markdown"


def as_json(answered: Answered) -> dict[str, Any]:
    """Values as the graph answers them, by the names of columns; both languages of all words."""
    entry = answered.ready.question.entry
    return {
        "question": answered.name,
        "title": {"zh": entry.title.zh, "en": entry.title.en},
        "parameters": {name: value for name, value in answered.values.items() if name != LANG},
        "load": answered.load,
        "columns": [{"name": c.name, "zh": c.zh, "en": c.en, "type": c.type} for c in answered.headings],
        "numbers": answered.numbers,
        "rows": [dict(zip((c.name for c in answered.headings), row, strict=True)) for row in answered.rows],
    }


def json_text(answered: Answered) -> str:
    return json.dumps(as_json(answered), ensure_ascii=False, indent=1) + "\n"


def table(answered: Answered, lang: str) -> tuple[list[str], list[list[Plain]]]:
    """Headings and rows in words."""
    rows = [worded_row(row, answered.headings, lang) for row in answered.rows]
    return heading_texts(answered.headings, lang), rows


def markdown(answered: Answered, lang: str) -> str:
    """A table in Markdown; what would end a cell or be taken for markup is escaped."""
    headings, rows = table(answered, lang)
    body = [[_escaped(cell) for cell in headings]]
    body.append(["---:" if one.numeric else "---" for one in answered.headings])
    body += [[_escaped(cell) for cell in row] for row in rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in body)


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
