"""An argument's value as the planner reads it, whether the document wrote it or a variable brings it.

In: an AST value or a coerced variable. Out: ``Input``: an object, a list or a leaf; a leaf that a variable brings stays
a ``Variable``, so that one plan serves every value of the same shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)
from msgspec import Struct

from orggraph.errors import OperationError
from orggraph.plan.scope import Constant, Joined, Value, Variable


class Dropped(Struct, frozen=True):
    """A variable that is not given, or null: its condition goes."""


class Given(Struct, frozen=True):
    """What a variable brings at a path; ``value`` is only looked at for its shape."""

    path: tuple[str | int, ...]
    value: Any


class Written(Struct, frozen=True):
    """What the document wrote; variables inside it are looked up in ``variables`` (coerced, defaults filled in)."""

    node: ValueNode
    variables: Mapping[str, Any]


class Plain(Struct, frozen=True):
    """What the model's YAML says, as plain values."""

    value: Any


Input = Dropped | Given | Written | Plain


def refused(value: Input, message: str, code: str = "BAD_VALUE") -> OperationError:
    """What is said of a value: where it is written, or which variable brings it."""
    match value:
        case Written(node):
            return OperationError(message, code, node)
        case Given(path):
            return OperationError(f"${'.'.join(map(str, path))}: {message}", code)
    return OperationError(message, code)


def written(node: ValueNode, variables: Mapping[str, Any]) -> Input:
    """An AST value as an Input; raises OperationError for a null that the document wrote."""
    if isinstance(node, VariableNode):
        name = node.name.value
        value = variables.get(name)
        return Dropped() if value is None else Given((name,), value)
    if isinstance(node, NullValueNode):
        raise OperationError("null is written here; leave the condition out, or ask for isNull", "NULL_WRITTEN", node)
    return Written(node, variables)


def fields(value: Input) -> dict[str, Input]:
    """The fields of an object."""
    match value:
        case Given(path, inner) if isinstance(inner, Mapping):
            return {name: Dropped() if part is None else Given((*path, name), part) for name, part in inner.items()}
        case Plain(inner) if isinstance(inner, Mapping):
            return {name: Plain(part) for name, part in inner.items()}
        case Written(ObjectValueNode() as node, variables):
            return {field.name.value: written(field.value, variables) for field in node.fields}
    raise refused(value, "an object is wanted here")


def items(value: Input) -> list[Input]:
    """The items of a list; a single value is a list of one, as GraphQL has it."""
    match value:
        case Given(path, inner) if isinstance(inner, list):
            return [Given((*path, i), part) for i, part in enumerate(inner)]
        case Plain(inner) if isinstance(inner, list):
            return [Plain(part) for part in inner]
        case Written(ListValueNode() as node, variables):
            return [written(part, variables) for part in node.values]
    return [value]


def leaf(value: Input, scalar: str) -> Value:
    """A scalar or enum as a plan's value; an ``ID`` that is written as a number is its digits."""
    match value:
        case Given(path, _):
            return Variable(path)
        case Plain(inner):
            return Constant(inner)
        case Written(node, _):
            return Constant(_written_as(scalar, node))
    raise refused(value, "a value is wanted here")


def leaves(value: Input, scalar: str) -> Value:
    """A list of scalars as one value; variables that are not given drop out of it."""
    match value:
        case Given(path, _):
            return Variable(path)
        case Plain(inner):
            return Constant(tuple(inner) if isinstance(inner, list) else (inner,))
        case Written(ListValueNode() as node, variables):
            if any(isinstance(part, VariableNode) for part in node.values):
                parts = [written(part, variables) for part in node.values]
                return Joined(tuple(leaf(part, scalar) for part in parts if not isinstance(part, Dropped)))
            return Constant(tuple(_written_as(scalar, part) for part in node.values))
        case Written(node, _):
            return Constant((_written_as(scalar, node),))
    raise refused(value, "a list is wanted here")


def known(value: Input) -> Any:
    """A value that the plan's shape depends on (a boolean, a certainty, a language)."""
    match value:
        case Given(_, inner) | Plain(inner):
            return inner
        case Written(node, _):
            return _plain(node)
    return None


def _written_as(scalar: str, node: ValueNode) -> Any:
    value = _plain(node)
    return str(value) if scalar == "ID" else value


def _plain(node: ValueNode) -> Any:
    match node:
        case IntValueNode(value=text):
            return int(text)
        case FloatValueNode(value=text):
            return float(text)
        case StringValueNode(value=text) | EnumValueNode(value=text):
            return text
        case BooleanValueNode(value=flag):
            return flag
    raise OperationError("a value is wanted here", "BAD_VALUE", node)
