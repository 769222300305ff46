"""How a model is written as RDF. In: a Model. Out: a template for each table, and what each thing's class and properties are.

A record is a resource with its ends, fields, dates and citings; so is each state of an entity, ``KEY#FROM``, while the entity
itself has its class and the name that is printed of it. By the rules of W3C ORG, a record that joins a person with an
organization is an ``org:Membership`` in an ``org:Role``, and has its interval beside it, ``KEY#during``. A citing is
qualified as PROV-O does it, ``KEY#source.1``. Where a standard has a property for a relation (``org:subOrganizationOf``), what holds
on the day that is asked for is said by that too: it has no date, so that elsewhere it would be wrong. Nothing is a blank node.
"""

from __future__ import annotations

from collections.abc import Iterator

from orggraph.model.iris import (
    DCAT,
    DCTERMS,
    MEMBERSHIP,
    NAME,
    ORG,
    OURS,
    PROV,
    TIME,
    TYPE,
    names_property,
)
from orggraph.model.model import Kind, Model, Relation
from orggraph.plan import quads as q
from orggraph.rdf.lines import iri

CITING = q.Citing(f"{TYPE} <{PROV}PrimarySource>", f"{PROV}entity", f"{OURS}para")
DATES = (
    q.Line(f"{OURS}from", q.Cell("from")),
    q.Line(f"{OURS}until", q.Cell("until")),
    q.Line(f"{OURS}through", q.Cell("through")),
    q.Line(f"{OURS}attested", q.Cell("attested")),
    q.Line(f"{OURS}ends", q.SaidOpen()),
    q.Line(f"{OURS}earliestFrom", q.Day("f0")),
    q.Line(f"{OURS}latestFrom", q.Day("f1")),
    q.Line(f"{OURS}earliestUntil", q.Day("u0")),
    q.Line(f"{OURS}latestUntil", q.Day("u1")),
    q.Line(f"{OURS}open", q.Endless("u0")),
)
LIFE = (
    q.Line(f"{OURS}lifeLatestFrom", q.Day("g1")),
    q.Line(f"{OURS}lifeEarliestUntil", q.Day("v0")),
    q.Line(f"{OURS}lifeOpen", q.Endless("v0")),
)
CITED = (
    q.Line(f"{PROV}hadPrimarySource", q.Sources()),
    q.Line(f"{PROV}qualifiedPrimarySource", q.Citations()),
    q.Line(f"{OURS}synthetic", q.Synthetic()),
)
SINCE = q.Line(f"{PROV}wasGeneratedBy", q.Since())
DURING = (
    q.Line(TYPE, q.Fixed(iri(f"{TIME}ProperInterval"))),
    q.Line(TYPE, q.Fixed(iri(f"{DCTERMS}PeriodOfTime"))),
    q.Line(f"{DCAT}startDate", q.Cell("from")),
    q.Line(f"{DCAT}endDate", q.LastDay()),
)


def mark(base: str) -> str:
    """What stands between a key and a part of its thing: an IRI has one ``#`` at most."""
    return "/" if "#" in base else "#"


def kind_class(model: Model, kind: Kind) -> str:
    """A kind's own class."""
    return f"{model.iri}kind/{kind.name}"


def relation_class(model: Model, relation: Relation) -> str:
    return f"{model.iri}relation/{relation.name}"


def role(model: Model, relation: Relation) -> str:
    """What one is by a membership."""
    return f"{model.iri}role/{relation.name}"


def load(model: Model, number: int) -> str:
    return f"{model.iri}load/{number}"


def purge(model: Model, number: int) -> str:
    return f"{model.iri}purge/{number}"


def classes(model: Model, table: Kind | Relation) -> list[str]:
    """The classes that a thing is written as: its own, and those that standards have for it and for what it is a kind of."""
    if isinstance(table, Relation):
        return [relation_class(model, table), *declared_classes(table)]
    every = [table, *(model.kinds[name] for name in table.supers)]
    found = [one for kind in every for one in (kind_class(model, kind), *declared(model, kind))]
    return list(dict.fromkeys(found))


def state_class(model: Model, kind: Kind) -> str:
    """The class of a kind's states."""
    return f"{model.iri}state/{kind.name}"


def declared(model: Model, kind: Kind) -> list[str]:
    """What a standard calls a kind."""
    return [] if kind.iri == kind_class(model, kind) else [kind.iri]


def declared_classes(relation: Relation) -> list[str]:
    """The classes that standards have for records of a relation."""
    own = relation.iri.endswith(f"/relation/{relation.name}") or names_property(relation.iri)
    return list(dict.fromkeys(([MEMBERSHIP] if relation.membership else []) + ([] if own else [relation.iri])))


def templates(model: Model, history: bool) -> Iterator[q.Template]:
    """Of all tables, kinds first."""
    tables: list[Kind | Relation] = [*model.concrete(), *model.relations.values()]
    return (template(model, table, history) for table in tables)


def template(model: Model, table: Kind | Relation, history: bool) -> q.Template:
    """What is printed of a table's rows; ``history``: of every version, with its load."""
    row = (*_row(model, table), *_fields(model, table), *DATES, *CITED, *((SINCE,) if history else ()))
    return q.Template(
        table=table,
        base=model.iri,
        mark=mark(model.iri),
        loads=f"{model.iri}load/",
        gone=f"{PROV}wasInvalidatedBy",
        citing=CITING,
        row=row,
        entity=tuple(_entity(model, table, history)) if isinstance(table, Kind) else (),
        during=DURING if isinstance(table, Relation) and table.membership else (),
    )


def _entity(model: Model, kind: Kind, history: bool) -> Iterator[q.Line]:
    for one in classes(model, kind):
        yield q.Line(TYPE, q.Fixed(iri(one)))
    if history:
        return
    yield q.Line(NAME, q.Named())
    leads = [one for one in model.relations.values() if names_property(one.iri) and kind.name in one.subject.kinds]
    for property_ in sorted({one.iri for one in leads}):
        yield q.Line(property_, q.Held(tuple(one for one in leads if one.iri == property_)))


def _row(model: Model, table: Kind | Relation) -> Iterator[q.Line]:
    if isinstance(table, Kind):
        yield q.Line(TYPE, q.Fixed(iri(state_class(model, table))))
        yield q.Line(f"{DCTERMS}isVersionOf", q.Itself())
        yield q.Line(NAME, q.Named())
        yield from LIFE
        return
    for one in classes(model, table):
        yield q.Line(TYPE, q.Fixed(iri(one)))
    for end in table.ends:
        yield q.Line(end.iri, q.AtEnd(end.role))
    if table.membership:
        yield q.Line(f"{ORG}role", q.Fixed(iri(role(model, table))))
        yield q.Line(f"{ORG}memberDuring", q.Itself("during"))


def _fields(model: Model, table: Kind | Relation) -> Iterator[q.Line]:
    for field in table.fields:
        terms = model.terms[field.terms].terms if field.terms else {}
        yield q.Line(field.iri, q.OfField(field, tuple((code, iri(term.iri)) for code, term in terms.items())))
