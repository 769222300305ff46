"""Equal steps through the calendar, and moments in UTC."""

from __future__ import annotations

from datetime import date
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orggraph.time.days import LAST, POS, iso
from orggraph.time.steps import parse_step, steps, utc
from tests.time.calendar_days import day

MOST = 60


@pytest.mark.parametrize(
    ("start", "until", "step", "found"),
    [
        ("2020-01-31", "2020-05-31", "P1M", ["2020-01-31", "2020-02-29", "2020-03-31", "2020-04-30"]),
        ("2019-01-30", "2019-04-01", "P1M", ["2019-01-30", "2019-02-28", "2019-03-30"]),
        ("2020-02-29", "2024-03-01", "P1Y", ["2020-02-29", "2021-02-28", "2022-02-28", "2023-02-28", "2024-02-29"]),
        ("2019-11-15", "2020-06-01", "P3M", ["2019-11-15", "2020-02-15", "2020-05-15"]),
        ("2020-02-27", "2020-03-02", "P1D", ["2020-02-27", "2020-02-28", "2020-02-29", "2020-03-01"]),
        ("2019-12-30", "2020-01-14", "P1W", ["2019-12-30", "2020-01-06", "2020-01-13"]),
        ("9999-11-30", "9999-12-31", "P1M", ["9999-11-30", "9999-12-30"]),
        ("2020-01-01", "2020-01-01", "P1D", []),
        ("2020-01-02", "2020-01-01", "P1D", []),
        ("2020-01-01", "2020-01-02", "P99999Y", ["2020-01-01"]),
    ],
)
def test_steps_go_from_their_start_to_before_their_end(start: str, until: str, step: str, found: list[str]) -> None:
    assert [iso(one) for one in steps(day(start), day(until), step)] == found


@pytest.mark.parametrize(
    "text", ["", "P0D", "P-1D", "1D", "P1", "PD", "P1H", "PT1M", "P1M1D", "P100000D", "p1d", "P1D ", "P１D"]
)
def test_what_is_no_step_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no step"):
        parse_step(text)


dates = st.one_of(st.sampled_from([date.min, date(2020, 2, 29), date(2019, 12, 31), date.max]), st.dates())
units = st.sampled_from("DWMY")


@given(dates, st.integers(1, 400), units)
def test_each_step_is_later_and_none_leaves_the_calendar(start: date, number: int, unit: str) -> None:
    found = list(islice(steps(start.toordinal(), POS, f"P{number}{unit}"), MOST))
    assert found[0] == start.toordinal()
    assert all(one < then < LAST for one, then in pairwise(found))


@given(dates, st.integers(1, 400), units, st.integers(0, 5000))
def test_an_earlier_end_only_cuts_the_steps(start: date, number: int, unit: str, length: int) -> None:
    first, step = start.toordinal(), f"P{number}{unit}"
    cut = list(islice(steps(first, first + length, step), MOST))
    whole = list(islice(steps(first, POS, step), MOST))
    assert cut == [one for one in whole if one < first + length]


@given(dates, st.integers(1, 30))
def test_months_keep_the_day_of_the_month_or_give_their_last(start: date, number: int) -> None:
    for n, one in enumerate(islice(steps(start.toordinal(), POS, f"P{number}M"), MOST)):
        found = date.fromordinal(one)
        assert (found.year - start.year) * 12 + found.month - start.month == n * number
        tomorrow_is_another_month = one + 1 == LAST or date.fromordinal(one + 1).month != found.month
        assert found.day == start.day or (found.day < start.day and tomorrow_is_another_month)


@given(dates, st.integers(1, 30))
def test_a_year_is_twelve_months_and_a_week_seven_days(start: date, number: int) -> None:
    first = start.toordinal()
    for longer, shorter in ((f"P{number}Y", f"P{12 * number}M"), (f"P{number}W", f"P{7 * number}D")):
        assert list(islice(steps(first, POS, longer), MOST)) == list(islice(steps(first, POS, shorter), MOST))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-03-31T12:00:00Z", "2020-03-31T12:00:00+00:00"),
        ("2020-03-31T07:30:00+08:00", "2020-03-30T23:30:00+00:00"),
        ("2020-02-29T23:59:59.5-01:00", "2020-03-01T00:59:59.500000+00:00"),
    ],
)
def test_a_moment_is_told_in_utc(text: str, moment: str) -> None:
    assert utc(text).isoformat() == moment


@pytest.mark.parametrize(
    "text", ["2020-03-31", "2020-03-31T12:00:00", "noon", "", "2020-02-30T00:00:00Z",
     "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"]
)  # fmt: skip
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"offset|no time|years"):
        utc(text)
