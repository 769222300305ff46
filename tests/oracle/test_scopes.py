"""Scopes, ids, orders and climbs, by hand: sections 5 and 6 of the semantics and what the API says of lists."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from orggraph.graphql.schema import sdl
from orggraph.model import model_of
from tests.oracle.answer import answer
from tests.oracle.ledger import Ledger, Rows, ledger_of
from tests.oracle.operation import Operation
from tests.oracle.order import of_text, ordered
from tests.oracle.scope import Scope
from tests.oracle.spans import ALWAYS, NEVER, partial
from tests.oracle.test_truth import SOURCES
from tests.oracle.truth import Window, during, on_day

YAML = """
model: {name: t, label: {zh: 试, en: t}, iri: "https://example.org/"}
kinds:
  Unit:
    label: {zh: 单位, en: unit}
    plural: units
    fields: {size: {type: int, label: {zh: 数, en: size}}}
relations:
  PartOf:
    label: {zh: 属于, en: part of}
    subject: {name: part, kind: Unit, singular: whole, plural: wholes}
    object: {name: whole, kind: Unit, singular: part, plural: parts}
    hierarchy: true
"""
ROWS: Rows = {
    "Source": SOURCES,
    "Unit": [
        {"key": "a", "name": "张", "size": "2", "source": "doc"},
        {"key": "b", "name": "Z", "source": "doc"},
        {"key": "c", "name": "阿", "size": "1", "source": "doc"},
    ],
    "PartOf": [
        {"key": "ab", "part": "a", "whole": "b", "from": "2018", "until": "2020-01-01", "source": "doc"},
        {"key": "bc", "part": "b", "whole": "c", "from": "2019", "until": "2021-01-01", "source": "doc"},
    ],
}


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return ledger_of(model_of({"t.yaml": YAML}), [ROWS])


def ask(ledger: Ledger, document: str) -> Any:
    told = answer(ledger, sdl(ledger.model), datetime.date(2019, 6, 1), Operation(document, {}))
    return json.loads(told)["data"]


def scope(ledger: Ledger, n: Window, *given: str) -> Scope:
    return Scope(ledger, 1, n, certain=False, given=frozenset(given))


def test_an_id_carries_what_was_given_and_reopens_it(ledger: Ledger) -> None:
    start, end = partial("2019")
    day = scope(ledger, on_day(start), "dates", "load", "certainty")
    narrowed = scope(ledger, Window(ALWAYS, start, ALWAYS, end, narrows=True), "dates")
    for one, text in [
        (scope(ledger, on_day(start)), "a"),
        (day, "a@2019-01-01~1!P"),
        (narrowed, f"a@.{start}..{end}"),
        (scope(ledger, during(), "dates"), "a@..."),
    ]:
        assert one.id_of("a") == text
        found = one.reopened(text)
        assert found == ("a", one)


@pytest.mark.parametrize("text", ["", "键", "a@", "a@2019-02-30", "a@2019", "a@1.2.3", "a!Q", "a!C~1", "a~2"])
def test_what_is_no_id_opens_nothing(ledger: Ledger, text: str) -> None:
    assert scope(ledger, during()).reopened(text) is None


def test_what_is_absent_stays_as_it_is_around(ledger: Ledger) -> None:
    narrowed = Window(ALWAYS, 5, 8, NEVER, narrows=True)
    outer = Scope(ledger, 1, narrowed, certain=True)
    assert outer.opened("at", {"date": None}) == outer
    assert outer.opened("at", {"load": 0}).load == 0
    assert outer.opened("during", {"from": "2019-01-01"}).n == during(partial("2019-01-01")[0], NEVER)
    assert outer.opened("during", {"in": "2019"}).n == during(*(day + i for i, day in enumerate(partial("2019"))))
    assert outer.opened("ever", {"certainty": "POSSIBLE"}).given == {"dates", "certainty"}


def test_a_month_that_is_too_short_gives_its_last_day(ledger: Ledger) -> None:
    data = ask(ledger, '{ each(from: "2020-01-31", until: "2020-05-01", step: "P1M") { scope { date } } }')
    assert [one["scope"]["date"] for one in data["each"]] == ["2020-01-31", "2020-02-29", "2020-03-31", "2020-04-30"]


def test_a_climb_holds_while_all_its_records_do(ledger: Ledger) -> None:
    climb = "ancestors { edges { certainty node { key } record { valid { from { latest } } via { key certainty } } } }"
    data = ask(
        ledger,
        f'{{ on: at(date: "2019-06-01") {{ unit(key: "a") {{ {climb} }} }} ever {{ unit(key: "a") {{ {climb} }} }} }}',
    )
    on, ever = ([*one["unit"]["ancestors"]["edges"]] for one in (data["on"], data["ever"]))
    assert [(one["node"]["key"], one["certainty"]) for one in on] == [("b", "CERTAIN"), ("c", "POSSIBLE")]
    assert [(one["node"]["key"], one["certainty"]) for one in ever] == [("b", "CERTAIN"), ("c", "CERTAIN")]
    assert ever[1]["record"]["via"] == [{"key": "ab", "certainty": "CERTAIN"}, {"key": "bc", "certainty": "CERTAIN"}]
    assert ever[1]["record"]["valid"] == {"from": {"latest": "2019-12-31"}}


def test_within_is_the_entity_itself_or_what_is_below_it(ledger: Ledger) -> None:
    listed = 'units(where: {within: {eq: "c@2019-01-01"}}) { nodes { key } }'
    data = ask(ledger, f'{{ ever {{ {listed} }} at(date: "2020-06-01") {{ {listed} }} }}')
    assert [node["key"] for node in data["ever"]["units"]["nodes"]] == ["a", "b", "c"]
    assert [node["key"] for node in data["at"]["units"]["nodes"]] == ["b", "c"]


def test_a_scope_in_a_filter_asks_on_other_days(ledger: Ledger) -> None:
    where = '{at: {date: "2020-06-01" where: {wholes: {none: {}}}} wholes: {some: {}}}'
    data = ask(ledger, f'{{ at(date: "2019-06-01") {{ units(where: {where}) {{ nodes {{ key }} }} }} }}')
    assert [node["key"] for node in data["at"]["units"]["nodes"]] == ["a"]


def test_text_is_ordered_by_pinyin_and_what_has_no_value_comes_last(ledger: Ledger) -> None:
    assert [of_text(one) for one in ("张三", "𠮷", "é")] == ["zhang1张san1三", "𠮷", "é"]
    for entry, keys in [
        ("{name: ASC}", ["b", "c", "a"]),
        ("{name: DESC}", ["a", "c", "b"]),
        ("{size: ASC}", ["c", "a", "b"]),
        ("{size: DESC}", ["a", "c", "b"]),
        ("{ancestors: {count: DESC}}", ["a", "b", "c"]),
    ]:
        data = ask(ledger, f"{{ ever {{ units(orderBy: [{entry}]) {{ nodes {{ key }} }} }} }}")
        assert [node["key"] for node in data["ever"]["units"]["nodes"]] == keys, entry


def test_what_is_equal_stays_in_its_own_order() -> None:
    rows = [(1, "a"), (None, "b"), (0, "c"), (1, "d")]
    for way, keys in (("ASC", "cadb"), ("DESC", "adcb")):
        assert "".join(key for _, key in ordered(rows, [{"n": way}], lambda row, _: row[0])) == keys


def test_the_first_and_the_last_of_a_list_know_what_is_beyond_them(ledger: Ledger) -> None:
    page = "{ nodes { key } pageInfo { hasNextPage hasPreviousPage } }"
    data = ask(
        ledger,
        f"{{ ever {{ first: units(first: 1) {page} last: units(last: 2) {page} none: units(last: 0) {page} }} }}",
    )["ever"]
    told = {name: ([node["key"] for node in one["nodes"]], *one["pageInfo"].values()) for name, one in data.items()}
    assert told == {"first": (["a"], True, False), "last": (["b", "c"], False, True), "none": ([], False, True)}


def test_the_model_is_told_in_its_own_order(ledger: Ledger) -> None:
    data = ask(ledger, "{ model { name kinds { code } relations { code label(lang: EN) } derived { code } } }")["model"]
    assert [kind["code"] for kind in data["kinds"]] == list(ledger.model.kinds)
    assert (data["relations"], data["derived"]) == ([{"code": "PartOf", "label": "part of"}], [])
