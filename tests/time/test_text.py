"""What is printed of an interval: its ends' values, precisions and texts, and the whole in Chinese and English."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orggraph.time.days import LAST, NEG, POS
from orggraph.time.partial import parse_partial
from orggraph.time.span import Cells, Dated, DateError, Span, record_span, tighten
from orggraph.time.text import valid_end, valid_text
from tests.time.calendar_days import DOCUMENT, REGISTER, day, partials

BLANK = (None, None, None, None)
ENDS = ("from", "until", "through")
PRECISIONS = {"YEAR": 4, "MONTH": 7, "DAY": 10}


def told(end: str, span: Span, *written: str | None) -> tuple[str | None, ...]:
    return tuple(valid_end(end, part, *span, *written) for part in ("value", "precision", "earliest", "latest"))


@pytest.mark.parametrize(
    ("cells", "end", "wanted", "zh", "en"),
    [
        (Cells("2019-03", "open"), "from", ("2019-03", "MONTH", "2019-03-01", "2019-03-31"), "2019年3月", "March 2019"),
        (Cells("2019-03", "open"), "until", (None, "OPEN", None, None), "", ""),
        (Cells("2019-03", "open"), "through", (None, "OPEN", None, None), "", ""),
        (Cells("2019", "2020-02"), "until", ("2020-02", "MONTH", "2020-02-01", "2020-02-29"), "2020年2月", "February 2020"),
        (Cells("2019", "2020-02"), "through", (None, "BETWEEN", "2020-01-31", "2020-02-28"), "2020年2月", "February 2020"),
        (Cells("2019", "2020-03-01"), "through", ("2020-02-29", "DAY", "2020-02-29", "2020-02-29"), "2020年2月29日", "29 February 2020"),
        (Cells("2018", "", "2019"), "through", ("2019", "YEAR", "2019-01-01", "2019-12-31"), "2019年", "2019"),
        (Cells("2018", "", "2019"), "until", (None, "BETWEEN", "2019-01-02", "2020-01-01"), "2019年1月2日与2020年1月1日之间",
         "between 2 January 2019 and 1 January 2020"),
        (Cells("2018", "?"), "until", (None, "UNKNOWN", "2018-01-02", "2020-03-31"), "2018年1月2日与2020年3月31日之间",
         "between 2 January 2018 and 31 March 2020"),
        (Cells("2018"), "until", (None, "UNKNOWN", "2020-03-02", None), "不早于2020年3月2日", "2 March 2020 or after"),
        (Cells(), "from", (None, "UNKNOWN", None, "2020-03-31"), "不晚于2020年3月31日", "31 March 2020 or before"),
        (Cells("2020", "", "", "2020-02"), "from", ("2020", "YEAR", "2020-01-01", "2020-02-29"), "2020年", "2020"),
        (Cells("9999", "", "9999"), "until", (None, "BETWEEN", "9999-01-02", None), "不早于9999年1月2日", "2 January 9999 or after"),
        (Cells("9999", "", "9999"), "through", ("9999", "YEAR", "9999-01-01", "9999-12-31"), "9999年", "9999"),
        (Cells("", "0001"), "through", (None, "BETWEEN", None, "0001-12-30"), "公元1年", "AD 1"),
    ],
)  # fmt: skip
def test_an_end_tells_what_is_written_and_between_which_days_it_lies(
    cells: Cells, end: str, wanted: tuple[str | None, ...], zh: str, en: str
) -> None:
    span, written = record_span(cells, DOCUMENT), [cell or None for cell in cells]
    assert told(end, span, *written) == wanted
    assert (valid_end(end, "zh", *span, *written), valid_end(end, "en", *span, *written)) == (zh, en)


def test_a_derived_interval_is_read_from_its_numbers() -> None:
    numbers = (day("2019-03-01"), day("2019-03-31"), POS, POS)
    assert valid_text("zh", *numbers, *BLANK) == "2019年3月起"
    assert valid_end("from", "precision", *numbers, *BLANK) == "MONTH"
    between = (day("2019-03-05"), day("2019-04-02"), POS, POS)
    assert valid_end("from", "precision", *between, *BLANK) == "BETWEEN"
    assert valid_text("en", *between, *BLANK) == "since between 5 March 2019 and 2 April 2019"


def test_a_renamed_thing_reads_always_until_the_day_or_month_of_its_change() -> None:
    month = (NEG, NEG, day("2018-03-01"), day("2018-03-31"))
    assert valid_text("zh", *month, *BLANK) == "一直，至2018年3月"
    assert valid_text("en", *month, *BLANK) == "always, to March 2018"
    assert valid_text("zh", NEG, NEG, day("2018-03-01"), day("2018-03-01"), *BLANK) == "一直，至2018年2月28日"
    assert valid_text("zh", NEG, NEG, POS, POS, *BLANK) == "一直"
    assert valid_text("zh", NEG, NEG, POS, POS, None, None, None, "2020-03") == "一直"


cells = st.builds(
    Cells,
    st.one_of(st.just(""), partials),
    st.one_of(st.sampled_from(["", "open", "?"]), partials),
    st.just(""),
    st.one_of(st.just(""), partials),
)
through = st.builds(
    lambda from_, end, seen: Cells(from_, "", end, seen), partials, partials, st.one_of(st.just(""), partials)
)
numbers = st.one_of(st.sampled_from([NEG, POS, 1, 3652059, 3652060]), st.integers(1, 3652059))


@given(st.one_of(cells, through), st.sampled_from([REGISTER, DOCUMENT]))
def test_a_value_is_what_was_written_and_holds_its_end_s_days(row: Cells, source: Dated) -> None:
    try:
        span = record_span(row, source)
    except DateError:
        return
    for end in ENDS:
        value, precision, earliest, latest = told(end, span, *(cell or None for cell in row))
        _same_kind(value, precision)
        if value is not None:
            first, last = parse_partial(value)
            assert first <= day(str(earliest)) <= day(str(latest)) <= last
    for cell, end in ((row.from_, "from"), (row.until, "until"), (row.through, "through")):
        if cell not in ("", "open", "?"):
            assert told(end, span, *(one or None for one in row))[0] == cell


@given(numbers, numbers, numbers, numbers)
def test_a_value_that_no_cell_gives_means_exactly_its_numbers(f0: int, f1: int, u0: int, u1: int) -> None:
    span = _tight(f0, f1, u0, u1)
    if span is None:
        return
    for end, (low, high) in (("from", span[:2]), ("until", span[2:])):
        value, precision, *_ = told(end, span, *BLANK)
        _same_kind(value, precision)
        assert (precision == "OPEN") == (low == high and low in (NEG, POS))
        assert (precision == "UNKNOWN") == (low != high and (low == NEG or high == POS))
        if value is not None:
            assert parse_partial(value) == (low, high)


@given(numbers, numbers, numbers, numbers)
def test_every_interval_reads_as_something_in_its_language(f0: int, f1: int, u0: int, u1: int) -> None:
    span = _tight(f0, f1, u0, u1)
    if span is not None:
        _readable(span, BLANK)


@given(st.one_of(cells, through), st.sampled_from([REGISTER, DOCUMENT]))
def test_every_row_reads_as_something_in_its_language(row: Cells, source: Dated) -> None:
    try:
        span = record_span(row, source)
    except DateError:
        return
    _readable(span, tuple(cell or None for cell in row))


def _readable(span: Span, written: tuple[str | None, ...]) -> None:
    zh, en = valid_text("zh", *span, *written), valid_text("en", *span, *written)
    assert zh
    assert not re.search("[A-Za-z {}]|至$", zh)
    assert en.isascii()
    assert en == en.strip()
    assert not re.search("[{}]|  |to$|since$", en)


def _same_kind(value: str | None, precision: str | None) -> None:
    assert precision in {*PRECISIONS, "OPEN", "UNKNOWN", "BETWEEN"}
    assert (len(value) if value else None) == PRECISIONS.get(str(precision))


def _tight(f0: int, f1: int, u0: int, u1: int) -> Span | None:
    """What a span can be of these numbers; nothing begins beyond the calendar."""
    try:
        span = tighten(Span(min(f0, f1), max(f0, f1), min(u0, u1), max(u0, u1)))
    except DateError:
        return None
    return span if span.f0 < LAST else None
