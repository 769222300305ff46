"""Shapes: our judging of a store by SQL against pyshacl's of the same graph, which it is given read already."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import thread_time

import pyshacl
import rdflib

from orggraph.model import load_model
from orggraph.rdf.asked import EVERYTHING
from orggraph.rdf.export import Form, export
from orggraph.rdf.judging import judge
from tests.bench.inputs import ROOT
from tests.bench.measuring import Figure
from tests.bench.stores import store
from tests.rdf.shacl import shapes_graph

GOAL = 50.0
ROUNDS = 5


def figures(large: int = 100) -> Iterator[Figure]:
    path = store(1)
    judge(path)  # the file is warm
    ours = median(_ours(path) for _ in range(ROUNDS))
    theirs, read = _pyshacl(path)
    yield Figure("shapes: pyshacl / our SQL", 1, 0, theirs / ours, GOAL)
    yield Figure("shapes: rdflib's reading of the graph and pyshacl / our SQL", 1, 0, (theirs + read) / ours, None)
    print(f"  shapes, scale 1: ours {ours:.2f} s, pyshacl {theirs:.1f} s and {read:.1f} s to read", file=sys.stderr)
    yield Figure("shapes: seconds of our SQL", large, 0, _ours(store(large)), None)


def _ours(path: Path) -> float:
    begin = thread_time()
    assert not judge(path).counts
    return thread_time() - begin


def _pyshacl(path: Path) -> tuple[float, float]:
    """Seconds of judging and of reading."""
    written: list[bytes] = []
    export(path, EVERYTHING, Form.NTRIPLES, written.append)
    begin = thread_time()
    graph = rdflib.Graph().parse(data=b"".join(written), format="nt")
    read = thread_time()
    shapes = shapes_graph(load_model(ROOT / "schema"))
    ready = thread_time()
    conforms, _, _ = pyshacl.validate(graph, shacl_graph=shapes)
    assert conforms
    return thread_time() - ready, read - begin
