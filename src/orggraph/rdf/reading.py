"""A file of RDF → what it says, by graph and subject. In: N-Quads, N-Triples, Turtle, TriG, JSON-LD or RDF/XML, packed or not.
Out: ``Said``. Lines as we write them are read by a pattern; all else by rdflib, literals kept as they are written.

It is held in memory: about a kilobyte for each quad of foreign files, a third of that for our own.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from orggraph.errors import OrggraphError
from orggraph.rdf.turtle import LINE

LINES = {".nq": "nquads", ".nt": "nt"}
OTHERS = {".ttl": "turtle", ".trig": "trig", ".jsonld": "json-ld", ".rdf": "xml", ".owl": "xml", ".xml": "xml"}


class Term(NamedTuple):
    """An IRI (``datatype`` "iri", a blank node as ``_:name``), or a literal: ``datatype`` is blank for plain text."""

    text: str
    datatype: str = ""
    lang: str = ""

    @property
    def is_iri(self) -> bool:
        return self.datatype == "iri"


Properties = dict[str, list[Term]]
Said = dict[str, dict[str, Properties]]
"""What is said of each subject, by graph ("" for the default one)."""


def read(path: Path) -> Said:
    """Raises OrggraphError where a file cannot be read or is no RDF."""
    suffixes = [one for one in path.suffixes if one not in (".gz", ".zst")]
    suffix = suffixes[-1].lower() if suffixes else ""
    if suffix not in LINES and suffix not in OTHERS:
        raise OrggraphError(f"{path}: is of no form that is read; name it {', '.join((*LINES, *OTHERS))}", "FORM")
    try:
        text = _unpacked(path)
    except (OSError, EOFError) as error:
        raise OrggraphError(f"{path}: cannot be read: {error}", "NO_FILE") from None
    if suffix in LINES:
        said = _by_pattern(text)
        if said is not None:
            return said
    return _by_rdflib(path, text, LINES.get(suffix) or OTHERS[suffix])


def _unpacked(path: Path) -> bytes:
    match path.suffix:
        case ".gz":
            return gzip.decompress(path.read_bytes())
        case ".zst":
            import zstandard

            with path.open("rb") as file:
                return zstandard.ZstdDecompressor().stream_reader(file).read()
    return path.read_bytes()


def _by_pattern(text: bytes) -> Said | None:
    """None where a line is not as we write them."""
    said: Said = {}
    try:
        for line in text.decode("utf-8").split("\n"):
            if not line:
                continue
            found = LINE.fullmatch(line)
            if found is None:
                return None
            subject, predicate, iri, literal, datatype, lang, graph = found.groups()
            term = Term(iri, "iri") if iri is not None else Term(_text(literal), datatype or "", lang or "")
            _add(said, graph or "", subject, predicate, term)
    except ValueError:
        return None
    return said


def _text(literal: str) -> str:
    """A quoted text without its escapes; those of canonical lines are JSON's."""
    return str(json.loads(literal)) if "\\" in literal else literal[1:-1]


def _add(said: Said, graph: str, subject: str, predicate: str, term: Term) -> None:
    said.setdefault(graph, {}).setdefault(subject, {}).setdefault(predicate, []).append(term)


def _by_rdflib(path: Path, text: bytes, form: str) -> Said:
    import rdflib

    rdflib.NORMALIZE_LITERALS = False  # "2019"^^xsd:gYear is a year, and no first of January
    dataset = rdflib.Dataset()
    try:
        dataset.parse(data=text, format=form, publicID=path.resolve().as_uri())
    except Exception as error:  # each of its parsers has errors of its own
        raise OrggraphError(
            f"{path}: is no {form}: {str(error).splitlines()[0] if str(error) else error!r}", "FORM"
        ) from None
    said: Said = {}
    for subject, predicate, object_, graph in _quads(dataset):
        _add(said, graph, subject, predicate, object_)
    return said


def _quads(dataset: object) -> Iterator[tuple[str, str, Term, str]]:
    import rdflib

    assert isinstance(dataset, rdflib.Dataset)
    default = str(dataset.default_graph.identifier)
    for subject, predicate, object_, graph in dataset.quads():
        named = "" if graph is None or str(graph) == default else str(graph)
        if isinstance(object_, rdflib.Literal):
            term = Term(str(object_), str(object_.datatype or ""), object_.language or "")
        else:
            term = Term(_name(object_), "iri")
        yield _name(subject), str(predicate), term, named


def _name(node: object) -> str:
    import rdflib

    return f"_:{node}" if isinstance(node, rdflib.BNode) else str(node)
