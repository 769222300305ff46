"""What clients' caches are told is what the schema says, as graphql-core reads it."""

from __future__ import annotations

import json

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_client_schema,
    build_schema,
    get_named_type,
    introspection_from_schema,
)

from orggraph.graphql.caches import apollo, urql
from orggraph.graphql.schema import sdl
from orggraph.model import load_model
from orggraph.model.model import Model
from tests.conftest import MODELS


@pytest.fixture(scope="module", params=["university", "minimal"])
def model(request: pytest.FixtureRequest) -> Model:
    return load_model(MODELS[request.param][0])


@pytest.fixture(scope="module")
def schema(model: Model) -> GraphQLSchema:
    return build_schema(sdl(model))


def parts(schema: GraphQLSchema) -> set[str]:
    """The object types without an id, but for the root."""
    told = {
        name for name, one in schema.type_map.items() if isinstance(one, GraphQLObjectType) and "id" not in one.fields
    }
    return {name for name in told if not name.startswith("__") and name != "Query"}


def test_apollo_is_told_the_types_of_every_interface(model: Model, schema: GraphQLSchema) -> None:
    interfaces = [one for one in schema.type_map.values() if isinstance(one, GraphQLInterfaceType)]
    wanted = {one.name: {possible.name for possible in schema.get_possible_types(one)} for one in interfaces}
    assert {name: set(types) for name, types in json.loads(apollo(model))["possibleTypes"].items()} == wanted


def test_only_what_has_an_id_is_kept_by_it(model: Model, schema: GraphQLSchema) -> None:
    policies = json.loads(apollo(model))["typePolicies"]
    assert set(policies) == parts(schema) == set(json.loads(urql(model))["parts"])
    assert all(policy == {"keyFields": False, "merge": True} for policy in policies.values())


def test_urql_is_given_an_introspection(model: Model, schema: GraphQLSchema) -> None:
    """The same as graphql-core's own, but for arguments, and with every scalar and enum as one."""
    told = build_client_schema(json.loads(urql(model))["schema"])
    whole = build_client_schema(introspection_from_schema(schema))
    for name, type_ in whole.type_map.items():
        if name.startswith("__") or not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            continue
        same = told.type_map[name]
        assert isinstance(same, type(type_))
        assert {one.name for one in same.interfaces} == {one.name for one in type_.interfaces}
        for field, wanted in type_.fields.items():
            known = isinstance(get_named_type(wanted.type), GraphQLObjectType | GraphQLInterfaceType)
            shown = str(wanted.type) if known else str(wanted.type).replace(str(get_named_type(wanted.type)), "Any")
            assert str(same.fields[field].type) == shown
        assert same.fields.keys() == type_.fields.keys()
