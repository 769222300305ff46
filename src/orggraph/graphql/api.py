"""What a model's API looks like, as data: object, input and enum types with their fields, by rule from the model.

In: a Model. Out: an ``Api`` that ``schema.py`` turns into Strawberry classes and SDL. Type references are written as
in SDL (``"[Person!]!"``). What a field *means* is the planner's matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from orggraph.graphql import builtin
from orggraph.graphql.builtin import Argument, EnumType, InputType, Member, ObjectType
from orggraph.model import names
from orggraph.model.entries import Label
from orggraph.model.model import End, Field, Hop, Kind, Link, Model, Relation
from orggraph.model.values import TYPES, Value


@dataclass(frozen=True)
class Api:
    objects: tuple[ObjectType, ...]
    inputs: tuple[InputType, ...]
    enums: tuple[EnumType, ...]


def api(model: Model) -> Api:
    """All types of a model's API, built-in ones first."""
    objects, inputs = list(builtin.OBJECTS), list(builtin.INPUTS)
    objects += _roots(model)
    for kind in model.kinds.values():
        objects += [
            _entity(model, kind),
            *_connection(names.root_connection(kind.name), names.root_edge(kind.name), kind.name),
        ]
        inputs += _entity_filters(model, kind)
    for relation in model.relations.values():
        objects += _record(relation)
        inputs += _record_filters(relation)
    for hop in model.hops:
        record = names.record_type(hop.relation)
        objects += _connection(*names.hop_connection(hop.kind, hop.plural), hop.far, f"{record}!")
        inputs += _hop_filters(model, hop, names.own_where(hop.relation))
    for link in model.links:
        objects += _connection(*names.hop_connection(link.kind, link.plural), link.far, "DerivedRecord!")
        inputs += _hop_filters(model, link, None)
    inputs += [_term_filter(name) for name in model.terms]
    enums = [EnumType(names.terms_enum(name), text(terms.label), tuple((t.code, text(t.label)) for t in terms.terms.values()))
             for name, terms in model.terms.items()]  # fmt: skip
    return Api(tuple(objects), tuple(inputs), (*builtin.ENUMS, *enums))


def text(label: Label) -> str:
    """A label in both languages, as a description."""
    return f"{label.zh} · {label.en}"


def _list_arguments(where: str) -> tuple[Argument, ...]:
    return (Argument("where", where), Argument("first", "Int"))


def _roots(model: Model) -> list[ObjectType]:
    members: list[Member] = []
    for kind in model.kinds.values():
        many = _list_arguments(names.where_type(kind.name))
        members.append(Member(kind.singular, kind.name, (Argument("key", "ID!"),), text(kind.label)))
        members.append(Member(kind.plural, f"{names.root_connection(kind.name)}!", many, text(kind.label)))
    for relation in model.relations.values():
        one, plural = names.record_roots(relation.singular)
        many = _list_arguments(names.record_where(relation.name))
        members.append(Member(one, names.record_type(relation.name), (Argument("key", "ID!"),), text(relation.label)))
        members.append(Member(plural, f"{names.record_connection(relation.name)}!", many, text(relation.label)))
    roots = (*builtin.ROOT, *members)
    return [
        ObjectType("Query", roots, description="Everything, as it is today."),
        ObjectType("Graph", roots, description="Everything, as it is in one scope."),
    ]


def _field(field: Field) -> Member:
    scalar = TYPES[field.type].scalar
    return Member(field.name, scalar, description=text(field.label))


def _hop_members(hop: Hop | Link) -> Iterable[Member]:
    connection, _ = names.hop_connection(hop.kind, hop.plural)
    where = names.hop_where(hop.kind, hop.plural)
    if hop.one and hop.singular:
        yield Member(hop.singular, hop.far, description=text(hop.label))
    yield Member(hop.plural, f"{connection}!", _list_arguments(where), text(hop.label))
    if isinstance(hop, Hop):
        many = _list_arguments(names.record_where(hop.relation))
        yield Member(
            names.records_field(hop.singular), f"{names.record_connection(hop.relation)}!", many, text(hop.label)
        )


def _entity(model: Model, kind: Kind) -> ObjectType:
    members = [*builtin.ENTITY_MEMBERS, *builtin.scopes(kind.name, "The same"), *map(_field, kind.fields)]
    hops: list[Hop | Link] = [*model.hops_of(kind.name), *model.links_of(kind.name)]
    for hop in hops:
        members += _hop_members(hop)
    return ObjectType(kind.name, tuple(members), ("Entity", *kind.supers), text(kind.label), kind.abstract)


def _end(end: End) -> Member:
    return Member(
        end.name, f"{end.kind}!" if end.role in ("subject", "object") else end.kind, description=text(end.label)
    )


def _record(relation: Relation) -> list[ObjectType]:
    name = names.record_type(relation.name)
    members = (*builtin.RECORD.members, *map(_end, relation.ends), *map(_field, relation.fields))
    connection, edge = names.record_connection(relation.name), names.record_edge(relation.name)
    return [ObjectType(name, members, ("RelationRecord",), text(relation.label)), *_connection(connection, edge, name)]


def _connection(connection: str, edge: str, node: str, record: str | None = None) -> list[ObjectType]:
    edge_members = [*builtin.EDGE, Member("node", f"{node}!")]
    if record:
        edge_members.append(Member("record", record))
    list_members = (Member("edges", f"[{edge}!]!"), Member("nodes", f"[{node}!]!"), *builtin.CONNECTION)
    return [ObjectType(edge, tuple(edge_members)), ObjectType(connection, list_members)]


def _logic(name: str) -> tuple[Member, ...]:
    return (Member("and", f"[{name}!]"), Member("or", f"[{name}!]"), Member("not", name))


def _field_filter(field: Field) -> Member:
    type_ = names.term_filter(field.terms) if field.type is Value.TERM and field.terms else TYPES[field.type].filter
    return Member(field.name, type_, description=text(field.label))


def _tests(model: Model, kind: Kind) -> list[Member]:
    """What a filter can test of an entity of a kind, but for and, or, not."""
    members = [Member("key", "KeyFilter"), Member("name", "StringFilter"), Member("synthetic", "BooleanFilter")]
    members += [Member(word, names.scope_where(kind.name, word)) for word in builtin.DATES]
    members += map(_field_filter, kind.fields)
    hops: list[Hop | Link] = [*model.hops_of(kind.name), *model.links_of(kind.name)]
    for hop in hops:
        if hop.one and hop.singular:
            members.append(Member(hop.singular, names.one_where(hop.kind, hop.singular), description=text(hop.label)))
        members.append(Member(hop.plural, names.hop_quantifiers(hop.kind, hop.plural), description=text(hop.label)))
        if isinstance(hop, Hop):
            records = names.record_quantifiers(hop.relation)
            members.append(Member(names.records_field(hop.singular), records, description=text(hop.label)))
    if kind.abstract:
        members.append(Member("is", names.is_where(kind.name), description="One of these kinds, and passing there."))
    return members


def _entity_filters(model: Model, kind: Kind) -> list[InputType]:
    name = names.where_type(kind.name)
    inputs = [InputType(name, (*_logic(name), *_tests(model, kind)), text(kind.label))]
    for word, dates in builtin.DATES.items():
        days = tuple(Member(one.name, one.type) for one in dates)
        inputs.append(InputType(names.scope_where(kind.name, word), (*days, Member("where", name))))
    if kind.abstract:
        cases = tuple(Member(model.kinds[one].singular, names.where_type(one)) for one in kind.concrete)
        inputs.append(InputType(names.is_where(kind.name), cases))
    return inputs


def _hop_filters(model: Model, hop: Hop | Link, own: str | None) -> list[InputType]:
    where = names.hop_where(hop.kind, hop.plural)
    far = _tests(model, model.kinds[hop.far])
    record = [Member("record", own, description="The record's own fields and dates.")] if own else []
    inputs = [InputType(where, (*_logic(where), *far, *record))]
    inputs += _quantified(names.hop_quantifiers(hop.kind, hop.plural), where)
    if hop.one and hop.singular:
        one = names.one_where(hop.kind, hop.singular)
        inputs.append(InputType(one, (*_logic(where), *far, *record, Member("isNull", "Boolean"))))
    return inputs


def _quantified(name: str, where: str) -> list[InputType]:
    bounds = tuple(Member(bound, "Int") for bound in ("eq", "gt", "gte", "lt", "lte"))
    count = names.count_where(name)
    quantifiers = (*(Member(word, where) for word in ("some", "none", "every")), Member("count", count))
    return [InputType(name, quantifiers), InputType(count, (Member("where", where), *bounds))]


def _record_filters(relation: Relation) -> list[InputType]:
    own, records = names.own_where(relation.name), names.record_where(relation.name)
    fields = [
        *map(_field_filter, relation.fields),
        Member("valid", "ValidFilter"),
        Member("synthetic", "BooleanFilter"),
    ]
    fields += [Member(end.name, names.where_type(end.kind), description=text(end.label)) for end in relation.further]
    ends = [
        Member(end.name, names.where_type(end.kind), description=text(end.label))
        for end in (relation.subject, relation.object)
    ]
    inputs = [
        InputType(own, (*_logic(own), *fields), text(relation.label)),
        InputType(records, (*_logic(records), Member("key", "KeyFilter"), *fields, *ends), text(relation.label)),
    ]
    return [*inputs, *_quantified(names.record_quantifiers(relation.name), records)]


def _term_filter(name: str) -> InputType:
    enum = names.terms_enum(name)
    return InputType(
        names.term_filter(name), (Member("eq", enum), Member("in", f"[{enum}!]"), Member("isNull", "Boolean"))
    )
