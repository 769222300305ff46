"""What is asked of searches, paths and feeds. In: a random generator, what occurs in a world, a field's arguments. Out: their values."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from graphql import GraphQLArgument, GraphQLEnumType, GraphQLInputObjectType, get_named_type

from tests.oracle.random_pool import Pool
from tests.oracle.random_values import typed

Args = Mapping[str, GraphQLArgument]


def search_asked(rng: Random, pool: Pool, args: Args) -> dict[str, Any]:
    values: dict[str, Any] = {"text": typed(rng, rng.choice(pool.texts))}
    if rng.random() < 0.3:
        values["kinds"] = rng.choices(_terms(args["kinds"].type), k=rng.randint(1, 2))
    return values | ({"first": rng.randint(0, 3)} if rng.random() < 0.4 else {})


def paths_asked(rng: Random, pool: Pool, args: Args) -> dict[str, Any]:
    """Short ones: the oracle tries every way."""
    entities = pool.roots["entity"]
    values: dict[str, Any] = {"from": pool.key(rng, entities), "to": pool.key(rng, entities)}
    values["maxLength"] = rng.randint(1, 4)
    if rng.random() < 0.5:
        values["first"] = rng.randint(0, 6)
    if rng.random() < 0.2:
        values["avoid"] = [pool.key(rng, entities) for _ in range(rng.randint(0, 2))]
    if rng.random() < 0.2:
        relations = _terms(args["through"].type)
        values["through"] = rng.sample(relations, rng.randint(1, len(relations)))
    return values


def changes_asked(rng: Random, pool: Pool, args: Args) -> dict[str, Any]:
    """All of a feed, or what a filter leaves."""
    values: dict[str, Any] = {"since": rng.randint(0, pool.loads)}
    if rng.random() < 0.3:
        values["until"] = rng.randint(0, pool.loads)
    return values | ({"where": _change_tests(rng, pool, args)} if rng.random() < 0.5 else {})


def _change_tests(rng: Random, pool: Pool, args: Args) -> dict[str, Any]:
    where = get_named_type(args["where"].type)
    assert isinstance(where, GraphQLInputObjectType)
    words = {name: _terms(where.fields[name].type) for name in ("kinds", "relations", "what")}
    keys = {"keys": pool.keys, "citedFrom": pool.sources, "touching": pool.roots["entity"]}
    chosen = [name for name in (*words, *keys) if rng.random() < 0.25]
    found: dict[str, Any] = {name: rng.choices(words[name], k=rng.randint(0, 3)) for name in chosen if name in words}
    drawn = (name for name in chosen if name in keys)
    return found | {name: [pool.key(rng, keys[name]) for _ in range(rng.randint(0, 3))] for name in drawn}


def _terms(type_: Any) -> list[str]:
    enum = get_named_type(type_)
    assert isinstance(enum, GraphQLEnumType)
    return [*enum.values]
