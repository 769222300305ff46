"""Makes a failing operation smaller: takes away one piece of the document after the other while it still fails.

In: an operation and a test that says whether it fails. Out: one from which nothing more can be taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from graphql import (
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    VariableNode,
    ast_from_value,
    parse,
    print_ast,
    validate,
)
from graphql import type_from_ast as named

from tests.oracle.operation import Operation

LISTS = ("definitions", "variable_definitions", "selections", "arguments", "fields", "values", "directives")
"""The attributes of nodes that hold what can be taken away."""


def smaller(schema: GraphQLSchema, operation: Operation, fails: Callable[[Operation], bool]) -> Operation:
    """A smallest failing operation, as far as taking away one piece at a time leads."""
    found, plain = operation, _inlined(schema, operation)
    if _sound(schema, plain) and fails(plain):
        found = plain
    while True:
        for attempt in _less(found):
            if _sound(schema, attempt) and fails(attempt):
                found = attempt
                break
        else:
            return found


def _sound(schema: GraphQLSchema, operation: Operation) -> bool:
    return not validate(schema, parse(operation.document))


def _less(operation: Operation) -> Iterator[Operation]:
    """The operation without one piece, for every piece, large ones first."""
    for number in range(len(list(_pieces(parse(operation.document))))):
        document = parse(operation.document)
        node, attribute, index = list(_pieces(document))[number]
        kept = [one for i, one in enumerate(getattr(node, attribute)) if i != index]
        setattr(node, attribute, tuple(kept))
        if document.definitions and isinstance(document.definitions[0], OperationDefinitionNode):
            text = print_ast(document)
            yield Operation(text, {name: v for name, v in operation.variables.items() if f"${name}" in text})


def _pieces(node: Node) -> Iterator[tuple[Node, str, int]]:
    for attribute in LISTS:
        for index in range(len(getattr(node, attribute, None) or ())):
            yield node, attribute, index
    for key in node.keys:
        value = getattr(node, key, None)
        for child in value if isinstance(value, list | tuple) else [value]:
            if isinstance(child, Node):
                yield from _pieces(child)


def _inlined(schema: GraphQLSchema, operation: Operation) -> Operation:
    """The operation with its variables written out, where they have a value."""
    document = parse(operation.document)
    head = document.definitions[0]
    assert isinstance(head, OperationDefinitionNode)
    values: dict[str, Any] = {}
    for definition in head.variable_definitions or ():
        name, type_ = definition.variable.name.value, named(schema, definition.type)
        given = name in operation.variables
        value = ast_from_value(operation.variables[name], type_) if given else definition.default_value  # type: ignore[arg-type]
        if value is not None:
            values[name] = value
    kept = tuple(one for one in head.variable_definitions or () if one.variable.name.value not in values)
    setattr(head, "variable_definitions", kept)  # noqa: B010 (read-only to the type checker alone)
    _write_out(document, values)
    return Operation(print_ast(document), {n: v for n, v in operation.variables.items() if n not in values})


def _write_out(node: Node, values: dict[str, Any]) -> None:
    """Puts values in the place of variables everywhere below a node."""
    for key in node.keys:
        child = getattr(node, key, None)
        if isinstance(child, list | tuple):
            setattr(node, key, tuple(_written(one, values) for one in child))
        elif isinstance(child, Node):
            setattr(node, key, _written(child, values))


def _written(child: Any, values: dict[str, Any]) -> Any:
    if isinstance(child, VariableNode):
        return values.get(child.name.value, child)
    if isinstance(child, Node):
        _write_out(child, values)
    return child
