"""What was exported comes back, and is exported again as the same bytes; of what others wrote, what has a place does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orggraph.archive.making import make_bag
from orggraph.errors import LoadError, OrggraphError
from orggraph.graphql.schema import sdl
from orggraph.model.reading import model_texts
from orggraph.rdf.asked import EVERYTHING, Asked
from orggraph.rdf.export import Form
from orggraph.rdf.importing import Foreign, Imported, import_rdf
from orggraph.rdf.judging import results_of
from orggraph.stores.sqlite.checking import check
from orggraph.stores.sqlite.load import load
from tests import small_model
from tests.cli.test_commands import run
from tests.conftest import MODELS
from tests.rdf import small
from tests.rdf.test_canonical import exported

HISTORY = Asked(history=True)
ENDINGS = {Form.NQUADS: "nq", Form.TRIG: "trig", Form.JSONLD: "jsonld", Form.TURTLE: "ttl"}
SMALL = {"small.yaml": small.MODEL}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.store(tmp_path_factory.mktemp("small"))


@pytest.mark.parametrize(
    ("asked", "form"),
    [
        (EVERYTHING, Form.NQUADS),
        (HISTORY, Form.NQUADS),
        (HISTORY, Form.TRIG),
        (HISTORY, Form.JSONLD),
        (EVERYTHING, Form.TURTLE),
    ],
)
def test_an_export_comes_back_without_loss(store: Path, tmp_path: Path, asked: Asked, form: Form) -> None:
    file = tmp_path / f"graph.{ENDINGS[form]}"
    file.write_bytes(exported(store, asked, form))
    done = import_rdf(file, tmp_path / "new.db", SMALL, sdl)
    assert done.own
    assert not done.left_out
    assert exported(tmp_path / "new.db", asked) == exported(store, asked)
    assert not check(tmp_path / "new.db", sdl).problems.kept


def test_what_leads_to_what_was_withdrawn_is_in_a_history_alone(tmp_path: Path) -> None:
    """A record of one who was withdrawn holds on no day; a further end that was is none."""
    texts, store = {"small.yaml": small_model.MODEL}, tmp_path / "small.db"
    files = small_model.FILES | {"Area.csv": "key,name\na1,城南区\n"}
    files["Chief.csv"] = (
        files["Chief.csv"].replace("rank,", "rank,area,").replace("高,", "高,,").replace("lower,", "lower,a1,")
    )
    gone = {"人员.csv": "键,撤回\np1,是\n", "Area.csv": "key,withdrawn\na1,true\n"}
    for name, loaded in (("1", files), ("2", gone)):
        load(store, texts, sdl, [small_model.put(tmp_path / name, loaded)])
    text = exported(store)
    assert b"/c1>" not in text
    assert b"/c2>" in text
    assert not [one for one in (b"/p1>", b"/a1>") if one in text]
    for iri in (b"/c1>", b"/p1>", b"/a1>"):
        assert iri in exported(store, HISTORY)
        assert iri in exported(store, Asked(load=1))
    (tmp_path / "graph.nq").write_bytes(text)
    import_rdf(tmp_path / "graph.nq", tmp_path / "new.db", texts, sdl)
    assert exported(tmp_path / "new.db") == text
    with results_of(store) as results:
        assert not list(results)


def test_the_history_of_another_model_comes_back_by_commands(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    model = MODELS["university"][0]
    run("export", "rdf", "--store", store_of("university"), "--history", "-o", tmp_path / "a.nq.zst")
    printed = run("import", "rdf", tmp_path / "a.nq.zst", "--store", tmp_path / "new.db", "--model", model)
    assert "2 loads; 0 left out" in printed
    run("export", "rdf", "--store", tmp_path / "new.db", "--history", "-o", tmp_path / "b.nq.zst")
    assert (tmp_path / "a.nq.zst").read_bytes() == (tmp_path / "b.nq.zst").read_bytes()


@pytest.mark.parametrize("base", ["https://kg.example.cn/昌/", "urn:example:kg#"])
def test_another_base_goes_out_and_comes_in(store: Path, tmp_path: Path, base: str) -> None:
    (tmp_path / "small.yaml").write_text(small.MODEL, "utf-8")
    run("export", "rdf", "--store", store, "--history", "--base", base, "-o", tmp_path / "other.nq")
    text = (tmp_path / "other.nq").read_text("utf-8")
    assert "https://example.org/小/" not in text
    assert f"<{base}p1> " in text
    assert f"<{base}load/1>" in text
    told = run("import", "rdf", tmp_path / "other.nq", "--base", base, "--store", tmp_path / "new.db",
               "--model", tmp_path / "small.yaml")  # fmt: skip
    assert "3 loads; 0 left out" in told
    assert exported(tmp_path / "new.db", HISTORY) == exported(store, HISTORY)
    assert exported(tmp_path / "new.db", Asked(history=True, base=base)) == text.encode()


@pytest.mark.parametrize("base", ["example.org/", "https://example.org/x", "https://example.org/ x/", ""])
def test_what_is_no_base_is_told(store: Path, base: str) -> None:
    with pytest.raises(OrggraphError, match="base of IRIs"):
        exported(store, Asked(base=base))


def test_the_seed_graph_comes_back(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    file = tmp_path / "graph.nq"
    file.write_bytes(exported(store_of("changji"), HISTORY))
    import_rdf(file, tmp_path / "new.db", model_texts(MODELS["changji"][0]), sdl)
    assert exported(tmp_path / "new.db", HISTORY) == file.read_bytes()


def test_what_is_wrong_in_a_graph_is_told_of_its_resource_and_makes_no_store(store: Path, tmp_path: Path) -> None:
    base = "https://example.org/小/".encode()
    text = exported(store).replace(b'ns#from> "2015-03"', b'ns#from> "2015-13"')
    text = text.replace(b"member> <" + base + b"p1A>", b"member> <" + base + b"nobody>")
    (tmp_path / "bad.nq").write_bytes(text)
    with pytest.raises(LoadError) as refused:
        import_rdf(tmp_path / "bad.nq", tmp_path / "new.db", SMALL, sdl)
    told = str(refused.value)
    assert "bad.nq: Chief c1 from: 2015-13 is no date" in told
    assert "nobody is no known key" in told
    assert [path.name for path in tmp_path.iterdir()] == ["bad.nq"]


def test_what_cannot_be_read_says_why(store: Path, tmp_path: Path) -> None:
    (tmp_path / "a.nq").write_text("<a> <b> .\n")
    (tmp_path / "a.txt").write_text("")
    shutil.copy(tmp_path / "a.nq", tmp_path / "a.nq.gz")
    for name in ("a.nq", "a.txt", "a.nq.gz", "none.ttl"):
        with pytest.raises(OrggraphError):
            import_rdf(tmp_path / name, tmp_path / "new.db", SMALL, sdl)
    with pytest.raises(OrggraphError, match="is there already"):
        import_rdf(tmp_path / "a.nq", store, SMALL, sdl)


FOREIGN = """
@prefix org: <http://www.w3.org/ns/org#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix time: <http://www.w3.org/2006/time#> . @prefix : <https://other.example/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix schema: <http://schema.org/> .
:ada a foaf:Person ; foaf:name "Ada Lovelace" ; foaf:mbox <mailto:ada@example.org> .
:bob a foaf:Person ; skos:prefLabel "Bob"@en, "鲍勃"@zh ; org:holds :headPost ; org:memberOf :lab .
:lab a org:Organization ; skos:prefLabel "Lab" ; foaf:homepage "https://lab.example"^^xsd:anyURI ;
  org:subOrganizationOf <https://other.example/uni#it> .
<https://other.example/uni#it> a org:FormalOrganization, org:Organization ; skos:prefLabel "University" ; org:hasSubOrganization :lab .
:m1 a org:Membership ; org:member :ada ; org:organization :lab ; org:role :director ; org:memberDuring
  [ a time:Interval ; time:hasBeginning [ time:inXSDgYearMonth "1840-03"^^xsd:gYearMonth ] ;
  time:hasEnd [ time:inXSDDate "1852-11-27"^^xsd:date ] ] .
:m2 a org:Membership ; org:member :bob ; org:organization :lab ; org:role :janitor .
:m3 a org:Membership ; org:member :nobody ; org:organization :lab ; org:role :director .
:m4 a org:Membership ; org:member :bob ; org:organization <https://other.example/uni#it> ; org:role :director ;
  dcat:startDate "2001"^^xsd:gYear ;
  dcat:endDate "2002-03-04"^^xsd:date ; schema:salary 12 .
:headPost a org:Post ; org:postIn :lab ; org:role :director .
:empty a org:Post ; org:postIn :lab .
:director a org:Role ; skos:prefLabel "Chief"@en . :janitor a org:Role ; skos:prefLabel "janitor"@en .
:event a org:ChangeEvent ; org:originalOrganization :lab . :x a foaf:Person .
"""
MODEL = small.MODEL.replace("rank: {type: Rank, required: true,", "rank: {type: Rank,").replace(
    "one: true}", "one: false}"
)


def imported(folder: Path, foreign: Foreign) -> tuple[Imported, dict[str, str]]:
    (folder / "other.ttl").write_text(FOREIGN)
    done = import_rdf(folder / "other.ttl", folder / "new.db", {"small.yaml": MODEL}, sdl, foreign)
    named = {f"{one.resource} {one.what}".strip().removeprefix("https://other.example/"): one for one in done.left_out}
    return done, {name: one.reason for name, one in named.items()}


def test_memberships_posts_roles_and_intervals_of_others_find_their_places(tmp_path: Path) -> None:
    done, left_out = imported(tmp_path, Foreign("2020-03-31"))
    assert not done.own
    document = """{ at(date: "1850-01-01") { chiefRecords { nodes { key person { name } office { name } valid { text(lang: EN) } } } } }"""
    answer = json.loads(run("query", document, "--store", tmp_path / "new.db"))["data"]["at"]["chiefRecords"]["nodes"]
    assert {(one["person"]["name"], one["office"]["name"]) for one in answer} >= {("Ada Lovelace", "Lab")}
    ada = next(one for one in answer if one["key"] == "m1")
    assert ada["valid"]["text"] == "March 1840 to 26 November 1852"
    ever = """{ ever { chiefRecords { nodes { key valid { text(lang: EN) } } } offices { nodes { name uppers { nodes { name } } } } } }"""
    found = json.loads(run("query", ever, "--store", tmp_path / "new.db"))["data"]["ever"]
    assert {one["key"]: one["valid"]["text"] for one in found["chiefRecords"]["nodes"]}["m4"] == "2001 to 4 March 2002"
    assert {one["name"]: one["uppers"]["nodes"] for one in found["offices"]["nodes"]}["Lab"] == [{"name": "University"}]
    assert set(left_out) == {
        "ada http://xmlns.com/foaf/0.1/mbox", "bob http://www.w3.org/ns/org#memberOf", "m2 http://www.w3.org/ns/org#role", "m3",
        "m4 http://schema.org/salary", "empty", "event", "x",
    }  # fmt: skip
    assert "--map ROLE=RELATION" in left_out["m2 http://www.w3.org/ns/org#role"]
    assert left_out["x"] == "has no name"


def test_places_that_are_told_are_taken(tmp_path: Path) -> None:
    _, left_out = imported(tmp_path, Foreign("2020-03-31", True, {"https://other.example/janitor": "Chief"}))
    assert "m2 http://www.w3.org/ns/org#role" not in left_out


def test_a_graph_by_another_model_is_refused_and_leaves_no_store(store: Path, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(small.MODEL, "utf-8")
    (tmp_path / "graph.nq").write_bytes(exported(store))
    other = model_texts(MODELS["university"][0])
    with pytest.raises(OrggraphError, match=r"by the model of .*小/.*--model") as refused:
        import_rdf(tmp_path / "graph.nq", tmp_path / "new.db", other, sdl)
    assert refused.value.code == "OTHER_MODEL"
    (tmp_path / "nothing.ttl").write_text("<https://example.org/a> a <https://example.org/B> .")
    with pytest.raises(OrggraphError, match="nothing of it has a place"):
        import_rdf(tmp_path / "nothing.ttl", tmp_path / "new.db", other, sdl)
    assert not (tmp_path / "new.db").exists()


def test_a_graph_in_a_bag_has_its_model_beside_it(store: Path, tmp_path: Path) -> None:
    make_bag(store, tmp_path / "bag")
    told = run("import", "rdf", tmp_path / "bag/data/graph.nq", "--store", tmp_path / "new.db")
    assert f"3 loads; 0 left out; by the model {tmp_path / 'bag/data/model'}" in told
    assert exported(tmp_path / "new.db", HISTORY) == (tmp_path / "bag/data/graph.nq").read_bytes()
