"""All files of a bag, made of a store. In: a store. Out: names and pieces of bytes, one file after the other: who makes a bag writes
them, who proves one compares them with what is there.

Nothing in it is of the clock or of the machine: dates are those of the last load, so that the same store makes the same bytes.
What stands in which file: ``README.en.md`` in the bag (``words``) says it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from orggraph import __version__
from orggraph.archive.counts import Counts
from orggraph.archive.crate import crate
from orggraph.archive.pages import MOST, Pages
from orggraph.archive.premis import premis
from orggraph.archive.tabular import csv_tables, metadata
from orggraph.archive.words import readme
from orggraph.bags.places import is_inside
from orggraph.derived import explaining_files
from orggraph.model.numbering import NUMBERS
from orggraph.rdf.asked import Asked
from orggraph.rdf.export import Exported, Form, pieces
from orggraph.stores.sqlite.quads import open_quads
from orggraph.watch import Watch

GRAPH, COUNTS = "data/graph.nq", "data/orggraph.json"
MODEL, CRATE = "data/model/", "data/ro-crate-metadata.json"
INFO, TAGS = "bag-info.txt", "tagmanifest-sha512.txt"
File = tuple[str, Iterable[bytes]]
"""A name from the bag's top, and what is in it, to be taken before the next file."""


class Contents:
    """``sums``: of files of the payload the checksum (sha512) and the bytes, as far as they are known; whoever takes a file puts them
    down. ``version``: of the orggraph that the bag says made it."""

    def __init__(self, store: Path, version: str = __version__) -> None:
        with open_quads(store) as quads:
            self.model, self.texts, self.loads, self.marks = quads.model, quads.texts, quads.loads(), quads.purges()
        self.store, self.version = store, version
        self.sums: dict[str, tuple[str, int]] = {}
        self.counts = Counts(self.model.name, *((self.loads[-1].number, self.loads[-1].at) if self.loads else (0, "")))

    def payload(self, watch: Watch) -> Iterator[File]:
        """Every version of every load, the rows of now, pages, and all that explains them."""
        told, found = Exported(), Pages(self.model)
        yield GRAPH, pieces(self.store, Asked(load=self.counts.load, history=True), Form.NQUADS, told, watch)
        self.counts.quads = told.quads
        for table, text in csv_tables(self.store, self.model, self.counts.load, self.counts.tables, found, watch):
            yield f"data/tables/{table.name}.csv", text
        self.counts.entities = found.number
        for name, page in found.files(watch):
            self.counts.pages += 1
            yield f"data/html/{name}", (page,)
        for name, said in self.explained().items():
            yield f"data/{name}", (said.encode(),)

    def explained(self) -> dict[str, str]:
        model, counts = self.model, self.counts
        files = {f"model/{name}": text for name, text in named(self.texts).items()}
        files |= explaining_files(model)
        files["tables/csv-metadata.json"] = _json(metadata(model, counts.tables, counts.at))
        files["premis.xml"] = premis(model, self.loads, self.marks, *self.sums[GRAPH], self.version)
        files[COUNTS.removeprefix("data/")] = _json(asdict(counts))
        names = [*files, GRAPH.removeprefix("data/"), *(f"tables/{name}.csv" for name in counts.tables)]
        files[CRATE.removeprefix("data/")] = _json(crate(model, counts, sorted(names), self.version))
        return files

    def tags(self) -> dict[str, str]:
        """What stands beside the payload, but for what seals it."""
        model, counts = self.model, self.counts
        said = {
            "Bag-Software-Agent": f"orggraph {self.version}",
            **({"Bagging-Date": counts.at[:10]} if counts.at else {}),
            "External-Description": f"{model.label.zh} {model.label.en}",
            "External-Identifier": f"{model.iri}load/{counts.load}",
            "Payload-Oxum": f"{sum(size for _, size in self.sums.values())}.{len(self.sums)}",
        }
        return {
            "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            INFO: "".join(f"{label}: {' '.join(value.split())}\n" for label, value in said.items()),
            "manifest-sha512.txt": manifest({name: digest for name, (digest, _) in self.sums.items()}),
            "README.zh.md": readme(model, counts, "zh", MOST),
            "README.en.md": readme(model, counts, "en", MOST),
        }


def manifest(sums: Mapping[str, str]) -> str:
    """As ``sha512sum`` reads it, in the order of names."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))


def named(texts: dict[str, str]) -> dict[str, str]:
    """A model's files without what is the store's own; by names that are safe for files, which those of a model are, unless a
    program made it."""
    texts = {name: text for name, text in texts.items() if name != NUMBERS}
    if all(is_inside(name) and name.endswith((".yaml", ".yml")) for name in texts):
        return texts
    return {f"{number:04}.yaml": text for number, text in enumerate(texts.values(), 1)}


def _json(what: object) -> str:
    return json.dumps(what, ensure_ascii=False, indent=1) + "\n"
