"""What all kinds have in common, as a kind; what all relations have in common, as a relation. In: a Model."""

from __future__ import annotations

from orggraph.model.entries import Label
from orggraph.model.model import OBJECT, SUBJECT, End, Kind, Model, Relation

ENTITY = "Entity"
RECORD = "Record"
_ANY_ENTITY = Label("实体", "entity")
_ANY_RECORD = Label("记录", "record")


def any_entity(model: Model) -> Kind:
    """An abstract kind above all others."""
    concrete = tuple(kind.name for kind in model.concrete())
    return Kind(ENTITY, 0, _ANY_ENTITY, "entity", "entities", True, (), concrete, (), f"{model.iri}kind/{ENTITY}")


def any_record(model: Model) -> Relation:
    """A relation with the ends that every one has, between any kinds that one joins."""
    relations = model.relations.values()

    def end(role: str) -> End:
        kinds = {kind for relation in relations for kind in relation.end(role).kinds}
        ordered = tuple(kind.name for kind in model.concrete() if kind.name in kinds)
        return End(role, role, ENTITY, ordered, _ANY_ENTITY, required=True, one=False)

    return Relation(
        name=RECORD,
        label=_ANY_RECORD,
        singular="record",
        subject=end(SUBJECT),
        object=end(OBJECT),
        further=(),
        pairs=frozenset(),
        to_one=(),
        fields=(),
        hierarchy=False,
        once=False,
        iri=f"{model.iri}relation/{RECORD}",
    )


def kinds_of(model: Model) -> tuple[Kind, ...]:
    """The model's kinds, below the one that is all of them."""
    return (any_entity(model), *model.kinds.values())
