"""The days that ``at``, ``during`` and ``ever`` mean, in fields and in filters. In: their arguments. Out: a plan's days."""

from __future__ import annotations

from collections.abc import Mapping

from orggraph.errors import OperationError
from orggraph.graphql.inputs import Dropped, Input, leaf
from orggraph.plan.scope import Day, Range, Value


def dates_of(word: str, given: Mapping[str, Input]) -> Day | Range | None:
    """The days of a scope; None: those around it."""

    def value(name: str, scalar: str) -> Value | None:
        found = given.get(name)
        return None if found is None or isinstance(found, Dropped) else leaf(found, scalar)

    match word:
        case "at":
            day = value("date", "Date")
            return None if day is None else Day(day)
        case "ever":
            return Range(None, None)
    within, start, until = value("in", "PartialDate"), value("from", "Date"), value("until", "Date")
    if within is None:
        return Range(start, until)
    if start is not None or until is not None:
        raise OperationError("say either in: or from: and until:", "BAD_VALUE")
    return Range(within, within, through=True)
