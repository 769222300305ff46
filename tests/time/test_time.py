"""Dates that are not fully known: the notation row by row, and laws that hold for all of them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orggraph.time.days import NEG, POS
from orggraph.time.partial import parse_partial
from orggraph.time.span import Cells, Dated, DateError, Span, record_span, tighten
from orggraph.time.states import place_states
from orggraph.time.text import valid_end, valid_text

REGISTER = Dated(True, *parse_partial("2020-03-31"))
DOCUMENT = Dated(False, *parse_partial("2020-03"))


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


# fmt: off
NOTATION = [
    (Cells("2019-03-05", "2019-03-06"), REGISTER, ("2019-03-05", "2019-03-05", "2019-03-06", "2019-03-06"),
     "2019年3月5日", "5 March 2019"),
    (Cells("2019-03", "open"), REGISTER, ("2019-03-01", "2019-03-31", None, None), "2019年3月起", "since March 2019"),
    (Cells("2018", "", "2019"), DOCUMENT, ("2018-01-01", "2018-12-31", "2019-01-02", "2020-01-01"), "2018年至2019年", "2018 to 2019"),
    (Cells("2018", "2019"), DOCUMENT, ("2018-01-01", "2018-12-31", "2019-01-01", "2019-12-31"), "2018年至2019年", "2018 to 2019"),
    (Cells("2018"), REGISTER, ("2018-01-01", "2018-12-31", None, None), "2018年起", "since 2018"),
    (Cells("2018"), DOCUMENT, ("2018-01-01", "2018-12-31", "2020-03-02", None), "2018年起，止日不详", "since 2018, end unknown"),
    (Cells("2018", "?"), DOCUMENT, ("2018-01-01", "2018-12-31", "2018-01-02", "2020-03-31"),
     "2018年起，已止，止日不详", "since 2018, ended on an unknown day"),
    (Cells("", "", "", "2020-03"), DOCUMENT, (None, "2020-03-31", "2020-03-02", None),
     "2020年3月在任，止日不详", "in office in March 2020, end unknown"),
    (Cells("", "open"), REGISTER, (None, "2020-03-31", None, None), "起日不详", "since an unknown day"),
    (Cells("2019-12-31", "2020"), DOCUMENT, ("2019-12-31", "2019-12-31", "2020-01-01", "2020-12-31"),
     "2019年12月31日至2020年", "31 December 2019 to 2020"),
]
# fmt: on


@pytest.mark.parametrize(("cells", "source", "days", "zh", "en"), NOTATION)
def test_the_notation_means_four_days_and_reads_so(
    cells: Cells, source: Dated, days: tuple[str | None, ...], zh: str, en: str
) -> None:
    span = record_span(cells, source)
    sentinels = (NEG, NEG, POS, POS)
    assert span == tuple(sentinel if one is None else day(one) for one, sentinel in zip(days, sentinels, strict=True))
    written = [cell or None for cell in cells]
    assert valid_text("zh", *span, *written) == zh
    assert valid_text("en", *span, *written) == en


@pytest.mark.parametrize(
    ("cells", "source", "column"),
    [
        (Cells("2019", "2018"), REGISTER, "until"),
        (Cells("2019", "2020", "2020"), REGISTER, "through"),
        (Cells("2019", ""), None, "until"),
        (Cells("2019", "?"), None, "until"),
        (Cells("", "2019"), None, "from"),
        (Cells("2019-02-29"), REGISTER, "from"),
        (Cells("2021", "?"), DOCUMENT, "until"),
    ],
)
def test_what_means_nothing_is_refused_by_column(cells: Cells, source: Dated | None, column: str) -> None:
    with pytest.raises(DateError) as refused:
        record_span(cells, source)
    assert refused.value.column == column


def test_states_share_an_unknown_day_or_leave_a_gap() -> None:
    renamed = place_states([(Cells(), None), (Cells("2018"), None)])
    assert [one.span for one in renamed] == [
        (NEG, NEG, day("2018-01-01"), day("2018-12-31")),
        (day("2018-01-01"), day("2018-12-31"), POS, POS),
    ]
    assert {one.life for one in renamed} == {(NEG, NEG, POS, POS)}
    renewed = place_states([(Cells("2014", "2017-11"), None), (Cells("2018-01-05"), None)])
    assert [one.life for one in renewed] == [one.span for one in renewed]
    assert renewed[0].next_f0 == renewed[0].next_f1 == day("2018-01-05")


def test_a_derived_interval_is_read_from_its_numbers() -> None:
    numbers = (day("2019-03-01"), day("2019-03-31"), POS, POS)
    assert valid_text("zh", *numbers, None, None, None, None) == "2019年3月起"
    assert valid_end("from", "precision", *numbers, None, None, None, None) == "MONTH"
    between = (day("2019-03-05"), day("2019-04-02"), POS, POS)
    assert valid_end("from", "precision", *between, None, None, None, None) == "BETWEEN"
    assert valid_text("en", *between, None, None, None, None) == "since between 5 March 2019 and 2 April 2019"


dates = st.dates()
partials = st.one_of(
    dates.map(lambda d: d.isoformat()), dates.map(lambda d: d.isoformat()[:7]), dates.map(lambda d: d.isoformat()[:4])
)
numbers = st.one_of(st.just(NEG), st.just(POS), st.integers(1, 3652059))


@given(partials)
def test_a_partial_date_begins_and_ends_with_what_is_written(text: str) -> None:
    first, last = parse_partial(text)
    assert first <= last
    for edge in (first, last):
        assert date.fromordinal(edge).isoformat().startswith(text)
    for beyond in (first - 1, last + 1):
        assert not 1 <= beyond <= 3652059 or not date.fromordinal(beyond).isoformat().startswith(text)


@given(partials, partials)
def test_order_of_partial_dates_is_order_of_their_days(one: str, other: str) -> None:
    if len(one) == len(other):
        assert (one < other) == (parse_partial(one) < parse_partial(other))


@given(st.text(max_size=12))
def test_what_is_no_date_is_refused(text: str) -> None:
    try:
        first, last = parse_partial(text)
    except ValueError:
        return
    assert text.isascii()
    assert 1 <= first <= last <= 3652059


@given(numbers, numbers, numbers, numbers)
def test_tightening_never_widens_and_is_done_once(f0: int, f1: int, u0: int, u1: int) -> None:
    span = Span(min(f0, f1), max(f0, f1), min(u0, u1), max(u0, u1))
    try:
        tight = tighten(span)
    except DateError:
        return
    assert (tight.f0, tight.u1) == (span.f0, span.u1)
    assert tight.f1 <= span.f1
    assert tight.u0 >= span.u0
    assert tighten(tight) == tight
    assert tight.f0 <= tight.f1
    assert tight.u0 <= tight.u1
