"""What a schema has in place of a word that it has not, where nothing is so near that the library proposes it. In: a refusal's
message. Out: what there is, to be said behind it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from graphql import GraphQLEnumType, GraphQLError, GraphQLSchema

MOST = 40
PROPOSED = "Did you mean"
VALUE = re.compile(r"does not exist in '(\w+)' enum")
FIELD = re.compile(r"(?:Cannot query field '\w+' on type|Expected value of type) '(\w+)'(?! to be)")
ARGUMENT = re.compile(r"Unknown argument '\w+' on field '(\w+)\.(\w+)'")


def offering(schema: GraphQLSchema, error: GraphQLError) -> GraphQLError:
    """The error, with what there is behind its message."""
    error.message += offered(schema, error.message)
    return error


def offered(schema: GraphQLSchema, message: str) -> str:
    """`` There are a, b, c.``, or nothing."""
    if PROPOSED in message:
        return ""
    if found := ARGUMENT.search(message):
        field = _fields(schema, found[1]).get(found[2])
        return _told(field.args if field is not None else ())
    if found := VALUE.search(message):
        enum = schema.type_map.get(found[1])
        return _told(enum.values if isinstance(enum, GraphQLEnumType) else ())
    if (found := FIELD.search(message)) and ("unknown field" in message or "Cannot query" in message):
        return _told(_fields(schema, found[1]))
    return ""


def _fields(schema: GraphQLSchema, name: str) -> dict[str, Any]:
    fields: dict[str, Any] = getattr(schema.type_map.get(name), "fields", {})
    return fields


def _told(words: Collection[str]) -> str:
    if not words:
        return ""
    listed = [word for word in words if not word.startswith("_")]
    more = f" and {len(listed) - MOST} more" if len(listed) > MOST else ""
    return f" There are {', '.join(listed[:MOST])}{more}."
