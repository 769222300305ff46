"""A schema of which only that is read which is asked for. In: SDL, as graphql-core prints it. Out: a ``GraphQLSchema``.

A large model has a megabyte of SDL, which takes more than a second to parse, and a question uses a dozen of its thousand types.
So the text is only cut into definitions; a type has its name, kind, description and interfaces from its first lines, and reads
its fields when they are first looked at. Introspection looks at all of them, and waits for it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

from graphql import (
    GraphQLArgument,
    GraphQLDefaultInput,
    GraphQLDeprecatedDirective,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    ListTypeNode,
    NonNullTypeNode,
    StringValueNode,
    TypeNode,
    build_ast_schema,
    get_directive_values,
    parse,
    parse_const_value,
    specified_scalar_types,
)

TEXT = r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""|^"(?:\\.|[^"\\\n])*"$'
HEAD = re.compile(rf"(?P<text>{TEXT})|^(?P<kind>\w+)(?: (?P<name>\w+)(?P<rest>[^\n{{]*))?", re.M | re.S)
"""A description, whatever stands in it; or the first line of a definition."""
KINDS = frozenset({"type", "interface", "input", "enum", "scalar"})
IMPLEMENTS = re.compile(r"( implements (?P<names>\w+( & \w+)*))? ?")


class Unusual(Exception):
    """The SDL has what is not read here."""


class Definition(NamedTuple):
    """What is known of a type before it is read. ``start``, ``end``: where it stands in the SDL."""

    kind: str
    name: str
    interfaces: tuple[str, ...]
    description: str | None
    start: int
    end: int


def schema_of(sdl: str) -> GraphQLSchema:
    """The same schema as graphql-core makes of it, that reads itself piece by piece."""
    try:
        return UnreadSchema(sdl, list(definitions(sdl)))
    except Unusual:
        return build_ast_schema(parse(sdl), assume_valid=True)


def definitions(sdl: str) -> Iterator[Definition]:
    """The definitions of an SDL. Raises Unusual."""
    before: tuple[int, re.Match[str], str | None] | None = None
    text: re.Match[str] | None = None
    for found in HEAD.finditer(sdl):
        if found["text"] is not None:
            text = found if found.start() == 0 or sdl[found.start() - 1] == "\n" else text
            continue
        start = text.start() if text is not None else found.start()
        if before is not None:
            yield _definition(*before, start)
        before, text = (start, found, None if text is None else text["text"]), None
    if before is not None:
        yield _definition(*before, len(sdl))


def _definition(start: int, head: re.Match[str], text: str | None, end: int) -> Definition:
    implements = IMPLEMENTS.fullmatch(head["rest"] or "")
    if head["kind"] not in KINDS or not head["name"] or implements is None:
        raise Unusual
    interfaces = tuple((implements["names"] or "").split(" & ")) if implements["names"] else ()
    return Definition(head["kind"], head["name"], interfaces, _told(text), start, end)


def _told(text: str | None) -> str | None:
    """A description as it is meant."""
    if text is None:
        return None
    plain = text.startswith('"""') and "\\" not in text and "\n" not in text
    if plain:
        return text[3:-3]
    read = parse_const_value(text)
    assert isinstance(read, StringValueNode)
    return read.value


class Implementations(NamedTuple):
    """As graphql-core has them."""

    objects: list[GraphQLObjectType]
    interfaces: list[GraphQLInterfaceType]


class UnreadSchema(GraphQLSchema):
    """``type_map`` has all types from the start; none has been read."""

    def __init__(self, sdl: str, found: Iterable[Definition]) -> None:
        super().__init__(assume_valid=True)
        self._sdl = sdl
        self._implemented: dict[str, Implementations] = defaultdict(lambda: Implementations([], []))
        known = self.type_map
        self.type_map = {one.name: self._type(one) for one in found}
        self.type_map |= {
            name: one for name, one in specified_scalar_types.items() if f": {name}" in sdl or f"[{name}" in sdl
        }
        self.type_map |= known
        query = self.type_map.get("Query")
        if not isinstance(query, GraphQLObjectType):
            raise Unusual
        self.query_type = query

    def get_implementations(self, interface_type: GraphQLInterfaceType) -> Any:
        return self._implemented[interface_type.name]

    # ------------------------------------------------------------ types

    def _type(self, one: Definition) -> GraphQLNamedType:
        name, told = one.name, one.description
        match one.kind:
            case "type":
                thing = GraphQLObjectType(
                    name, partial(self._fields, one), partial(self._interfaces, one), description=told
                )
                for interface in one.interfaces:
                    self._implemented[interface].objects.append(thing)
                return thing
            case "interface":
                above = GraphQLInterfaceType(
                    name, partial(self._fields, one), partial(self._interfaces, one), description=told
                )
                for interface in one.interfaces:
                    self._implemented[interface].interfaces.append(above)
                return above
            case "input":
                return GraphQLInputObjectType(name, partial(self._inputs, one), description=told)
            case "enum":
                return GraphQLEnumType(name, partial(self._values, one), description=told)
        return GraphQLScalarType(name, description=told)

    def _interfaces(self, one: Definition) -> list[Any]:
        return [self.type_map[name] for name in one.interfaces]

    # ------------------------------------------------------------ what is read when it is looked at

    def _read(self, one: Definition) -> Any:
        (node,) = parse(self._sdl[one.start : one.end], no_location=True).definitions
        return node

    def _fields(self, one: Definition) -> dict[str, GraphQLField]:
        return {
            field.name.value: GraphQLField(
                self._typed(field.type),
                args={argument.name.value: self._argument(argument) for argument in field.arguments or ()},
                **_said(field),
            )
            for field in self._read(one).fields or ()
        }

    def _argument(self, node: Any) -> GraphQLArgument:
        return GraphQLArgument(self._typed(node.type), default=_default(node), **_said(node))

    def _inputs(self, one: Definition) -> dict[str, GraphQLInputField]:
        return {
            field.name.value: GraphQLInputField(self._typed(field.type), default=_default(field), **_said(field))
            for field in self._read(one).fields or ()
        }

    def _values(self, one: Definition) -> dict[str, GraphQLEnumValue]:
        return {
            value.name.value: GraphQLEnumValue(value.name.value, **_said(value))
            for value in self._read(one).values or ()
        }

    def _typed(self, node: TypeNode) -> Any:
        if isinstance(node, ListTypeNode):
            return GraphQLList(self._typed(node.type))
        if isinstance(node, NonNullTypeNode):
            return GraphQLNonNull(self._typed(node.type))
        return self.type_map[node.name.value]  # type: ignore[attr-defined]  # a type is a list, not null, or has a name


def _said(node: Any) -> dict[str, Any]:
    """Description, and why it is deprecated."""
    deprecated = get_directive_values(GraphQLDeprecatedDirective, node) if node.directives else None
    return {
        "description": node.description.value if node.description else None,
        "deprecation_reason": deprecated["reason"] if deprecated else None,
    }


def _default(node: Any) -> GraphQLDefaultInput | None:
    return GraphQLDefaultInput(literal=node.default_value) if node.default_value else None
