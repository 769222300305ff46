"""IRIs by rule: of what a model names, and the vocabularies that its graph is written in.

Everything has an IRI of its own below the model's base, made from its name: ``kind/Person``, ``relation/Chief``,
``relation/Chief/office``, ``field/rank``, ``term/Rank/high``, ``derived/Covers``. One that a model declares is what a
standard calls it: for a kind or relation a class that it is too (a property, if its local name begins with a small letter);
for a field or end the property by which it is written.
"""

from __future__ import annotations

import re

OURS = "https://orggraph.example/ns#"
"""What no standard has a word for: dates with what is unknown of them, states, marks."""
ORG = "http://www.w3.org/ns/org#"
PROV = "http://www.w3.org/ns/prov#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
TIME = "http://www.w3.org/2006/time#"
SH = "http://www.w3.org/ns/shacl#"
PERSON = "http://www.w3.org/ns/person#"
LOCN = "http://www.w3.org/ns/locn#"
FOAF = "http://xmlns.com/foaf/0.1/"
PREFIXES = {
    "org": ORG, "prov": PROV, "skos": SKOS, "rdf": RDF, "rdfs": RDFS, "owl": OWL, "xsd": XSD, "dcat": DCAT, "dct": DCTERMS,
    "time": TIME, "sh": SH, "person": PERSON, "locn": LOCN, "foaf": FOAF, "o": OURS,
}  # fmt: skip

MEMBERSHIP, ORGANIZATION, POST = f"{ORG}Membership", f"{ORG}Organization", f"{ORG}Post"
PERSONS = frozenset({f"{PERSON}Person", f"{FOAF}Person", "http://schema.org/Person", "https://schema.org/Person"})
TYPE, NAME = f"{RDF}type", f"{SKOS}prefLabel"
WRITTEN = frozenset({
    TYPE, NAME, f"{ORG}role", f"{ORG}memberDuring", f"{PROV}hadPrimarySource", f"{PROV}qualifiedPrimarySource",
    f"{PROV}wasGeneratedBy", f"{PROV}wasInvalidatedBy", f"{DCTERMS}isVersionOf",
})  # fmt: skip
"""Properties that every graph is written with: no field or end may be called so, nor by a word of ``OURS``."""


def names_property(iri: str) -> bool:
    """Whether an IRI that is declared for a relation is of a property: ``org:subOrganizationOf``, not ``org:Membership``."""
    return re.split("[/#:]", iri)[-1][:1].islower()
