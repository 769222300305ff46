"""An answered question as CSV or a workbook. In: a ``Paged`` answer. Out: bytes, in pieces, by the writers of ``output/``.

Days become days of the calendar in a workbook; a month, a year or words of a term stay text. Beside the table a sheet ``#…`` says
what was asked, and of which load the answer is; loading passes such sheets over.
"""

from __future__ import annotations

from collections.abc import Iterator

from orggraph.output.csv_text import csv_pieces
from orggraph.output.sheet import DATES, Column, Holds, Sheet
from orggraph.output.workbook import workbook_pieces
from orggraph.questions.paged import Paged
from orggraph.questions.question import LANG, said
from orggraph.questions.words import heading_texts, worded_row

ABOUT = {"zh": ("#说明", "项目", "内容"), "en": ("#about", "what", "value")}
TOLD = {
    "zh": {"question": "问题", "answers": "说明", "load": "装载号", "rows": "行数"},
    "en": {"question": "question", "answers": "answers", "load": "load", "rows": "rows"},
}


def csv_of(paged: Paged, lang: str) -> Iterator[bytes]:
    """CSV with a byte order mark, as Excel wants it."""
    return csv_pieces(_table(paged, lang))


def xlsx_of(paged: Paged, lang: str) -> Iterator[bytes]:
    """A workbook: the table, and what was asked."""
    return workbook_pieces(_sheets(paged, lang))


def _sheets(paged: Paged, lang: str) -> Iterator[Sheet]:
    yield _table(paged, lang)
    yield _about(paged, lang)  # once the rows were taken, which it counts


def _table(paged: Paged, lang: str) -> Sheet:
    answered = paged.first
    columns = [
        Column(text, Holds.DAYS if heading.type in DATES else Holds.TEXT)
        for heading, text in zip(answered.headings, heading_texts(answered.headings, lang), strict=True)
    ]
    rows = (worded_row(row, answered.headings, lang) for row in paged.rows())
    return Sheet(answered.title(lang), columns, rows)


def _about(paged: Paged, lang: str) -> Sheet:
    answered = paged.first
    entry, words = answered.ready.question.entry, TOLD[lang]
    title, what, value = ABOUT[lang]
    rows: list[tuple[str, str | int | float | bool | None]] = [
        (words["question"], answered.title(lang)),
        (words["answers"], said(entry.answers, lang)),
        *((said(entry.parameters[name], lang), given) for name, given in answered.values.items() if name != LANG),
        *((said(entry.numbers[name], lang), number) for name, number in answered.numbers.items()),
        (words["rows"], paged.taken),
        (words["load"], answered.load),
    ]
    return Sheet(title, [Column(what), Column(value)], rows)
