"""What can be asked of lists: filters and orders, as data, by rule from the model. In: a Model. Out: input types."""

from __future__ import annotations

from collections.abc import Iterator

from orggraph.graphql import builtin
from orggraph.graphql.builtin import InputType, Member
from orggraph.graphql.everything import ENTITY, RECORD, kinds_of
from orggraph.model import names
from orggraph.model.entries import Label
from orggraph.model.model import End, Field, Hop, Kind, Link, Model, Relation
from orggraph.model.values import TYPES, Value

KEYS = Member("key", "KeyFilter")
CITED = Member("citedFrom", "KeyFilter", description="By one of these sources.")
SYNTHETIC = Member("synthetic", "BooleanFilter")
BOUNDS = tuple(Member(bound, "Int") for bound in ("eq", "gt", "gte", "lt", "lte"))


TURN_TESTS = (
    Member("relation", "RelationFilter"),
    Member("turn", "TurnFilter"),
    Member("on", "DayFilter", description="The day that the record begins, or its last day."),
    Member("certainty", "CertaintyFilter", description="That the record holds in the range, and turns there."),
    Member("end", f"{ENTITY}Where", description="Somebody or something at an end of the record."),
    Member("record", f"{RECORD}Where", description="The record's key, dates and sources."),
)


def text(label: Label) -> str:
    """A label in both languages, as a description."""
    return f"{label.zh} · {label.en}"


def leading(model: Model, kind: Kind) -> list[Hop | Link]:
    """The fields of a kind that lead to other entities."""
    return [] if kind.name == ENTITY else [*model.hops_of(kind.name), *model.links_of(kind.name)]


def input_types(model: Model) -> Iterator[InputType]:
    """All of them, built-in ones first."""
    yield from builtin.INPUTS
    if model.relations:
        yield InputType("RelationFilter", (Member("eq", "Relation"), Member("in", "[Relation!]")))
        yield InputType("TurnoverWhere", (*_logic("TurnoverWhere"), *TURN_TESTS))
    yield _change_where(model)
    for kind in kinds_of(model):
        yield from _entity_filters(model, kind)
        yield InputType(names.order_by(kind.name), tuple(_order(model, kind)), text(kind.label))
    yield from _any_record(model)
    for relation in model.relations.values():
        yield from _record_filters(relation)
        yield from _record_orders(relation)
    hops: list[Hop | Link] = [*model.hops, *model.links]
    for hop in hops:
        yield from _hop_inputs(model, hop)
    for name in model.terms:
        enum = names.terms_enum(name)
        tests = (Member("eq", enum), Member("in", f"[{enum}!]"), Member("isNull", "Boolean"))
        yield InputType(names.term_filter(name), tests)


def _change_where(model: Model) -> InputType:
    """Which changes; all that is said must be true of them."""
    relations = [Member("relations", "[Relation!]", description="Of records of these; with kinds, of either.")]
    return InputType("ChangeWhere", (
        Member("kinds", "[Kind!]", description="Of states of entities of these."), *(relations if model.relations else []),
        Member("keys", "[ID!]", description="Of these entities or records."), Member("what", "[Changed!]"),
        Member("citedFrom", "[ID!]", description="That cite one of these sources, before or after."),
        Member("touching", "[ID!]", description="Of one of these entities, or of a record at an end of which it stands, before or after."),
    ))  # fmt: skip


def _logic(name: str) -> tuple[Member, ...]:
    return (Member("and", f"[{name}!]"), Member("or", f"[{name}!]"), Member("not", name))


# ---------------------------------------------------------------- filters


def _field_filter(field: Field) -> Member:
    type_ = names.term_filter(field.terms) if field.type is Value.TERM and field.terms else TYPES[field.type].filter
    return Member(field.name, type_, description=text(field.label))


def _tests(model: Model, kind: Kind) -> list[Member]:
    """What a filter can test of an entity of a kind, but for and, or, not."""
    members = [KEYS, Member("name", "StringFilter"), SYNTHETIC, CITED]
    members += [Member(word, names.scope_where(kind.name, word)) for word in builtin.DATES]
    members += map(_field_filter, kind.fields)
    members.append(Member("records", names.any_quantifiers(), description=ALL_RECORDS))
    hops = leading(model, kind)
    if any(isinstance(hop, Link) and hop.climbs for hop in hops):
        members.append(Member("within", "KeyFilter", description="One of these, or below it."))
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


def _entity_filters(model: Model, kind: Kind) -> Iterator[InputType]:
    name = names.where_type(kind.name)
    yield InputType(name, (*_logic(name), *_tests(model, kind)), text(kind.label))
    for word, dates in builtin.DATES.items():
        days = tuple(Member(one.name, one.type) for one in dates)
        yield InputType(names.scope_where(kind.name, word), (*days, Member("where", name)))
    if kind.abstract:
        cases = tuple(Member(model.kinds[one].singular, names.where_type(one)) for one in kind.concrete)
        yield InputType(names.is_where(kind.name), cases)


def _hop_inputs(model: Model, hop: Hop | Link) -> Iterator[InputType]:
    where, far = names.hop_where(hop.kind, hop.plural), model.kinds[hop.far]
    tests, orders = _tests(model, far), list(_order(model, far))
    if isinstance(hop, Hop):
        own = "The record's own fields and dates."
        tests.append(Member("record", names.own_where(hop.relation), description=own))
        orders.append(Member("record", names.order_by(hop.relation), description=own))
    elif not hop.climbs and model.derived[hop.derived].grouped:
        tests.append(Member("record", "DerivedRecordWhere", description="How many chains there are."))
        orders.append(Member("record", "DerivedRecordOrderBy", description="How many chains there are."))
    yield InputType(where, (*_logic(where), *tests))
    yield InputType(names.hop_order_by(hop.kind, hop.plural), tuple(orders))
    yield from _quantified(names.hop_quantifiers(hop.kind, hop.plural), where)
    if hop.one and hop.singular:
        one = names.one_where(hop.kind, hop.singular)
        yield InputType(one, (*_logic(where), *tests, Member("isNull", "Boolean", description="There is none.")))


ALL_RECORDS = "Records of any relation in which it stands, at any end."
LASTING = (
    ("days", "On how many days at least one of them holds."),
    ("gap", "How many days the longest time has on which none of them holds; 0: there is none."),
)


def _quantified(name: str, where: str, more: tuple[tuple[str, str], ...] = ()) -> Iterator[InputType]:
    count = names.count_where(name)
    quantifiers = [Member(word, where) for word in ("some", "none", "every")]
    quantifiers.append(Member("count", count, description="How many."))
    quantifiers.append(Member("nodeCount", count, description="How many different ones."))
    quantifiers += [Member(word, count, description=told) for word, told in more]
    yield InputType(name, tuple(quantifiers))
    yield InputType(count, (Member("where", where), *BOUNDS))


def _end_filter(end: End) -> Member:
    return Member(end.name, names.where_type(end.kind), description=text(end.label))


def _record_filters(relation: Relation) -> Iterator[InputType]:
    own, records = names.own_where(relation.name), names.record_where(relation.name)
    fields = [*map(_field_filter, relation.fields), Member("valid", "ValidFilter"), SYNTHETIC, CITED]
    fields += map(_end_filter, relation.further)
    ends = map(_end_filter, (relation.subject, relation.object))
    yield InputType(own, (*_logic(own), *fields), text(relation.label))
    yield InputType(records, (*_logic(records), KEYS, *fields, *ends), text(relation.label))
    yield from _quantified(names.record_quantifiers(relation.name), records, LASTING)


def _any_record(model: Model) -> Iterator[InputType]:
    where = f"{RECORD}Where"
    tests = [KEYS, Member("valid", "ValidFilter"), SYNTHETIC, CITED]
    tests += [Member("relation", "RelationFilter")] if model.relations else []
    yield InputType(where, (*_logic(where), *tests))
    yield from _quantified(names.any_quantifiers(), where, LASTING)
    yield InputType(f"{RECORD}OrderBy", (_by("key"), _by("synthetic"), Member("valid", "ValidOrderBy")))


# ---------------------------------------------------------------- orders


def _by(name: str, label: Label | None = None) -> Member:
    return Member(name, "Direction", description=text(label) if label else "")


def _order(model: Model, kind: Kind) -> Iterator[Member]:
    """What entities of a kind can be ordered by."""
    yield from (_by("key"), _by("name"), _by("synthetic"), Member("valid", "ValidOrderBy"))
    yield from (_by(field.name, field.label) for field in kind.fields)
    yield Member("records", "DaysOrderBy", description=ALL_RECORDS)
    for hop in leading(model, kind):
        if hop.one and hop.singular:
            yield Member(hop.singular, names.order_by(hop.far), description=text(hop.label))
        yield Member(hop.plural, "CountOrderBy", description=text(hop.label))
        if isinstance(hop, Hop):
            yield Member(names.records_field(hop.singular), "DaysOrderBy", description=text(hop.label))


def _record_orders(relation: Relation) -> Iterator[InputType]:
    fields = [Member("valid", "ValidOrderBy"), _by("synthetic"), *(_by(f.name, f.label) for f in relation.fields)]
    ends = {end: Member(end.name, names.order_by(end.kind), description=text(end.label)) for end in relation.ends}
    further = [ends[end] for end in relation.further]
    yield InputType(names.order_by(relation.name), (*fields, *further), text(relation.label))
    yield InputType(names.record_order_by(relation.name), (_by("key"), *fields, *ends.values()), text(relation.label))
