"""What a schema tells of itself. In: ``__schema`` or ``__type`` as asked. Out: its JSON text.

graphql-core's own fields say what is told; only the walk is ours: what is told of a type is written once for each set of
selections, not once for each field that has the type. So the usual question takes a fifth of the time, and none can make it
explode: all text that is written on the way is bounded.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from json.encoder import encode_basestring
from types import SimpleNamespace
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    SchemaMetaFieldDef,
    TypeMetaFieldDef,
    Visitor,
    visit,
)

from orggraph.errors import OperationError
from orggraph.graphql.inputs import known, written
from orggraph.graphql.selection import Asked, Document, Selections, collect

ROOTS: dict[str, GraphQLField] = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}
MARK = secrets.token_hex(16)
"""Nobody outside knows it, so that no answer holds it by chance or will."""
Marked = tuple[tuple[bytes, bytes], ...]
"""What stands in a statement's answer, and what is to stand there."""


def asks_of_schema(text: str, ast: DocumentNode) -> bool:
    """Whether a document asks the schema of itself, anywhere."""
    return any(root in text for root in ROOTS) and _Asks().found(ast)


class _Asks(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.seen = False

    def found(self, ast: DocumentNode) -> bool:
        visit(ast, self)
        return self.seen

    def enter_field(self, node: FieldNode, *_: Any) -> Any:
        self.seen = node.name.value in ROOTS
        return self.BREAK if self.seen else None


def mark(key: str) -> str:
    """What a statement prints in the place of what is told under a response key."""
    return f"{MARK} {key}"


def introspected(schema: GraphQLSchema, asked: Iterable[Asked], document: Document, most: int) -> Marked:
    """What is told under each mark, of the root fields that ask for it. ``most``: bytes that may be written."""
    telling = Telling(schema, document, most)
    return tuple(
        (json.dumps(mark(one.key)).encode(), telling.field(ROOTS[one.name], None, one).encode())
        for one in asked
        if one.name in ROOTS
    )


class Telling:
    """Writes what one operation asks of a schema."""

    def __init__(self, schema: GraphQLSchema, document: Document, most: int) -> None:
        self.info: Any = SimpleNamespace(schema=schema)
        self.document = document
        self.most = self.left = most
        self._asked: dict[tuple[str, tuple[int, ...]], list[tuple[Asked, str]]] = {}
        self._types: dict[tuple[str, tuple[int, ...]], str] = {}

    def field(self, definition: GraphQLField, source: Any, asked: Asked) -> str:
        resolve: Any = definition.resolve
        return self.value(definition.type, resolve(source, self.info, **self.arguments(asked)), asked.below)

    def value(self, type_: Any, value: Any, below: Selections) -> str:
        """A value of a type as JSON text."""
        while isinstance(type_, GraphQLNonNull):
            type_ = type_.of_type
        if value is None:
            return "null"
        if isinstance(type_, GraphQLList):
            return self.counted("[" + ",".join([self.value(type_.of_type, one, below) for one in value]) + "]")
        if isinstance(type_, GraphQLObjectType):
            return self.once(type_, value, below) if type_.name == "__Type" else self.object(type_, value, below)
        if isinstance(value, bool):
            return "true" if value else "false"
        return encode_basestring(type_.serialize(value))

    def once(self, type_: GraphQLObjectType, value: Any, below: Selections) -> str:
        """What is told of a type, which its name tells from all others."""
        key = (str(value), tuple(map(id, below)))
        if key not in self._types:
            self._types[key] = self.object(type_, value, below)
        return self._types[key]

    def object(self, type_: GraphQLObjectType, source: Any, below: Selections) -> str:
        parts = []
        for asked, key in self.asked(type_, below):
            told = (
                f'"{type_.name}"' if asked.name == "__typename" else self.field(type_.fields[asked.name], source, asked)
            )
            parts.append(key + told)
        return self.counted("{" + ",".join(parts) + "}")

    def asked(self, type_: GraphQLObjectType, below: Selections) -> list[tuple[Asked, str]]:
        """The fields asked of a type, each with its key as JSON."""
        place = (type_.name, tuple(map(id, below)))
        if place not in self._asked:
            self._asked[place] = [(one, f'"{one.key}":') for one in collect(self.document, below, (type_.name,))]
        return self._asked[place]

    def arguments(self, asked: Asked) -> dict[str, Any]:
        given = (
            (one.name.value, known(written(one.value, self.document.variables))) for one in asked.field.arguments or ()
        )
        return {name: value for name, value in given if value is not None}

    def counted(self, text: str) -> str:
        self.left -= len(text)
        if self.left < 0:
            raise OperationError(
                f"what is told of the schema has more than {self.most} bytes; ask for less", "TOO_LARGE"
            )
        return text
