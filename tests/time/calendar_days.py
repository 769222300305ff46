"""Days and partial dates for tests, drawn or written. Edges of the calendar are drawn often: they are where sums go wrong."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from orggraph.time.partial import parse_partial
from orggraph.time.span import Dated

REGISTER = Dated(True, *parse_partial("2020-03-31"))
DOCUMENT = Dated(False, *parse_partial("2020-03"))
FIRST, LAST_DAY = 1, date.max.toordinal()

edges = st.sampled_from(
    ["0001-01-01", "0001-12-31", "0987-03-05", "2020-02-29", "2019-02-28", "9999-12-01", "9999-12-31"]
)
days = st.one_of(edges, st.dates().map(date.isoformat))
partials = st.builds(lambda text, length: text[:length], days, st.sampled_from([4, 7, 10]))


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()
