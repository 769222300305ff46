"""A model → its ontology (OWL), as lines. In: a Model. Out: N-Triples lines by subject; no blank nodes."""

from __future__ import annotations

from orggraph.model.entries import Label
from orggraph.model.iris import OURS, OWL, RDFS, TYPE, XSD
from orggraph.model.model import Derived, End, Field, Kind, Model, Relation
from orggraph.rdf.described import Described
from orggraph.rdf.lines import iri, literal
from orggraph.rdf.mapping import declared, declared_classes, kind_class, relation_class, state_class
from orggraph.rdf.words import CLASSES, PROPERTIES


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


def ontology(model: Model) -> list[tuple[str, bytes]]:
    """Subjects and their lines, in the order of bytes."""
    said = Ontology(model)
    said.all()
    return said.subjects()
