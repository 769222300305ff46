"""A schema of which only that is read which is asked for. In: SDL, as graphql-core prints it. Out: a ``GraphQLSchema``.

A large model has a megabyte of SDL, which takes more than a second to parse, and a question uses a dozen of its thousand types.
So the text is only cut into definitions; a type has its name, kind, description and interfaces from its first lines, and reads
its fields when they are first looked at. Introspection looks at all of them, and waits for it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
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

HEAD = re.compile(r"(?P<kind>\w+)(?: (?P<name>\w+)(?P<rest>[^\n{]*))?")
"""The first line of a definition, after its description."""
TEXT = re.compile(r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""\n|"(?:\\.|[^"\\\n])*"\n', re.S)
"""A description, whatever stands in it."""
BETWEEN = "\n\n"
"""What stands between two definitions."""
QUOTES = '"""'
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
    start = len(sdl) - len(sdl.lstrip("\n"))
    for text in _parts(sdl.strip("\n")):
        yield _definition(text, start)
        start += len(text) + len(BETWEEN)


def _parts(sdl: str) -> Iterator[str]:
    """Cut at the empty lines that stand in no description and before no member."""
    begun = ""
    inside = False
    for part in sdl.split(BETWEEN):
        if begun and (inside or part[:1] == " "):
            begun += BETWEEN + part
        else:
            if begun:
                yield begun
            begun = part
        inside ^= (part.count(QUOTES) - part.count("\\" + QUOTES)) % 2 == 1
    yield begun


def _definition(text: str, start: int) -> Definition:
    told = TEXT.match(text)
    head = HEAD.match(text, told.end() if told else 0)
    implements = head and IMPLEMENTS.fullmatch(head["rest"] or "")
    if head is None or head["kind"] not in KINDS or not head["name"] or implements is None:
        raise Unusual
    if text.find("\n}") not in (-1, len(text) - 2) or (text[-1] != "}" and head.end() != len(text)):
        raise Unusual  # more than one
    interfaces = tuple((implements["names"] or "").split(" & ")) if implements["names"] else ()
    return Definition(head["kind"], head["name"], interfaces, _told(told and told[0]), start, start + len(text))


def _told(text: str | None) -> str | None:
    """A description as it is meant."""
    if text is None:
        return None
    text = text.rstrip("\n")
    plain = text.startswith('"""') and "\\" not in text and "\n" not in text
    if plain:
        return text[3:-3]
    read = parse_const_value(text)
    assert isinstance(read, StringValueNode)
    return read.value


class Implementations(NamedTuple):
    """As graphql-core has them."""

    objects: list[GraphQLNamedType]
    interfaces: list[GraphQLNamedType]


class Types(dict[str, Any]):
    """Types by name, each made when it is first looked at: a process that starts needs few of a thousand."""

    def __init__(self, make: Callable[[Definition], GraphQLNamedType], found: Iterable[Definition]) -> None:
        super().__init__((one.name, one) for one in found)
        self._make = make

    def __getitem__(self, name: str) -> GraphQLNamedType:
        one: Definition | GraphQLNamedType = super().__getitem__(name)
        if isinstance(one, Definition):
            self[name] = one = self._make(one)
        return one

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else default  # noqa: SIM401  (it is what get does)

    def values(self) -> Any:
        return [self[name] for name in self]

    def items(self) -> Any:
        return [(name, self[name]) for name in self]


class UnreadSchema(GraphQLSchema):
    """``type_map`` has all types from the start; none has been read."""

    def __init__(self, sdl: str, found: Iterable[Definition]) -> None:
        super().__init__(assume_valid=True)
        self._sdl = sdl
        found = tuple(found)
        known = self.type_map
        self.type_map = Types(self._type, found)
        scalars = {name: one for name, one in specified_scalar_types.items() if f": {name}" in sdl or f"[{name}" in sdl}
        self.type_map.update(scalars)
        self.type_map.update(known)
        self._below: dict[str, list[Definition]] = defaultdict(list)
        for one in found:
            for interface in one.interfaces:
                self._below[interface].append(one)
        query = self.type_map.get("Query")
        if not isinstance(query, GraphQLObjectType):
            raise Unusual
        self.query_type = query

    def get_implementations(self, interface_type: GraphQLInterfaceType) -> Any:
        below = self._below[interface_type.name]
        return Implementations(
            [self.type_map[one.name] for one in below if one.kind == "type"],
            [self.type_map[one.name] for one in below if one.kind == "interface"],
        )

    # ------------------------------------------------------------ types

    def _type(self, one: Definition) -> GraphQLNamedType:
        name, told = one.name, one.description
        match one.kind:
            case "type":
                fields, interfaces = partial(self._fields, one), partial(self._interfaces, one)
                return GraphQLObjectType(name, fields, interfaces, description=told)
            case "interface":
                fields, interfaces = partial(self._fields, one), partial(self._interfaces, one)
                return GraphQLInterfaceType(name, fields, interfaces, description=told)
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
