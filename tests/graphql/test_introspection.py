"""The schema tells of itself what graphql-core would say, in every form that is asked, and beside what the store says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from graphql import get_introspection_query, graphql_sync

from orggraph.graphql.engine import Engine, RequestErrors
from orggraph.opening import open_engine
from orggraph.settings import Bounds

USUAL = get_introspection_query(
    specified_by_url=True, directive_is_repeatable=True, schema_description=True, input_value_deprecation=True
)
ASKED: list[tuple[str, dict[str, Any]]] = [
    (USUAL, {}),
    (get_introspection_query(descriptions=False), {}),
    ("{ __schema { queryType { name } mutationType { name } directives { name args { name defaultValue } locations } } }", {}),
    ('{ scholar: __type(name: "Scholar") { ...T } none: __type(name: "没有") { name } } fragment T on __Type { kind name '
     "interfaces { name } possibleTypes { name } fields { name type { kind ofType { name } } } }", {}),
    ("query($n: String!, $all: Boolean = true) { __type(name: $n) { enumValues(includeDeprecated: $all) { name isDeprecated } "
     "inputFields { name } specifiedByURL } }", {"n": "Certainty"}),
    ("query($yes: Boolean!) { __schema @include(if: $yes) { __typename } __typename }", {"yes": False}),
    ('{ __type(name: "Query") { name: kind fields { name } } __type(name: "Query") { fields { type { name } } } }', {}),
]  # fmt: skip


@pytest.mark.parametrize(("document", "variables"), ASKED)
def test_it_is_what_graphql_core_says(
    engine_of: Callable[[str], Engine], document: str, variables: dict[str, Any]
) -> None:
    engine = engine_of("university")
    expected = graphql_sync(engine.schema, document, variable_values=variables)
    assert not expected.errors
    for _ in range(2):  # made, then kept
        assert json.loads(engine.execute(document, variables))["data"] == expected.data


def test_it_stands_beside_data_in_one_answer(engine_of: Callable[[str], Engine]) -> None:
    document = '{ at(date: "2019-06-15") { scholar(key: "s-wang") { name } } __type(name: "Scholar") { name } }'
    answer = engine_of("university").execute(document)
    assert json.loads(answer) == {
        "data": {"at": {"scholar": {"name": "王𠮷"}}, "__type": {"name": "Scholar"}},
        "extensions": {"load": 2},
    }


def test_it_is_kept_by_the_values_of_its_variables(engine_of: Callable[[str], Engine]) -> None:
    engine, document = engine_of("university"), "query($n: String!) { __type(name: $n) { name } }"
    for name in ("Scholar", "Certainty", "Scholar"):
        assert json.loads(engine.execute(document, {"n": name}))["data"] == {"__type": {"name": name}}
        assert engine.known(document, {"n": name})


def test_what_would_become_too_large_is_stopped(store_of: Callable[[str], Any]) -> None:
    engine = open_engine(store_of("university"), Bounds(answer_bytes=100_000))
    for document in (USUAL, "{ __schema { types { fields { args { name a: name b: name c: name d: name } } } } }"):
        with pytest.raises(RequestErrors) as refused:
            engine.execute(document)
        assert refused.value.code == "TOO_LARGE"


def test_it_can_be_shut(store_of: Callable[[str], Any]) -> None:
    engine = open_engine(store_of("university"), introspection=False)
    for document in (
        "{ __schema { types { name } } }",
        '{ ...F } fragment F on Query { x: __type(name: "Scholar") { name } }',
    ):
        with pytest.raises(RequestErrors) as refused:
            engine.execute(document)
        assert refused.value.code == "INTROSPECTION_OFF"
    assert b"__schema" not in engine.execute(
        '{ scholars(where: {name: {eq: "__schema"}}) { nodes { name } } __typename }'
    )
    with pytest.raises(RequestErrors) as invalid:
        engine.execute("{ scholar(key: 1) { nam } }")
    assert "name" not in invalid.value.message.replace('"nam"', "")
