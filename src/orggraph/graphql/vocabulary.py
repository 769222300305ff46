"""What the field names of each kind mean: made once from the model, read by the planner and by filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orggraph.model import names
from orggraph.model.model import Field, Hop, Kind, Model, Relation
from orggraph.plan.nodes import Along, Over


@dataclass(frozen=True)
class One:
    """A to-one field."""

    source: Over | Along


@dataclass(frozen=True)
class Many:
    """A plural field, or the records beside it."""

    source: Over | Along


Meaning = Field | One | Many


@dataclass(frozen=True)
class Vocabulary:
    """``kinds``: fields by kind (abstract ones too); the others: what a root field or a key of ``is`` names."""

    model: Model
    kinds: Mapping[str, Mapping[str, Meaning]]
    by_singular: Mapping[str, str]
    by_plural: Mapping[str, str]
    record_by_singular: Mapping[str, Relation]
    record_by_plural: Mapping[str, Relation]


def vocabulary(model: Model) -> Vocabulary:
    relations = {relation: names.record_roots(relation.singular) for relation in model.relations.values()}
    return Vocabulary(
        model=model,
        kinds={kind.name: _meanings(model, kind) for kind in model.kinds.values()},
        by_singular={kind.singular: kind.name for kind in model.kinds.values()},
        by_plural={kind.plural: kind.name for kind in model.kinds.values()},
        record_by_singular={one: relation for relation, (one, _) in relations.items()},
        record_by_plural={many: relation for relation, (_, many) in relations.items()},
    )


def _meanings(model: Model, kind: Kind) -> dict[str, Meaning]:
    meanings: dict[str, Meaning] = {field.name: field for field in kind.fields}
    for hop in model.hops_of(kind.name):
        meanings |= _hop(model, hop)
    for link in model.links_of(kind.name):
        along = Along(link, model.kinds[link.far].concrete, ())  # its steps: see chains.py
        meanings[link.plural] = Many(along)
        if link.one and link.singular:
            meanings[link.singular] = One(along)
    return meanings


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
