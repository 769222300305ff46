"""What a selection asks of one concrete type: fields by response key, fragments spread, directives applied."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
)
from msgspec import Struct

from orggraph.graphql.inputs import known, written

Selections = tuple[SelectionSetNode, ...]


class Asked(Struct, frozen=True):
    """One response key: the field, its arguments, and all selections below it (of every place it stands)."""

    key: str
    name: str
    field: FieldNode
    below: Selections


class Document(Struct, frozen=True):
    """What selections need of their document: fragments by name, and the variables (coerced)."""

    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]


def collect(document: Document, selections: Selections, types: Collection[str]) -> list[Asked]:
    """The fields asked of a thing whose type and interfaces are ``types``, in GraphQL's order."""
    found: dict[str, list[FieldNode]] = {}
    seen: set[str] = set()
    for selection_set in selections:
        _gather(document, selection_set.selections, types, found, seen)
    return [
        Asked(key, nodes[0].name.value, nodes[0], tuple(n.selection_set for n in nodes if n.selection_set))
        for key, nodes in found.items()
    ]


def _gather(
    document: Document,
    selections: Iterable[SelectionNode],
    types: Collection[str],
    found: dict[str, list[FieldNode]],
    seen: set[str],
) -> None:
    for node in selections:
        if not _included(document, node.directives):
            continue
        match node:
            case FieldNode():
                found.setdefault((node.alias or node.name).value, []).append(node)
            case InlineFragmentNode(type_condition=condition):
                if condition is None or condition.name.value in types:
                    _gather(document, node.selection_set.selections, types, found, seen)
            case FragmentSpreadNode():
                fragment = document.fragments[node.name.value]
                if node.name.value not in seen and fragment.type_condition.name.value in types:
                    seen.add(node.name.value)
                    _gather(document, fragment.selection_set.selections, types, found, seen)


def _included(document: Document, directives: Iterable[DirectiveNode] | None) -> bool:
    for directive in directives or ():
        word = directive.name.value
        if word in ("include", "skip"):
            condition = known(written((directive.arguments or ())[0].value, document.variables))
            if bool(condition) is (word == "skip"):
                return False
    return True
