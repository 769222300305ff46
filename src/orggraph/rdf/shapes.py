"""A model → the shapes that its graphs keep: how often a property is there, of which type or class, which day comes before
which. In: a Model. Out: shapes as data (``plan/shapes.py``), each said here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator

from orggraph.model.entries import Label
from orggraph.model.iris import DCTERMS, NAME, ORG, OURS, PROV, XSD
from orggraph.model.model import Field, Kind, Model, Relation
from orggraph.model.values import Value
from orggraph.plan.shapes import AnyOf, Before, Constraint, Form, OfClass, OfType, OneOf, Property, Shape, Shapes
from orggraph.rdf.mapping import kind_class, relation_class, state_class
from orggraph.rdf.shape_words import OF, ROLE, SOURCE, TITLE, message
from orggraph.rdf.words import PROPERTIES

DATATYPES = {Value.STRING: "string", Value.INT: "integer", Value.BOOLEAN: "boolean", Value.URI: "anyURI"}
YEAR = "[0-9][0-9][0-9][0-9]"
MONTHS = (f"{YEAR}-0[1-9]", f"{YEAR}-1[0-2]")
DATES = AnyOf("date", (
    Form("date", f"{XSD}date", (f"{YEAR}-[01][0-9]-[0-3][0-9]",)),
    Form("gYearMonth", f"{XSD}gYearMonth", MONTHS),
    Form("gYear", f"{XSD}gYear", (YEAR,)),
))  # fmt: skip
"""A day, a month or a year."""
TEXT, DAY = OfType(f"{XSD}string"), OfType(f"{XSD}date")
ORDERS = {
    "earliestFrom": (Before(f"{OURS}latestUntil", equal=False), Before(f"{OURS}latestFrom", equal=True)),
    "latestFrom": (),
    "earliestUntil": (Before(f"{OURS}latestUntil", equal=True),),
    "latestUntil": (),
}
"""The four days, and what each comes before."""


def shapes_of(model: Model) -> Shapes:
    kinds = (shape for kind in model.concrete() for shape in _of_kind(model, kind))
    relations = (_of_relation(model, relation) for relation in model.relations.values())
    return Shapes(f"{model.iri}shape/", (DATES, *_lists(model).values()), (*kinds, *relations))


def _lists(model: Model) -> dict[str, OneOf]:
    return {name: OneOf(name, tuple(term.iri for term in terms.terms.values())) for name, terms in model.terms.items()}


def _of_kind(model: Model, kind: Kind) -> Iterator[Shape]:
    """Of its entities, and of their states."""
    own = kind_class(model, kind)
    name = _property(model, "name", NAME, TITLE, least=1, constraints=(TEXT,))
    yield Shape(kind.name, own, kind.label, (name,))
    of = _property(model, "of", f"{DCTERMS}isVersionOf", OF, least=1, constraints=(OfClass(own),))
    yield Shape(f"state.{kind.name}", state_class(model, kind), kind.label, (name, of, *_row(model, kind)))


def _of_relation(model: Model, relation: Relation) -> Shape:
    return Shape(
        relation.name,
        relation_class(model, relation),
        relation.label,
        (*_ends(model, relation), *_row(model, relation)),
    )


def _ends(model: Model, relation: Relation) -> Iterator[Property]:
    for end in relation.ends:
        far = OfClass(kind_class(model, model.kinds[end.kind]))
        yield _property(model, f"end.{end.name}", end.iri, end.label, int(end.required), constraints=(far,))
    if relation.membership:
        yield _property(model, "role", f"{ORG}role", ROLE, 1, constraints=(OfClass(f"{ORG}Role"),))


def _row(model: Model, table: Kind | Relation) -> Iterator[Property]:
    """What states and records have in common."""
    for field in table.fields:
        constraint = _of_field(model, field)
        yield _property(
            model, f"field.{field.name}", field.iri, field.label, int(field.required), constraints=(constraint,)
        )
    for word in ("from", "until", "through", "attested"):
        yield _property(model, word, OURS + word, PROPERTIES[word][1], constraints=(DATES,))
    for word, orders in ORDERS.items():
        yield _property(model, word, OURS + word, PROPERTIES[word][1], constraints=(DAY, *orders))
    source = OfClass(kind_class(model, model.kinds["Source"]))
    yield _property(model, "source", f"{PROV}hadPrimarySource", SOURCE, most=None, constraints=(source,))


def _of_field(model: Model, field: Field) -> Constraint:
    if field.terms:
        return _lists(model)[field.terms]
    return OfType(XSD + DATATYPES[field.type]) if field.type in DATATYPES else DATES


def _property(
    model: Model,
    name: str,
    path: str,
    label: Label,
    least: int = 0,
    most: int | None = 1,
    constraints: tuple[Constraint, ...] = (),
) -> Property:
    return Property(name, path, message(model, label, least, most, constraints), least, most, constraints)
