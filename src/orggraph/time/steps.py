"""Days by equal steps, and moments. In: day numbers and an ISO 8601 duration or time. Out: day numbers, UTC times."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count

from orggraph.time.days import LAST

STEP = re.compile(r"P([1-9][0-9]{0,4})([DWMY])")


def parse_step(text: str) -> tuple[int, str]:
    """``P1M`` → (1, "M"); days, weeks, months or years. Raises ValueError."""
    found = STEP.fullmatch(text)
    if found is None:
        raise ValueError(f"{text} is no step; write P1D, P2W, P1M or P1Y")
    return int(found[1]), found[2]


def steps(start: int, until: int, step: str) -> Iterator[int]:
    """Day numbers from ``start`` to before ``until``; a month that is too short gives its last day."""
    number, unit = parse_step(step)
    for n in count():
        day = _moved(start, n * number, unit)
        if day is None or day >= until:
            return
        yield day


def _moved(start: int, number: int, unit: str) -> int | None:
    """A day some units later; None beyond the year 9999."""
    if unit in "DW":
        day = start + number * (7 if unit == "W" else 1)
        return day if day < LAST else None
    first = date.fromordinal(start)
    months = first.month - 1 + number * (12 if unit == "Y" else 1)
    year, month = first.year + months // 12, months % 12 + 1
    if year > 9999:
        return None
    return date(year, month, min(first.day, calendar.monthrange(year, month)[1])).toordinal()


def utc(text: str) -> datetime:
    """An ISO 8601 time with its offset, in UTC. Raises ValueError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text} is no time; write 2020-03-31T12:00:00Z") from None
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no offset from UTC; write 2020-03-31T12:00:00Z or +08:00")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text} lies outside of the years 1 to 9999 in UTC") from None
