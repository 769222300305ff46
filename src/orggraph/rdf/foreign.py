"""RDF that others wrote by W3C ORG → rows of files, as far as a model has a place. In: ``Said``, a model. Out: rows, and what was
left out with the reason.

Persons and organizations find their kind by class, memberships and held posts their relation by role, or by what they join
where only one relation joins that; properties that a model declares for fields are read as these. All graphs are read as one.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from orggraph.model.iris import DCAT, FOAF, NAME, ORG, RDFS, TIME, TYPE, XSD, names_property
from orggraph.model.model import Kind, Model, Relation
from orggraph.rdf.mapping import classes, relation_class, role
from orggraph.rdf.own import Row
from orggraph.rdf.reading import Properties, Said, Term

NAMES = (
    NAME,
    f"{FOAF}name",
    "http://schema.org/name",
    "https://schema.org/name",
    "http://purl.org/dc/terms/title",
    f"{RDFS}label",
)
STARTS = (f"{DCAT}startDate", "http://schema.org/startDate", "https://schema.org/startDate", f"{TIME}hasBeginning")
LASTS = (f"{DCAT}endDate", "http://schema.org/endDate", "https://schema.org/endDate")
ENDS = (f"{TIME}hasEnd",)
INSTANTS = tuple(f"{TIME}inXSD{one}" for one in ("Date", "gYearMonth", "gYear", "DateTimeStamp", "DateTime"))
DATE = re.compile(r"([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:T.*|Z|[+-][0-9]{2}:[0-9]{2})?")
UNSAFE = re.compile("[^A-Za-z0-9_.-]+")
SOURCE = "imported"
READ = {TYPE, *NAMES, *(f"{ORG}{one}" for one in ("member", "organization", "role", "memberDuring", "hasMembership", "hasMember",
        "postIn", "heldBy", "holds", "hasPost", "memberOf", "hasSubOrganization"))}  # fmt: skip
MEMBER, BODY, ROLE = f"{ORG}member", f"{ORG}organization", f"{ORG}role"


class LeftOut(NamedTuple):
    """``what``: a property or class; blank for all of a resource."""

    resource: str
    what: str
    reason: str


def foreign_rows(
    said: Said, model: Model, file: Path, dated: str | None, register: bool, places: Mapping[str, str]
) -> tuple[dict[str, list[Row]], list[LeftOut]]:
    """Rows by table, and what was left out, both in the order of IRIs."""
    reader = Reader(_merged(said), model, places)
    source = {"key": SOURCE, "name": file.name, "nature": "register" if register else "document", "date": dated or ""}
    reader.rows["Source"] = [source]
    reader.all()
    return dict(reader.rows), sorted(reader.left_out)


def _merged(said: Said) -> dict[str, Properties]:
    merged: dict[str, Properties] = {}
    for subjects in said.values():
        for subject, properties in subjects.items():
            into = merged.setdefault(subject, {})
            for predicate, terms in properties.items():
                into[predicate] = sorted({*into.get(predicate, []), *terms})
    return dict(sorted(merged.items()))


class Reader:
    """Reads one graph. ``keys``: of each entity that has a place; ``kinds``: its kind."""

    def __init__(self, said: dict[str, Properties], model: Model, places: Mapping[str, str]) -> None:
        self.said, self.model, self.places = said, model, places
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.left_out: set[LeftOut] = set()
        self.keys: dict[str, str] = {}
        self.kinds: dict[str, Kind] = {}
        self.taken = {SOURCE}
        self.by_class: dict[str, set[str]] = defaultdict(set)
        for kind in model.concrete():
            for one in classes(model, kind):
                self.by_class[one].add(kind.name)

    def all(self) -> None:
        known = {subject for subject, properties in self.said.items() if self.entity(subject, properties)}
        told = {one.resource for one in self.left_out}
        for subject, properties in self.said.items():
            if {MEMBER, BODY} & properties.keys() or f"{ORG}Membership" in self.types(properties):
                self.record(subject, properties, self.first(properties, MEMBER), self.first(properties, BODY))
            elif f"{ORG}Post" in self.types(properties) and subject not in known:
                self.post(subject, properties)
            elif subject in known:
                self.links(subject, properties)
            elif self.types(properties) and not self.is_part(properties) and subject not in told:
                self.leave(subject, "", f"the model has no kind for {', '.join(sorted(self.types(properties)))}")

    def leave(self, resource: str, what: str, reason: str) -> None:
        self.left_out.add(LeftOut(resource, what, reason))

    def types(self, properties: Properties) -> set[str]:
        return {one.text for one in properties.get(TYPE, [])}

    def is_part(self, properties: Properties) -> bool:
        """Intervals, instants, roles and concepts are read where they are pointed at."""
        return any(
            one.startswith(TIME) or one == f"{ORG}Role" or "/skos/" in one or "PeriodOfTime" in one
            for one in self.types(properties)
        )

    @staticmethod
    def first(properties: Properties, *predicates: str) -> str:
        return next((term.text for one in predicates for term in properties.get(one, [])), "")

    # ------------------------------------------------------------ entities

    def entity(self, subject: str, properties: Properties) -> bool:
        kind = self.kind_of(subject, properties)
        if kind is None:
            return False
        name = self.name_of(properties)
        if not name:
            self.leave(subject, "", "has no name")
            return False
        row = {"key": self.key(subject), "name": name, "from": "", "source": SOURCE}
        taken = set(READ)
        for field in kind.fields:
            found = properties.get(field.iri)
            if found:
                row[field.name] = self.value(found[0], field.terms)
                taken.add(field.iri)
            elif field.required:
                self.leave(subject, "", f"says no {field.label.en} ({field.iri}), which {kind.name} must have")
                return False
        self.kinds[subject], self.keys[subject] = kind, row["key"]
        self.rows[kind.name].append(row)
        links = {relation.iri for relation in self.model.relations.values()}
        for predicate in properties.keys() - taken - links:
            self.leave(subject, predicate, f"the model has no field for it on {kind.name}")
        return True

    def kind_of(self, subject: str, properties: Properties) -> Kind | None:
        """The one kind that all its classes with a place agree in."""
        placed = {self.places[one] for one in self.types(properties) if one in self.places}
        found = placed & self.model.kinds.keys() or set().union(
            *(self.by_class.get(one, set()) for one in self.types(properties))
        )
        for one in self.types(properties):
            if not placed and self.by_class.get(one):
                found = found & self.by_class[one] or found
        if len(found) > 1:
            self.leave(subject, "", f"may be {', '.join(sorted(found))}; say which: --map CLASS=KIND")
        return self.model.kinds[found.pop()] if len(found) == 1 else None

    def name_of(self, properties: Properties) -> str:
        """By the first property that has one: in Chinese, without a language, in English, in any."""
        order = {"zh": 0, "": 1, "en": 2}
        for predicate in NAMES:
            found = sorted(
                properties.get(predicate, []), key=lambda one: (order.get(one.lang.partition("-")[0], 3), one)
            )
            if found:
                return " ".join(found[0].text.split())
        return ""

    def value(self, term: Term, terms: str | None) -> str:
        if terms is None:
            return date_of(term) if term.datatype.startswith(f"{XSD}g") or term.datatype == f"{XSD}date" else term.text
        return next((code for code, one in self.model.terms[terms].terms.items() if one.iri == term.text), term.text)

    def key(self, iri: str) -> str:
        """The end of an IRI, as far as a key can be that and nothing else has it."""
        stem = UNSAFE.sub("-", re.split("[/#:]", iri.rstrip("/#"))[-1]).strip("-.")[:48]
        digest = hashlib.sha256(iri.encode()).hexdigest()[:10]
        key = stem if stem and stem.casefold() not in self.taken else f"{stem or 'x'}-{digest}"
        self.taken.add(key.casefold())
        return key

    # ------------------------------------------------------------ records

    def post(self, subject: str, properties: Properties) -> None:
        """A post that somebody holds; when is not said of it."""
        body = self.first(properties, f"{ORG}postIn")
        body = body or next(
            (one for one, said in self.said.items() if Term(subject, "iri") in said.get(f"{ORG}hasPost", [])), ""
        )
        holders = {one.text for one in properties.get(f"{ORG}heldBy", [])}
        holders |= {one for one, said in self.said.items() if Term(subject, "iri") in said.get(f"{ORG}holds", [])}
        if not holders:
            self.leave(subject, "", "is held by nobody, and the model has no place for a post by itself")
        for holder in sorted(holders):
            self.record(subject, properties, holder, body)

    def record(self, subject: str, properties: Properties, member: str, body: str) -> None:
        for what, iri in (("member", member), ("organization", body)):
            if iri not in self.keys:
                self.leave(
                    subject,
                    "",
                    f"its {what} {iri or 'is not said'}{' is not in the graph, or was left out' if iri else ''}",
                )
                return
        relation = self.relation_of(subject, properties, member, body)
        if relation is None:
            return
        row = {
            "key": self.key(subject),
            relation.subject.name: self.keys[member],
            relation.object.name: self.keys[body],
        }
        row |= {"source": SOURCE, **self.interval(subject, properties)}
        taken = READ | {*STARTS, *LASTS, *ENDS, f"{ORG}memberDuring"}
        for end in relation.further:
            far = self.first(properties, end.iri)
            taken.add(end.iri)
            if far in self.keys:
                row[end.name] = self.keys[far]
            elif end.required:
                self.leave(subject, "", f"says no {end.label.en} ({end.iri}), which {relation.name} must have")
                return
        for field in relation.fields:
            taken.add(field.iri)
            if field.iri in properties:
                row[field.name] = self.value(properties[field.iri][0], field.terms)
            elif field.required:
                self.leave(subject, "", f"says no {field.label.en} ({field.iri}), which {relation.name} must have")
                return
        for predicate in properties.keys() - taken:
            self.leave(subject, predicate, f"the model has no field for it on {relation.name}")
        self.rows[relation.name].append(row)

    def relation_of(self, subject: str, properties: Properties, member: str, body: str) -> Relation | None:
        pair = (self.kinds[member].name, self.kinds[body].name)
        fit = [one for one in self.model.relations.values() if one.membership and pair in one.pairs]
        roles = [one.text for one in properties.get(ROLE, [])]
        named = [one for one in fit if any(self.is_role(one, iri) for iri in roles)]
        typed = [one for one in fit if relation_class(self.model, one) in self.types(properties)]
        found = named or typed or (fit if len(fit) == 1 and not roles else [])
        if len(found) == 1:
            return found[0]
        may_be = ", ".join(one.name for one in fit)
        which = f"; it may be {may_be}: --map ROLE=RELATION" if may_be else f": none joins {pair[0]} and {pair[1]}"
        self.leave(
            subject, ROLE, f"the role {', '.join(roles) or 'that is not said'} is no relation of the model{which}"
        )
        return None

    def is_role(self, relation: Relation, iri: str) -> bool:
        if iri in self.places:
            return self.places[iri] == relation.name
        properties = self.said.get(iri, {})
        words = {term.text.casefold() for one in NAMES for term in properties.get(one, [])}
        ours = {relation.label.zh.casefold(), relation.label.en.casefold(), relation.name.casefold()}
        return iri == role(self.model, relation) or bool(words & ours)

    def links(self, subject: str, properties: Properties) -> None:
        """Properties that a model declares for a relation: ``org:subOrganizationOf``."""
        for relation in self.model.relations.values():
            if names_property(relation.iri):
                for one in properties.get(relation.iri, []):
                    self.link(relation, subject, one.text)
        for one in properties.get(f"{ORG}hasSubOrganization", []):
            for relation in self.model.relations.values():
                if relation.iri == f"{ORG}subOrganizationOf":
                    self.link(relation, one.text, subject)
        for one in properties.get(f"{ORG}memberOf", []):
            self.leave(
                subject, f"{ORG}memberOf", f"in {one.text}: says no role; only memberships and posts have a place"
            )

    def link(self, relation: Relation, lower: str, upper: str) -> None:
        if lower not in self.kinds or upper not in self.kinds:
            self.leave(lower, relation.iri, f"{upper} is not in the graph, or was left out")
        elif (self.kinds[lower].name, self.kinds[upper].name) not in relation.pairs:
            self.leave(
                lower,
                relation.iri,
                f"{relation.name} does not join {self.kinds[lower].name} and {self.kinds[upper].name}",
            )
        else:
            row = {"key": self.key(f"{lower}-{self.keys[upper]}"), relation.subject.name: self.keys[lower]}
            row |= {relation.object.name: self.keys[upper], "source": SOURCE}
            if not any(
                one.items() >= {key: row[key] for key in row if key != "key"}.items()
                for one in self.rows[relation.name]
            ):
                self.rows[relation.name].append(row)

    # ------------------------------------------------------------ dates

    def interval(self, subject: str, properties: Properties) -> Row:
        """By its own dates, or those of its ``org:memberDuring``."""
        during = self.first(properties, f"{ORG}memberDuring")
        row: Row = {}
        for said in (properties, self.said.get(during, {})):
            for cell, predicates in (("from", STARTS), ("through", LASTS), ("until", ENDS)):
                text = next(self.dates(said, predicates), "")
                if text and cell not in row:
                    row[cell] = text
        if during and not row:
            self.leave(subject, f"{ORG}memberDuring", "says no date that is read")
        if "through" in row:
            row.pop("until", None)
        return row

    def dates(self, said: Properties, predicates: Iterable[str]) -> Iterator[str]:
        for predicate in predicates:
            for term in said.get(predicate, []):
                terms = (
                    [one for instant in INSTANTS for one in self.said.get(term.text, {}).get(instant, [])]
                    if term.is_iri
                    else [term]
                )
                yield from (text for one in terms if (text := date_of(one)))


def date_of(term: Term) -> str:
    """A day, month or year, as files write them; blank for what is none."""
    found = DATE.fullmatch(term.text.strip())
    return found[1] if found else ""
