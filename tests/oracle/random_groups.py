"""Random groups of a list. In: a writer of documents and the field ``groups``. Out: text of the field.

The key that is printed, and what groups are ordered by, must be among what they are by; so all of it is drawn together.
"""

from __future__ import annotations

from random import Random
from typing import Any, Protocol

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)

from tests.oracle.random_inputs import BOUNDS, Inputs

RECKONED = ("sum", "avg", "min", "max")
WAYS = ("ASC", "DESC")


class Writer(Protocol):
    """What writes the rest of the document."""

    rng: Random
    inputs: Inputs

    def selection(self, type_: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str: ...


def random_groups(writer: Writer, field: GraphQLField, depth: int) -> str:
    """``groups(by: …) { key { … } count … }``, without an alias."""
    return _Groups(writer, field, depth).text()


class _Groups:
    def __init__(self, writer: Writer, field: GraphQLField, depth: int) -> None:
        self.writer, self.field, self.depth = writer, field, depth
        self.rng, self.inputs = writer.rng, writer.inputs
        group = get_named_type(field.type)
        assert isinstance(group, GraphQLObjectType)
        self.group = group
        by = get_named_type(field.args["by"].type)
        assert isinstance(by, GraphQLEnumType)
        self.parts = by.values
        most = self.rng.choice((0, 1, 1, 1, 2, 2, 3))
        self.by = self.rng.choices(self._weighed(), k=most)
        limits = group.fields.get("min")
        self.numbers = [*getattr(get_named_type(limits.type), "fields", {})] if limits else []

    def _weighed(self) -> list[str]:
        """What leads to other things, and what may change, more often."""
        plain = ("synthetic", "kind", "relation", "node")
        return [
            name for name in self.parts for _ in range(1 if name in plain or name.endswith(("quarter", "month")) else 3)
        ]

    def text(self) -> str:
        values: dict[str, Any] = {"by": self.by}
        if self.rng.random() < 0.25:
            values["where"] = self._where()
        if self.rng.random() < 0.2:
            values["having"] = self._having()
        if self.rng.random() < 0.4:
            values["orderBy"] = [self._order() for _ in range(self.rng.choice((1, 1, 2)))]
        if self.rng.random() < 0.2:
            values["first"] = self.rng.randint(0, 4)
        if self.rng.random() < 0.2:
            values["empty"] = True
        written = [f"{name}: {self.inputs.text(value, self.field.args[name].type)}" for name, value in values.items()]
        members = [self._key()] if self.by and self.rng.random() < 0.9 else []
        members += [f"m{i}: {self._told()}" for i in range(self.rng.randint(1, 4))]
        return f"groups({', '.join(written)}) {{ {' '.join(members)} }}"

    def _key(self) -> str:
        type_ = get_named_type(self.group.fields["key"].type)
        assert isinstance(type_, GraphQLObjectType)
        members = []
        for name in dict.fromkeys(self.by):
            inner = get_named_type(type_.fields[name].type)
            below = "" if is_leaf_type(inner) else self._below(inner)
            members.append(f"{name}{below}")
        return f"key {{ {' '.join(members)} }}"

    def _below(self, type_: Any) -> str:
        """What is printed of an entity or a term of the key; mostly little."""
        if type_.name != "Term" and self.depth > 2 and self.rng.random() < 0.4:
            return f" {self.writer.selection(type_, 2)}"
        return " { code }" if type_.name == "Term" else " { id key name }"

    def _told(self) -> str:
        choices = ["count", "count", "count", "count", "share", "share", "nodeCount", "nodes", "typename"]
        name = self.rng.choice([*choices, *(RECKONED if self.numbers else ())])
        match name:
            case "typename":
                return "__typename"
            case "nodes":
                return self._nodes()
            case "count" | "share" | "nodeCount":
                return f"{name}{self._counted(name)}"
        return f"{name} {{ {' '.join(self.rng.sample(self.numbers, 1))} }}"

    def _counted(self, name: str) -> str:
        args = self.group.fields[name].args
        values: dict[str, Any] = {}
        if "where" in args and self.rng.random() < 0.35:
            values["where"] = self._where()
        if "certainty" in args and self.rng.random() < 0.55:
            values["certainty"] = self.rng.choice(("CERTAIN", "POSSIBLE"))
        written = [f"{word}: {self.inputs.text(value, args[word].type)}" for word, value in values.items()]
        return f"({', '.join(written)})" if written else ""

    def _nodes(self) -> str:
        nodes = self.group.fields["nodes"]
        inner = get_named_type(nodes.type)
        assert isinstance(inner, GraphQLObjectType | GraphQLInterfaceType)
        below = self.writer.selection(inner, 2) if self.depth > 2 and self.rng.random() < 0.4 else "{ id key }"
        return f"nodes{self.rng.choice(('', '(first: 1)', '(first: 3)'))} {below}"

    def _where(self) -> dict[str, Any]:
        type_ = self.field.args["where"].type
        assert isinstance(type_, GraphQLInputObjectType)
        return self.inputs.where(type_, 2)

    def _bounds(self, numbers: tuple[float, ...]) -> dict[str, Any]:
        return {self.rng.choice(BOUNDS): self.rng.choice(numbers)}

    def _having(self) -> dict[str, Any]:
        name = self.rng.choice(["count", "count", "nodeCount", "share", *(RECKONED if self.numbers else ())])
        if name in RECKONED:
            return {name: {self.rng.choice(self.numbers): self._bounds((0, 1, 2.5, -5))}}
        asked = self._bounds((0.25, 0.5, 0.3333, 1) if name == "share" else (0, 1, 2, 3))
        if name != "nodeCount" and self.rng.random() < 0.4:
            asked["where"] = self._where()
        if name != "share" and self.rng.random() < 0.3:
            asked["certainty"] = self.rng.choice(("CERTAIN", "POSSIBLE"))
        return {name: asked}

    def _order(self) -> dict[str, Any]:
        choices = [
            "count",
            "nodeCount",
            "share",
            *(RECKONED if self.numbers else ()),
            *(["key"] * 4 if self.by else ()),
        ]
        name, way = self.rng.choice(choices), self.rng.choice(WAYS)
        match name:
            case "count" | "nodeCount":
                return {name: way}
            case "share":
                return {name: {"order": way} | ({"where": self._where()} if self.rng.random() < 0.6 else {})}
            case "key":
                return {name: {self.rng.choice(self.by): way}}
        return {name: {self.rng.choice(self.numbers): way}}
