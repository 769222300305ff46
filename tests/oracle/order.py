"""What lists are ordered by. In: rows in their own order, an ``orderBy`` list, what a row has for each. Out: rows in order.

What has no value comes last in both directions; what is equal stays in the list's own order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from pypinyin import Style, pinyin

from orggraph.model.model import Field, Model
from orggraph.model.values import Value
from tests.oracle.spans import Span, partial
from tests.oracle.world import FieldValue

Row = TypeVar("Row")
Key = Any
"""What is compared: a number, a text, or a tuple of them; None: no value."""
By = Mapping[str, Any]
"""One entry of ``orderBy``: one name, and a direction or a further entry."""


def ordered(rows: Sequence[Row], order_by: Sequence[By], key: Callable[[Row, By], Key]) -> list[Row]:
    """By the first entry, then by the second, …"""
    found = list(rows)
    for by in reversed(order_by):
        keyed = [(key(row, by), row) for row in found]
        having = [one for one in keyed if one[0] is not None]
        having.sort(key=lambda one: one[0], reverse=_direction(by) == "DESC")
        found = [row for _, row in having] + [row for value, row in keyed if value is None]
    return found


def only(by: By) -> tuple[str, Any]:
    """The name of an entry, and its direction or what it has below."""
    ((name, below),) = by.items()
    return name, below


def _direction(by: By | str) -> str:
    return by if isinstance(by, str) else _direction(only(by)[1])


def of_field(model: Model, described: Field, value: FieldValue) -> Key:
    if value is None:
        return None
    match described.type:
        case Value.STRING:
            return of_text(str(value))
        case Value.DATE:
            return partial(str(value))
        case Value.TERM:
            return list(model.terms[str(described.terms)].terms).index(str(value))
        case _:
            return value


def of_span(span: Span, by: By) -> Key:
    """``{from: …}`` or ``{until: …}`` of an interval."""
    return (span.f0, span.f1) if only(by)[0] == "from" else (span.u0, span.u1)


def of_text(text: str) -> str:
    return "".join(map(_sorted_as, text))


@cache
def _sorted_as(character: str) -> str:
    """A Han character as its pinyin and itself; another as it is."""
    readings = pinyin(character, style=Style.TONE3, heteronym=False, neutral_tone_with_five=True, errors="ignore")
    return "".join(reading for (reading,) in readings) + character
