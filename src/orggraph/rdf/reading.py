"""A file of RDF → what it says, by graph and subject. In: N-Quads, N-Triples, Turtle, TriG, JSON-LD or RDF/XML, packed or not.
Out: ``Said``. Lines as we write them are read by a pattern; all else by rdflib, literals kept as they are written.

It is held in memory: about a kilobyte for each quad. Our own N-Quads are read otherwise (``rereading.py``).
"""

from __future__ import annotations

import gzip
import json
import logging
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from orggraph.errors import OrggraphError
from orggraph.rdf.turtle import LINE

LINES = {".nq": "nquads", ".nt": "nt"}
FORMS = {**LINES, ".ttl": "turtle", ".trig": "trig", ".jsonld": "json-ld", ".rdf": "xml", ".owl": "xml", ".xml": "xml"}


class Term(NamedTuple):
    """An IRI (``datatype`` "iri", a blank node as ``_:name``), or a literal: ``datatype`` is blank for plain text."""

    text: str
    datatype: str = ""
    lang: str = ""

    @property
    def is_iri(self) -> bool:
        return self.datatype == "iri"


UNREADABLE: tuple[type[Exception], ...] = (OSError, EOFError, zlib.error)
Properties = dict[str, list[Term]]
Said = dict[str, dict[str, Properties]]
"""What is said of each subject, by graph ("" for the default one)."""


def read(path: Path) -> Said:
    """Raises OrggraphError where a file cannot be read or is no RDF."""
    form = form_of(path)
    try:
        with opened(path) as file:
            text = file.read()
    except UNREADABLE as error:
        raise unreadable(path, error) from None
    if form in LINES.values():
        said = _by_pattern(text)
        if said is not None:
            return said
    return _by_rdflib(path, text, form)


def form_of(path: Path) -> str:
    """What rdflib calls it. Raises OrggraphError."""
    suffixes = [one for one in path.suffixes if one not in (".gz", ".zst")]
    form = FORMS.get(suffixes[-1].lower() if suffixes else "")
    if form is None:
        raise OrggraphError(f"{path}: is of no form that is read; name it {', '.join(FORMS)}", "FORM")
    return form


def unreadable(path: Path, error: BaseException) -> OrggraphError:
    return OrggraphError(f"{path}: cannot be read: {error}", "NO_FILE")


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """What is in it, unpacked while it is read."""
    with ExitStack() as stack:
        if path.suffix == ".gz":
            yield cast(BinaryIO, stack.enter_context(gzip.open(path)))
        elif path.suffix == ".zst":
            import zstandard

            file = stack.enter_context(path.open("rb"))
            try:
                yield cast(BinaryIO, stack.enter_context(zstandard.ZstdDecompressor().stream_reader(file)))
            except zstandard.ZstdError as error:
                raise OSError(str(error)) from None
        else:
            yield stack.enter_context(path.open("rb"))


def _by_pattern(text: bytes) -> Said | None:
    """None where a line is not as we write them."""
    said: Said = {}
    for line in text.split(b"\n"):
        found = quad(line) if line else None
        if line and found is None:
            return None
        if found is not None:
            subject, predicate, term, graph = found
            said.setdefault(graph, {}).setdefault(subject, {}).setdefault(predicate, []).append(term)
    return said


def quad(line: bytes) -> tuple[str, str, Term, str] | None:
    """Subject, predicate, object and graph ("" for none) of a line as we write them; None for another."""
    try:
        found = LINE.fullmatch(line.decode("utf-8"))
        if found is None:
            return None
        subject, predicate, iri, literal, datatype, lang, graph = found.groups()
        term = Term(iri, "iri") if iri is not None else Term(_text(literal), datatype or "", lang or "")
    except ValueError:
        return None
    return subject, predicate, term, graph or ""


def _text(literal: str) -> str:
    """A quoted text without its escapes; those of canonical lines are JSON's."""
    return str(json.loads(literal)) if "\\" in literal else literal[1:-1]


def _by_rdflib(path: Path, text: bytes, form: str) -> Said:
    import rdflib

    rdflib.NORMALIZE_LITERALS = False  # "2019"^^xsd:gYear is a year, and no first of January
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # a literal that means nothing is told by who reads it
    dataset = rdflib.Dataset()
    try:
        dataset.parse(data=text, format=form, publicID=path.resolve().as_uri())
    except Exception as error:  # each of its parsers has errors of its own
        raise OrggraphError(
            f"{path}: is no {form}: {str(error).splitlines()[0] if str(error) else error!r}", "FORM"
        ) from None
    said: Said = {}
    for subject, predicate, object_, graph in _quads(dataset):
        said.setdefault(graph, {}).setdefault(subject, {}).setdefault(predicate, []).append(object_)
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
