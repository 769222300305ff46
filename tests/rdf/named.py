"""A graph whose ends, fields, kinds and keys are called as prefixes, schemes, aliases of keywords and other words are."""

from __future__ import annotations

import json
from itertools import cycle
from pathlib import Path
from typing import Any

from orggraph.graphql.schema import sdl
from orggraph.model.iris import PREFIXES
from orggraph.stores.sqlite.load import load as load_files
from tests.small_model import put

WORDS = (*PREFIXES, "dcterms", "graph", "context", "vocab", "title", "member", "organization", "used", "tag", "http", "https",
         "urn", "startDate", "xsdYear", "personDay", "of")  # fmt: skip
FIELDS = tuple(word for word in WORDS if word not in ("person", "org"))
"""Of a relation, whose ends are these two."""
KEYS = (
    *WORDS,
    "id",
    "type",
    "name",
    "id_",
    "base",
    "true",
    "Person",
    "State",
    "PersonState",
    "-1",
    "1",
    "a.",
    "_",
    "e_",
)


def _label(word: str) -> dict[str, str]:
    return {"zh": f"“{word}”", "en": f"the {word}"}


def _fields(words: tuple[str, ...], *types: str) -> dict[str, Any]:
    return {word: {"type": type_, "label": _label(word)} for word, type_ in zip(words, cycle(types), strict=False)}


def _end(name: str, kind: str, reverse: str) -> dict[str, str]:
    return {"name": name, "kind": kind, "singular": reverse, "plural": f"{reverse}s"}


def model(iri: str) -> str:
    """``iri``: its base."""
    kinds = {
        "Person": ("http://www.w3.org/ns/person#Person", _fields(WORDS, "string")),
        "Org": ("http://www.w3.org/ns/org#Organization", _fields(WORDS, "date", "uri")),
        "Skos": ("urn:example:Skos", _fields(WORDS, "Code")),
        "Membership": ("tag:example.org,2026:M", _fields(("person_", "org_", "id_", "type_"), "string", "int")),
    }
    ends = {word: {"kind": "Skos", "label": _label(f"end {word}")} for word in PREFIXES if word in FIELDS}
    ends["o"]["iri"] = "urn:example:o"
    return json.dumps({
        "model": {"name": "named", "label": _label("named"), "iri": iri},
        "terms": {"Code": {"label": _label("code"), "terms": {
            "person": _label("person"), "rdf": {**_label("rdf"), "iri": "tag:example.org,2026:rdf"}}}},
        "kinds": {name: {"label": _label(name), "plural": f"all{name}", "iri": standard, "fields": fields}
                  for name, (standard, fields) in kinds.items()},
        "relations": {
            "Member": {"label": _label("Member"), "subject": _end("person", "Person", "post"),
                       "object": _end("org", "Org", "holder"), "fields": _fields(FIELDS, "date")},
            "Knows": {"label": _label("Knows"), "subject": _end("person", "Person", "friend"),
                      "object": _end("org", "Skos", "knownBy"), "ends": ends},
        },
    }, ensure_ascii=False)  # fmt: skip


def store(folder: Path, iri: str) -> Path:
    """A store of one load, in a folder that is there."""
    ends = [word for word in PREFIXES if word in FIELDS]
    files = {
        "Source.csv": [["key", "name", "nature", "date"], ["reg", "册", "register", "2020"]],
        "Person.csv": [["key", "name", *WORDS], *([key, "王", *WORDS] for key in KEYS)],
        "Org.csv": [["key", "name", *WORDS], ["o1", "局", *_values(WORDS, "2019", "urn:a:b", "2019-03", "person:x")]],
        "Skos.csv": [["key", "name", *WORDS], ["s1", "词", *_values(WORDS, "person", "rdf")]],
        "Membership.csv": [["key", "name", "person_", "org_", "id_", "type_"], ["ms", "员", "a", "1", "b", "-2"]],
        "Member.csv": [["key", "person", "org", "from", "source", *FIELDS],
                       ["m1", "id", "o1", "2019", "reg", *_values(FIELDS, "2019", "2019-03", "2019-03-04")]],
        "Knows.csv": [["key", "person", "org", *ends, "source"], ["k1", "type", "s1", *_values(tuple(ends), "s1"), "reg"]],
    }  # fmt: skip
    texts = {name: "".join(",".join(row) + "\n" for row in rows) for name, rows in files.items()}
    path = folder / "named.db"
    load_files(path, {"named.yaml": model(iri)}, sdl, [put(folder / "in", texts)])
    return path


def _values(words: tuple[str, ...], *values: str) -> list[str]:
    return [value for _, value in zip(words, cycle(values), strict=False)]
