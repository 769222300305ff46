"""RDF that others wrote by W3C ORG → rows of files, as far as a model has a place. In: ``Said``, a model. Out: rows, and what was
left out with the reason, and which IRI became which key.

Persons and organizations find their kind by class, memberships and held posts their relation by role, or by what they join
where only one relation joins that; properties that a model declares for fields are read as these. All graphs are read as one.
What cannot be kept as it is said (a day that no calendar has) is left out with its record, and told: nothing is guessed.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from orggraph.errors import OrggraphError
from orggraph.model.iris import FOAF, NAME, ORG, OWL, RDFS, SKOS, TIME, TYPE, names_property
from orggraph.model.model import Kind, Model, Relation
from orggraph.model.values import Value
from orggraph.rdf.blank import with_names
from orggraph.rdf.foreign_values import interval, kept
from orggraph.rdf.found import Found, Origin
from orggraph.rdf.mapping import classes, relation_class, role
from orggraph.rdf.own import Row
from orggraph.rdf.reading import Properties, Said
from orggraph.rdf.taking import Taking, written
from orggraph.records.cells import clean_name

NAMES = (
    NAME,
    f"{FOAF}name",
    "http://schema.org/name",
    "https://schema.org/name",
    "http://purl.org/dc/terms/title",
    f"{RDFS}label",
)
UNSAFE = re.compile("[^A-Za-z0-9_.-]+")
SOURCE = "imported"
SAME = (f"{OWL}sameAs", f"{SKOS}exactMatch")
"""A field of addresses that is one of these has the IRI that a thing had."""
MEMBER, BODY, ROLE = f"{ORG}member", f"{ORG}organization", f"{ORG}role"


def foreign_rows(
    said: Said, model: Model, file: Path, dated: str | None, register: bool, places: Mapping[str, str]
) -> tuple[Found, list[str]]:
    """What was found, and the places that were told in vain, with why. Raises OrggraphError where a place is none of the model's."""
    check_places(model, places)
    reader = Reader(_merged(said), model, places)
    source = {"key": SOURCE, "name": file.name, "nature": "register" if register else "document", "date": dated or ""}
    reader.found.rows["Source"] = [source]
    reader.all()
    return reader.found, reader.unused()


def check_places(model: Model, places: Mapping[str, str]) -> None:
    """Raises OrggraphError that says which names there are."""
    kinds = [kind.name for kind in model.concrete()]
    relations = [relation.name for relation in model.relations.values() if relation.membership]
    for iri, name in places.items():
        if name not in kinds and name not in relations:
            there = f"kinds are {', '.join(kinds)}; relations that a role can be are {', '.join(relations) or 'none'}"
            raise OrggraphError(f"--map {iri}={name}: there is no {name}; {there}", "UNKNOWN_PLACE")


def undated(rows: Mapping[str, list[Row]], model: Model) -> int:
    """How many records have no first or no last day, which only a day of their source can explain."""
    every = [row for name, relation in model.relations.items() if not relation.once for row in rows.get(name, [])]
    return sum(not row.get("from") or not (row.get("through") or row.get("until")) for row in every)


def _merged(said: Said) -> dict[str, Properties]:
    merged: dict[str, Properties] = {}
    for subjects in said.values():
        for subject, properties in subjects.items():
            into = merged.setdefault(subject, {})
            for predicate, terms in properties.items():
                into[predicate] = [*into.get(predicate, []), *terms]
    return {
        subject: {predicate: sorted(set(terms)) for predicate, terms in sorted(properties.items())}
        for subject, properties in sorted(with_names(merged).items())
    }


class Reader:
    """Reads one graph. ``keys``: of each entity that has a place; ``kinds``: its kind."""

    def __init__(self, said: dict[str, Properties], model: Model, places: Mapping[str, str]) -> None:
        self.said, self.model, self.places = said, model, places
        self.taking = Taking(said)
        self.found = Found(self.taking)
        self.take, self.leave = self.taking.take, self.taking.leave
        self.keys: dict[str, str] = {}
        self.kinds: dict[str, Kind] = {}
        self.taken = {SOURCE}
        self.linked: set[tuple[str, str, str]] = set()
        self.in_posts, self.held = (pointing(said, f"{ORG}{one}") for one in ("hasPost", "holds"))
        self.by_class: dict[str, set[str]] = defaultdict(set)
        for kind in model.concrete():
            for one in classes(model, kind):
                self.by_class[one].add(kind.name)

    def all(self) -> None:
        known = {subject for subject, properties in self.said.items() if self.entity(subject, properties)}
        told = {one.resource for one in self.taking.left_out}
        for subject, properties in self.said.items():
            if {MEMBER, BODY} & properties.keys() or f"{ORG}Membership" in self.types(properties):
                self.record(subject, properties, self.first(properties, MEMBER), self.first(properties, BODY))
            elif f"{ORG}Post" in self.types(properties) and subject not in known:
                self.post(subject, properties)
            elif subject in known:
                self.links(subject, properties)
            elif self.types(properties) and not self.is_part(properties) and subject not in told:
                types = ", ".join(sorted(self.types(properties)))
                self.leave(subject, "", f"the model has no kind for {types}; --map CLASS=KIND names one")

    def unused(self) -> list[str]:
        """Places of classes and roles that the file does not have."""
        classes = {one for properties in self.said.values() for one in self.types(properties)}
        roles = {one.text for properties in self.said.values() for one in properties.get(ROLE, [])}
        found = []
        for iri, name in self.places.items():
            what, there = ("class", classes) if name in self.model.kinds else ("role", roles)
            if iri not in there:
                found.append(f"--map {iri}={name}: the file has no such {what}, which {name} could stand for")
        return found

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
        name = self.name_of(subject, properties)
        if name is None:
            self.leave(subject, "", "has no name that can be kept" if properties.keys() & {*NAMES} else "has no name")
            return False
        row = {"key": self.key(subject), "name": name, "from": "", "source": SOURCE}
        if not self.fields(kind, subject, properties, row):
            return False
        self.kinds[subject], self.keys[subject] = kind, row["key"]
        own = {one for one, names in self.by_class.items() if kind.name in names} | self.places.keys()
        self.take(subject, TYPE, *(one for one in properties.get(TYPE, []) if one.text in own))
        self.found.add(kind.name, row, Origin(subject))
        self.found.place(subject, kind.name, row["key"])
        return True

    def fields(self, table: Kind | Relation, subject: str, properties: Properties, row: Row) -> bool:
        """Whether all that must be there is; of several values the first that can be kept is."""
        for field in table.fields:
            for term in properties.get(field.iri, []):
                try:
                    row[field.name] = kept(term, field, self.model)
                except ValueError as error:
                    self.leave(subject, field.iri, f"{written([term])}: {error}")
                else:
                    self.take(subject, field.iri, term)
                    break
            if field.name not in row and field.iri in SAME and field.type is Value.URI and not subject.startswith("_:"):
                row[field.name] = subject
            if field.required and field.name not in row:
                self.leave(
                    subject,
                    "",
                    f"says no {field.label.en} ({field.iri}) that can be kept, which {table.name} must have",
                )
                return False
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

    def name_of(self, subject: str, properties: Properties) -> str | None:
        """By the first property that has one which can be kept: in Chinese, without a language, in English, in any."""
        order = {"zh": 0, "": 1, "en": 2}
        for predicate in NAMES:
            found = sorted(
                properties.get(predicate, []), key=lambda one: (order.get(one.lang.partition("-")[0], 3), one)
            )
            for term in found:
                name = " ".join(term.text.split())
                try:
                    clean_name(name)
                except ValueError as error:
                    if name:
                        self.leave(subject, predicate, f"{written([term])}: {error.args[0]}")
                else:
                    self.take(subject, predicate, term)
                    return name
        return None

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
        body = self.first(properties, f"{ORG}postIn") or min(self.in_posts.get(subject, ()), default="")
        holders = dict.fromkeys(self.held.get(subject, ()), f"{ORG}holds")
        holders |= dict.fromkeys((one.text for one in properties.get(f"{ORG}heldBy", [])), f"{ORG}heldBy")
        if not holders:
            self.leave(subject, "", "is held by nobody, and the model has no place for a post by itself")
        for holder, by in sorted(holders.items()):
            origin = Origin(subject, by, holder) if by == f"{ORG}heldBy" else Origin(holder, by, subject)
            self.record(subject, properties, holder, body, origin if len(holders) > 1 else None)

    def record(
        self, subject: str, properties: Properties, member: str, body: str, origin: Origin | None = None
    ) -> None:
        """``origin``: if it is one of several that a subject says."""
        origin = origin or Origin(subject)
        for what, iri in (("member", member), ("organization", body)):
            if iri not in self.keys:
                why = " is not in the graph, or was left out" if iri else "is not said"
                self.found.tell(origin, f"its {what} {iri}{why}")
                return
        relation = self.relation_of(subject, properties, member, body)
        if relation is None:
            return
        row = {
            "key": self.key(subject),
            relation.subject.name: self.keys[member],
            relation.object.name: self.keys[body],
        }
        try:
            row |= {"source": SOURCE, **interval(self.taking, subject)}
        except ValueError as error:
            self.leave(subject, "", str(error))
            return
        for end in relation.further:
            far = self.first(properties, end.iri)
            if far in self.keys:
                row[end.name] = self.keys[far]
                self.taking.take_link(subject, end.iri, far)
            elif end.required:
                self.leave(subject, "", f"says no {end.label.en} ({end.iri}), which {relation.name} must have")
                return
        if self.fields(relation, subject, properties, row):
            self.take_record(relation, subject, properties, member, body)
            self.found.add(relation.name, row, origin)
            self.found.place(subject, relation.name, row["key"])

    def take_record(self, relation: Relation, subject: str, properties: Properties, member: str, body: str) -> None:
        """In both directions, as W3C ORG says it of memberships and of posts."""
        link = self.taking.take_link
        for one in ("member", "heldBy"):
            link(subject, f"{ORG}{one}", member)
        for one in ("organization", "postIn"):
            link(subject, f"{ORG}{one}", body)
        for one in ("hasMembership", "holds"):
            link(member, f"{ORG}{one}", subject)
        link(body, f"{ORG}hasPost", subject)
        for one in (f"{ORG}Membership", f"{ORG}Post", relation_class(self.model, relation)):
            link(subject, TYPE, one)
        for term in properties.get(ROLE, []):
            if self.is_role(relation, term.text):
                self.take(subject, ROLE, term)
                self.take_role(relation, term.text)

    def take_role(self, relation: Relation, iri: str) -> None:
        about = self.said.get(iri, {})
        self.take(iri, TYPE, *about.get(TYPE, []))
        for one in NAMES:
            self.take(iri, one, *(term for term in about.get(one, []) if term.text.casefold() in called(relation)))

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
            subject, "", f"its role {', '.join(roles) or 'is not said, which'} is no relation of the model{which}"
        )
        return None

    def is_role(self, relation: Relation, iri: str) -> bool:
        if iri in self.places:
            return self.places[iri] == relation.name
        properties = self.said.get(iri, {})
        words = {term.text.casefold() for one in NAMES for term in properties.get(one, [])}
        return iri == role(self.model, relation) or bool(words & called(relation))

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
                    self.taking.take_link(subject, f"{ORG}hasSubOrganization", one.text)
        for word in ("memberOf", "hasMember"):
            for one in properties.get(f"{ORG}{word}", []):
                self.leave(
                    subject, f"{ORG}{word}", f"{one.text}: says no role; only memberships and posts have a place"
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
            self.taking.take_link(lower, relation.iri, upper)
            if (relation.name, lower, upper) not in self.linked:
                self.linked.add((relation.name, lower, upper))
                row = {"key": self.key(f"{lower}-{self.keys[upper]}"), relation.subject.name: self.keys[lower]}
                row |= {relation.object.name: self.keys[upper], "source": SOURCE}
                self.found.add(relation.name, row, Origin(lower, relation.iri, upper))


def pointing(said: Mapping[str, Properties], predicate: str) -> dict[str, list[str]]:
    """By what is pointed at by a property: what points there."""
    found: dict[str, list[str]] = defaultdict(list)
    for subject, properties in said.items():
        for term in properties.get(predicate, []):
            found[term.text].append(subject)
    return found


def called(relation: Relation) -> set[str]:
    """The names that a role has which is this relation."""
    return {relation.label.zh.casefold(), relation.label.en.casefold(), relation.name.casefold()}
