"""Days as numbers: 0001-01-01 is 1, as ``datetime.date.toordinal`` counts; two sentinels stand for the infinities."""

from __future__ import annotations

from datetime import date

NEG, POS = -8388608, 8388607
"""Before and after all days; 24 bits, so that a store spends three bytes. Never shown outside."""
LAST = date.max.toordinal() + 1
"""The greatest number that stands for a day: an end on 9999-12-31 is the first day no longer after it."""


def iso(day: int) -> str | None:
    """A day number as ``2020-03-31``; None for the infinities and what lies beyond the calendar."""
    return date.fromordinal(day).isoformat() if 0 < day < LAST else None
