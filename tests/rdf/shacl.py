"""What pyshacl says of a graph, to compare with what we say. In: N-Triples, a model. Out: results of SHACL as tuples."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyshacl
import rdflib

from orggraph.model.iris import SH
from orggraph.model.model import Model
from orggraph.rdf.lines import literal
from orggraph.rdf.shacl import shapes

Told = tuple[str, str, str, str | None]
"""Focus node, path, constraint component, value as N-Quads write it."""
WORDS = rdflib.Namespace(SH)


@contextmanager
def texts_as_they_are() -> Iterator[None]:
    """rdflib would write ``2019-W01`` as the day that it takes it for."""
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = before


def told(text: bytes, model: Model) -> set[Told]:
    """All results but those that are details of others."""
    with texts_as_they_are():
        data = rdflib.Graph().parse(data=text, format="nt")
        conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes_graph(model))
    assert isinstance(report, rdflib.Graph)
    found = {_result(report, one) for one in report.objects(None, WORDS.result)}
    assert conforms is not bool(found)
    return found


def shapes_graph(model: Model) -> rdflib.Graph:
    return rdflib.Graph().parse(data=b"".join(lines for _, lines in shapes(model)), format="nt")


def _result(report: rdflib.Graph, one: rdflib.term.Node) -> Told:
    focus, path, component, value = (
        report.value(one, WORDS[word]) for word in ("focusNode", "resultPath", "sourceConstraintComponent", "value")
    )
    return str(focus), str(path), str(component), None if value is None else _written(value)


def _written(value: rdflib.term.Node) -> str:
    if isinstance(value, rdflib.Literal):
        return literal(str(value), str(value.datatype or ""))
    return f"<{value}>"
