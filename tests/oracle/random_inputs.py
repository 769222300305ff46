"""Random input values for a schema's arguments: filters of any shape that ask for what occurs in a world.

In: a graphql-core input type and a ``Pool`` of values. Out: plain values (enums by name), and their text in a document,
where any part may have been moved into a variable.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    get_nullable_type,
)

from tests.oracle.random_pool import Pool
from tests.oracle.random_values import loosened, piece

LOGIC = ("and", "or", "not")
QUANTIFIERS = ("some", "none", "every", "count", "nodeCount")
LASTING = ("days", "gap")
DAYS = (0, 1, 2, 3, 29, 90, 274, 366, 600)
SCOPES = ("at", "during", "ever")
SELDOM = ("within", "citedFrom", "relation", "valid", "records")
BOUNDS = ("eq", "gt", "gte", "lt", "lte")


@dataclass
class Inputs:
    """Draws values; ``variables`` fills with those that were moved out of the text, ``declared`` with their types."""

    rng: Random
    pool: Pool
    variables: dict[str, Any] = field(default_factory=dict)
    declared: dict[str, str] = field(default_factory=dict)

    def where(self, type_: GraphQLInputObjectType, depth: int, least: int = 0, branch: bool = False) -> dict[str, Any]:
        """A filter of an entity, a record or a hop; ``depth`` bounds how far it leads on. In a ``branch`` of and, or, not
        a to-one has no ``isNull``: there is one by then."""
        names = [name for name in type_.fields if depth > 0 or not self._leads_on(type_, name)]
        if "isNull" in names:
            if not branch and self.rng.random() < 0.25:
                return {"isNull": self.rng.random() < 0.5}
            names.remove("isNull")
        names = self._some(type_, names)
        chosen = self.rng.sample(names, min(len(names), self.rng.choice((least, 1, 1, 1, 2, 2))))
        return {name: self.value(type_.fields[name].type, type_.name, name, depth - 1) for name in chosen}

    def _some(self, type_: GraphQLInputObjectType, names: list[str]) -> list[str]:
        """Mostly what leads on to other entities; now and then only other days, or what is above."""
        chance = self.rng.random()
        onward = [name for name in names if self._leads_on(type_, name) and name not in (*LOGIC, *SCOPES)]
        wanted = onward if chance > 0.45 else SCOPES if chance > 0.35 else SELDOM if chance > 0.27 else names
        return [name for name in names if name in wanted] or names

    @staticmethod
    def _leads_on(parent: GraphQLInputObjectType, name: str) -> bool:
        inner = get_nullable_type(parent.fields[name].type)
        return not (isinstance(inner, GraphQLInputObjectType) and inner.name.endswith("Filter"))

    def value(self, type_: GraphQLInputType, parent: str, name: str, depth: int) -> Any:
        """A value for an input field of a type."""
        bare = get_nullable_type(type_)
        if isinstance(bare, GraphQLList):
            least = 1 if name in LOGIC else 0
            return [self.value(bare.of_type, parent, name, depth) for _ in range(self.rng.randint(least, 2))]
        if isinstance(bare, GraphQLEnumType):
            return self.rng.choice(list(bare.values))
        if isinstance(bare, GraphQLScalarType):
            return self._scalar(bare.name, parent, name)
        assert isinstance(bare, GraphQLInputObjectType)
        if name in SCOPES:
            return self._seen(bare, name, depth)
        if set(QUANTIFIERS) <= set(bare.fields):
            lasting = [word for word in LASTING if word in bare.fields]
            quantifier = self.rng.choice((*QUANTIFIERS, "some", "some", *lasting))
            return {quantifier: self.value(bare.fields[quantifier].type, bare.name, quantifier, depth)}
        if {"where", "gte"} <= set(bare.fields):
            return self._count(bare, depth, DAYS if name in LASTING else (0, 1, 2, 3))
        if bare.name.endswith("Filter"):
            return self._tests(bare, self.pool.sources if name == "citedFrom" else ())
        if name == "is":
            kind = self.rng.choice(list(bare.fields))
            return {kind: self.value(bare.fields[kind].type, bare.name, kind, depth)}
        return self.where(bare, depth, least=1 if name == "not" else 0, branch=name in LOGIC)  # not: {} is refused

    def _tests(self, type_: GraphQLInputObjectType, keys: tuple[str, ...]) -> dict[str, Any]:
        """One or two tests of a value; ``keys``: those that it mostly is one of."""
        words = list(type_.fields)
        chosen = self.rng.sample(words, 1 if self.rng.random() < 0.85 else min(2, len(words)))
        if keys:
            return {
                word: self.pool.key(self.rng, keys) if word == "eq" else [self.pool.key(self.rng)] for word in chosen
            }
        return {word: self.value(type_.fields[word].type, type_.name, word, 0) for word in chosen}

    def _seen(self, type_: GraphQLInputObjectType, word: str, depth: int) -> dict[str, Any]:
        """A scope in a filter: its days, and what is asked of them."""
        seen = self.days(word)
        if self.rng.random() < 0.8:
            seen["where"] = self.value(type_.fields["where"].type, type_.name, "where", depth)
        return seen

    def days(self, word: str) -> dict[str, Any]:
        """The days of a scope: one, if any; a range by one partial date or by its bounds, each of which may be absent."""
        if word == "at":
            return {"date": self.pool.day(self.rng)} if self.rng.random() < 0.75 else {}
        if word == "ever":
            return {}
        start, until = self.pool.range(self.rng)
        bounds = {"in": loosened(self.rng, start), "from": start, "until": until}
        chosen = self.rng.choice((("in",), ("from",), ("until",), ("from", "until"), ("from", "until")))
        return {name: bounds[name] for name in chosen}

    def _count(self, type_: GraphQLInputObjectType, depth: int, numbers: tuple[int, ...]) -> dict[str, Any]:
        bounds = self.rng.sample(BOUNDS, self.rng.choice((1, 1, 2)))
        count: dict[str, Any] = {bound: self.rng.choice(numbers) for bound in bounds}
        if self.rng.random() < 0.6:
            count["where"] = self.value(type_.fields["where"].type, type_.name, "where", depth)
        return count

    def order_by(self, type_: GraphQLInputType, most: int = 2) -> list[dict[str, Any]]:
        """Entries of one key each, down to a direction."""
        entry = get_nullable_type(type_)
        assert isinstance(entry, GraphQLList)
        inner = get_nullable_type(entry.of_type)
        return [self._order(inner, 3) for _ in range(self.rng.choice((0, 1, 1, 1, most)))]

    def _order(self, type_: Any, depth: int) -> Any:
        if isinstance(type_, GraphQLEnumType):
            return self.rng.choice(list(type_.values))
        fields = {name: get_nullable_type(one.type) for name, one in type_.fields.items()}
        near = [name for name, one in fields.items() if depth or isinstance(one, GraphQLEnumType)]
        name = self.rng.choice(near)
        return {name: self._order(fields[name], depth - 1)}

    def _scalar(self, scalar: str, parent: str, name: str) -> Any:
        rng = self.rng
        match scalar:
            case "ID":
                return self.pool.key(rng)
            case "String":
                text = rng.choice(self.pool.texts)
                return piece(rng, text) if name in ("contains", "startsWith") and rng.random() < 0.8 else text
            case "Boolean":
                return rng.random() < 0.5
            case "Int":
                return rng.choice((-5, 0, 1, 2, 3, 7, 2147483647))
            case "Date":
                return self.pool.day(rng)
            case "PartialDate":
                return loosened(rng, self.pool.day(rng))
            case "DateTime":
                return rng.choice(self.pool.moments)
        raise KeyError(f"{parent}.{name}: {scalar}")

    def text(self, value: Any, type_: GraphQLInputType) -> str:
        """A value as a document writes it; now and then a variable instead, given or left to its default."""
        if self.rng.random() < 0.12:
            return self._variable(value, type_)
        bare = get_nullable_type(type_)
        if isinstance(bare, GraphQLList):
            return "[" + ", ".join(self.text(one, bare.of_type) for one in value) + "]"
        if isinstance(bare, GraphQLInputObjectType):
            members = [f"{name}: {self.text(one, bare.fields[name].type)}" for name, one in value.items()]
            return "{" + " ".join(members) + "}"
        return written(value, bare)

    def _variable(self, value: Any, type_: GraphQLInputType) -> str:
        name = f"v{len(self.declared)}"
        bare = get_nullable_type(type_)
        if isinstance(bare, GraphQLScalarType | GraphQLEnumType) and self.rng.random() < 0.2:
            self.declared[name] = f"{bare} = {written(value, bare)}"
        else:
            self.declared[name] = str(GraphQLNonNull(bare)) if self.rng.random() < 0.5 else str(type_)
            self.variables[name] = value
        return f"${name}"


def written(value: Any, type_: Any) -> str:
    """A scalar or an enum value as a document writes it."""
    return str(value) if isinstance(type_, GraphQLEnumType) else json.dumps(value, ensure_ascii=False)
