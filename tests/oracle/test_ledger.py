"""What several loads leave, by hand: "Files in" of the API, sections 9.2 and 9.13 of the semantics."""

from __future__ import annotations

import datetime

import pytest

from orggraph.model import model_of
from orggraph.model.model import Model
from tests.oracle.ledger import Ledger, Rows, ledger_of
from tests.oracle.spans import ALWAYS, NEVER, RowError, Span, partial
from tests.oracle.test_truth import SOURCES, YAML


@pytest.fixture(scope="module")
def model() -> Model:
    return model_of({"t.yaml": YAML})


FIRST: Rows = {
    "Source": SOURCES,
    "Person": [{"key": "li", "name": "李明", "source": "doc"}],
    "Body": [{"key": "b", "name": "甲", "size": "1", "form": "joint", "source": "doc", "para": "12"}],
    "Secretary": [{"key": "s", "person": "li", "body": "b", "from": "2019", "source": "doc"}],
}


def loads_of(model: Model, *later: Rows) -> Ledger:
    return ledger_of(model, [FIRST, *later])


def counts(ledger: Ledger) -> list[tuple[int, int, int]]:
    return [(load.added, load.corrected, load.withdrawn) for load in ledger.loads]


def test_an_absent_column_keeps_and_a_blank_cell_empties(model: Model) -> None:
    ledger = loads_of(model, {"Body": [{"key": "b", "name": "乙", "size": ""}]})
    [state] = ledger.last.entities["b"].states
    assert (state.name, state.said.fields) == ("乙", {"form": "joint", "size": None})
    assert [one.para for one in state.said.citations] == ["12"]
    assert counts(ledger) == [(4, 0, 0), (0, 1, 0)]


def test_a_load_that_changes_nothing_takes_no_number(model: Model) -> None:
    assert len(loads_of(model, {"Body": [{"key": "b", "name": "甲"}]}).loads) == 1


def test_a_state_is_named_by_key_and_from(model: Model) -> None:
    ledger = loads_of(model, {"Body": [{"key": "b", "name": "乙", "from": "2018", "source": "doc"}]})
    first, second = ledger.last.entities["b"].states
    may = partial("2018")
    assert first.span == Span(ALWAYS, ALWAYS, *may)  # a neighbour whose numbers follow is no correction
    assert second.span == Span(*may, NEVER, NEVER)
    assert counts(ledger)[1] == (1, 0, 0)
    assert [load.number if load else None for load in ledger.known(first, "b", 2)] == [2, None]


def test_known_tells_the_first_load_and_the_one_that_took_it_back(model: Model) -> None:
    other: Rows = {"Person": [{"key": "wang", "name": "王芳", "source": "doc"}]}
    ledger = loads_of(
        model, other, {"Secretary": [{"key": "s", "until": "open"}]}, {"Secretary": [{"key": "s", "withdrawn": "是"}]}
    )
    told = [ledger.known(ledger.worlds[load].records["s"], "s", load) for load in (1, 2, 3)]
    assert [(since.number, until and until.number) for since, until in told] == [(1, 3), (1, 3), (3, 4)]
    assert "s" not in ledger.last.records
    assert counts(ledger)[3] == (0, 0, 1)


def test_what_is_withdrawn_is_there_no_more_but_may_still_be_an_end(model: Model) -> None:
    ledger = loads_of(model, {"Body": [{"key": "b", "withdrawn": "true"}]})
    assert ledger.last.entities["b"].states == ()
    assert ledger.last.records["s"].ends["object"] == "b"


def test_a_blank_is_decided_by_what_the_source_bore_when_it_was_first_cited(model: Model) -> None:
    later: Rows = {"Source": [{"key": "doc", "date": "2021-06-30"}], "Secretary": [{"key": "s", "grade": "3"}]}
    other: Rows = {"Source": [{"key": "new", "name": "新", "nature": "document", "date": "2022-01-01"}],
                   "Secretary": [{"key": "s", "source": "new"}]}  # fmt: skip
    ledger = loads_of(model, later, other)
    seen = [ledger.worlds[load].records["s"].span.u0 for load in (1, 2, 3)]
    assert seen == [partial("2020-03-01")[0] + 1] * 2 + [partial("2022-01-01")[0] + 1]


def test_a_row_that_says_an_end_anew_says_not_the_other_way_of_it(model: Model) -> None:
    ledger = loads_of(
        model, {"Secretary": [{"key": "s", "until": "2020"}]}, {"Secretary": [{"key": "s", "through": "2021-05-31"}]}
    )
    assert ledger.worlds[2].records["s"].span.u1 == partial("2020")[1]
    assert ledger.last.records["s"].span.u1 == partial("2021-06-01")[0]


@pytest.mark.parametrize(
    "row", [{"key": "b", "name": ""}, {"key": "x", "withdrawn": "是"}, {"key": "new", "size": "1"}]
)
def test_a_row_that_cannot_be_is_refused(model: Model, row: dict[str, str]) -> None:
    with pytest.raises(RowError):
        loads_of(model, {"Body": [row]})


def test_a_moment_finds_the_last_load_published_by_then(model: Model) -> None:
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    ledger = loads_of(model, {"Body": [{"key": "b", "name": "乙"}]}).at_times([day, day + datetime.timedelta(days=1)])
    offsets = (-1, 0, 23, 24)
    assert [ledger.published_by(day + datetime.timedelta(hours=hours)) for hours in offsets] == [0, 1, 1, 2]
