"""A model → its ontology (OWL) and shapes (SHACL), as lines. In: a Model. Out: N-Triples lines by subject; no blank nodes.

Shapes say what a snapshot keeps: how often a property is there, of which type or class, which day comes before which.
Lists and alternatives have IRIs too.
"""

from __future__ import annotations

from collections.abc import Sequence

from orggraph.model.entries import Label
from orggraph.model.iris import DCTERMS, NAME, ORG, OURS, OWL, PROV, RDF, RDFS, SH, TYPE, XSD
from orggraph.model.model import Derived, End, Field, Kind, Model, Relation
from orggraph.model.values import Value
from orggraph.rdf.described import Described
from orggraph.rdf.lines import iri, literal
from orggraph.rdf.mapping import declared, declared_classes, kind_class, relation_class, state_class
from orggraph.rdf.words import CLASSES, PROPERTIES

DATATYPES = {Value.STRING: "string", Value.INT: "integer", Value.BOOLEAN: "boolean", Value.URI: "anyURI"}
PRECISIONS = ("date", "gYearMonth", "gYear")


class Ontology(Described):
    """Classes and properties."""

    def all(self) -> None:
        model, base = self.model, self.model.iri
        self.say(f"{base}ontology", TYPE, iri(f"{OWL}Ontology"))
        self.label(f"{base}ontology", f"{RDFS}label", model.label)
        for name, label in CLASSES.items():
            self.thing(f"{OURS}{name}", "Class", label)
        for name, (datatype, worded) in PROPERTIES.items():
            self.thing(f"{OURS}{name}", "DatatypeProperty", worded)
            if datatype:
                self.say(f"{OURS}{name}", f"{RDFS}range", iri(XSD + datatype))
        for kind in model.kinds.values():
            self.kind(kind)
        for relation in model.relations.values():
            self.relation(relation)
        for derived in model.derived.values():
            self.derived(derived)
        for terms in model.terms.values():
            self.terms(terms)
        self.roles()

    def thing(self, subject: str, type_: str, label: Label) -> None:
        self.say(subject, TYPE, iri(f"{OWL}{type_}"))
        self.label(subject, f"{RDFS}label", label)
        self.say(subject, f"{RDFS}isDefinedBy", iri(f"{self.model.iri}ontology"))

    def kind(self, kind: Kind) -> None:
        model, own = self.model, kind_class(self.model, kind)
        self.thing(own, "Class", kind.label)
        above = [kind_class(model, model.kinds[name]) for name in kind.supers]
        self.say(own, f"{RDFS}subClassOf", *map(iri, (*above, *declared(model, kind))))
        if not kind.abstract:
            self.thing(state_class(model, kind), "Class", kind.label)
            self.say(state_class(model, kind), f"{RDFS}subClassOf", iri(f"{OURS}State"))
        for field in kind.fields:
            self.field(field)

    def relation(self, relation: Relation) -> None:
        own = relation_class(self.model, relation)
        self.thing(own, "Class", relation.label)
        self.say(own, f"{RDFS}subClassOf", iri(f"{OURS}Record"), *map(iri, declared_classes(relation)))
        for end in relation.ends:
            if end.iri.startswith(f"{own}/"):
                self.end(end, own)
        for field in relation.fields:
            self.field(field)

    def end(self, end: End, domain: str) -> None:
        self.thing(end.iri, "ObjectProperty", end.label)
        self.say(end.iri, f"{RDFS}domain", iri(domain))
        self.say(end.iri, f"{RDFS}range", iri(kind_class(self.model, self.model.kinds[end.kind])))

    def field(self, field: Field) -> None:
        if not field.iri.startswith(self.model.iri):
            return
        self.thing(field.iri, "ObjectProperty" if field.terms else "DatatypeProperty", field.label)

    def derived(self, derived: Derived) -> None:
        self.thing(derived.iri, "ObjectProperty", derived.label)
        for word, end in (("domain", derived.subject), ("range", derived.object)):
            self.say(derived.iri, RDFS + word, iri(kind_class(self.model, self.model.kinds[end.kind])))
        ways = " | ".join(" / ".join(step.over.plural for step in chain) for chain in derived.members)
        self.say(derived.iri, f"{RDFS}comment", literal(ways, lang="en"))


class Shapes(Described):
    """What a graph of the model keeps."""

    def all(self) -> None:
        self.dates()
        for terms in self.model.terms.values():
            self.choice(f"{self.model.iri}shape/{terms.name}", "in", [iri(term.iri) for term in terms.terms.values()])
        for kind in self.model.concrete():
            self.kind(kind)
        for relation in self.model.relations.values():
            self.relation(relation)

    def dates(self) -> None:
        """A day, a month or a year."""
        shape = f"{self.model.iri}shape/date"
        for one in PRECISIONS:
            self.say(f"{shape}/{one}", TYPE, iri(f"{SH}NodeShape"))
            self.say(f"{shape}/{one}", f"{SH}datatype", iri(XSD + one))
        self.choice(shape, "or", [iri(f"{shape}/{one}") for one in PRECISIONS])

    def choice(self, shape: str, word: str, items: Sequence[str]) -> None:
        """A shape of alternatives, with a list whose parts have names."""
        self.say(shape, TYPE, iri(f"{SH}NodeShape"))
        self.say(shape, SH + word, iri(f"{shape}/list.1"))
        for place, item in enumerate(items, 1):
            part = f"{shape}/list.{place}"
            self.say(part, f"{RDF}first", item)
            rest = iri(f"{RDF}nil") if place == len(items) else iri(f"{shape}/list.{place + 1}")
            self.say(part, f"{RDF}rest", rest)

    def shape(self, name: str, target: str, label: Label) -> str:
        shape = f"{self.model.iri}shape/{name}"
        self.say(shape, TYPE, iri(f"{SH}NodeShape"))
        self.say(shape, f"{SH}targetClass", iri(target))
        self.label(shape, f"{RDFS}label", label)
        return shape

    def property(self, shape: str, name: str, path: str, least: int, **said: str) -> None:
        """``said``: words of SHACL and their objects; at most one value, unless it says otherwise."""
        one = f"{shape}/{name}"
        self.say(shape, f"{SH}property", iri(one))
        self.say(one, TYPE, iri(f"{SH}PropertyShape"))
        self.say(one, f"{SH}path", iri(path))
        if least:
            self.say(one, f"{SH}minCount", literal(str(least), f"{XSD}integer"))
        most = said.pop("most", "1")
        if most:
            self.say(one, f"{SH}maxCount", literal(most, f"{XSD}integer"))
        for word, object_ in said.items():
            self.say(one, SH + word, object_)

    def kind(self, kind: Kind) -> None:
        own = kind_class(self.model, kind)
        entity = self.shape(kind.name, own, kind.label)
        self.property(entity, "name", NAME, 1, datatype=iri(f"{XSD}string"))
        state = self.shape(f"state.{kind.name}", state_class(self.model, kind), kind.label)
        self.property(state, "name", NAME, 1, datatype=iri(f"{XSD}string"))
        self.property(state, "of", f"{DCTERMS}isVersionOf", 1, **{"class": iri(own)})
        self.row(state, kind)

    def relation(self, relation: Relation) -> None:
        shape = self.shape(relation.name, relation_class(self.model, relation), relation.label)
        for end in relation.ends:
            far = iri(kind_class(self.model, self.model.kinds[end.kind]))
            self.property(shape, f"end.{end.name}", end.iri, int(end.required), **{"class": far})
        if relation.membership:
            self.property(shape, "role", f"{ORG}role", 1, **{"class": iri(f"{ORG}Role")})
        self.row(shape, relation)

    def row(self, shape: str, table: Kind | Relation) -> None:
        """What states and records have in common."""
        base = self.model.iri
        for field in table.fields:
            said = {"node": iri(f"{base}shape/date")}
            if field.terms:
                said = {"node": iri(f"{base}shape/{field.terms}")}
            elif field.type in DATATYPES:
                said = {"datatype": iri(XSD + DATATYPES[field.type])}
            self.property(shape, f"field.{field.name}", field.iri, int(field.required), **said)
        for word in ("from", "until", "through", "attested"):
            self.property(shape, word, OURS + word, 0, node=iri(f"{base}shape/date"))
        day = iri(f"{XSD}date")
        until = iri(f"{OURS}latestUntil")
        self.property(shape, "earliestFrom", f"{OURS}earliestFrom", 0, datatype=day, lessThan=until,
                      lessThanOrEquals=iri(f"{OURS}latestFrom"))  # fmt: skip
        self.property(shape, "latestFrom", f"{OURS}latestFrom", 0, datatype=day)
        self.property(shape, "earliestUntil", f"{OURS}earliestUntil", 0, datatype=day, lessThanOrEquals=until)
        self.property(shape, "latestUntil", f"{OURS}latestUntil", 0, datatype=day)
        source = iri(kind_class(self.model, self.model.kinds["Source"]))
        self.property(shape, "source", f"{PROV}hadPrimarySource", 0, most="", **{"class": source})


def ontology(model: Model) -> list[tuple[str, bytes]]:
    """Subjects and their lines, in the order of bytes."""
    said = Ontology(model)
    said.all()
    return said.subjects()


def shapes(model: Model) -> list[tuple[str, bytes]]:
    said = Shapes(model)
    said.all()
    return said.subjects()
