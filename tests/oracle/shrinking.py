"""Makes a failing operation smaller: takes away one piece of the document after the other while it still fails.

In: an operation and a test that says whether it fails. Out: one from which nothing more can be taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
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
    document, number = parse(operation.document), 0
    while True:
        cut = Cut(number)
        text = _used(cut.node(document))
        if cut.left >= 0:
            return
        if text.strip():
            yield Operation(text, {name: value for name, value in operation.variables.items() if f"${name}" in text})
        number += 1


def _used(document: Node) -> str:
    """The text of a document without the fragments that nothing spreads any more."""
    assert isinstance(document, DocumentNode)
    spread = set(re.findall(r"\.\.\.(\w+)", print_ast(document)))
    kept = tuple(d for d in document.definitions if not isinstance(d, FragmentDefinitionNode) or d.name.value in spread)
    same = len(kept) == len(document.definitions)
    return print_ast(document) if same else _used(replace(document, definitions=kept))


class Cut:
    """Copies a document but for one piece: the ``left``-th that it comes to (negative once it is cut)."""

    def __init__(self, left: int) -> None:
        self.left = left

    def node(self, node: Node) -> Node:
        copied: dict[str, Any] = {}
        for key in node.keys:
            child = getattr(node, key, None)
            if isinstance(child, list | tuple):
                copied[key] = tuple(map(self.node, self.items(key, child)))
            elif isinstance(child, Node):
                copied[key] = self.node(child)
        return replace(node, **copied)

    def items(self, key: str, items: Sequence[Node]) -> list[Node]:
        """What is left of a list; a selection set keeps its last selection."""
        if key not in LISTS or (key == "selections" and len(items) == 1):
            return list(items)
        kept = []
        for item in items:
            if self.left != 0:
                kept.append(item)
            self.left -= 1
        return kept


def _inlined(schema: GraphQLSchema, operation: Operation) -> Operation:
    """The operation with its variables written out, where they have a value."""
    document = parse(operation.document)
    head = document.definitions[0]
    assert isinstance(head, OperationDefinitionNode)
    values: dict[str, Any] = {}
    for definition in head.variable_definitions or ():
        name, type_ = definition.variable.name.value, named(schema, definition.type)
        given = name in operation.variables
        value = ast_from_value(operation.variables[name], type_) if given else definition.default_value  # type: ignore[arg-type]  # a variable's type is an input type
        if value is not None:
            values[name] = value
    kept = tuple(one for one in head.variable_definitions or () if one.variable.name.value not in values)
    rest = document.definitions[1:]
    written = replace(document, definitions=(replace(head, variable_definitions=kept), *rest))
    text = print_ast(_written(written, values))
    return Operation(text, {name: value for name, value in operation.variables.items() if name not in values})


def _written(node: Any, values: dict[str, Any]) -> Any:
    """A copy of a node with values in the place of variables."""
    if isinstance(node, list | tuple):
        return tuple(_written(one, values) for one in node)
    if isinstance(node, VariableNode):
        return values.get(node.name.value, node)
    if not isinstance(node, Node):
        return node
    return replace(node, **{key: _written(getattr(node, key, None), values) for key in node.keys})
