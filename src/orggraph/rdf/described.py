"""What a graph says of itself: the data set, its code lists and roles, its loads. In: a model, loads. Out: lines by subject."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from orggraph.model.entries import Label
from orggraph.model.iris import DCAT, DCTERMS, NAME, ORG, OURS, PROV, SKOS, TYPE, XSD
from orggraph.model.model import Model, Terms
from orggraph.plan.quads import Extent
from orggraph.rdf.lines import iri, literal
from orggraph.rdf.mapping import load, mark, purge, role
from orggraph.stores.sqlite.marks import Mark
from orggraph.stores.sqlite.quads import Load

PARTS = {"k": "kind", "r": "relation"}
"""What stands between base and name in the IRI of a table's class, by what its name in a store begins with."""


class Described:
    """Lines as they are said; ``subjects`` has them sorted, each once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.lines: dict[str, set[str]] = defaultdict(set)

    def subjects(self) -> list[tuple[str, bytes]]:
        """``<iri>`` without its ``<``, and its lines, in the order of bytes."""
        return [
            (f"{subject}>", "".join(sorted(lines)).encode())
            for subject, lines in sorted(self.lines.items(), key=lambda one: f"{one[0]}>")
        ]

    def say(self, subject: str, predicate: str, *objects: str) -> None:
        """``objects``: terms as N-Quads write them."""
        self.lines[subject] |= {f"<{subject}> <{predicate}> {one} .\n" for one in objects}

    def label(self, subject: str, predicate: str, label: Label) -> None:
        self.say(subject, predicate, literal(label.zh, lang="zh"), literal(label.en, lang="en"))

    # ------------------------------------------------------------ what there is

    def dataset(self, extent: Extent, newest: Load | None) -> None:
        model = self.model
        self.say(model.iri, TYPE, iri(f"{DCAT}Dataset"), iri(f"{PROV}Entity"))
        self.label(model.iri, f"{DCTERMS}title", model.label)
        self.say(model.iri, f"{DCTERMS}identifier", literal(model.name))
        self.say(model.iri, f"{DCTERMS}conformsTo", iri(f"{model.iri}ontology"))
        self.say(model.iri, f"{DCAT}themeTaxonomy", *(iri(terms.iri) for terms in model.terms.values()))
        if newest is not None:
            self.say(model.iri, f"{DCTERMS}modified", _moment(newest.at))
        if extent.history and newest is not None:
            self.say(model.iri, f"{PROV}wasGeneratedBy", iri(load(model, newest.number)))
        if extent.dated:
            self.extent(extent)

    def extent(self, extent: Extent) -> None:
        """Of which days it is."""
        base = self.model.iri
        if extent.day is not None:
            self.say(base, f"{OURS}day", _day(extent.day))
        if extent.first is not None:
            self.say(base, f"{OURS}from", _day(extent.first))
        if extent.until is not None:
            self.say(base, f"{OURS}until", _day(extent.until))
        self.say(base, f"{OURS}certainty", literal("CERTAIN" if extent.certain else "POSSIBLE"))

    def terms(self, terms: Terms) -> None:
        self.say(terms.iri, TYPE, iri(f"{SKOS}ConceptScheme"))
        self.label(terms.iri, NAME, terms.label)
        for place, term in enumerate(terms.terms.values(), 1):
            self.say(term.iri, TYPE, iri(f"{SKOS}Concept"))
            self.say(term.iri, f"{SKOS}inScheme", iri(terms.iri))
            self.say(term.iri, f"{SKOS}topConceptOf", iri(terms.iri))
            self.say(term.iri, f"{SKOS}notation", literal(term.code))
            self.say(term.iri, f"{OURS}place", literal(str(place), f"{XSD}integer"))
            self.label(term.iri, NAME, term.label)
            if term.aliases:
                self.say(term.iri, f"{SKOS}altLabel", *map(literal, term.aliases))

    def roles(self) -> None:
        for relation in self.model.relations.values():
            if relation.membership:
                one = role(self.model, relation)
                self.say(one, TYPE, iri(f"{ORG}Role"), iri(f"{SKOS}Concept"))
                self.label(one, NAME, relation.label)

    def loads(self, loads: Iterable[Load]) -> None:
        """A load is an activity that used files."""
        for one in loads:
            subject = load(self.model, one.number)
            self.say(subject, TYPE, iri(f"{PROV}Activity"))
            self.say(subject, f"{PROV}endedAtTime", _moment(one.at))
            for word in ("number", "added", "corrected", "withdrawn"):
                self.say(subject, f"{OURS}{word}", literal(str(getattr(one, word)), f"{XSD}integer"))
            for place, (name, digest) in enumerate(sorted(one.files.items()), 1):
                file = f"{subject}{mark(subject)}file.{place}"
                self.say(subject, f"{PROV}used", iri(file))
                self.say(file, TYPE, iri(f"{PROV}Entity"))
                self.say(file, f"{DCTERMS}title", literal(name))
                self.say(file, f"{OURS}sha256", literal(digest))

    def purges(self, marks: Iterable[Mark]) -> None:
        """What was purged of each table is an activity too."""
        for one in marks:
            prefix, _, table = one.table.partition("_")
            whole = purge(self.model, one.purge)
            subject = f"{whole}{mark(whole)}{table}"
            self.say(subject, TYPE, iri(f"{PROV}Activity"))
            self.say(subject, f"{PROV}endedAtTime", _moment(one.at))
            self.say(subject, f"{OURS}purged", iri(f"{self.model.iri}{PARTS[prefix]}/{table}"))
            self.say(subject, f"{OURS}why", literal(one.why))
            if one.field:
                self.say(subject, f"{OURS}field", literal(one.field))
            for word, number in (("number", one.purge), ("things", one.things), ("versions", one.versions)):
                self.say(subject, f"{OURS}{word}", literal(str(number), f"{XSD}integer"))


def _moment(at: str) -> str:
    return literal(at, f"{XSD}dateTime")


def _day(number: int) -> str:
    return literal(date.fromordinal(number).isoformat(), f"{XSD}date")


def describe(model: Model, extent: Extent, loads: list[Load], marks: Iterable[Mark] = ()) -> list[tuple[str, bytes]]:
    """All that a graph says besides its rows, by subject in the order of bytes."""
    described = Described(model)
    described.dataset(extent, loads[-1] if loads else None)
    for terms in model.terms.values():
        described.terms(terms)
    described.roles()
    if extent.history:
        described.loads(loads)
        described.purges(marks)
    return described.subjects()
