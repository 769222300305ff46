"""States of an entity: one after another, a shared unknown day or a gap between them, and the lives that they make up."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orggraph.time.days import NEG, POS
from orggraph.time.partial import parse_partial
from orggraph.time.span import Cells, Dated, Span
from orggraph.time.states import Placed, StateError, begun, place_states
from tests.time.calendar_days import DOCUMENT, REGISTER, day

State = tuple[Cells, Dated | None]


def placed(*cells: Cells) -> list[Placed]:
    return place_states([(one, DOCUMENT) for one in cells])


def test_a_thing_without_dates_is_always_there() -> None:
    always = Span(NEG, NEG, POS, POS)
    assert placed(Cells()) == [Placed(always, POS, POS, always)]
    assert place_states([(Cells(), None)]) == placed(Cells())


def test_a_blank_end_is_the_next_states_start_unknown_day_and_all() -> None:
    first, second = placed(Cells(), Cells("2018"))
    change = (day("2018-01-01"), day("2018-12-31"))
    assert (first.span, second.span) == ((NEG, NEG, *change), (*change, POS, POS))
    assert (first.next_f0, first.next_f1) == change
    assert (second.next_f0, second.next_f1) == (POS, POS)
    assert first.life == second.life == (NEG, NEG, POS, POS)


def test_two_days_that_may_be_one_are_one() -> None:
    first, second = placed(Cells("2014", "2018-03"), Cells("2018"))
    shared = (day("2018-03-01"), day("2018-03-31"))
    assert first.span[2:] == second.span[:2] == shared
    first, second = placed(Cells("2014", "", "2017-12-31"), Cells("2018"))
    assert first.span[2:] == second.span[:2] == (day("2018-01-01"),) * 2


def test_a_wholly_earlier_end_leaves_a_gap_between_two_lives() -> None:
    first, second, third = placed(Cells("2014", "2017-11"), Cells("2018-01-05"), Cells("2019"))
    assert first.life == first.span
    assert second.life == third.life == (*second.span[:2], *third.span[2:])
    assert (first.next_f0, first.next_f1) == (day("2018-01-05"),) * 2


def test_an_unknown_end_reaches_the_next_state_only_within_its_source_s_date() -> None:
    ended, again = placed(Cells("2014", "?"), Cells("2019"))
    assert ended.span[2:] == again.span[:2] == (day("2019-01-01"), day("2019-12-31"))
    ended, again = placed(Cells("2014", "?"), Cells("2021"))
    assert ended.span[2:] == (day("2014-01-02"), day("2020-03-31"))
    assert ended.life == ended.span


def test_a_state_within_a_state_that_may_begin_before_it_comes_to_its_own_days() -> None:
    first, second, third = placed(Cells("2018"), Cells("2018-06-01"), Cells("2018-06-02"))
    assert first.span == (day("2018-01-01"), day("2018-05-31"), day("2018-06-01"), day("2018-06-01"))
    assert second.span == (day("2018-06-01"),) * 2 + (day("2018-06-02"),) * 2
    assert third.life == (day("2018-01-01"), day("2018-05-31"), POS, POS)


@pytest.mark.parametrize(
    ("cells", "index", "column", "words"),
    [
        ([Cells("2014", "2019"), Cells("2018")], 0, "until", "later than the next state"),
        ([Cells("2014", "", "2019"), Cells("2018")], 0, "through", "later than the next state"),
        ([Cells("2014", "open"), Cells("2018")], 0, "until", "later than the next state"),
        ([Cells("2014"), Cells("2018", "2016")], 1, "until", "ends before it begins"),
        ([Cells("2014"), Cells("2018", "", "2016")], 1, "through", "ends before it begins"),
        ([Cells("2018", "2016")], 0, "until", "ends before it begins"),
        ([Cells("2014"), Cells("2018", "", "", "2017")], 1, "attested", "is before from"),
        ([Cells("2014"), Cells("2018", "", "", "17")], 1, "attested", "is no date"),
        ([Cells("2014", "2018", "2018"), Cells("2018")], 0, "through", "beside until"),
    ],
)
def test_states_that_cannot_follow_each_other_are_refused_by_state_and_column(
    cells: list[Cells], index: int, column: str, words: str
) -> None:
    with pytest.raises(StateError, match=words) as refused:
        placed(*cells)
    assert (refused.value.index, refused.value.column) == (index, column)


in_spring = st.builds(
    lambda month, n, length: f"2020-{month:02}-{n:02}"[:length], st.integers(1, 3), st.integers(1, 29), st.sampled_from([7, 10])
)  # fmt: skip
ends: st.SearchStrategy[dict[str, str]] = st.one_of(
    st.just({}),
    st.sampled_from([{"until": "?"}, {"until": "open"}]),
    in_spring.map(lambda text: {"until": text}),
    in_spring.map(lambda text: {"through": text}),
)
cell_rows = st.builds(
    lambda from_, end, attested: Cells(from_=from_, attested=attested, **end),
    st.one_of(st.just(""), in_spring, in_spring, in_spring),
    st.one_of(st.just({}), ends),
    st.one_of(st.just(""), st.just(""), in_spring),
)
sources = st.sampled_from([REGISTER, DOCUMENT])
entities = st.lists(st.tuples(cell_rows, sources), min_size=1, max_size=4, unique_by=lambda state: begun(state[0])).map(
    lambda states: sorted(states, key=lambda state: begun(state[0]))
)
EARLY, LATE = day("2019-11-01"), day("2020-06-01")  # stand for the infinities: before and after all days drawn
ALWAYS = EARLY - 1


@given(entities)
def test_states_hold_exactly_the_days_of_all_completions(states: list[State]) -> None:
    """Compared with sets of days: those from which a way leads through all unknown days, first to last."""
    wanted = _by_sets(states)
    if wanted is None:
        with pytest.raises(StateError):
            place_states(states)
    else:
        assert [tuple(one.span) for one in place_states(states)] == wanted


@given(entities)
def test_neighbours_agree_and_a_life_is_what_has_no_gap(states: list[State]) -> None:
    try:
        found = place_states(states)
    except StateError:
        return
    for one, then in pairwise(found):
        assert (one.next_f0, one.next_f1) == then.span[:2]
        shared = one.span[2:] == then.span[:2]
        assert shared or one.span.u1 < then.span.f0
        assert (one.life == then.life) == shared
        assert one.span.f0 <= then.span.f0
        assert one.span.f1 <= then.span.f1
    assert (found[-1].next_f0, found[-1].next_f1) == (POS, POS)
    for one in found:
        assert one.life.f0 <= one.span.f0
        assert one.span.u1 <= one.life.u1


def _by_sets(states: list[State]) -> list[tuple[int, ...]] | None:
    """Each state's span by reckoning with sets of days; None where there is no completion."""
    said = [
        (_starts(cells), _ends(*state, i == len(states) - 1)) for i, state in enumerate(states) for cells in state[:1]
    ]
    gaps = [max(ends) < min(starts) for (_, ends), (starts, _) in pairwise(said)]
    chain: list[tuple[set[int], str]] = []  # sets of days, each strictly after the one before, or the same day
    for i, (starts, ends) in enumerate(said):
        seen = parse_partial(states[i][0].attested) if states[i][0].attested else (ALWAYS - 1, LATE + 1)
        chain += [({s for s in starts if s <= seen[1]}, "same" if i and not gaps[i - 1] else "after" if i else "first")]
        chain += [({e for e in ends if e > seen[0]}, "after")]
    forward = _reached(chain)
    backward = _reached([({-d for d in days}, how) for days, how in _turned(chain)])[::-1]
    lasting = [days & {-d for d in back} for days, back in zip(forward, backward, strict=True)]
    if not all(lasting):
        return None
    infinite = {ALWAYS: NEG, EARLY: NEG, LATE: POS}
    edges = [(min(days), max(days)) for days in lasting]
    return [
        tuple(infinite.get(one, one) for one in (*edges[2 * i], *edges[2 * i + 1])) for i in range(len(states))
    ]  # fmt: skip


def _reached(chain: list[tuple[set[int], str]]) -> list[set[int]]:
    """Of each set the days that some way from the first reaches."""
    reached: list[set[int]] = []
    for days, how in chain:
        before = reached[-1] if reached else set()
        first = min(before, default=LATE + 1)
        reached.append(days if how == "first" else days & before if how == "same" else {d for d in days if d > first})
    return reached


def _turned(chain: list[tuple[set[int], str]]) -> list[tuple[set[int], str]]:
    """The chain from its end: what is said of two neighbours stands at the one that comes second."""
    hows = ["first", *(how for _, how in reversed(chain[1:]))]
    return [(days, how) for (days, _), how in zip(reversed(chain), hows, strict=True)]


def _starts(cells: Cells) -> set[int]:
    return _days(cells.from_) if cells.from_ else {ALWAYS}


def _ends(cells: Cells, source: Dated | None, last: bool) -> set[int]:
    if cells.through:
        return {d + 1 for d in _days(cells.through)}
    if cells.until in ("", "open"):
        return {LATE} if last or cells.until else set(range(EARLY, LATE + 1))
    if cells.until == "?":
        assert source is not None
        return set(range(EARLY, source.last + 1))
    return _days(cells.until)


def _days(partial: str) -> set[int]:
    first, last = parse_partial(partial)
    return set(range(first, last + 1))
