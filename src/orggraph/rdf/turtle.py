"""Canonical lines → Turtle and TriG for people's eyes: prefixes, one paragraph a subject. In: lines, those about a subject
together. Out: text as bytes, some at a time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from orggraph.model.iris import PREFIXES, TYPE, XSD
from orggraph.model.model import Model

OBJECT = r'(?:<([^>]*)>|("(?:[^"\\]|\\.)*")(?:\^\^<([^>]*)>|@([a-zA-Z-]+))?)'
TERM = re.compile(OBJECT)
LINE = re.compile(rf"<([^>]*)> <([^>]*)> {OBJECT}(?: <([^>]*)>)? \.")
LOCAL = re.compile("[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
PARTS = ("", "kind/", "state/", "relation/", "field/", "term/", "derived/", "role/", "load/", "shape/")
Quad = tuple[str, str, str, str]
"""Subject, predicate, object as it is to be written, graph ("" for none)."""


class Names:
    """IRIs as they are written: by a prefix, where what is left of them can be."""

    def __init__(self, model: Model) -> None:
        own = {(part.rstrip("/")): model.iri + part for part in PARTS}
        self.prefixes = {**PREFIXES, **own}
        self.by_iri = {iri: name for name, iri in self.prefixes.items()}

    def head(self) -> bytes:
        return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in self.prefixes.items()).encode() + b"\n"

    def iri(self, iri: str) -> str:
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        name, local = self.by_iri.get(iri[:cut]), iri[cut:]
        return f"{name}:{local}" if name is not None and LOCAL.fullmatch(local) else f"<{iri}>"

    def predicate(self, iri: str) -> str:
        return "a" if iri == TYPE else self.iri(iri)

    def quads(self, line: str) -> Quad:
        found = LINE.fullmatch(line)
        assert found is not None, line
        subject, predicate, object_, text, datatype, lang, graph = found.groups()
        return subject, predicate, self.object(object_, text, datatype, lang), graph or ""

    def term(self, text: str) -> str:
        """A term as N-Quads write it; what is none stays as it is."""
        found = TERM.fullmatch(text)
        return self.object(*found.groups()) if found else text

    def object(self, iri: str | None, text: str, datatype: str | None, lang: str | None) -> str:
        if iri is not None:
            return self.iri(iri)
        if datatype in (f"{XSD}integer", f"{XSD}boolean"):
            return text[1:-1]
        return text + (f"@{lang}" if lang else f"^^{self.iri(datatype)}" if datatype else "")


def turtle(lines: Iterable[bytes], model: Model) -> Iterator[bytes]:
    """Turtle, or TriG where some lines have a graph."""
    names = Names(model)
    yield names.head()
    for subject, quads in by_subject(lines, names):
        by_graph: dict[str, list[Quad]] = defaultdict(list)
        for quad in quads:
            by_graph[quad[3]].append(quad)
        yield "".join(paragraph(names, subject, one, graph) for graph, one in by_graph.items()).encode()


def by_subject(lines: Iterable[bytes], names: Names) -> Iterator[tuple[str, list[Quad]]]:
    quads = (names.quads(line) for block in lines for line in block.decode().split("\n") if line)
    for subject, group in groupby(quads, lambda quad: quad[0]):
        yield subject, list(group)


def paragraph(names: Names, subject: str, quads: list[Quad], graph: str) -> str:
    """``:p1 a kind:Person ;`` and so on; in a graph, within its braces."""
    said: Mapping[str, list[str]] = defaultdict(list)
    for _, predicate, object_, _ in quads:
        said[names.predicate(predicate)].append(object_)
    ordered = sorted(said.items(), key=lambda one: one[0] != "a")
    body = " ;\n    ".join(f"{predicate} {', '.join(objects)}" for predicate, objects in ordered)
    text = f"{names.iri(subject)} {body} ."
    return f"{names.iri(graph)} {{\n{text}\n}}\n\n" if graph else f"{text}\n\n"
