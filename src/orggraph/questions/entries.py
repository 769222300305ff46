"""What a question's ``question.yaml`` may say: frozen structs, decoded strictly by msgspec.

In: plain YAML values. Out: entries; ``reading.py`` finds them, ``checking.py`` judges them against a store's schema. The format
is explained with an example in CONTRIBUTING.md ("A question").
"""

from __future__ import annotations

import msgspec

from orggraph.model.entries import Entry, Label


class ParameterEntry(Entry, frozen=True):
    """A variable of the document that who asks may set. Its type is said by the document, and there alone. ``unless``: the
    parameter in whose place it stands: where that is given, its own default is not taken."""

    zh: str
    en: str
    default: str | int | bool | None = None
    unless: str = ""


class ColumnEntry(Entry, frozen=True):
    """``path``: where its values stand in the answer, as many of the last names as tell it apart; the column's own name,
    unless it is said. Several paths of certainty: a row is as certain as the least of them."""

    zh: str
    en: str
    path: str | tuple[str, ...] = ""


class NumberEntry(Entry, frozen=True):
    """One number of the whole answer: a value, or how many items a list has. ``per``: the number that it is divided by;
    ``times``: what the quotient is multiplied by (100: per cent)."""

    zh: str
    en: str
    path: str
    per: str = ""
    times: int = 1


class CurveEntry(Entry, frozen=True):
    """Columns: the day of a row, and the numbers that are drawn over it."""

    x: str
    y: tuple[str, ...]


class FiguresEntry(Entry, frozen=True):
    """Columns of a question whose rows are published figures: the value, how it compares (``exact``, ``over``,
    ``atLeast``), and which number of which question counts it (``QUESTION/NUMBER``; blank: none does)."""

    value: str
    comparison: str
    counted: str


class QuestionEntry(Entry, frozen=True):
    """``rows``: the list of which each item is a row, or several; unless it is said, the innermost that columns pass. ``pages``:
    variables that lists take as ``after:``, each with the path of that list's ``pageInfo``: all pages are asked for."""

    title: Label
    answers: Label
    columns: dict[str, ColumnEntry]
    parameters: dict[str, ParameterEntry] = msgspec.field(default_factory=dict)
    rows: str | tuple[str, ...] = ()
    numbers: dict[str, NumberEntry] = msgspec.field(default_factory=dict)
    pages: dict[str, str] = msgspec.field(default_factory=dict)
    curve: CurveEntry | None = None
    figures: FiguresEntry | None = None


__all__ = [
    "ColumnEntry",
    "CurveEntry",
    "FiguresEntry",
    "Label",
    "NumberEntry",
    "ParameterEntry",
    "QuestionEntry",
]
