"""The types of groups, as data, by rule from the model: one family for each kind and each relation's records. In: a Model.
Out: object types, input types, one enum of what can be grouped by.

A kind's family serves every list of its entities, whatever leads there, so that the same is spelled the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from orggraph.graphql.builtin import CERTAINTY, Argument, EnumType, InputType, Member, ObjectType
from orggraph.graphql.everything import RECORD, kinds_of
from orggraph.graphql.input_types import text
from orggraph.model import names
from orggraph.model.model import Field, Model
from orggraph.model.parts import Part, any_record_parts, kind_parts, record_parts
from orggraph.model.values import TYPES, Value

BOUNDS = ("eq", "gt", "gte", "lt", "lte")
RECKONED = {"sum": "Exact.", "avg": "To four decimals, halves away from zero.", "min": "", "max": ""}


class Groupable(Struct, frozen=True):
    """What a list may have: ``name`` begins the types' names, ``where`` filters them, ``node`` is their type."""

    name: str
    node: str
    where: str
    parts: tuple[Part, ...]
    numbers: tuple[Field, ...]


class GroupTypes(Struct, frozen=True):
    objects: tuple[ObjectType, ...]
    inputs: tuple[InputType, ...]
    by: EnumType


def groupable(model: Model) -> Iterator[Groupable]:
    """Everything that lists have: entities of each kind, records of each relation, and of any."""
    for kind in kinds_of(model):
        where = names.where_type(kind.name)
        yield Groupable(kind.name, kind.name, where, kind_parts(model, kind), _numbers(kind.fields))
    yield Groupable(RECORD, "RelationRecord", f"{RECORD}Where", any_record_parts(), ())
    for relation in model.relations.values():
        type_, where = names.record_type(relation.name), names.record_where(relation.name)
        yield Groupable(type_, type_, where, record_parts(model, relation), _numbers(relation.fields))


def _numbers(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple(field for field in fields if field.type is Value.INT)


def groups_member(listed: str, where: str) -> Member:
    """The field of a connection; ``listed``: what the names of its groups' types begin with."""
    having, order = names.group_inputs(listed)[0], names.group_inputs(listed)[4]
    arguments = (
        Argument("by", f"[{names.group_by(listed)}!]!"),
        Argument("where", where),
        Argument("having", having),
        Argument("orderBy", f"[{order}!]"),
        Argument("first", "Int"),
        Argument("empty", "Boolean! = false"),
    )
    told = "Groups of all rows, whatever the page; by nothing: all of them in one. With empty, one for each term."
    return Member("groups", f"[{names.group_type(listed)}!]!", arguments, told)


def types_of_groups(one: Groupable) -> GroupTypes:
    enum = EnumType(names.group_by(one.name), "What can be grouped by.", tuple((part.name, "") for part in one.parts))
    return GroupTypes(tuple(_objects(one)), tuple(_inputs(one)), enum)


def _objects(one: Groupable) -> Iterator[ObjectType]:
    where = Argument("where", one.where)
    members = [
        Member(
            "key", f"{names.group_key(one.name)}!", description="What its rows have in common; null is a value too."
        ),
        Member("count", "Int!", (where, CERTAINTY), "Rows that are printed with this key; at a certainty: the bounds."),
        Member("share", "Float", (where,), "Of all rows those in it; with where: of its rows those that pass."),
        Member("nodeCount", "Int!", (CERTAINTY,), "Distinct far ends."),
        Member("nodes", f"[{one.node}!]!", (Argument("first", "Int! = 10"),), "What the rows of the group lead to."),
    ]
    if one.numbers:
        figures = ((word, names.group_figures(one.name, word), told) for word, told in RECKONED.items())
        members += [Member(word, f"{type_}!", description=told) for word, type_, told in figures]
    yield ObjectType(names.group_type(one.name), tuple(members))
    yield ObjectType(names.group_key(one.name), tuple(map(_key, one.parts)))
    if one.numbers:
        for word, scalar in (("sum", "Float"), ("min", "Int")):
            fields = (Member(field.name, scalar, description=text(field.label)) for field in one.numbers)
            yield ObjectType(names.group_figures(one.name, word), tuple(fields))


def _key(part: Part) -> Member:
    described = "" if part.name in ("name", "kind", "relation", "synthetic") else text(part.label)
    return Member(part.name, _printed_as(part), description=described)


def _printed_as(part: Part) -> str:
    if part.unit:
        return "String" if part.unit == "quarter" else "PartialDate"
    match part.value:
        case "node":
            return part.kind
        case "kind" | "relation":
            return "Term"
        case "synthetic":
            return "Boolean"
        case str():
            return "String"
    return TYPES[part.value.type].scalar


def _inputs(one: Groupable) -> Iterator[InputType]:
    having, count, share, figures, order, share_order, key_order = names.group_inputs(one.name)
    figures_order = names.group_figures_order(one.name)
    bounds = tuple(Member(word, "Float") for word in BOUNDS)
    whole = tuple(Member(word, "Int") for word in BOUNDS)
    where = Member("where", one.where)
    tests = [Member("count", count), Member("share", share), Member("nodeCount", count)]
    orders = [Member("count", "Direction"), Member("share", share_order), Member("nodeCount", "Direction")]
    orders.append(Member("key", key_order))
    if one.numbers:
        tests += [Member(word, figures) for word in RECKONED]
        orders += [Member(word, figures_order) for word in RECKONED]
        yield InputType(figures, tuple(Member(field.name, "GroupBounds") for field in one.numbers))
        yield InputType(figures_order, tuple(Member(field.name, "Direction") for field in one.numbers))
    yield InputType(having, tuple(tests), "All of it must be true of a group.")
    yield InputType(count, (where, Member("certainty", "Certainty"), *whole))
    yield InputType(share, (where, *bounds))
    yield InputType(order, tuple(orders))
    yield InputType(share_order, (where, Member("order", "Direction!")))
    yield InputType(key_order, tuple(Member(part.name, "Direction") for part in one.parts))
