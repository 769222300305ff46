"""Random input values for a schema's arguments: filters of any shape that ask for what occurs in a world.

In: a graphql-core input type and a ``Pool`` of values. Out: plain values (enums by name), and their text in a document,
where any part may have been moved into a variable.
"""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Mapping
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

from tests.oracle.random_values import DAYS, TEXTS, loosened, piece
from tests.oracle.world import World

UNASKED = frozenset({("EndFilter", "precision"), ("EndFilter", "isNull")})
"""What the semantics leave open."""
UNTOLD = frozenset({"nodeCount", "days", "gap", "citedFrom", "within", "at", "during", "ever"})
"""Conditions that the oracle does not tell yet."""
LOGIC = ("and", "or", "not")
QUANTIFIERS = ("some", "none", "every", "count")


@dataclass(frozen=True)
class Pool:
    """What occurs in a world: keys, in all and by the root field that asks for one; root lists; texts; days (ISO)."""

    keys: tuple[str, ...]
    roots: Mapping[str, tuple[str, ...]]
    lists: frozenset[str]
    texts: tuple[str, ...]
    days: tuple[str, ...]


def pool_of(world: World) -> Pool:
    """Days: every finite number of every span, the day before and the day after it."""
    spans = [state.span for x in world.entities.values() for state in x.states]
    spans += [record.span for record in world.records.values()]
    numbers = {n for s in spans for n in (s.f0, s.f1, s.u0, s.u1) if math.isfinite(n) and n > 1}
    days = {datetime.date.fromordinal(int(n) + offset).isoformat() for n in numbers for offset in (-1, 0, 1)}
    texts = {state.name for x in world.entities.values() for state in x.states} | set(TEXTS)
    model = world.model
    roots = {kind.singular: tuple(x.key for x in world.of_kinds(kind.name)) for kind in model.kinds.values()}
    roots |= {f"{r.singular}Record": tuple(x.key for x in world.of_relation(r.name)) for r in model.relations.values()}
    lists = {kind.plural for kind in model.kinds.values()} | {f"{r.singular}Records" for r in model.relations.values()}
    keys = tuple(sorted([*world.entities, *world.records]))
    return Pool(keys, roots, frozenset(lists), tuple(sorted(texts)), (*sorted(days), *DAYS))


@dataclass
class Inputs:
    """Draws values; ``variables`` fills with those that were moved out of the text, ``declared`` with their types."""

    rng: Random
    pool: Pool
    variables: dict[str, Any] = field(default_factory=dict)
    declared: dict[str, str] = field(default_factory=dict)

    def where(self, type_: GraphQLInputObjectType, depth: int, least: int = 0) -> dict[str, Any]:
        """A filter of an entity, a record or a hop; ``depth`` bounds how far it leads on."""
        names = [name for name in type_.fields if name not in UNTOLD and (depth > 0 or not self._leads_on(type_, name))]
        if "isNull" in names:
            if self.rng.random() < 0.25:
                return {"isNull": self.rng.random() < 0.5}
            names.remove("isNull")
        onward = [name for name in names if self._leads_on(type_, name) and name not in LOGIC]
        if onward and self.rng.random() < 0.6:
            names = onward
        chosen = self.rng.sample(names, min(len(names), self.rng.choice((least, 1, 1, 1, 2, 2))))
        return {name: self.value(type_.fields[name].type, type_.name, name, depth - 1) for name in chosen}

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
        if set(QUANTIFIERS) <= set(bare.fields):
            quantifier = self.rng.choice((*QUANTIFIERS, "some"))
            return {quantifier: self.value(bare.fields[quantifier].type, bare.name, quantifier, depth)}
        if {"where", "gte"} <= set(bare.fields):
            return self._count(bare, depth)
        if bare.name.endswith("Filter"):
            return self._tests(bare)
        if name == "is":
            kind = self.rng.choice(list(bare.fields))
            return {kind: self.value(bare.fields[kind].type, bare.name, kind, depth)}
        return self.where(bare, depth, least=1 if name == "not" else 0)  # not: {} is refused

    def _tests(self, type_: GraphQLInputObjectType) -> dict[str, Any]:
        words = [word for word in type_.fields if (type_.name, word) not in UNASKED]
        chosen = self.rng.sample(words, 1 if self.rng.random() < 0.85 else min(2, len(words)))
        return {word: self.value(type_.fields[word].type, type_.name, word, 0) for word in chosen}

    def _count(self, type_: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
        bounds = self.rng.sample(("eq", "gt", "gte", "lt", "lte"), self.rng.choice((1, 1, 2)))
        count: dict[str, Any] = {bound: self.rng.randint(0, 3) for bound in bounds}
        if self.rng.random() < 0.6:
            count["where"] = self.value(type_.fields["where"].type, type_.name, "where", depth)
        return count

    def _scalar(self, scalar: str, parent: str, name: str) -> Any:
        rng = self.rng
        match scalar:
            case "ID":
                return rng.choice(self.pool.keys) if rng.random() < 0.95 else "nobody"
            case "String":
                text = rng.choice(self.pool.texts)
                return piece(rng, text) if name in ("contains", "startsWith") and rng.random() < 0.8 else text
            case "Boolean":
                return rng.random() < 0.5
            case "Int":
                return rng.choice((-5, 0, 1, 2, 3, 7, 2147483647))
            case "Date":
                return rng.choice(self.pool.days)
            case "PartialDate":
                return loosened(rng, rng.choice(self.pool.days))
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
