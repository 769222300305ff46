"""What our own export says → rows of files, load by load. In: what is said of one subject after the other, in the order of IRIs;
the model. Out: rows as JSON lines in the columns that loading reads, so that what is imported passes every check that files pass.

A snapshot is one load; of a history each named graph is one, and what was taken back are rows with ``withdrawn``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from orggraph.model.iris import DCTERMS, NAME, OURS, PROV, TYPE
from orggraph.model.model import Field, Kind, Model, Relation
from orggraph.rdf.mapping import mark, relation_class, state_class
from orggraph.rdf.reading import Properties, Said, Term
from orggraph.rdf.spooling import Spool
from orggraph.stores.sqlite.marks import Mark

Row = dict[str, str]
CELLS = ("from", "until", "through", "attested")
UNTIL = {"open": "open", "unknown": "?"}
NOWHERE = 0
"""The load of what is in no graph."""


@dataclass(frozen=True)
class Made:
    """A load, as the store had it that it comes from; blank where a snapshot does not say. ``counts``: what it added, corrected,
    withdrew, of which some may be purged by now."""

    at: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    counts: tuple[int, int, int] | None = None


class Cite(NamedTuple):
    """``source`` and ``para`` as JSON writes them between quotes."""

    load: int
    number: int
    source: bytes
    para: bytes


class Own:
    """Takes subjects of a graph of one model. ``waiting``: citings of rows that are still to come, by what of the row's IRI
    is after the base."""

    def __init__(self, model: Model, spool: Spool) -> None:
        self.model, self.spool, self.mark = model, spool, mark(model.iri)
        self.tables: dict[str, Kind | Relation] = {state_class(model, kind): kind for kind in model.concrete()}
        self.tables |= {relation_class(model, relation): relation for relation in model.relations.values()}
        self.codes = {term.iri: code for terms in model.terms.values() for code, term in terms.terms.items()}
        self.waiting: defaultdict[bytes, list[Cite]] = defaultdict(list)
        self.about: dict[str, Properties] = {}
        """What is said of the data set, its loads and their files."""
        self.start, self.purge = f"{model.iri}load/", f"{model.iri}purge/"

    # ------------------------------------------------------------ subjects

    def take(self, subject: str, by_graph: Mapping[str, Properties]) -> None:
        """All that is said of a subject, by graph."""
        prefix, _, number = self.key(subject).rpartition(".")
        for graph, said in by_graph.items():
            if f"{PROV}entity" in said and number.isascii() and number.isdigit():
                self.cite(prefix.encode(), Cite(self.load_of(graph), int(number), *self._cited(said)))
        if subject == self.model.iri or subject.startswith((self.start, self.purge)):
            self.about[subject] = dict(by_graph.get("", {}))
        table = self.table_of(by_graph)
        if table is not None:
            for graph, said in by_graph.items():
                self.rows(table, subject, graph, said)
            self.waiting.pop(self.key(subject).encode(), None)

    def _cited(self, said: Properties) -> tuple[bytes, bytes]:
        return quoted(self.key(_one(said, f"{PROV}entity"))), quoted(_one(said, f"{OURS}para"))

    def cite(self, prefix: bytes, cite: Cite) -> None:
        """``prefix``: of a citing's IRI, what is between base and number: ``KEY#source``, ``KEY#2018-03.source``."""
        self.waiting[prefix.removesuffix(b"source").removesuffix(b".").removesuffix(self.mark.encode())].append(cite)

    def table_of(self, by_graph: Mapping[str, Properties]) -> Kind | Relation | None:
        """In any graph: what is taken back says no more which it is of."""
        types = (one.text for said in by_graph.values() for one in said.get(TYPE, []))
        return next((self.tables[one] for one in types if one in self.tables), None)

    def rows(self, table: Kind | Relation, subject: str, graph: str, said: Properties) -> None:
        """What one load says of a thing."""
        if any(one.text in self.tables for one in said.get(TYPE, [])):
            line = json.dumps(self.row(table, subject, said), ensure_ascii=False)[:-1].encode("utf-8", "surrogatepass")
            sources, paras = self.cited(self.key(subject).encode(), self.load_of(graph))
            line += b', "source": "' + sources + b'", "para": "' + paras + b'"}\n'
            self.spool.put(self.load_of(graph), table.name, line)
        elif f"{PROV}wasInvalidatedBy" in said:
            self.spool.row(self.load_of(graph), table.name, {**self.named(table, subject), "withdrawn": "true"})

    def load_of(self, graph: str) -> int:
        number = graph.removeprefix(self.start)
        return int(number) if number.isascii() and number.isdigit() else NOWHERE

    # ------------------------------------------------------------ rows

    def key(self, iri: str) -> str:
        return iri.removeprefix(self.model.iri)

    def named(self, table: Kind | Relation, subject: str) -> Row:
        """The key, and of a state its ``from``."""
        if isinstance(table, Relation):
            return {"key": self.key(subject)}
        key, _, start = self.key(subject).partition(self.mark)
        return {"key": key, "from": "" if start == "always" else start}

    def row(self, table: Kind | Relation, subject: str, said: Properties) -> Row:
        row = self.named(table, subject)
        row |= {cell: _one(said, OURS + cell) for cell in CELLS if cell not in row}
        if f"{OURS}ends" in said:
            row["until"] = UNTIL.get(_one(said, f"{OURS}ends"), "?")
        row["synthetic"] = "true" if f"{OURS}synthetic" in said else "false"
        if isinstance(table, Kind):
            row["name"] = _one(said, NAME)
        else:
            row |= {end.name: self.key(_one(said, end.iri)) for end in table.ends}
        return row | {one.name: self.value(one, said) for one in table.fields}

    def value(self, field: Field, said: Properties) -> str:
        text = _one(said, field.iri)
        return self.codes.get(text, text) if field.terms else text

    def cited(self, subject: bytes, load: int) -> tuple[bytes, bytes]:
        """What a row cites (``subject``: after the base), sources and places in them, in the order of their numbers; nothing for
        places where none is said."""
        cites = self.waiting.get(subject)
        if not cites:
            return b"", b""
        if len(cites) == 1:
            return (cites[0].source, cites[0].para) if cites[0].load == load else (b"", b"")
        mine = sorted((one for one in cites if one.load == load), key=lambda one: one.number)
        paras = [one.para for one in mine]
        return b";".join(one.source for one in mine), b";".join(paras) if any(paras) else b""

    # ------------------------------------------------------------ the whole

    def is_own(self) -> bool:
        """Whether it was an export of a graph of this model."""
        said = self.about.get(self.model.iri, {})
        return Term(f"{self.model.iri}ontology", "iri") in said.get(f"{DCTERMS}conformsTo", [])

    def made(self) -> dict[int, Made]:
        """By number: the loads of a history, or that of a snapshot."""
        numbers = [one for one in self.about if one.removeprefix(self.start).isdigit()]
        if not numbers:
            return {1: Made(_one(self.about.get(self.model.iri, {}), f"{DCTERMS}modified"))}
        return dict(sorted((self.load_of(one), self._made(self.about[one])) for one in numbers))

    def _made(self, about: Properties) -> Made:
        files = [self.about.get(one.text, {}) for one in about.get(f"{PROV}used", [])]
        titles = {_one(file, f"{DCTERMS}title"): _one(file, f"{OURS}sha256") for file in files}
        added, corrected, withdrawn = (_number(about, word) for word in ("added", "corrected", "withdrawn"))
        return Made(_one(about, f"{PROV}endedAtTime"), titles, (added, corrected, withdrawn))

    def marks(self) -> list[Mark]:
        """What was purged; in a new store nothing of it is left to overwrite."""
        found = [self._mark(about) for subject, about in self.about.items() if subject.startswith(self.purge)]
        return sorted(found, key=lambda one: (one.purge, one.table))

    def _mark(self, about: Properties) -> Mark:
        place, _, name = self.key(_one(about, f"{OURS}purged")).rpartition("/")
        number, things, versions = (_number(about, word) for word in ("number", "things", "versions"))
        at, field, why = (_one(about, iri) for iri in (f"{PROV}endedAtTime", f"{OURS}field", f"{OURS}why"))
        return Mark(number, at, f"{place[:1]}_{name}", field, things, versions, why, 1)


def take_all(own: Own, said: Said) -> None:
    """What a file says that was read as a whole."""
    subjects = {subject for about in said.values() for subject in about}
    for subject in sorted(subjects, key=lambda one: f"{one}>"):
        own.take(subject, {graph: about[subject] for graph, about in said.items() if subject in about})


def quoted(text: str) -> bytes:
    """As JSON writes it, without its quotes."""
    return json.dumps(text, ensure_ascii=False)[1:-1].encode("utf-8", "surrogatepass")


def _number(properties: Properties, word: str) -> int:
    text = _one(properties, OURS + word)
    return int(text) if text.isascii() and text.isdigit() else 0


def _one(properties: Properties, predicate: str) -> str:
    found: Iterator[Term] = iter(properties.get(predicate, []))
    return next((one.text for one in found), "")
