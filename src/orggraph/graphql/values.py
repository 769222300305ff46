"""What a document writes and a request brings, as plain values, before anything is known of either. In: AST values,
variables as they come. Out: Python values; OperationError where they nest too deeply or are too many.

Nothing here fails on what is invalid: that is told later, by validation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    BooleanValueNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
)

from orggraph.errors import OperationError
from orggraph.graphql.figures import about
from orggraph.settings import Bounds

HUGE = 2**31
CHARACTERS = 100
"""So many characters of a text weigh as much as one value."""


def too_deep(bounds: Bounds) -> OperationError:
    """What is said of whatever nests deeper than it may."""
    return OperationError(f"the operation nests more than {bounds.depth} deep; ask for less at once", "TOO_DEEP")


def check_variables(variables: Mapping[str, Any], bounds: Bounds) -> None:
    """Refuses variables of too many values, or too deep ones; looks at no more of them than are allowed."""
    left, depth = bounds.variables, 0
    level: list[Any] = list(variables.values())
    while level:
        depth += 1
        if depth > bounds.depth:
            raise too_deep(bounds)
        left -= len(level)
        below: list[Any] = []
        for value in level:
            if type(value) is str:
                if len(value) >= CHARACTERS:
                    left -= len(value) // CHARACTERS
            elif isinstance(value, (dict, list)):
                if len(value) + len(below) > left:
                    raise too_many(bounds)
                below.extend(value.values() if isinstance(value, dict) else value)
        if left < 0:
            raise too_many(bounds)
        level = below


def too_many(bounds: Bounds) -> OperationError:
    message = f"the variables hold more than {bounds.variables} values; send fewer at once"
    return OperationError(message, "VARIABLES_TOO_LARGE")


@dataclass
class Values:
    """Reads the values of one document. An object that was read is kept, so that its identity tells it."""

    variables: Mapping[str, Any]
    bounds: Bounds
    _read: dict[int, Any] = field(default_factory=dict)

    def of(self, node: ValueNode) -> Any:
        """A written value with variables in their places; None for null and for what is not given."""
        if id(node) not in self._read:
            self._read[id(node)] = self._plain(node, 1)
        return self._read[id(node)]

    def variables_in(self, node: ValueNode) -> set[str]:
        """The variables that a value is, or that stand in its list."""
        parts = node.values if isinstance(node, ListValueNode) else (node,)
        return {part.name.value for part in parts if isinstance(part, VariableNode)}

    def _plain(self, node: ValueNode, depth: int) -> Any:
        if depth > self.bounds.depth:
            raise too_deep(self.bounds)
        match node:
            case VariableNode():
                return self.variables.get(node.name.value)
            case ObjectValueNode():
                return {part.name.value: self._plain(part.value, depth + 1) for part in node.fields}
            case ListValueNode():
                return [self._plain(part, depth + 1) for part in node.values]
            case IntValueNode(value=text):
                return int(text) if len(text) <= 10 else HUGE
            case BooleanValueNode(value=flag):
                return flag
        return getattr(node, "value", None)


def with_defaults(
    operation: OperationDefinitionNode, variables: Mapping[str, Any], bounds: Bounds
) -> Mapping[str, Any]:
    """Variables as a request brings them, and the defaults of those that it does not."""
    written = Values({}, bounds)
    defaults = {
        one.variable.name.value: written.of(one.default_value)
        for one in operation.variable_definitions or ()
        if one.default_value is not None
    }
    return {**defaults, **variables} if defaults else variables


def too_complex(size: float, bounds: Bounds) -> OperationError:
    message = (
        f"the operation would become a statement of about {about(size)} parts; at most {bounds.size:,} are allowed"
    )
    mend = "ask for less at once: what is asked of any entity or record counts for each kind or relation that it may be"
    return OperationError(f"{message}; {mend}", "TOO_COMPLEX")
