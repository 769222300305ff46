"""What our own export says → rows of files, load by load. In: ``Said``, the model. Out: rows as JSON objects in the columns that
loading reads; so that what is imported passes every check that files pass.

A snapshot is one load; of a history each named graph is one, and what was taken back are rows with ``withdrawn``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from orggraph.model.iris import DCTERMS, NAME, OURS, PROV, TYPE
from orggraph.model.model import Field, Kind, Model, Relation
from orggraph.rdf.mapping import mark, relation_class, state_class
from orggraph.rdf.reading import Properties, Said, Term

Row = dict[str, str]
CELLS = ("from", "until", "through", "attested")
ENDS = {"open": "open", "unknown": "?"}


@dataclass
class OwnLoad:
    """``rows``: by the name of their table. ``at``, ``files``, ``counts``: as the store that it comes from had them; blank where a
    snapshot does not say."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    at: str = ""
    files: dict[str, str] = field(default_factory=dict)


def is_own(said: Said, model: Model) -> bool:
    """Whether it is an export of a graph of this model."""
    dataset = said.get("", {}).get(model.iri, {})
    return Term(f"{model.iri}ontology", "iri") in dataset.get(f"{DCTERMS}conformsTo", [])


def own_loads(said: Said, model: Model) -> list[OwnLoad]:
    """In order."""
    reader = Own(model)
    default = said.get("", {})
    loads = {graph: reader.load(subjects, said[graph]) for graph, subjects in reader.by_load(said).items()}
    if not loads:
        snapshot = reader.load(default, default)
        snapshot.at = _one(default[model.iri], f"{DCTERMS}modified")
        return [snapshot]
    for iri, load in loads.items():
        about = default.get(iri, {})
        load.at = _one(about, f"{PROV}endedAtTime")
        files = [default.get(one.text, {}) for one in about.get(f"{PROV}used", [])]
        load.files = {_one(file, f"{DCTERMS}title"): _one(file, f"{OURS}sha256") for file in files}
    return list(loads.values())


def _one(properties: Properties, predicate: str) -> str:
    found = properties.get(predicate)
    return found[0].text if found else ""


class Own:
    """Reads resources of one model."""

    def __init__(self, model: Model) -> None:
        self.model, self.mark = model, mark(model.iri)
        self.tables: dict[str, Kind | Relation] = {state_class(model, kind): kind for kind in model.concrete()}
        self.tables |= {relation_class(model, relation): relation for relation in model.relations.values()}
        self.codes = {term.iri: code for terms in model.terms.values() for code, term in terms.terms.items()}
        self.of: dict[str, str] = {}
        """The table that each subject is of, in any graph: what is taken back says it no more."""

    def by_load(self, said: Said) -> dict[str, dict[str, Properties]]:
        """The graphs of loads, by number; each must be there."""
        start = f"{self.model.iri}load/"
        graphs = {graph: subjects for graph, subjects in said.items() if graph.startswith(start)}
        for subjects in graphs.values():
            for subject, properties in subjects.items():
                self.table_of(subject, properties)
        return dict(sorted(graphs.items(), key=lambda one: int(one[0].removeprefix(start))))

    def table_of(self, subject: str, properties: Properties) -> Kind | Relation | None:
        for one in properties.get(TYPE, []):
            if one.text in self.tables:
                self.of[subject] = one.text
                return self.tables[one.text]
        return None

    def load(self, subjects: dict[str, Properties], graph: dict[str, Properties]) -> OwnLoad:
        load = OwnLoad()
        for subject, properties in subjects.items():
            table = self.table_of(subject, properties)
            if table is not None:
                row = self.row(table, subject, properties, graph)
            elif f"{PROV}wasInvalidatedBy" in properties and subject in self.of:
                table = self.tables[self.of[subject]]
                row = {**self.named(table, subject), "withdrawn": "true"}
            else:
                continue
            load.rows.setdefault(table.name, []).append(row)
        return load

    def key(self, iri: str) -> str:
        return iri.removeprefix(self.model.iri)

    def named(self, table: Kind | Relation, subject: str) -> Row:
        """The key, and of a state its ``from``."""
        if isinstance(table, Relation):
            return {"key": self.key(subject)}
        key, _, start = self.key(subject).partition(self.mark)
        return {"key": key, "from": "" if start == "always" else start}

    def row(self, table: Kind | Relation, subject: str, said: Properties, graph: dict[str, Properties]) -> Row:
        row = self.named(table, subject)
        row |= {cell: _one(said, OURS + cell) for cell in CELLS if cell not in row}
        if f"{OURS}ends" in said:
            row["until"] = ENDS.get(_one(said, f"{OURS}ends"), "?")
        row["synthetic"] = "true" if f"{OURS}synthetic" in said else "false"
        row |= self.sources(said, graph)
        if isinstance(table, Kind):
            row["name"] = _one(said, NAME)
        else:
            row |= {end.name: self.key(_one(said, end.iri)) for end in table.ends}
        return row | {one.name: self.value(one, said) for one in table.fields}

    def value(self, field: Field, said: Properties) -> str:
        text = _one(said, field.iri)
        return self.codes.get(text, text) if field.terms else text

    def sources(self, said: Properties, graph: dict[str, Properties]) -> Row:
        """In the order of their numbers."""
        citings = sorted(self.citings(said), key=lambda iri: int(iri.rpartition(".")[2]))
        sources = [self.key(_one(graph.get(one, {}), f"{PROV}entity")) for one in citings]
        paras = [_one(graph.get(one, {}), f"{OURS}para") for one in citings]
        return {"source": ";".join(sources), "para": ";".join(paras) if any(paras) else ""}

    def citings(self, said: Properties) -> Iterator[str]:
        for one in said.get(f"{PROV}qualifiedPrimarySource", []):
            if one.text.rpartition(".")[2].isdigit():
                yield one.text
