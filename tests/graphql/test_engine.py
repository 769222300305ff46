"""One operation is one statement; documents are bounded before they are looked at; plans serve every value of a shape."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from orggraph.graphql.engine import Bounds, Engine, RequestErrors
from orggraph.opening import open_engine
from orggraph.stores.contract import Limits
from orggraph.stores.sqlite.store import SqliteStore

DEEP = """query($day: Date) { at(date: $day) {
  units(where: {deputyHeads: {some: {covers: {some: {}}}}}) { totalCount nodes { name
    deputyHeads { edges { certainty node { name covers { edges { node { name street { name city { name } } }
      record { via { key citations { title source { name } } } } } } } record { citations { title } } } } } }
  communities(first: 5) { nodes { name workers { totalCount } } pageInfo { hasNextPage } }
  person(key: "deputy-1") { name } } }"""


def traced(engine: Engine) -> list[str]:
    """The statements that the real connection is given from now on."""
    statements: list[str] = []
    store = engine.store
    assert isinstance(store, SqliteStore)
    store.connection.trace_v2(apsw.SQLITE_TRACE_STMT, lambda event: statements.append(event["sql"]))
    return statements


def test_an_operation_is_one_statement(engine_of: Callable[[str], Engine]) -> None:
    engine = engine_of("changji")
    statements = traced(engine)
    answer = json.loads(engine.execute(DEEP, {"day": "2020-03-31"}))
    outermost = [sql for sql in statements if not sql.startswith("--")]
    assert len(outermost) == 1
    assert answer["data"]["at"]["units"]["totalCount"] > 0
    assert answer["extensions"] == {"load": 2}


def test_the_seventy_pairs_are_the_same_at_both_certainties(engine_of: Callable[[str], Engine]) -> None:
    document = """query($c: Certainty) { at(date: "2020-03-31", certainty: $c) { persons(where: {covers: {some: {}}})
        { nodes { key covers { nodes { key } } } } } }"""
    pairs = []
    for certainty in ("POSSIBLE", "CERTAIN"):
        people = json.loads(engine_of("changji").execute(document, {"c": certainty}))["data"]["at"]["persons"]["nodes"]
        pairs.append([(one["key"], far["key"]) for one in people for far in one["covers"]["nodes"]])
    assert len(pairs[0]) == len(set(pairs[0])) == 70
    assert pairs[0] == pairs[1]


def test_one_statement_serves_every_value_of_a_shape(engine_of: Callable[[str], Engine]) -> None:
    engine = engine_of("university")
    document = 'query($w: ScholarWhere) { at(date: "2019-06-15") { scholars(where: $w) { nodes { name } } } }'
    names, texts = [], set()
    for name in ("王𠮷", "李娜", "'; DROP TABLE entity; --"):
        variables = {"w": {"name": {"eq": name}}}
        texts.add(engine.statement(document, variables)[0].text)
        names.append(
            [n["name"] for n in json.loads(engine.execute(document, variables))["data"]["at"]["scholars"]["nodes"]]
        )
    assert names == [["王𠮷"], ["李娜"], []]
    assert len(texts) == 1
    other = engine.statement(document, {"w": {"name": {"contains": "李"}}})[0].text
    assert other not in texts


def refusal(engine: Engine, document: str, variables: dict[str, object] | None = None) -> str:
    with pytest.raises(RequestErrors) as refused:
        engine.execute(document, variables or {})
    return str(refused.value.errors[0]["extensions"]["code"])


def test_documents_are_bounded(engine_of: Callable[[str], Engine]) -> None:
    engine = engine_of("university")
    assert refusal(engine, "{ __typename }" + " " * 70_000) == "DOCUMENT_TOO_LONG"
    assert refusal(engine, "{" + " __typename" * 3_000 + "}") == "TOO_MANY_TOKENS"
    assert refusal(engine, "{ a " * 900 + "}" * 900) == "TOO_DEEP"


def test_a_fragment_bomb_is_priced_by_its_text(engine_of: Callable[[str], Engine]) -> None:
    levels = 20
    bomb = "".join(
        f"fragment F{i} on Committee {{ members {{ nodes {{ ... on Scholar {{ seats {{ nodes {{ ...F{i + 1} }} }} }} }} }} }} "
        for i in range(levels)
    )
    document = f"{{ committees {{ nodes {{ ...F0 }} }} }} {bomb} fragment F{levels} on Committee {{ name }}"
    assert refusal(engine_of("university"), document) == "TOO_COSTLY"


def test_a_price_above_the_bound_is_refused_with_what_to_do(engine_of: Callable[[str], Engine]) -> None:
    engine = Engine(engine_of("changji").store, Bounds(price=1_000))
    with pytest.raises(RequestErrors, match="ask for fewer"):
        engine.execute("{ persons { nodes { name } } }")
    assert json.loads(engine.execute("{ persons(first: 3) { nodes { name } } }"))["data"]["persons"]["nodes"]


@pytest.mark.parametrize(
    "variables",
    [{"n": "three"}, {"n": 2**40}, {"n": None, "extra": 1}, {"n": 1.5}, {"n": True}, {"n": [1]}],
)
def test_bad_variables_are_told_as_graphql_core_tells_them(
    engine_of: Callable[[str], Engine], variables: dict[str, object]
) -> None:
    document = "query($n: Int!) { scholars(first: $n) { nodes { name } } }"
    assert refusal(engine_of("university"), document, variables) == "BAD_VARIABLE"


@pytest.mark.parametrize("introspection", [True, False])
def test_a_variable_is_told_what_may_be_meant_where_the_schema_is_no_secret(
    store_of: Callable[[str], Path], introspection: bool
) -> None:
    engine = open_engine(store_of("university"), introspection=introspection)
    document = "query($w: ScholarWhere, $n: Int) { scholars(where: $w, first: $n) { nodes { name } } }"
    with pytest.raises(RequestErrors) as refused:
        engine.execute(document, {"w": {"nme": {"eq": "孔甲"}}, "n": "two"})
    first, second = (error["message"] for error in refused.value.errors)
    assert "'nme'" in first
    assert ("Did you mean 'name'" in first) is introspection
    assert "'$n'" in second


def test_a_negative_page_is_refused(engine_of: Callable[[str], Engine]) -> None:
    assert refusal(engine_of("university"), "{ scholars(first: -1) { nodes { name } } }") == "BAD_VALUE"


def test_an_answer_that_takes_too_long_is_stopped(engine_of: Callable[[str], Engine]) -> None:
    store = engine_of("changji").store
    assert isinstance(store, SqliteStore)
    document = "{ persons { nodes { name workplaces { nodes { name workers { totalCount nodes { name } } } } } } }"
    store.limits = Limits(seconds=0.02)
    try:
        assert refusal(Engine(store, Bounds(price=1e12)), document) == "TIMEOUT"
    finally:
        store.limits = Limits()


@pytest.mark.parametrize("depth", [3, 30, 300])
def test_nesting_is_answered_or_refused(engine_of: Callable[[str], Engine], depth: int) -> None:
    where: dict[str, object] = {"name": {"eq": "王𠮷"}}
    for _ in range(depth * 2):
        where = {"not": where}
    document = "query($w: ScholarWhere) { scholars(where: $w) { nodes { name } } }"
    engine = engine_of("university")
    if depth < 300:
        answer = json.loads(engine.execute(document, {"w": where}))
        assert [one["name"] for one in answer["data"]["scholars"]["nodes"]] == ["王𠮷"]
    else:
        assert refusal(engine, document, {"w": where}) == "TOO_DEEP"


def test_a_statement_that_sqlite_cannot_hold_is_refused(engine_of: Callable[[str], Engine]) -> None:
    where = '{name: {contains: "王"}}'
    for _ in range(9):
        where = f"{{seats: {{some: {{members: {{count: {{where: {{is: {{scholar: {where}}}}} eq: 1}}}}}}}}}}"
    engine = Engine(engine_of("university").store, Bounds(price=1e300, size=10**12))
    assert refusal(engine, f"{{ scholars(where: {where}) {{ nodes {{ name }} }} }}") == "TOO_COMPLEX"
