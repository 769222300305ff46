"""What a model's API looks like, as data: object types with their fields, by rule from the model.

In: a Model. Out: an ``Api`` that ``schema.py`` turns into Strawberry classes and SDL. Type references are written as
in SDL (``"[Person!]!"``). What can be asked of lists is in ``input_types.py``; what a field *means* is the planner's matter.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from orggraph.graphql import builtin
from orggraph.graphql.builtin import Argument, EnumType, InputType, Member, ObjectType
from orggraph.graphql.everything import ENTITY, RECORD, kinds_of
from orggraph.graphql.group_types import groupable, groups_member, types_of_groups
from orggraph.graphql.input_types import input_types, leading, text
from orggraph.model import names
from orggraph.model.model import End, Field, Hop, Kind, Link, Model, Relation
from orggraph.model.values import TYPES


class Api(Struct, frozen=True):
    objects: tuple[ObjectType, ...]
    inputs: tuple[InputType, ...]
    enums: tuple[EnumType, ...]


def api(model: Model) -> Api:
    """All types of a model's API, built-in ones first."""
    objects = list(builtin.OBJECTS)
    objects += builtin.PATH_TYPES if model.relations else ()
    objects += _roots(model)
    for kind in kinds_of(model):
        objects += [
            _entity(model, kind),
            *_connection(
                names.root_connection(kind.name), names.root_edge(kind.name), kind.name, more=_of_kind(kind.name)
            ),
        ]
        objects += [] if kind.abstract else [_state(kind)]
    anything = groups_member(RECORD, f"{RECORD}Where")
    objects += _connection(f"{RECORD}Connection", f"{RECORD}Edge", "RelationRecord", more=(*builtin.LASTING, anything))
    for relation in model.relations.values():
        objects += _record(relation)
    for hop in model.hops:
        record = names.record_type(hop.relation)
        objects += _connection(*names.hop_connection(hop.kind, hop.plural), hop.far, f"{record}!", _of_kind(hop.far))
    for link in model.links:
        objects += _connection(
            *names.hop_connection(link.kind, link.plural), link.far, "DerivedRecord!", _of_kind(link.far)
        )
    grouped = [types_of_groups(one) for one in groupable(model)]
    objects += [one for each in grouped for one in each.objects]
    enums = [EnumType(names.terms_enum(name), text(terms.label), tuple((t.code, text(t.label)) for t in terms.terms.values()))
             for name, terms in model.terms.items()]  # fmt: skip
    if model.relations:  # GraphQL knows no enum without values
        enums.append(
            EnumType("Relation", "Relations.", tuple((r.name, text(r.label)) for r in model.relations.values()))
        )
    enums.append(EnumType("Kind", "Kinds.", tuple((kind.name, text(kind.label)) for kind in model.kinds.values())))
    enums += [each.by for each in grouped]
    inputs = [*input_types(model), *(one for each in grouped for one in each.inputs)]
    return Api(tuple(objects), tuple(inputs), (*builtin.ENUMS, *enums))


def _list_arguments(where: str, order_by: str) -> tuple[Argument, ...]:
    return (Argument("where", where), Argument("orderBy", f"[{order_by}!]"), *builtin.PAGE)


def _records_arguments(relation: str) -> tuple[Argument, ...]:
    return _list_arguments(names.record_where(relation), names.record_order_by(relation))


ANY_RECORD = Member("record", "RelationRecord", (Argument("key", "ID!"),), "A record of any relation.")
ANY_RECORDS = Member(
    "records", f"{RECORD}Connection!", _list_arguments(f"{RECORD}Where", f"{RECORD}OrderBy"), "Records of any relation."
)


TURNOVER = Member(
    "turnover",
    "TurnoverConnection!",
    _list_arguments("TurnoverWhere", "TurnoverOrderBy"),
    "Who takes and who leaves in a range of days, day by day; of what happens once there is none.",
)


def _roots(model: Model) -> list[ObjectType]:
    members: list[Member] = []
    for kind in kinds_of(model):
        many = _list_arguments(names.where_type(kind.name), names.order_by(kind.name))
        members.append(Member(kind.singular, kind.name, (Argument("key", "ID!"),), text(kind.label)))
        members.append(Member(kind.plural, f"{names.root_connection(kind.name)}!", many, text(kind.label)))
    for relation in model.relations.values():
        one, plural = names.record_roots(relation.singular)
        members.append(Member(one, names.record_type(relation.name), (Argument("key", "ID!"),), text(relation.label)))
        connection = f"{names.record_connection(relation.name)}!"
        members.append(Member(plural, connection, _records_arguments(relation.name), text(relation.label)))
    turnover = (TURNOVER, builtin.PATHS) if model.relations else ()
    roots = (*builtin.ROOT, builtin.SEARCH, ANY_RECORD, ANY_RECORDS, *turnover, *members)
    return [
        ObjectType("Query", (*builtin.NODES, *roots), description="Everything, as it is today."),
        ObjectType("Graph", roots, description="Everything, as it is in one scope."),
    ]


def _field(field: Field) -> Member:
    scalar = TYPES[field.type].scalar
    return Member(field.name, scalar, description=text(field.label))


def _hop_members(hop: Hop | Link) -> Iterable[Member]:
    connection, _ = names.hop_connection(hop.kind, hop.plural)
    many = _list_arguments(names.hop_where(hop.kind, hop.plural), names.hop_order_by(hop.kind, hop.plural))
    if hop.one and hop.singular:
        yield Member(hop.singular, hop.far, description=text(hop.label))
    yield Member(hop.plural, f"{connection}!", many, text(hop.label))
    if isinstance(hop, Hop):
        records = f"{names.record_connection(hop.relation)}!"
        yield Member(names.records_field(hop.singular), records, _records_arguments(hop.relation), text(hop.label))


def _entity(model: Model, kind: Kind) -> ObjectType:
    members = [*builtin.ENTITY_MEMBERS, ANY_RECORDS, *builtin.scopes(kind.name, "The same"), *map(_field, kind.fields)]
    for hop in leading(model, kind):
        members += _hop_members(hop)
    above = () if kind.name == ENTITY else (ENTITY, *kind.supers)
    return ObjectType(kind.name, tuple(members), ("Node", *above), text(kind.label), kind.abstract)


def _state(kind: Kind) -> ObjectType:
    """What an entity of a kind was like between two changes."""
    members = (*builtin.STATE.members, *map(_field, kind.fields))
    return ObjectType(names.state_type(kind.name), members, ("EntityState", "Version"), text(kind.label))


def _end(end: End) -> Member:
    return Member(
        end.name, f"{end.kind}!" if end.role in ("subject", "object") else end.kind, description=text(end.label)
    )


def _record(relation: Relation) -> list[ObjectType]:
    name = names.record_type(relation.name)
    members = (*builtin.RECORD.members, *map(_end, relation.ends), *map(_field, relation.fields))
    connection, edge = names.record_connection(relation.name), names.record_edge(relation.name)
    record = ObjectType(name, members, ("Node", "RelationRecord", "Version"), text(relation.label))
    more = (*builtin.LASTING, groups_member(name, names.record_where(relation.name)))
    return [record, *_connection(connection, edge, name, more=more)]


def _of_kind(kind: str) -> tuple[Member, ...]:
    return (groups_member(kind, names.where_type(kind)),)


def _connection(
    connection: str, edge: str, node: str, record: str | None = None, more: tuple[Member, ...] = ()
) -> list[ObjectType]:
    edge_members = [*builtin.EDGE, Member("node", f"{node}!")]
    if record:
        edge_members.append(Member("record", record))
    list_members = (Member("edges", f"[{edge}!]!"), Member("nodes", f"[{node}!]!"), *builtin.CONNECTION, *more)
    return [ObjectType(edge, tuple(edge_members)), ObjectType(connection, list_members)]
