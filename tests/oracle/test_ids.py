"""Whatever has the same id is the same: what a client caches by an id is right in every other answer.

Random operations on one store are read as a normalized cache reads them. Each answer is executed again by graphql-core over
itself; a thing with an id is at one place wherever it stands, all else at its place below what it was read from. At one place,
one field with the same arguments has one value.

ORGGRAPH_IDS says how many operations (60), ORGGRAPH_IDS_SEED which model to begin with (0).
"""

from __future__ import annotations

import json
import os
from random import Random
from typing import Any

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    execute_sync,
    parse,
    print_ast,
    visit,
)

from tests.oracle.answer import schema_of
from tests.oracle.operation import Operation
from tests.oracle.product import Product
from tests.oracle.random_documents import random_operation
from tests.oracle.random_loads import random_loads
from tests.oracle.random_model import random_model
from tests.oracle.random_pool import pool_of

OPERATIONS = int(os.environ.get("ORGGRAPH_IDS", "60"))
FIRST = int(os.environ.get("ORGGRAPH_IDS_SEED", "0"))
PER_WORLD = 30
NAMES = parse("{ cacheType: __typename cacheId: id }").definitions[0].selection_set.selections  # type: ignore[attr-defined]  # an operation
Place = tuple[Any, ...]


class Named(Visitor):
    """Asks for the type of each thing, and for its id if it has one."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types

    def leave_selection_set(self, node: SelectionSetNode, *_: Any) -> SelectionSetNode:
        type_ = self.types.get_parent_type()
        has = isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and "id" in type_.fields
        return SelectionSetNode(selections=(*node.selections, *NAMES[: 2 if has else 1]))


class Cache:
    """What was read at each place; ``things``: how many values were read again of things with an id."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self.known: dict[Place, Any] = {}
        self.again = 0

    def read(self, operation: Operation, data: dict[str, Any]) -> None:
        """Raises AssertionError if another answer said otherwise."""
        told = execute_sync(
            self.schema,
            parse(operation.document),
            (data, ("Query",)),
            variable_values=operation.variables,
            field_resolver=self.field,
            type_resolver=lambda one, *_: one[0]["cacheType"],
        )
        assert told.errors is None, f"{told.errors}\n{operation.document}\n{operation.variables}"

    def field(self, source: tuple[dict[str, Any], Place], info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        seen, place = source
        here = (*place, info.field_name, json.dumps(arguments, sort_keys=True, default=str))
        return self.placed(seen[str(info.path.key)], here)

    def placed(self, value: Any, place: Place) -> Any:
        """A value with its place; a leaf as it is."""
        if isinstance(value, list):
            self.keep((*place, "length"), len(value))
            return [self.placed(one, (*place, number)) for number, one in enumerate(value)]
        if not isinstance(value, dict):
            self.keep(place, value)
            return value
        if "cacheId" in value:
            self.keep(place, value["cacheId"])
            return value, (value["cacheType"], value["cacheId"])
        return value, place

    def keep(self, place: Place, value: Any) -> None:
        self.again += place[0] != "Query" and place in self.known
        known = self.known.setdefault(place, value)
        assert known == value, f"{place} is {value}, and was {known}"


@pytest.mark.parametrize("seed", range(FIRST, FIRST + -(-OPERATIONS // PER_WORLD)))
def test_one_id_is_one_thing(seed: int) -> None:
    rng = Random(seed)
    text, model = random_model(rng)
    loads = random_loads(rng, model)
    with Product(text, loads.files) as product:
        schema, pool = schema_of(product.sdl), pool_of(loads.ledger.at_times(product.times()))
        cache, types = Cache(schema), TypeInfo(schema)
        for _ in range(PER_WORLD):
            drawn = random_operation(rng, schema, pool)
            named = visit(parse(drawn.document), TypeInfoVisitor(types, Named(types)))
            operation = Operation(print_ast(named), drawn.variables)
            answer = product.answer(operation)
            if answer.startswith("{"):  # else it was refused, which is tested elsewhere
                cache.read(operation, json.loads(answer)["data"])
        assert cache.again
