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
from orggraph.rdf.export import TRIPLES, Form
from tests.conftest import MODELS
from tests.rdf import named, small
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


BY_OTHERS = {
    Form.NTRIPLES: ("nt", ox.RdfFormat.N_TRIPLES),
    Form.TURTLE: ("turtle", ox.RdfFormat.TURTLE),
    Form.TRIG: ("trig", ox.RdfFormat.TRIG),
    Form.JSONLD: ("json-ld", ox.RdfFormat.JSON_LD),
}
"""What rdflib and pyoxigraph call each form."""


def by_oxigraph(text: bytes, format: ox.RdfFormat) -> set[Any]:
    return {*ox.parse(text, format=format)}


def assert_the_same(store: Path, asked: Asked) -> None:
    """Each form, as two readers read it, beside N-Quads as they read these."""
    text = exported(store, asked)
    wanted = by_rdflib(text, "nquads"), by_oxigraph(text, ox.RdfFormat.N_QUADS)
    assert wanted[0]
    for form, (by_one, by_other) in BY_OTHERS.items():
        if not (asked.history and form in TRIPLES):
            text = exported(store, asked, form)
            assert by_rdflib(text, by_one) == wanted[0], form
            assert by_oxigraph(text, by_other) == wanted[1], form


ASKED = pytest.mark.parametrize("asked", [EVERYTHING, Asked(at="2019-04-01"), HISTORY], ids=["now", "day", "history"])


@ASKED
def test_forms_say_the_same_quads(store: Path, asked: Asked) -> None:
    assert_the_same(store, asked)


@ASKED
@pytest.mark.parametrize("name", [name for name in MODELS if name != "changji"])
def test_forms_of_each_model_say_the_same_quads(name: str, store_of: Callable[[str], Path], asked: Asked) -> None:
    assert_the_same(store_of(name), asked)


def test_forms_of_a_day_of_the_seed_graph_say_the_same_quads(store_of: Callable[[str], Path]) -> None:
    """By the quicker reader: the graph is large."""
    path, asked = store_of("changji"), Asked(at="2020-03-31")
    wanted = by_oxigraph(exported(path, asked), ox.RdfFormat.N_QUADS)
    for form in (Form.JSONLD, Form.TRIG, Form.TURTLE):
        assert by_oxigraph(exported(path, asked, form), BY_OTHERS[form][1]) == wanted, form


@pytest.fixture(scope="module")
def named_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return named.store(tmp_path_factory.mktemp("named"), "https://example.org/named/")


@pytest.mark.parametrize(
    "asked",
    [
        HISTORY,
        *(
            Asked(at="2019-04-01", base=base)
            for base in (None, "https://example.org/x#", "urn:example:x/", "person:x#")
        ),
    ],
    ids=["history", "day", "hash", "urn", "person"],
)
def test_no_name_of_a_model_is_taken_for_a_prefix_or_a_keyword(named_store: Path, asked: Asked) -> None:
    assert_the_same(named_store, asked)


def test_a_prefix_gives_way_to_a_word_of_the_model(named_store: Path) -> None:
    document = json.loads(exported(named_store, EVERYTHING, Form.JSONLD))
    nodes = {one["id"]: one for one in document["@graph"]}
    assert document["@context"]["person"] == {"@id": "https://example.org/named/field/person"}
    assert nodes["m1"]["member"] == "https://example.org/named/id"
    assert "http://www.w3.org/ns/person#Person" in nodes["1"]["type"]


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
