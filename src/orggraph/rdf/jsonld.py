"""Canonical lines → JSON-LD that reads like plain JSON. In: lines, those about a subject together. Out: one JSON document.

Its context says what its words mean, so that ``{"id": "p1", "type": "Person", "name": "王芳"}`` is all that a reader of JSON need
see. A date of a year or a month has a word of its own (``fromYear``, ``fromMonth``), because a word has one type.

A reader takes ``person:Person`` by what ``person`` is in the context, and ``urn:a`` by what ``urn`` is. So nothing there has two
meanings: a prefix that is called as a word of the model is left out, and its IRIs are written whole; no word is called as the scheme
of an IRI; a key that is called as an alias of a keyword is written whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from orggraph.model.iris import DCAT, DCTERMS, NAME, ORG, OURS, PREFIXES, PROV, SKOS, TYPE, XSD
from orggraph.model.model import Kind, Model, Relation
from orggraph.rdf.turtle import LINE
from orggraph.rdf.words import DATE, PARTIAL, PROPERTIES

PRECISIONS = {f"{XSD}gYear": "Year", f"{XSD}gYearMonth": "Month", f"{XSD}date": ""}
PLAIN = {f"{XSD}integer", f"{XSD}boolean"}
LINKS = {
    "of": f"{DCTERMS}isVersionOf", "sources": f"{PROV}hadPrimarySource", "citations": f"{PROV}qualifiedPrimarySource",
    "source": f"{PROV}entity", "member": f"{ORG}member", "organization": f"{ORG}organization", "role": f"{ORG}role",
    "memberDuring": f"{ORG}memberDuring", "knownSince": f"{PROV}wasGeneratedBy", "withdrawnBy": f"{PROV}wasInvalidatedBy",
    "used": f"{PROV}used", "inScheme": f"{SKOS}inScheme", "topConceptOf": f"{SKOS}topConceptOf",
    "conformsTo": f"{DCTERMS}conformsTo", "codeLists": f"{DCAT}themeTaxonomy",
}  # fmt: skip
TEXTS = {
    "title": f"{DCTERMS}title", "identifier": f"{DCTERMS}identifier", "notation": f"{SKOS}notation",
    "alternatives": f"{SKOS}altLabel", "at": f"{PROV}endedAtTime", "modified": f"{DCTERMS}modified",
}  # fmt: skip
MOMENTS = {"at", "modified"}
ALIASES = {"id": "@id", "type": "@type"}


class Context:
    """Words for IRIs. ``word``: of a property, with the type that it gives its values."""

    def __init__(self, model: Model) -> None:
        self.base = model.iri
        self.schemes = schemes(model)
        self.terms: dict[str, Any] = {**ALIASES, "name": {"@id": NAME}}
        self.words: dict[tuple[str, str], str] = {(NAME, ""): "name"}
        for word, iri in LINKS.items():
            self.add(word, iri, "@id")
        for word, iri in TEXTS.items():
            self.add(word, iri, f"{XSD}dateTime" if word in MOMENTS else "")
        tables: list[Kind | Relation] = [*model.concrete(), *model.relations.values()]
        for table in tables:
            for field in table.fields:
                self.field(field.name, field.iri, bool(field.terms))
        for relation in model.relations.values():
            for end in relation.ends:
                self.add(end.name, end.iri, "@id")
        for word, (datatype, _) in PROPERTIES.items():
            if datatype == PARTIAL:
                self.dated(word, f"{OURS}{word}")
            else:
                self.add(word, f"{OURS}{word}", f"{XSD}date" if datatype == DATE else "")
        for word, iri in (("startDate", f"{DCAT}startDate"), ("endDate", f"{DCAT}endDate")):
            self.dated(word, iri)
        self.classes: dict[str, str] = {}
        for section, names in (("kind", model.kinds), ("relation", model.relations)):
            for name in names:
                self.type(name, f"{self.base}{section}/{name}")
        for kind in model.concrete():
            self.type(f"{kind.name}State", f"{self.base}state/{kind.name}")
        taken = self.terms.keys() | self.schemes
        self.prefixes = {name: iri for name, iri in PREFIXES.items() if name not in taken}
        self.terms |= self.prefixes

    def field(self, name: str, iri: str, links: bool) -> None:
        if links:
            self.add(name, iri, "@id")
        else:
            self.dated(name, iri)
            self.add(f"{name}Address", iri, f"{XSD}anyURI")

    def dated(self, word: str, iri: str) -> None:
        """A word for what has no type, and one for each precision of a date."""
        self.add(word, iri, "")
        for datatype, ending in (*PRECISIONS.items(), (f"{XSD}date", "Day")):
            if ending:
                self.add(f"{word}{ending}", iri, datatype)

    def add(self, word: str, iri: str, type_: str) -> None:
        """The first to have a word keeps it."""
        if (iri, type_) in self.words:
            return
        word = self.free(word)
        self.words[(iri, type_)] = word
        self.terms[word] = {"@id": iri, "@type": type_} if type_ else {"@id": iri}

    def type(self, name: str, iri: str) -> None:
        name = self.free(name)
        self.classes[iri] = name
        self.terms[name] = iri

    def free(self, word: str) -> str:
        """The word, or one like it that nothing else is called by."""
        while word in self.terms or word in self.schemes:
            word = f"{word}_"
        return word

    def whole(self) -> dict[str, Any]:
        return {"@version": 1.1, "@base": self.base, **self.terms}

    def relative(self, iri: str) -> str:
        """An IRI below the base as the rest of it, if that cannot be taken for anything else: not every reader resolves it
        where the base is of another scheme."""
        rest = iri.removeprefix(self.base)
        of_web = self.base.startswith(("http://", "https://")) and "#" not in self.base
        plain = rest != iri and rest and ":" not in rest and rest[0] not in "/#?." and rest not in ALIASES
        return rest if of_web and plain else iri

    def compact(self, iri: str) -> str:
        """``org:Membership``, where there is a prefix for it."""
        name = next((name for name, start in self.prefixes.items() if iri.startswith(start)), "")
        return f"{name}:{iri.removeprefix(self.prefixes[name])}" if name else iri


def schemes(model: Model) -> set[str]:
    """Of all IRIs that a model's graph is written with: what stands before their first colon."""
    tables: list[Kind | Relation] = [*model.kinds.values(), *model.relations.values()]
    iris = {model.iri, *(table.iri for table in tables), *(field.iri for table in tables for field in table.fields)}
    iris |= {end.iri for relation in model.relations.values() for end in relation.ends}
    iris |= {terms.iri for terms in model.terms.values()}
    iris |= {term.iri for terms in model.terms.values() for term in terms.terms.values()}
    return {iri.partition(":")[0] for iri in iris} | {iri.partition(":")[0] for iri in PREFIXES.values()}


def jsonld(lines: Iterable[bytes], model: Model) -> Iterator[bytes]:
    """``{"@context": …, "@graph": [a line for each subject]}``; what is in a named graph stands in an object of that graph."""
    context = Context(model)
    yield b'{"@context": ' + _json(context.whole()) + b',\n"@graph": [\n'
    separator = b""
    for graph, node in _nodes(lines, context):
        whole = {"id": context.relative(graph), "@graph": [node]} if graph else node
        yield separator + _json(whole)
        separator = b",\n"
    yield b"\n]}\n"


def _nodes(lines: Iterable[bytes], context: Context) -> Iterator[tuple[str, dict[str, Any]]]:
    subject = ""
    by_graph: dict[str, dict[str, Any]] = {}
    for block in lines:
        for line in block.decode().split("\n"):
            if not line:
                continue
            found = LINE.fullmatch(line)
            assert found is not None, line
            if found[1] != subject:
                yield from by_graph.items()
                subject, by_graph = found[1], {}
            node = by_graph.setdefault(found[7] or "", {"id": context.relative(subject)})
            _say(node, context, found[2], *found.group(3, 4, 5, 6))
    yield from by_graph.items()


def _say(
    node: dict[str, Any],
    context: Context,
    predicate: str,
    iri: str | None,
    text: str,
    datatype: str | None,
    lang: str | None,
) -> None:
    value: Any
    if predicate == TYPE:
        assert iri is not None
        word, value = "type", context.classes.get(iri) or context.compact(iri)
    elif iri is not None:
        word = context.words.get((predicate, "@id"), predicate)
        value = context.relative(iri) if word != predicate else {"id": context.relative(iri)}
    else:
        word, value = _literal(context, predicate, json.loads(text), datatype or "", lang or "")
    if word not in node:
        node[word] = value
    elif isinstance(node[word], list):
        node[word].append(value)
    else:
        node[word] = [node[word], value]


def _literal(context: Context, predicate: str, text: str, datatype: str, lang: str) -> tuple[str, Any]:
    plain = context.words.get((predicate, ""), predicate)
    if lang:
        return plain, {"@value": text, "@language": lang}
    if datatype in PLAIN:
        return plain, json.loads(text)
    typed = context.words.get((predicate, datatype))
    if typed is not None or not datatype:
        return typed or plain, text
    return plain, {"@value": text, "@type": datatype}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
