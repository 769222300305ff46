"""A store's newest state as RDF, written plainly from what README says of the mapping: row by row, sharing no code with it.

Out: quads as tuples of terms, ``("iri", text)`` or ``("literal", text, datatype, language)``; only rows and their entities.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from orggraph.model.model import Kind, Model, Relation
from orggraph.model.values import Value

Term = tuple[str, ...]
Triple = tuple[Term, Term, Term]
OURS, PROV = "https://orggraph.example/ns#", "http://www.w3.org/ns/prov#"
ORG, XSD = "http://www.w3.org/ns/org#", "http://www.w3.org/2001/XMLSchema#"
TYPE, NAME = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/2004/02/skos/core#prefLabel"
DCTERMS = "http://purl.org/dc/terms/"
PRECISION = {4: "gYear", 7: "gYearMonth", 10: "date"}
INFINITE = 8388607


def iri(text: str) -> Term:
    return ("iri", text)


def typed(text: object, kind: str) -> Term:
    return ("literal", str(text), XSD + kind, "")


def dated(text: str) -> Term:
    return typed(text, PRECISION[len(text)])


class Plain:
    def __init__(self, path: Path, model: Model) -> None:
        self.model = model
        self.connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.connection.row_factory = sqlite3.Row

    def triples(self) -> Iterator[Triple]:
        for kind in self.model.concrete():
            for row in self.rows(f'"k_{kind.name}"', "entity", "e"):
                yield from self.state(kind, row)
        for relation in self.model.relations.values():
            for row in self.rows(f'"r_{relation.name}"', "record", "r"):
                yield from self.record(relation, row)

    def rows(self, table: str, registry: str, column: str) -> list[Any]:
        sql = f"SELECT q.key, v.* FROM {table} v JOIN {registry} q ON q.{column} = v.{column} WHERE v.k1 = {INFINITE}"
        return self.connection.execute(sql).fetchall()

    def key(self, entity: int) -> Term:
        (found,) = self.connection.execute("SELECT key FROM entity WHERE e = ?", (entity,)).fetchone()
        return iri(self.model.iri + found)

    def classes(self, kind: Kind) -> list[str]:
        every = [kind, *(self.model.kinds[one] for one in kind.supers)]
        return [f"{self.model.iri}kind/{one.name}" for one in every] + [one.iri for one in every]

    def state(self, kind: Kind, row: Any) -> Iterator[Triple]:
        entity = iri(self.model.iri + row["key"])
        if row["n0"] == INFINITE:
            yield entity, iri(NAME), ("literal", row["name"], "", "")
            for one in self.classes(kind):
                yield entity, iri(TYPE), iri(one)
        state = iri(f"{entity[1]}#{row['w_from'] or 'always'}")
        yield state, iri(TYPE), iri(f"{self.model.iri}state/{kind.name}")
        yield state, iri(DCTERMS + "isVersionOf"), entity
        yield state, iri(NAME), ("literal", row["name"], "", "")
        for word, number in (("lifeLatestFrom", "g1"), ("lifeEarliestUntil", "v0")):
            yield from self.day(state, word, row[number])
        if row["v0"] == INFINITE:
            yield state, iri(OURS + "lifeOpen"), typed("true", "boolean")
        yield from self.said(kind, state, f"{state[1]}.source.", row)

    def record(self, relation: Relation, row: Any) -> Iterator[Triple]:
        record = iri(self.model.iri + row["key"])
        own = f"{self.model.iri}relation/{relation.name}"
        local = relation.iri.rpartition("#")[2]
        yield record, iri(TYPE), iri(own)
        if relation.iri != own and local[0].isupper():
            yield record, iri(TYPE), iri(relation.iri)
        columns = {"subject": "s", "object": "o"}
        for end in relation.ends:
            entity = row[columns.get(end.role, f"x_{end.role}")]
            if entity is not None:
                yield record, iri(end.iri), self.key(entity)
        if relation.membership:
            during = iri(f"{record[1]}#during")
            yield record, iri(TYPE), iri(ORG + "Membership")
            yield record, iri(ORG + "role"), iri(f"{self.model.iri}role/{relation.name}")
            yield record, iri(ORG + "memberDuring"), during
            yield from self.during(during, row)
        yield from self.said(relation, record, f"{record[1]}#source.", row)

    def during(self, during: Term, row: Any) -> Iterator[Triple]:
        yield during, iri(TYPE), iri("http://www.w3.org/2006/time#ProperInterval")
        yield during, iri(TYPE), iri(DCTERMS + "PeriodOfTime")
        if row["w_from"]:
            yield during, iri("http://www.w3.org/ns/dcat#startDate"), dated(row["w_from"])
        last = row["w_through"]
        if not last and row["w_until"] not in (None, "open", "?"):
            last = row["w_until"]
            if len(last) == 10:
                last = (date.fromisoformat(last) - timedelta(1)).isoformat()
        if last:
            yield during, iri("http://www.w3.org/ns/dcat#endDate"), dated(last)

    def day(self, subject: Term, word: str, number: int) -> Iterator[Triple]:
        if abs(number) < INFINITE:
            yield subject, iri(OURS + word), typed(date.fromordinal(number).isoformat(), "date")

    def said(self, table: Kind | Relation, subject: Term, citing: str, row: Any) -> Iterator[Triple]:
        """Fields, dates, sources, marks."""
        for field in table.fields:
            value = row[f"_{field.name}"]
            if value is not None:
                yield subject, iri(field.iri), self.value(field.type, field.terms, value)
        for word in ("from", "until", "through", "attested"):
            cell = row[f"w_{word}"]
            if cell == "open" or cell == "?":
                yield subject, iri(OURS + "ends"), ("literal", {"open": "open", "?": "unknown"}[cell], "", "")
            elif cell:
                yield subject, iri(OURS + word), dated(cell)
        for word, number in (
            ("earliestFrom", "f0"),
            ("latestFrom", "f1"),
            ("earliestUntil", "u0"),
            ("latestUntil", "u1"),
        ):
            yield from self.day(subject, word, row[number])
        if row["u0"] == INFINITE:
            yield subject, iri(OURS + "open"), typed("true", "boolean")
        if row["syn"]:
            yield subject, iri(OURS + "synthetic"), typed("true", "boolean")
        for i, source, para in self.connection.execute("SELECT i, s, para FROM cite WHERE c = ?", (row["c"],)):
            one, cited = iri(f"{citing}{i + 1}"), self.key(source)
            yield subject, iri(PROV + "hadPrimarySource"), cited
            yield subject, iri(PROV + "qualifiedPrimarySource"), one
            yield one, iri(TYPE), iri(PROV + "PrimarySource")
            yield one, iri(PROV + "entity"), cited
            if para is not None:
                yield one, iri(OURS + "para"), ("literal", para, "", "")

    def value(self, type_: Value, terms: str | None, value: Any) -> Term:
        match type_:
            case Value.STRING:
                return ("literal", value, "", "")
            case Value.DATE:
                return dated(value)
            case Value.TERM:
                return iri(self.model.terms[terms or ""].terms[value].iri)
            case Value.BOOLEAN:
                return typed("true" if value else "false", "boolean")
        return typed(value, "integer" if type_ is Value.INT else "anyURI")
