"""Every form says the same quads; JSON-LD reads like plain JSON; ontology and shapes follow from the model."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib

from orggraph.derived import derived_files
from orggraph.model import model_of
from orggraph.rdf.asked import EVERYTHING, Asked
from orggraph.rdf.export import Form
from tests.rdf import small
from tests.rdf.test_canonical import exported

HISTORY = Asked(history=True)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.store(tmp_path_factory.mktemp("small"))


@pytest.fixture(autouse=True)
def _as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def by_rdflib(text: bytes, format: str) -> set[Any]:
    dataset = rdflib.Dataset()
    dataset.parse(data=text, format=format)
    default = dataset.default_graph.identifier
    return {(s, p, o, None if g in (None, default) else g) for s, p, o, g in dataset.quads()}


@pytest.mark.parametrize(
    ("form", "format", "asked"),
    [
        (Form.TURTLE, ox.RdfFormat.TURTLE, EVERYTHING),
        (Form.TURTLE, ox.RdfFormat.TURTLE, Asked(at="2019-04-01")),
        (Form.TRIG, ox.RdfFormat.TRIG, HISTORY),
        (Form.NTRIPLES, ox.RdfFormat.N_TRIPLES, EVERYTHING),
    ],
)
def test_forms_say_the_same_quads(store: Path, form: Form, format: ox.RdfFormat, asked: Asked) -> None:
    wanted = set(ox.parse(exported(store, asked), format=ox.RdfFormat.N_QUADS))
    assert {*map(str, ox.parse(exported(store, asked, form), format=format))} == {
        str(one.triple) if form in (Form.TURTLE, Form.NTRIPLES) else str(one) for one in wanted
    }


@pytest.mark.parametrize("asked", [EVERYTHING, HISTORY], ids=["now", "history"])
def test_json_ld_says_the_same_quads(store: Path, asked: Asked) -> None:
    assert by_rdflib(exported(store, asked, Form.JSONLD), "json-ld") == by_rdflib(exported(store, asked), "nquads")


def test_forms_of_another_model_say_the_same(store_of: Callable[[str], Path]) -> None:
    path = store_of("university")
    wanted = by_rdflib(exported(path, HISTORY), "nquads")
    assert by_rdflib(exported(path, HISTORY, Form.TRIG), "trig") == wanted
    assert by_rdflib(exported(path, HISTORY, Form.JSONLD), "json-ld") == wanted


def test_json_ld_reads_like_plain_json(store: Path) -> None:
    nodes = {node["id"]: node for node in json.loads(exported(store, EVERYTHING, Form.JSONLD))["@graph"]}
    assert nodes["p1"]["name"] == "王芳"
    assert "Person" in nodes["p1"]["type"]
    state = nodes["o1#always"]
    assert (state["of"], state["staff"], state["foundedYear"], state["open"]) == ("o1", 30, "1990", True)
    chief = nodes["c1"]
    assert (chief["member"], chief["organization"], chief["area"]) == ("p1", "o1", "a1")
    assert (chief["fromMonth"], chief["untilYear"], chief["earliestFrom"], chief["synthetic"]) == (
        "2015-03",
        "2018",
        "2015-03-01",
        True,
    )


def test_turtle_is_for_eyes(store: Path) -> None:
    text = exported(store, EVERYTHING, Form.TURTLE).decode()
    assert '\n:p1 a foaf:Agent, foaf:Person, kind:Agent, kind:Person ;\n    skos:prefLabel "王芳" .\n' in text


def test_ontology_and_shapes_are_turtle_without_blank_nodes_and_name_everything() -> None:
    files = derived_files(model := model_of({"m.yaml": small.MODEL}))
    for name in ("ontology.ttl", "shapes.ttl"):
        triples = list(ox.parse(files[name], format=ox.RdfFormat.TURTLE))
        assert not [
            one for one in triples if isinstance(one.subject, ox.BlankNode) or isinstance(one.object, ox.BlankNode)
        ]
    graph = rdflib.Graph().parse(data=files["ontology.ttl"], format="turtle")
    for iri in [f"kind/{name}" for name in model.kinds] + [f"relation/{name}" for name in model.relations]:
        labels = list(graph.objects(rdflib.URIRef(model.iri + iri), rdflib.RDFS.label))
        assert {label.language for label in labels if isinstance(label, rdflib.Literal)} == {"zh", "en"}
