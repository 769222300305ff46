"""RDF: our export from a store against what libraries need for the same quads, and what memory it takes.

Libraries are given every term as text, read already; what is timed of them is making their quads and writing these. That is
less than they would have to do, for whoever has a store must read it too.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import thread_time

import pyoxigraph as ox
import rdflib

from orggraph.rdf.asked import EVERYTHING
from orggraph.rdf.export import Form, export
from orggraph.rdf.turtle import LINE
from tests.bench.measuring import Figure
from tests.bench.stores import store

ROUNDS = 3
LARGE = 10
"""A scale at which opening and preparing no longer weigh; what libraries take for a quad does not hang on it."""
MEGABYTES_ABOVE = 64.0
Line = tuple[str | None, ...]


def figures(scale: int = 1) -> Iterator[Figure]:
    path = store(scale)
    written: list[bytes] = []
    export(path, EVERYTHING, Form.NQUADS, written.append)
    text = b"".join(written)
    lines = [found.groups() for one in text.decode().split("\n")[:-1] if (found := LINE.fullmatch(one))]
    number = len(lines)
    mine = min(_ours(path) for _ in range(ROUNDS))
    theirs = min(_oxigraph(lines) for _ in range(ROUNDS))
    yield Figure("rdf: pyoxigraph's quads and serializer / our export", scale, number, theirs / mine, 2.5)
    ready = list(ox.parse(text, format=ox.RdfFormat.N_QUADS))
    begin = thread_time()
    ox.serialize(ready, format=ox.RdfFormat.N_QUADS)
    yield Figure(
        "rdf: pyoxigraph's serializer alone, of ready quads / our export",
        scale,
        number,
        (thread_time() - begin) / mine,
        None,
    )
    canonical, slowest = min(_canonicalize(ready) for _ in range(ROUNDS)), _rdflib(lines)
    yield Figure("rdf: pyoxigraph's canonicalize / our export", scale, number, canonical / mine, 15.0)
    yield Figure("rdf: rdflib / our export", scale, number, slowest / mine, 30.0)
    yield Figure("rdf: MB above start (at most)", scale, number, memory(path), MEGABYTES_ABOVE, True)
    print(f"  rdf, scale {scale}: {number} quads, {mine / number * 1e6:.2f} µs each", file=sys.stderr)
    large = store(LARGE)
    counted = export(large, EVERYTHING, Form.NQUADS, lambda _: None).quads
    each = min(_ours(large) for _ in range(ROUNDS)) / counted
    print(f"  rdf, scale {LARGE}: {counted} quads, {each * 1e6:.2f} µs each", file=sys.stderr)
    for name, seconds, goal in (
        ("pyoxigraph's quads and serializer", theirs, 2.5),
        ("pyoxigraph's canonicalize", canonical, 15.0),
        ("rdflib", slowest, 30.0),
    ):
        yield Figure(f"rdf: a quad of {name} at scale {scale} / of ours", LARGE, counted, seconds / number / each, goal)


def _ours(path: Path) -> float:
    begin = thread_time()
    export(path, EVERYTHING, Form.NQUADS, lambda _: None)
    return thread_time() - begin


def _canonicalize(ready: list[ox.Quad]) -> float:
    begin = thread_time()
    dataset = ox.Dataset(ready)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return thread_time() - begin


def _oxigraph(lines: list[Line]) -> float:
    begin = thread_time()
    ox.serialize(map(_quad, lines), format=ox.RdfFormat.N_QUADS)
    return thread_time() - begin


def _quad(line: Line) -> ox.Quad:
    subject, predicate, iri, text, datatype, lang, _ = line
    assert subject is not None
    assert predicate is not None
    if iri is not None:
        return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(iri))
    assert text is not None
    typed = ox.NamedNode(datatype) if datatype else None
    return ox.Quad(
        ox.NamedNode(subject), ox.NamedNode(predicate), ox.Literal(text[1:-1], datatype=typed, language=lang)
    )


def _rdflib(lines: list[Line]) -> float:
    begin = thread_time()
    graph = rdflib.Graph()
    for subject, predicate, iri, text, datatype, lang, _ in lines:
        object_ = rdflib.URIRef(iri) if iri is not None else rdflib.Literal((text or "")[1:-1], lang, datatype)
        graph.add((rdflib.URIRef(subject or ""), rdflib.URIRef(predicate or ""), object_))
    graph.serialize(format="nt")
    return thread_time() - begin


def memory(path: Path) -> float:
    """Megabytes that an export takes above what a process has that has imported all of it."""
    command = [sys.executable, "-m", "tests.bench.rdf_memory", str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
