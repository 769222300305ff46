"""Partial dates: a day, a month or a year. In: text. Out: the first and the last day that it may mean."""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import lru_cache

_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@lru_cache(65536)
def parse_partial(text: str) -> tuple[int, int]:
    """``2020-02`` → the day numbers of 2020-02-01 and 2020-02-29; raises ValueError if it is no date."""
    match = _PARTIAL.fullmatch(text)
    if not match:
        raise ValueError(f"{text} is no date; write 2020-03-31, 2020-03 or 2020")
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        assert year is not None
        first = date(year, 1 if month is None else month, 1 if day is None else day)
        last = first if day else date(year, month or 12, calendar.monthrange(year, month or 12)[1])
    except ValueError:
        raise ValueError(f"{text} is no date: the calendar has none such") from None
    return first.toordinal(), last.toordinal()
