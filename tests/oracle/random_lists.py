"""Random lists to be walked page by page. In: a schema and what occurs in a world. Out: a document with cursors' variables.

A list of the root, or below one entity, in one scope: where a cursor can tell a place. Any filter, any order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)

from tests.oracle.operation import Operation
from tests.oracle.random_inputs import SCOPES, Inputs
from tests.oracle.random_pool import Pool

PAGING = {"first": "Int", "after": "String", "last": "Int", "before": "String"}


@dataclass(frozen=True)
class WalkedList:
    """``path``: where the list stands in the answer. ``key``: that of the entity that it is of; None at the root."""

    document: str
    variables: dict[str, Any]
    path: tuple[str, ...]
    key: str | None = field(default=None)

    def page(self, **paging: Any) -> Operation:
        return Operation(self.document, self.variables | paging)


def random_list(rng: Random, schema: GraphQLSchema, pool: Pool) -> WalkedList:
    inputs = Inputs(rng, pool)
    query = schema.query_type
    assert query
    roots = {name: one for name, one in query.fields.items() if name in pool.lists}
    kinds = {
        name: keys for name, keys in pool.roots.items() if keys and not name.endswith("Record") and name != "record"
    }
    key: str | None = None
    path: tuple[str, ...] = ("s", "l")
    if rng.random() < 0.4:
        name = rng.choice(list(roots))
        text = f"l: {_list(rng, inputs, name, roots[name])}"
    else:
        kind = rng.choice([one for one in kinds if one != "entity"])
        key, path = rng.choice(kinds[kind]), ("s", "p", "l")
        fields = {name: one for name, one in fields_of(query.fields[kind]).items() if "after" in one.args}
        name = rng.choice(list(fields))
        text = f'p: {kind}(key: "{key}") {{ l: {_list(rng, inputs, name, fields[name])} }}'
    word = rng.choice((*SCOPES, "ever", "ever"))
    days = inputs.days(word)
    if rng.random() < 0.3:
        days["certainty"] = "CERTAIN"
    scope = [f"{name}: {inputs.text(value, query.fields[word].args[name].type)}" for name, value in days.items()]
    head = f"s: {word}({', '.join(scope)})" if scope else f"s: {word}"
    declared = ", ".join(f"${name}: {type_}" for name, type_ in (inputs.declared | PAGING).items())
    return WalkedList(f"query({declared}) {{ {head} {{ {text} }} }}", inputs.variables, path, key)


def fields_of(described: GraphQLField) -> dict[str, GraphQLField]:
    """What can be selected below a field."""
    type_ = get_named_type(described.type)
    assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
    found: dict[str, GraphQLField] = type_.fields
    return found


def _list(rng: Random, inputs: Inputs, name: str, described: GraphQLField) -> str:
    """A list with everything that tells its rows apart, and their cursors."""
    values: dict[str, Any] = {}
    type_ = described.args["where"].type
    if rng.random() < 0.25:
        assert isinstance(type_, GraphQLInputObjectType)
        values["where"] = inputs.where(type_, 2)
    if rng.random() < 0.8:
        values["orderBy"] = inputs.order_by(described.args["orderBy"].type, most=3)
    written = [f"{name}: {inputs.text(value, described.args[name].type)}" for name, value in values.items()]
    arguments = ", ".join([*written, *(f"{name}: ${name}" for name in PAGING)])
    edge = fields_of(fields_of(described)["edges"])
    record = str(edge["record"].type) if "record" in edge else ""
    told = "" if not record else "record { via { key } }" if record == "DerivedRecord!" else "record { key }"
    days = "valid { from { earliest latest } until { earliest latest } }"
    edges = f"edges {{ cursor certainty {days} node {{ id key }} {told} }}"
    info = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
    return f"{name}({arguments}) {{ {edges} {info} totalCount nodeCount }}"
