"""The notation of files, row by row: the four days that it means, how they read in both languages, and what is refused."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orggraph.time.days import NEG, POS
from orggraph.time.partial import parse_partial
from orggraph.time.span import Cells, Dated, DateError, Span, record_span, tighten
from orggraph.time.text import valid_text
from tests.time.calendar_days import DOCUMENT, REGISTER, day, partials

AT_DAY = Dated(False, *parse_partial("2020-03-15"))

# fmt: off
NOTATION = [
    # days, months and years; the first day no longer
    (Cells("2019-03-05", "2019-04-06"), REGISTER, ("2019-03-05", "2019-03-05", "2019-04-06", "2019-04-06"),
     "2019年3月5日至2019年4月5日", "5 March 2019 to 5 April 2019"),
    (Cells("2019-03-05", "2019-03-06"), REGISTER, ("2019-03-05", "2019-03-05", "2019-03-06", "2019-03-06"), "2019年3月5日", "5 March 2019"),
    (Cells("2018", "2019"), DOCUMENT, ("2018-01-01", "2018-12-31", "2019-01-01", "2019-12-31"), "2018年至2019年", "2018 to 2019"),
    (Cells("2018-11", "2019-02"), None, ("2018-11-01", "2018-11-30", "2019-02-01", "2019-02-28"), "2018年11月至2019年2月",
     "November 2018 to February 2019"),
    (Cells("2019-12-31", "2020"), DOCUMENT, ("2019-12-31", "2019-12-31", "2020-01-01", "2020-12-31"), "2019年12月31日至2020年",
     "31 December 2019 to 2020"),
    (Cells("2019", "2019"), None, ("2019-01-01", "2019-12-30", "2019-01-02", "2019-12-31"), "2019年", "2019"),
    # the last day
    (Cells("2018", "", "2019"), DOCUMENT, ("2018-01-01", "2018-12-31", "2019-01-02", "2020-01-01"), "2018年至2019年", "2018 to 2019"),
    (Cells("2018", "", "2020-02"), DOCUMENT, ("2018-01-01", "2018-12-31", "2020-02-02", "2020-03-01"), "2018年至2020年2月",
     "2018 to February 2020"),
    (Cells("2018", "", "2020-02-29"), DOCUMENT, ("2018-01-01", "2018-12-31", "2020-03-01", "2020-03-01"), "2018年至2020年2月29日",
     "2018 to 29 February 2020"),
    (Cells("2020-02-29", "", "2020-02-29"), None, ("2020-02-29", "2020-02-29", "2020-03-01", "2020-03-01"), "2020年2月29日",
     "29 February 2020"),
    # blank until
    (Cells("2018"), REGISTER, ("2018-01-01", "2018-12-31", None, None), "2018年起", "since 2018"),
    (Cells("2018"), DOCUMENT, ("2018-01-01", "2018-12-31", "2020-03-02", None), "2018年起，止日不详", "since 2018, end unknown"),
    (Cells("2020-03"), DOCUMENT, ("2020-03-01", "2020-03-31", "2020-03-02", None), "2020年3月起，止日不详",
     "since March 2020, end unknown"),
    (Cells("2020-03"), AT_DAY, ("2020-03-01", "2020-03-15", "2020-03-16", None), "2020年3月起，止日不详",
     "since March 2020, end unknown"),
    (Cells("2021"), REGISTER, ("2021-01-01", "2021-12-31", None, None), "2021年起", "since 2021"),
    (Cells("2021"), DOCUMENT, ("2021-01-01", "2021-12-31", "2021-01-02", None), "2021年起，止日不详", "since 2021, end unknown"),
    # open, ended
    (Cells("2019-03", "open"), REGISTER, ("2019-03-01", "2019-03-31", None, None), "2019年3月起", "since March 2019"),
    (Cells("2019-03", "open"), DOCUMENT, ("2019-03-01", "2019-03-31", None, None), "2019年3月起", "since March 2019"),
    (Cells("2019-03", "open"), None, ("2019-03-01", "2019-03-31", None, None), "2019年3月起", "since March 2019"),
    (Cells("2018", "?"), DOCUMENT, ("2018-01-01", "2018-12-31", "2018-01-02", "2020-03-31"), "2018年起，已止，止日不详",
     "since 2018, ended on an unknown day"),
    (Cells("2018", "?"), REGISTER, ("2018-01-01", "2018-12-31", "2018-01-02", "2020-03-31"), "2018年起，已止，止日不详",
     "since 2018, ended on an unknown day"),
    (Cells("2020-03", "?"), AT_DAY, ("2020-03-01", "2020-03-14", "2020-03-02", "2020-03-15"), "2020年3月起，已止，止日不详",
     "since March 2020, ended on an unknown day"),
    (Cells("2020-03-14", "?"), AT_DAY, ("2020-03-14", "2020-03-14", "2020-03-15", "2020-03-15"), "2020年3月14日", "14 March 2020"),
    # attested
    (Cells("", "", "", "2020-03"), DOCUMENT, (None, "2020-03-31", "2020-03-02", None), "2020年3月在任，止日不详",
     "in office in March 2020, end unknown"),
    (Cells("", "open", "", "2020-03"), DOCUMENT, (None, "2020-03-31", None, None), "不晚于2020年3月起", "since March 2020 or before"),
    (Cells("", "", "", "2018"), REGISTER, (None, "2018-12-31", None, None), "不晚于2018年起", "since 2018 or before"),
    (Cells("", "2021", "", "2020-03"), None, (None, "2020-03-31", "2021-01-01", "2021-12-31"), "2020年3月在任，至2021年",
     "in office in March 2020, to 2021"),
    (Cells("", "?", "", "2019-06-01"), DOCUMENT, (None, "2019-06-01", "2019-06-02", "2020-03-31"), "2019年6月1日在任，已止，止日不详",
     "in office on 1 June 2019, ended on an unknown day"),
    (Cells("2018", "", "", "2018-06"), DOCUMENT, ("2018-01-01", "2018-06-30", "2018-06-02", None), "2018年起，止日不详",
     "since 2018, end unknown"),
    (Cells("2018", "2020", "", "2020-02"), None, ("2018-01-01", "2018-12-31", "2020-02-02", "2020-12-31"), "2018年至2020年",
     "2018 to 2020"),
    # blank from
    (Cells("", "open"), REGISTER, (None, "2020-03-31", None, None), "起日不详", "since an unknown day"),
    (Cells(), REGISTER, (None, "2020-03-31", None, None), "起日不详", "since an unknown day"),
    (Cells(), DOCUMENT, (None, "2020-03-31", "2020-03-02", None), "起日不详，止日不详", "since an unknown day, end unknown"),
    (Cells("", "2019"), DOCUMENT, (None, "2019-12-30", "2019-01-01", "2019-12-31"), "起日不详，至2019年",
     "since an unknown day, to 2019"),
    (Cells("", "", "2019"), DOCUMENT, (None, "2019-12-31", "2019-01-02", "2020-01-01"), "起日不详，至2019年",
     "since an unknown day, to 2019"),
    (Cells("", "?"), DOCUMENT, (None, "2020-03-30", None, "2020-03-31"), "起日不详，已止，止日不详",
     "since an unknown day, ended on an unknown day"),
    # the first years and the last
    (Cells("0987-03", "open"), None, ("0987-03-01", "0987-03-31", None, None), "987年3月起", "since March 987"),
    (Cells("0019-03", "0020"), None, ("0019-03-01", "0019-03-31", "0020-01-01", "0020-12-31"), "公元19年3月至公元20年",
     "March AD 19 to AD 20"),
    (Cells("0001", "", "9999"), None, ("0001-01-01", "0001-12-31", "9999-01-02", 3652060), "公元1年至9999年", "AD 1 to 9999"),
    (Cells("9999-12-31", "", "9999-12-31"), None, ("9999-12-31", "9999-12-31", 3652060, 3652060), "9999年12月31日", "31 December 9999"),
    (Cells("", "0001-01-01"), DOCUMENT, (None, 0, "0001-01-01", "0001-01-01"), "起日不详，至公元1年1月1日",
     "since an unknown day, to 1 January AD 1"),
    (Cells("0001-01-01", "0001-01-02"), None, ("0001-01-01", "0001-01-01", "0001-01-02", "0001-01-02"), "公元1年1月1日", "1 January AD 1"),
]
# fmt: on


@pytest.mark.parametrize(("cells", "source", "days", "zh", "en"), NOTATION)
def test_the_notation_means_four_days_and_reads_so(
    cells: Cells, source: Dated | None, days: tuple[str | int | None, ...], zh: str, en: str
) -> None:
    wanted = [
        infinity if one is None else day(one) if isinstance(one, str) else one
        for one, infinity in zip(days, (NEG, NEG, *_open(days)), strict=True)
    ]
    span = record_span(cells, source)
    assert list(span) == wanted
    written = [cell or None for cell in cells]
    assert valid_text("zh", *span, *written) == zh
    assert valid_text("en", *span, *written) == en


def _open(days: tuple[str | int | None, ...]) -> tuple[int, int]:
    """What a missing end stands for: without a latest one +∞, else only the earliest is unknown."""
    return (POS if days[3] is None else NEG), POS


REFUSED = [
    (Cells("2019", "2018"), REGISTER, "until", "ends before it begins"),
    (Cells("2019-03-05", "2019-03-05"), None, "until", "ends before it begins"),
    (Cells("2019", "", "2018"), REGISTER, "through", "ends before it begins"),
    (Cells("2021", "?"), DOCUMENT, "until", "ends before it begins"),
    (Cells("2020-03-31", "?"), DOCUMENT, "until", "ends before it begins"),
    (Cells("2019", "2020", "2020"), REGISTER, "through", "beside until"),
    (Cells("2019", "open", "2020"), REGISTER, "through", "beside until"),
    (Cells("2019", ""), None, "until", "only a dated source"),
    (Cells("2019", "?"), None, "until", "only a dated source"),
    (Cells("", "2019"), None, "from", "only a dated source"),
    (Cells("", "", "2019"), None, "from", "only a dated source"),
    (Cells("", "open"), None, "from", "only a dated source"),
    (Cells("2019-02-29"), REGISTER, "from", "is no date"),
    (Cells("?"), REGISTER, "from", "is no date"),
    (Cells("open"), REGISTER, "from", "is no date"),
    (Cells("2019", "2020-02-30"), REGISTER, "until", "is no date"),
    (Cells("2019", "", "?"), REGISTER, "through", "is no date"),
    (Cells("2019", "", "open"), REGISTER, "through", "is no date"),
    (Cells("2019", "", "", "?"), REGISTER, "attested", "is no date"),
    (Cells("2019", "", "", "2018"), REGISTER, "attested", "is before from"),
    (Cells("2017", "2018", "", "2018-12-31"), REGISTER, "attested", "when it has ended"),
    (Cells("2017", "?", "", "2020-04"), DOCUMENT, "attested", "when it has ended"),
]


@pytest.mark.parametrize(("cells", "source", "column", "words"), REFUSED)
def test_what_means_nothing_is_refused_by_column(cells: Cells, source: Dated | None, column: str, words: str) -> None:
    with pytest.raises(DateError, match=words) as refused:
        record_span(cells, source)
    assert refused.value.column == column


small = st.integers(1, 9)
numbers = st.one_of(st.sampled_from([NEG, POS, 1, 2, 3652059, 3652060]), st.integers(1, 3652060))


@given(small, small, small, small)
def test_tightening_leaves_exactly_the_days_of_some_completion(a: int, b: int, c: int, d: int) -> None:
    span = Span(min(a, b), max(a, b), min(c, d), max(c, d))
    completions = _completions(span)
    if not completions:
        with pytest.raises(DateError):
            tighten(span)
        return
    starts, ends = {s for s, _ in completions}, {e for _, e in completions}
    assert tighten(span) == (min(starts), max(starts), min(ends), max(ends))
    assert _completions(tighten(span)) == completions


def _completions(span: Span) -> set[tuple[int, int]]:
    f0, f1, u0, u1 = span
    return {(s, e) for s, e in product(range(f0, f1 + 1), range(u0, u1 + 1)) if s < e}


@given(numbers, numbers, numbers, numbers)
def test_tightening_never_widens_and_is_done_once(f0: int, f1: int, u0: int, u1: int) -> None:
    span = Span(min(f0, f1), max(f0, f1), min(u0, u1), max(u0, u1))
    try:
        tight = tighten(span)
    except DateError:
        assert span.f0 >= span.u1
        return
    assert (tight.f0, tight.u1) == (span.f0, span.u1)
    assert tight.f0 <= tight.f1 <= span.f1
    assert span.u0 <= tight.u0 <= tight.u1
    assert tighten(tight) == tight


in_spring = st.builds(
    lambda month, n, length: f"2020-{month:02}-{n:02}"[:length],
    st.integers(1, 3),
    st.integers(1, 29),
    st.sampled_from([7, 10]),
)
maybe = st.one_of(st.just(""), in_spring)


@given(in_spring, st.booleans(), in_spring, maybe)
def test_a_span_is_every_tenure_that_agrees_with_all_cells(from_: str, last: bool, end: str, attested: str) -> None:
    cells = Cells(from_, "" if last else end, end if last else "", attested)
    starts, ends, seen = _days(from_), _days(end), _days(attested) if attested else range(0)
    found = {
        (s, e)
        for s, e in product(starts, (day + last for day in ends))
        if s < e and (not attested or any(s <= d < e for d in (max(s, seen[0]), seen[0], seen[-1]) if d in seen))
    }
    try:
        span = record_span(cells, None)
    except DateError:
        assert not found
        return
    assert _completions(span) == found


def _days(partial: str) -> range:
    first, last = parse_partial(partial)
    return range(first, last + 1)


@given(partials, partials)
def test_the_last_day_and_the_first_day_no_longer_are_one_day_apart(from_: str, end: str) -> None:
    first, last = parse_partial(end)
    try:
        span = record_span(Cells(from_, "", end), None)
    except DateError:
        assert last < parse_partial(from_)[0]
        return
    assert span.u1 == last + 1
    assert span.u0 == max(first, span.f0) + 1


@given(partials, st.sampled_from([REGISTER, DOCUMENT, AT_DAY]))
def test_what_goes_on_in_a_source_holds_certainly_from_its_latest_start_through_the_source_s_date(
    from_: str, source: Dated
) -> None:
    span = record_span(Cells(from_), source)
    assert span.u1 == POS
    assert (span.u0 == POS) == source.register
    if parse_partial(from_)[0] <= source.last:
        assert span.f1 <= source.last
        assert span.u0 > source.first
