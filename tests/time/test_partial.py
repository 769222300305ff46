"""A day, a month or a year, written: what it may mean, and what is none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orggraph.time.days import LAST, NEG, POS, iso
from orggraph.time.partial import parse_partial
from tests.time.calendar_days import FIRST, LAST_DAY, days, partials


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020-03-31", "2020-03-31", "2020-03-31"),
        ("2020-03", "2020-03-01", "2020-03-31"),
        ("2020", "2020-01-01", "2020-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2019-02", "2019-02-01", "2019-02-28"),
        ("1900-02", "1900-02-01", "1900-02-28"),
        ("2000-02", "2000-02-01", "2000-02-29"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("0987-12", "0987-12-01", "0987-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_a_partial_date_means_its_days(text: str, first: str, last: str) -> None:
    assert tuple(map(iso, parse_partial(text))) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", " 2020", "2020 ", "2020\n", "20", "202", "20200", "2020-3", "2020-3-01", "2020-03-1", "2020-13", "2020-00", "2020-03-00",
     "2020-02-30", "2019-02-29", "1900-02-29", "2020-04-31", "0000", "0000-01-01", "-2020", "2020/03/31", "2020.03", "20200331",
     "2020-03-31T00:00:00", "2020-W13", "2020-", "2020-03-", "２０２０", "٢٠٢٠", "2020年", "open", "?"],
)  # fmt: skip
def test_what_is_no_date_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="is no date"):
        parse_partial(text)


@given(partials)
def test_a_partial_date_is_all_the_days_that_begin_as_it_is_written_and_no_other(text: str) -> None:
    first, last = parse_partial(text)
    assert FIRST <= first <= last <= LAST_DAY
    assert {str(iso(edge))[: len(text)] for edge in (first, last)} == {text}
    assert not any(str(iso(beyond)).startswith(text) for beyond in (first - 1, last + 1))


@given(days)
def test_a_day_comes_back_as_it_was_written(text: str) -> None:
    first, last = parse_partial(text)
    assert first == last
    assert iso(first) == text


@given(partials, partials)
def test_the_order_of_what_is_written_is_the_order_of_days(one: str, other: str) -> None:
    """A shorter date that begins alike comes first by its first day, and last by its last day."""
    one, other = sorted((one, other))
    assert parse_partial(one)[0] <= parse_partial(other)[0]
    before, after = sorted((one, other), key=lambda text: text + "~")
    assert parse_partial(before)[1] <= parse_partial(after)[1]


@given(partials, partials)
def test_of_two_partial_dates_one_is_within_the_other_or_they_share_no_day(one: str, other: str) -> None:
    (a, b), (c, d) = parse_partial(one), parse_partial(other)
    within = one.startswith(other) or other.startswith(one)
    assert within == (a <= d and c <= b)


@given(st.text(alphabet="0123456789-", max_size=11))
def test_only_what_is_written_like_a_date_is_one(text: str) -> None:
    try:
        first, last = parse_partial(text)
    except ValueError:
        return
    assert text == (iso(first) or "")[: len(text)]
    assert len(text) in (4, 7, 10)
    assert FIRST <= first <= last <= LAST_DAY


def test_infinities_and_what_is_beyond_the_calendar_have_no_text() -> None:
    assert [iso(number) for number in (NEG, 0, LAST, POS)] == [None] * 4
    assert (iso(1), iso(LAST - 1)) == (date.min.isoformat(), date.max.isoformat())
