"""What clients' normalized caches must know of a model's API. In: a Model. Out: settings for Apollo Client and for urql.

A cache keeps entities and records by their ``id``, which carries the scope; all else (connections, edges, dates, terms) has no
identity of its own and stays inside what it was read from. That, and which types an interface stands for, a client cannot see
in a document; so it is made from the model, as the schema is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from orggraph.graphql.api import api
from orggraph.graphql.builtin import ObjectType
from orggraph.model.model import Model

ROOT, SCOPE = "Query", "Graph"


def apollo_module(model: Model) -> str:
    """An ES module with ``possibleTypes`` and ``typePolicies`` for an ``InMemoryCache``.

    Two documents that read other parts of the same list are both whole afterwards, which takes a function.
    """
    objects = api(model).objects
    given = {
        "export const possibleTypes": _possible(objects),
        "const parts": [name for name in _parts(objects) if name != SCOPE],
        "const scopes": [SCOPE],
        "const lists": _lists(objects),
    }
    lines = [f"{name} = {_json(value).strip()};\n" for name, value in given.items()]
    return "".join(lines) + Path(__file__).with_name("apollo.js").read_text("utf-8")


def apollo(model: Model) -> str:
    """The same as data, which can be fetched when a client starts: ``{"possibleTypes": …, "typePolicies": …}``."""
    objects = api(model).objects
    policies = {name: {"keyFields": False, "merge": True} for name in _parts(objects)}
    return _json({"possibleTypes": _possible(objects), "typePolicies": policies})


def urql(model: Model) -> str:
    """For graphcache: ``schema``, an introspection with what it reads of one; ``parts``, the types that have no key."""
    objects = api(model).objects
    possible = _possible(objects)
    kinds = {one.name: "INTERFACE" if one.abstract else "OBJECT" for one in objects}
    types = [_introspected(one, kinds, possible) for one in objects]
    roots = {"queryType": {"name": ROOT, "kind": "OBJECT"}, "mutationType": None, "subscriptionType": None}
    schema = {"__schema": {**roots, "types": [*types, _ANY], "directives": []}}
    return _json({"schema": schema, "parts": _parts(objects)})


CACHES: Mapping[str, Callable[[Model], str]] = {"apollo.js": apollo_module, "apollo.json": apollo, "urql.json": urql}
"""By the file's name."""


def _parts(objects: tuple[ObjectType, ...]) -> list[str]:
    """The types of things without an ``id``, but for the root."""
    return [
        one.name
        for one in objects
        if one.name != ROOT and not one.abstract and all(member.name != "id" for member in one.members)
    ]


def _lists(objects: tuple[ObjectType, ...]) -> dict[str, list[str]]:
    """Fields that list things without an ``id``, by the type that declares them, of what is not itself such a thing."""
    parts = {f"[{name}!]!" for name in _parts(objects)}
    declared = {one.name: {member.name for member in one.members if member.type in parts} for one in objects}
    found = {}
    for one in objects:
        own = declared[one.name].difference(*(declared[above] for above in one.interfaces))
        if own and (one.abstract or one.name in (ROOT, SCOPE)):
            found[one.name] = sorted(own)
    return found


def _possible(objects: tuple[ObjectType, ...]) -> dict[str, list[str]]:
    """The object types of each interface."""
    found: dict[str, list[str]] = {one.name: [] for one in objects if one.abstract}
    for one in objects:
        for interface in one.interfaces:
            if not one.abstract:
                found[interface].append(one.name)
    return found


_ANY = {"kind": "SCALAR", "name": "Any"}
"""Stands for every scalar and enum: a cache keeps their values as they are."""


def _introspected(described: ObjectType, kinds: Mapping[str, str], possible: Mapping[str, list[str]]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": kinds[described.name],
        "name": described.name,
        "fields": [{"name": one.name, "args": [], "type": _type(one.type, kinds)} for one in described.members],
        "interfaces": [{"kind": "INTERFACE", "name": name} for name in described.interfaces],
    }
    if described.abstract:
        told["possibleTypes"] = [{"kind": "OBJECT", "name": name} for name in possible[described.name]]
    return told


def _type(written: str, kinds: Mapping[str, str]) -> dict[str, Any]:
    """``[Unit!]!`` → the same as introspection says it."""
    if written.endswith("!"):
        return {"kind": "NON_NULL", "ofType": _type(written[:-1], kinds)}
    if written.startswith("["):
        return {"kind": "LIST", "ofType": _type(written[1:-1], kinds)}
    return {"kind": kinds[written], "name": written} if written in kinds else _ANY


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":")) + "\n"
