"""Published figures beside what the graph counts. In: an answered question whose rows are figures, the answers of the questions that
count them. Out: the same rows with what is counted, and whether the figure is met.

Each figure names the number that counts it, ``QUESTION/NUMBER``. One that names none is not counted by the graph, and says so. One
that names what is not there is told as not met: nothing passes unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from orggraph.questions.asking import Answered, Number
from orggraph.questions.layout import Value
from orggraph.questions.words import Heading

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "exact": lambda counted, value: counted == value,
    "over": lambda counted, value: counted > value,
    "atLeast": lambda counted, value: counted >= value,
}
ADDED = (Heading("countedValue", "图中计数", "counted", "Float"), Heading("met", "是否相符", "met", "Met"))
MET, UNMET, UNCOUNTED = "MET", "UNMET", "UNCOUNTED"


def counting(answered: Answered) -> list[str]:
    """The questions that count the figures."""
    return list(
        dict.fromkeys(_question(row[_place(answered, "counted")]) for row in answered.rows if _counted(answered, row))
    )


def beside(answered: Answered, counted: Mapping[str, Answered]) -> Answered:
    """Every figure with two columns more."""
    rows = []
    unmet = 0
    for row in answered.rows:
        number, met = _judged(answered, row, counted)
        unmet += met == UNMET
        rows.append([*row, number, met])
    return replace(answered, rows=rows, headings=(*answered.headings, *ADDED), unmet=unmet)


def _judged(answered: Answered, row: list[Value], counted: Mapping[str, Answered]) -> tuple[Number, str]:
    if not _counted(answered, row):
        return None, UNCOUNTED
    name = str(row[_place(answered, "counted")])
    by = counted.get(_question(name))
    number = by.numbers.get(name.partition("/")[2]) if by else None
    value, comparison = row[_place(answered, "value")], row[_place(answered, "comparison")]
    compare = COMPARISONS.get(str(comparison))
    if number is None or compare is None or not isinstance(value, int | float):
        return number, UNMET
    return number, MET if compare(number, value) else UNMET


def _counted(answered: Answered, row: list[Value]) -> bool:
    return bool(row[_place(answered, "counted")])


def _question(name: Value) -> str:
    return str(name).partition("/")[0]


def _place(answered: Answered, role: str) -> int:
    """Where the column of a role stands."""
    figures = answered.ready.question.entry.figures
    return answered.ready.layout.names.index(getattr(figures, role))
