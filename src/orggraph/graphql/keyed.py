"""A document that also tells the keys of all that its answer comes from. In: a schema, a valid document. Out: the document with
more fields, all aliased ``KEY…``; from its answer, the keys.

What it comes from: every entity and record that is printed; the records over which a list leads, and those that a derived link
follows from; the records over which a to-one field leads. Example::

    { clubs { nodes { name } } }  →  { clubs { nodes { name KEY: key } KEYedges: edges { record { KEY: key } } } }
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from graphql import (
    DefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    parse,
    print_ast,
)

KEY = "orggraphKey"
RECORD, VIA = "orggraphRecord", "orggraphVia"
_LISTED = frozenset({"nodes", "edges"})


Adding = Callable[[dict[str, Any], Sequence[SelectionNode]], Iterator[str]]
"""Takes the fields of a type, and what is selected of them; gives what is to be selected besides."""


def keyed(schema: GraphQLSchema, document: str) -> str:
    """The document with the keys asked for; what it asked for itself comes as before."""
    return _with(schema, document, _all_keys)


def named_keys(schema: GraphQLSchema, document: str) -> str:
    """The document with a key (``KEY``) beside what it asks of an entity or a record, and in each edge that of its record (``RECORD``),
    or those that a derived one follows from (``VIA``)."""
    return _with(schema, document, _keys_beside)


def _with(schema: GraphQLSchema, document: str, adding: Adding) -> str:
    ast = parse(document)
    return print_ast(replace(ast, definitions=tuple(_defined(schema, one, adding) for one in ast.definitions)))


def keys_in(answer: Any) -> Iterator[str]:
    """The keys that an answer to such a document has, some of them several times."""
    match answer:
        case dict():
            for name, value in answer.items():
                if name == KEY:
                    yield value
                else:
                    yield from keys_in(value)
        case list():
            for item in answer:
                yield from keys_in(item)


def _defined(schema: GraphQLSchema, node: DefinitionNode, adding: Adding) -> DefinitionNode:
    match node:
        case OperationDefinitionNode():
            return replace(node, selection_set=_keyed(schema, "Query", node.selection_set, adding))
        case FragmentDefinitionNode():
            return replace(
                node, selection_set=_keyed(schema, node.type_condition.name.value, node.selection_set, adding)
            )
    return node


def _keyed(schema: GraphQLSchema, type_: str, selected: SelectionSetNode, adding: Adding) -> SelectionSetNode:
    fields: dict[str, Any] = schema.type_map[type_].fields  # type: ignore[attr-defined]  # what has selections has fields
    more = dict.fromkeys(adding(fields, selected.selections))
    inner = [_below(schema, type_, fields, node, adding) for node in selected.selections]
    return SelectionSetNode(selections=(*inner, *_parsed(more)))


def _all_keys(fields: dict[str, Any], selected: Sequence[SelectionNode]) -> Iterator[str]:
    yield from _own(fields)
    for node in selected:
        if isinstance(node, FieldNode) and node.selection_set is not None:
            yield from _leading(fields, node.name.value)


def _keys_beside(fields: dict[str, Any], _: Sequence[SelectionNode]) -> Iterator[str]:
    yield from _own(fields)
    if "record" in fields and "cursor" in fields:
        record: Any = get_named_type(fields["record"].type)
        yield f"{RECORD}: record {{ {f'{VIA}: via {{ {KEY}: key }}' if 'via' in record.fields else f'{KEY}: key'} }}"


def _own(fields: dict[str, Any]) -> Iterator[str]:
    if "key" in fields and str(fields["key"].type) == "ID!":
        yield f"{KEY}: key"


def _below(
    schema: GraphQLSchema, type_: str, fields: dict[str, Any], node: SelectionNode, adding: Adding
) -> SelectionNode:
    """A part of a selection with the keys of what stands below it; fragments that are spread are made once for all."""
    match node:
        case FieldNode(selection_set=SelectionSetNode() as below):
            named = get_named_type(fields[node.name.value].type).name
            return replace(node, selection_set=_keyed(schema, named, below, adding))
        case InlineFragmentNode(type_condition=condition):
            on = condition.name.value if condition else type_
            return replace(node, selection_set=_keyed(schema, on, node.selection_set, adding))
    return node


def _leading(fields: dict[str, Any], name: str) -> Iterator[str]:
    """What tells the records over which a field leads."""
    if name in _LISTED and "edges" in fields and "pageInfo" in fields:
        edge: Any = get_named_type(fields["edges"].type)
        if "record" in edge.fields:
            record: Any = get_named_type(edge.fields["record"].type)
            told = f"via {{ {KEY}: key }}" if "via" in record.fields else f"{KEY}: key"
            yield f"{KEY}edges: edges {{ record {{ {told} }} }}"
    elif f"{name}Records" in fields and "pageInfo" not in fields:
        yield f"{KEY}{name}: {name}Records {{ nodes {{ {KEY}: key }} }}"


def _parsed(selections: dict[str, None]) -> tuple[SelectionNode, ...]:
    if not selections:
        return ()
    operation = parse(f"{{ {' '.join(selections)} }}", no_location=True).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return operation.selection_set.selections
