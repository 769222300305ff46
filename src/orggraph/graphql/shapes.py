"""What an answer to a document will look like, before it is asked. In: schema, a valid document. Out: its variables, the lists
and the leaves of its answer, each by its path of response names, in the document's order.

Tables are laid out by it (``questions/layout.py``), and what a table wants that no answer can have is told without asking.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    get_named_type,
    parse,
    type_from_ast,
    value_from_ast_untyped,
)
from msgspec import Struct

Path = tuple[str, ...]


class Variable(Struct, frozen=True):
    """``type``: the name of its type, bare. ``choices``: of an enum. ``simple``: one value, no list and no object."""

    name: str
    type: str
    required: bool
    simple: bool
    choices: tuple[str, ...] = ()
    default: Any = None


class Shape(Struct, frozen=True):
    """``leaves``: each with the name of its type. ``lists``: the paths at which a list stands."""

    operation: str
    variables: Mapping[str, Variable]
    leaves: Mapping[Path, str]
    lists: frozenset[Path]


@dataclass
class _Walk:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    leaves: dict[Path, str] = field(default_factory=dict)
    lists: set[Path] = field(default_factory=set)
    seen: set[tuple[str, Path]] = field(default_factory=set)


def shape_of(schema: GraphQLSchema, document: str) -> Shape:
    """The shape of a document with one operation, which the schema has accepted."""
    ast = parse(document)
    operation = next(one for one in ast.definitions if isinstance(one, OperationDefinitionNode))
    walk = _Walk(schema, {one.name.value: one for one in ast.definitions if isinstance(one, FragmentDefinitionNode)})
    _walk(walk, operation.selection_set.selections, "Query", ())
    variables = {one.variable.name.value: _variable(schema, one) for one in operation.variable_definitions or ()}
    name = operation.name.value if operation.name else ""
    return Shape(name, variables, walk.leaves, frozenset(walk.lists))


def leaf_paths(document: str) -> tuple[Path, ...]:
    """The paths of the values that an answer may have, in the document's order; nothing of a schema is known."""
    ast = parse(document)
    fragments = {one.name.value: one for one in ast.definitions if isinstance(one, FragmentDefinitionNode)}
    found: dict[Path, None] = {}

    def walk(selections: Iterable[SelectionNode], path: Path, spread: frozenset[str]) -> None:
        for node in selections:
            match node:
                case FieldNode(selection_set=None):
                    found[*path, (node.alias or node.name).value] = None
                case FieldNode(selection_set=below):
                    walk(below.selections if below else (), (*path, (node.alias or node.name).value), spread)
                case InlineFragmentNode():
                    walk(node.selection_set.selections, path, spread)
                case FragmentSpreadNode(name=name) if name.value in fragments and name.value not in spread:
                    walk(fragments[name.value].selection_set.selections, path, spread | {name.value})

    for one in ast.definitions:
        if isinstance(one, OperationDefinitionNode):
            walk(one.selection_set.selections, (), frozenset())
    return tuple(found)


def _variable(schema: GraphQLSchema, node: Any) -> Variable:
    type_ = type_from_ast(schema, node.type)
    required = isinstance(type_, GraphQLNonNull) and node.default_value is None
    bare = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    named: Any = get_named_type(type_)
    choices = tuple(named.values) if isinstance(named, GraphQLEnumType) else ()
    simple = not isinstance(bare, GraphQLList | GraphQLInputObjectType)
    default = value_from_ast_untyped(node.default_value) if node.default_value is not None else None
    return Variable(node.variable.name.value, named.name, required, simple, choices, default)


def _walk(walk: _Walk, selections: Iterable[SelectionNode], type_: str, path: Path) -> None:
    for name, field_type, below in _fields(walk, selections, type_, path):
        here = (*path, name)
        named = get_named_type(field_type)
        if _is_list(field_type):
            walk.lists.add(here)
        if below is None:
            walk.leaves.setdefault(here, named.name)
        else:
            _walk(walk, below, named.name, here)


def _fields(
    walk: _Walk, selections: Iterable[SelectionNode], type_: str, path: Path
) -> Iterator[tuple[str, Any, Iterable[SelectionNode] | None]]:
    """Every field that stands there, in fragments too: its response name, type and selections."""
    for node in selections:
        match node:
            case FieldNode():
                below = node.selection_set.selections if node.selection_set else None
                yield (node.alias or node.name).value, _type_of(walk.schema, type_, node.name.value), below
            case InlineFragmentNode(type_condition=condition):
                inner = condition.name.value if condition else type_
                yield from _fields(walk, node.selection_set.selections, inner, path)
            case FragmentSpreadNode():
                name = node.name.value
                if (name, path) not in walk.seen:
                    walk.seen.add((name, path))
                    fragment = walk.fragments[name]
                    yield from _fields(
                        walk, fragment.selection_set.selections, fragment.type_condition.name.value, path
                    )


def _type_of(schema: GraphQLSchema, type_: str, name: str) -> Any:
    if name == "__typename":
        return schema.type_map["String"]
    on: Any = schema.type_map[type_]
    return on.fields[name].type


def _is_list(type_: GraphQLNamedType | Any) -> bool:
    return isinstance(type_.of_type if isinstance(type_, GraphQLNonNull) else type_, GraphQLList)
