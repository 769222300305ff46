"""A schema that reads itself piece by piece is the schema that graphql-core makes of the whole text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLSchema,
    build_ast_schema,
    introspection_from_schema,
    lexicographic_sort_schema,
    parse,
    print_schema,
)

from orggraph.graphql.engine import Engine
from orggraph.graphql.unread_schema import UnreadSchema, schema_of

ODD = '''
"""A text with
    lines that look like

type Query {

  and quotes: \\""" and \\\\ ."""
type Query implements Node {
  """约 "示例" """
  id: ID!
  old(a: Int = 3, b: [String!] = ["type X {", "\\u4e2d"], how: How = FAST): Thing @deprecated(reason: "new is better")
  bare(in: In): Int @deprecated
}

"In one line: \\"quoted\\" type X {"
interface Node {
  id: ID!
}

interface Thing implements Node {
  id: ID!
}

type One implements Node & Thing {
  id: ID!
}

scalar Day

input In {
  """of the day"""
  day: Day = "2020-03-31"
  deep: [[In!]]
}

enum How {
  FAST

  """not so"""
  SLOW @deprecated(reason: "too slow")
}
'''


def whole(sdl: str) -> GraphQLSchema:
    return build_ast_schema(parse(sdl), assume_valid=True)


def told(schema: GraphQLSchema) -> Any:
    """All that introspection tells, whatever its order."""
    options = {"specified_by_url": True, "directive_is_repeatable": True, "input_value_deprecation": True}
    return introspection_from_schema(lexicographic_sort_schema(schema), **options)


@pytest.mark.parametrize("model", ["changji", "university", "minimal"])
def test_every_model_tells_the_same_of_itself(engine_of: Callable[[str], Engine], model: str) -> None:
    sdl = engine_of(model).store.sdl
    schema = schema_of(sdl)
    assert isinstance(schema, UnreadSchema)
    assert told(schema) == told(whole(sdl))
    assert print_schema(lexicographic_sort_schema(schema)) == print_schema(lexicographic_sort_schema(whole(sdl)))


def test_odd_texts_are_cut_where_they_end() -> None:
    schema = schema_of(ODD)
    assert isinstance(schema, UnreadSchema)
    assert told(schema) == told(whole(ODD))
    node = schema.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert {one.name for one in schema.get_possible_types(node)} == {"Query", "One"}
    assert [one.name for one in schema.get_implementations(node).interfaces] == ["Thing"]


@pytest.mark.parametrize(
    "more",
    [
        "union Either = A | B\ntype A {\n  a: Int\n}\ntype B {\n  b: Int\n}\n",
        "directive @x on FIELD\n",
        "schema {\n  query: Root\n}\ntype Root {\n  a: Int\n}\n",
        "input Only @oneOf {\n  a: Int\n}\n",
        'scalar Url @specifiedBy(url: "https://example.org")\n',
    ],
)
def test_what_it_does_not_read_is_read_whole(more: str) -> None:
    sdl = f"type Query {{\n  a: Int\n}}\n\n{more}"
    assert not isinstance(schema_of(sdl), UnreadSchema)
    assert told(schema_of(sdl)) == told(whole(sdl))


def test_what_is_not_asked_for_is_not_read(engine_of: Callable[[str], Engine]) -> None:
    read: list[str] = []

    class Watched(UnreadSchema):
        def _read(self, one: Any) -> Any:
            read.append(one.name)
            return super()._read(one)

    from orggraph.graphql.unread_schema import definitions

    sdl = engine_of("changji").store.sdl
    schema = Watched(sdl, list(definitions(sdl)))
    assert read == []
    query = schema.query_type
    assert query is not None
    assert "units" in query.fields
    assert read == ["Query"]
