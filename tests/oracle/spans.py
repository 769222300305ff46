"""Date cells → four day numbers. In: cells as written and the source's date. Out: a ``Span``.

The rules are "Files in" of the API and sections 1 and 9.1 of the semantics. Days are proleptic ordinals; -∞ and +∞
are the floating-point infinities, so that no sentinel can be mistaken for a day.
"""

from __future__ import annotations

import calendar
import datetime
import math
from dataclasses import dataclass, replace
from itertools import pairwise

Day = float
"""A whole number of days since the year 0, or an infinity."""
ALWAYS, NEVER = -math.inf, math.inf


class RowError(ValueError):
    """A row that no load accepts."""


@dataclass(frozen=True)
class Span:
    """Start in [f0, f1], end (first day no longer) in [u0, u1]."""

    f0: Day
    f1: Day
    u0: Day
    u1: Day

    def tightened(self) -> Span:
        """Without the days that start < end rules out."""
        return Span(self.f0, min(self.f1, self.u1 - 1), max(self.u0, self.f0 + 1), self.u1)

    def checked(self) -> Span:
        """Tightened; RowError if no start before no end is left."""
        tight = self.tightened()
        if tight.f0 > tight.f1 or tight.u0 > tight.u1:
            raise RowError(f"{self} is empty")
        return tight


@dataclass(frozen=True)
class Cells:
    """The date cells of a row as written; an empty text is a blank."""

    since: str = ""
    until: str = ""
    through: str = ""
    attested: str = ""


@dataclass(frozen=True)
class SourceDate:
    """What blanks depend on: a source's nature, and the first and last day of its date."""

    register: bool
    first: Day
    last: Day


def partial(text: str) -> tuple[int, int]:
    """First and last day of a partial date: ``2020-02`` → the ordinals of 2020-02-01 and 2020-02-29."""
    year, month, day = ([int(part) for part in text.split("-")] + [0, 0])[:3]
    first = datetime.date(year, month or 1, day or 1)
    last_month = month or 12
    last = datetime.date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    return first.toordinal(), last.toordinal()


def iso(day: Day) -> str | None:
    """A day as ISO text, an infinity as None."""
    return None if math.isinf(day) else datetime.date.fromordinal(int(day)).isoformat()


PRECISION = {4: "YEAR", 7: "MONTH", 10: "DAY"}


def precision(first: Day, last: Day, cell: str) -> str:
    """How exactly the end of an interval is known: as its cell is written; where it says no date, as its numbers are."""
    if cell not in ("", "?", "open"):
        return PRECISION[len(cell)]
    if first == last:
        return "OPEN" if math.isinf(first) else "DAY"
    if cell == "?" or math.isinf(first) or math.isinf(last):
        return "UNKNOWN"
    day = str(iso(first))
    spans = {PRECISION[length]: partial(day[:length]) for length in (4, 7)}
    return next((name for name, days in spans.items() if days == (first, last)), "BETWEEN")


def dated_source(source: SourceDate | None) -> SourceDate:
    """The source that decides about a blank; RowError if it bears no date."""
    if source is None:
        raise RowError("a blank date needs a dated source")
    return source


def record_span(cells: Cells, source: SourceDate | None) -> Span:
    """The span of a record's row; ``source`` is its first source, None if that bears no date."""
    f0, f1 = partial(cells.since) if cells.since else (ALWAYS, NEVER)
    u0, u1 = _end(cells, source)
    seen = _attested(cells, source, f0)
    if seen:
        f1, u0 = min(f1, seen[1]), max(u0, seen[0] + 1)
    return Span(f0, f1, u0, u1).checked()


def _end(cells: Cells, source: SourceDate | None) -> tuple[Day, Day]:
    if cells.through:
        first, last = partial(cells.through)
        return first + 1, last + 1
    match cells.until:
        case "open":
            return NEVER, NEVER
        case "?":
            return ALWAYS, dated_source(source).last
        case "":
            return (NEVER if dated_source(source).register else ALWAYS), NEVER
        case written:
            return partial(written)


def _attested(cells: Cells, source: SourceDate | None, f0: Day) -> tuple[Day, Day] | None:
    """First and last day of what the row is attested on, if on anything.

    "From is not later" is read as: the source's date does not lie wholly before the earliest start.
    """
    if cells.attested:
        return partial(cells.attested)
    if not cells.through and cells.until in ("", "open") and source and f0 <= source.last:
        return source.first, source.last
    if not cells.since:
        dated_source(source)
    return None


def state_spans(rows: list[tuple[Cells, SourceDate | None]]) -> tuple[list[Span], list[bool]]:
    """The spans of an entity's states, rows in order of start, and after which of them there is a gap.

    Where one state's ``until`` and the next ``from`` may be one day they are one day, in the numbers of both.
    """
    last = len(rows) - 1
    spans = [_state_alone(cells, source, i == last) for i, (cells, source) in enumerate(rows)]
    gaps = [this.u1 < then.f0 for this, then in pairwise(spans)]
    return _propagated(spans, gaps), gaps


def _state_alone(cells: Cells, source: SourceDate | None, last: bool) -> Span:
    """The span that a state's row says by itself: before another state, a blank ``until`` may be any day."""
    f0, f1 = partial(cells.since) if cells.since else (ALWAYS, ALWAYS)
    if cells.until or cells.through:
        u0, u1 = _end(cells, source)
    else:
        u0, u1 = (NEVER if last else ALWAYS), NEVER
    if cells.attested:
        first, day = partial(cells.attested)
        f1, u0 = min(f1, day), max(u0, first + 1)
    return Span(f0, f1, u0, u1)


def _propagated(spans: list[Span], gaps: list[bool]) -> list[Span]:
    """Tightened, every shared day kept the same in both its states; RowError if nothing is left of one."""
    while True:
        tight = [span.checked() for span in spans]
        for i, gap in enumerate(gaps):
            if not gap:
                this, then = tight[i], tight[i + 1]
                earliest, latest = max(this.u0, then.f0), min(this.u1, then.f1)
                tight[i : i + 2] = replace(this, u0=earliest, u1=latest), replace(then, f0=earliest, f1=latest)
        if tight == spans:
            return tight
        spans = tight
