"""Graphs that loading lets in conform to the shapes; graphs that are broken do not, and it is told where. The judge is pyshacl."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib

from orggraph.derived import derived_files
from orggraph.model import load_model, model_of
from orggraph.model.iris import SH
from orggraph.model.model import Model
from tests.conftest import MODELS
from tests.rdf import small
from tests.rdf.shacl import WORDS, told
from tests.rdf.test_canonical import exported


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.store(tmp_path_factory.mktemp("small"))


def violations(text: bytes, model: Model) -> set[tuple[str, str]]:
    """Of each the resource and the kind of constraint."""
    return {
        (focus.removeprefix(model.iri), component.removeprefix(SH).removesuffix("ConstraintComponent"))
        for focus, _, component, _ in told(text, model)
    }


def test_they_say_what_must_be_so_in_both_languages() -> None:
    model = model_of({"m.yaml": small.MODEL})
    graph = rdflib.Graph().parse(data=derived_files(model)["shapes.ttl"], format="turtle")
    rank = rdflib.URIRef(f"{model.iri}shape/Chief/field.rank")
    words = {(str(one), getattr(one, "language", None)) for one in graph.objects(rank, WORDS.message)}
    assert words == {("职级：有且只有 1 个，取自代码表“职级”", "zh"), ("rank: exactly 1, of the code list rank", "en")}
    assert graph.value(rank, WORDS.severity) == WORDS.Violation


def test_what_is_loaded_conforms(store: Path, store_of: Callable[[str], Path]) -> None:
    assert violations(exported(store), model_of({"m.yaml": small.MODEL})) == set()
    assert violations(exported(store_of("university")), load_model(MODELS["university"][0])) == set()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('o1#always> <http://www.w3.org/2004/02/skos/core#prefLabel> "水务局"', 'o1#always> <urn:x> "水务局"', ("o1#always", "MinCount")),
        ("c2> <http://www.w3.org/ns/org#member> <https://example.org/小/p1-2>", "c2> <http://www.w3.org/ns/org#member> <https://example.org/小/o1>", ("c2", "Class")),  # noqa: E501
        ('field/staff> "30"^^<http://www.w3.org/2001/XMLSchema#integer>', 'field/staff> "many"', ("o1#always", "Datatype")),
        ("field/rank> <https://example.org/ranks#low>", "field/rank> <https://example.org/ranks#none>", ("c2", "Node")),
        ('c1> <https://orggraph.example/ns#latestFrom> "2015-03-31"', 'c1> <https://orggraph.example/ns#latestFrom> "2015-02-01"', ("c1", "LessThanOrEquals")),  # noqa: E501
        ('c1> <https://orggraph.example/ns#from> "2015-03"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>', 'c1> <https://orggraph.example/ns#from> "2015-03"', ("c1", "Node")),  # noqa: E501
    ],
)  # fmt: skip
def test_what_is_broken_does_not(store: Path, before: str, after: str, told: tuple[str, str]) -> None:
    text = exported(store)
    assert before.encode() in text
    assert told in violations(text.replace(before.encode(), after.encode()), model_of({"m.yaml": small.MODEL}))
