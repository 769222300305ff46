"""What the field names of each kind mean: made once from the model, read by the planner and by filters."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from orggraph.graphql.everything import any_record, kinds_of
from orggraph.model import names
from orggraph.model.model import Field, Hop, Kind, Link, Model, Relation
from orggraph.plan.filters import Along, AnyRecords, Climb, Hanging, Leading, Over


class One(Struct, frozen=True):
    """A to-one field."""

    source: Leading


class Many(Struct, frozen=True):
    """A plural field, the records beside it, or all records of an entity."""

    source: Hanging


Meaning = Field | One | Many


class Vocabulary(Struct, frozen=True):
    """``described``: the kinds, with the one that is all of them; ``kinds``: fields by kind; ``any``: what all relations
    have in common; the others: what a root field or a key of ``is`` names."""

    model: Model
    described: Mapping[str, Kind]
    any: Relation
    kinds: Mapping[str, Mapping[str, Meaning]]
    by_singular: Mapping[str, str]
    by_plural: Mapping[str, str]
    record_by_singular: Mapping[str, Relation]
    record_by_plural: Mapping[str, Relation]


def vocabulary(model: Model) -> Vocabulary:
    relations = {relation: names.record_roots(relation.singular) for relation in model.relations.values()}
    kinds = kinds_of(model)
    any_ = any_record(model)
    return Vocabulary(
        model=model,
        described={kind.name: kind for kind in kinds},
        any=any_,
        kinds={kind.name: _meanings(model, kind) | {"records": Many(_records(model, any_, kind))} for kind in kinds},
        by_singular={kind.singular: kind.name for kind in kinds},
        by_plural={kind.plural: kind.name for kind in kinds},
        record_by_singular={one: relation for relation, (one, _) in relations.items()},
        record_by_plural={many: relation for relation, (_, many) in relations.items()},
    )


def _meanings(model: Model, kind: Kind) -> dict[str, Meaning]:
    meanings: dict[str, Meaning] = {field.name: field for field in kind.fields}
    if kind.name not in model.kinds:
        return meanings
    for hop in model.hops_of(kind.name):
        meanings |= _hop(model, hop)
    for link in model.links_of(kind.name):
        source = _along(model, link)
        meanings[link.plural] = Many(source)
        if link.one and link.singular:
            meanings[link.singular] = One(source)
    return meanings


def _records(model: Model, any_: Relation, kind: Kind) -> AnyRecords:
    """Records of all relations that an entity of a kind may stand in, at any end."""
    relations = model.relations.values()
    found = tuple(one for one in relations if any(set(kind.concrete) & set(end.kinds) for end in one.ends))
    return AnyRecords(found, any_, here=True)


def _along(model: Model, link: Link) -> Along | Climb:
    if link.climbs:
        relation = model.relations[link.derived]
        return Climb(link, relation, (relation.object if link.forward else relation.subject).kinds)
    derived = model.derived[link.derived]
    return Along(link, model.kinds[link.far].concrete, (), derived.least, derived.grouped)  # its roles: see chains.py


def _hop(model: Model, hop: Hop) -> dict[str, Meaning]:
    allowed = model.relations[hop.relation].end(hop.target).kinds
    kinds = tuple(kind for kind in model.kinds[hop.far].concrete if kind in allowed)
    meanings: dict[str, Meaning] = {
        hop.plural: Many(Over(hop, kinds)),
        names.records_field(hop.singular): Many(Over(hop, kinds, records=True)),
    }
    if hop.one:
        meanings[hop.singular] = One(Over(hop, kinds))
    return meanings
