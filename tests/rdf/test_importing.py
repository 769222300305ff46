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
        "ada http://xmlns.com/foaf/0.1/mbox", "bob http://www.w3.org/ns/org#memberOf", "m2", "m3", "m4 http://schema.org/salary", "empty",
        "event", "x", "janitor", "uni#it http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
        "bob http://www.w3.org/2004/02/skos/core#prefLabel",
    }  # fmt: skip
    assert left_out["m2"].startswith(
        "its role https://other.example/janitor is no relation of the model; it may be Chief: --map ROLE="
    )
    assert left_out["bob http://www.w3.org/2004/02/skos/core#prefLabel"] == '"Bob"@en: Person has no place for it'
    assert left_out["m4 http://schema.org/salary"] == '"12": Chief has no place for it'
    assert left_out["event"].endswith("no kind for http://www.w3.org/ns/org#ChangeEvent; --map CLASS=KIND names one")
    assert left_out["x"] == "has no name"


def test_places_that_are_told_are_taken(tmp_path: Path) -> None:
    _, left_out = imported(tmp_path, Foreign("2020-03-31", True, {"https://other.example/janitor": "Chief"}))
    assert "m2" not in left_out
    assert (
        left_out["janitor http://www.w3.org/2004/02/skos/core#prefLabel"]
        == '"janitor"@en: the model has no place for it'
    )


def test_places_that_are_none_of_the_model_are_refused_and_those_of_nothing_told(tmp_path: Path) -> None:
    janitor = "https://other.example/janitor"
    for name in ("Nope", "Below", "Agent"):  # nothing, no membership, an abstract kind
        with pytest.raises(
            OrggraphError, match=f"there is no {name}; kinds are .*Person, .*that a role can be are Chief"
        ) as refused:
            imported(tmp_path, Foreign("2020-03-31", places={janitor: name}))
        assert refused.value.code == "UNKNOWN_PLACE"
    done, _ = imported(tmp_path, Foreign("2020-03-31", places={janitor: "Person", "https://none.example/": "Chief"}))
    assert done.warnings == (
        "--map https://other.example/janitor=Person: the file has no such class, which Person could stand for",
        "--map https://none.example/=Chief: the file has no such role, which Chief could stand for",
    )


def test_a_file_whose_day_is_needed_asks_for_it(tmp_path: Path) -> None:
    with pytest.raises(
        OrggraphError, match=r"of 2 records it says no first or no last day.*; give --dated DAY"
    ) as refused:
        imported(tmp_path, Foreign())
    assert refused.value.code == "UNDATED"
    assert not (tmp_path / "new.db").exists()


HEAD = (
    FOREIGN.partition(":ada")[0]
    + """
:lab a org:Organization ; skos:prefLabel "Lab" . :ada a foaf:Person ; foaf:name "Ada" .
"""
)
MEMBER = """:m{} a org:Membership ; org:member :ada ; org:organization :lab ;
 org:role [ a org:Role ; skos:prefLabel 'chief', 'boss' ] ; {} .
"""


def only_members(folder: Path, dates: list[str], more: str = "") -> dict[str, str]:
    (folder / "other.ttl").write_text(HEAD + more + "".join(MEMBER.format(i, said) for i, said in enumerate(dates)))
    done = import_rdf(folder / "other.ttl", folder / "new.db", {"small.yaml": MODEL}, sdl, Foreign("2020-03-31"))
    return {
        f"{one.resource} {one.what}".strip().removeprefix("https://other.example/"): one.reason for one in done.left_out
    }


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ('dcat:startDate "2018-02-30"^^xsd:date', "2018-02-30 is no date: the calendar has none such"),
        ('dcat:startDate "2018" ; dcat:endDate "about 2019"', "about 2019 is no date that is read"),
        (
            'dcat:startDate "2018-03" ; dcat:endDate "2018-02-28"',
            "ends (through 2018-02-28) before it begins (from 2018-03)",
        ),
        ('dcat:startDate "2018-03-01" ; time:hasEnd [ time:inXSDDate "2018-03-01" ]', "ends (until 2018-03-01) before"),
        ("dcat:startDate '2018' ; org:memberDuring [ time:hasEnd :someday ]", "someday says no day, month or year"),
    ],
)
def test_a_record_with_a_date_that_cannot_be_kept_is_left_out_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, said: str, why: str
) -> None:
    left_out = only_members(tmp_path, [said, 'dcat:startDate "2018-02-28" ; dcat:endDate "2019"'])
    assert why in left_out["m0"]
    assert not caplog.records  # rdflib would tell where it stumbled
    assert "m1" not in left_out
    document = "{ ever { chiefRecords { nodes { key valid { text(lang: EN) } } } } }"
    found = json.loads(run("query", document, "--store", tmp_path / "new.db"))["data"]["ever"]["chiefRecords"]["nodes"]
    assert found == [{"key": "m1", "valid": {"text": "28 February 2018 to 2019"}}]


def test_a_value_that_no_field_can_keep_is_left_out_alone(tmp_path: Path) -> None:
    model = small.MODEL.replace("{type: int, ", '{type: int, iri: "https://other.example/staff", ')
    (tmp_path / "other.ttl").write_text(HEAD + ':lab :staff "many", 12, 13 ; foaf:homepage "none" .')
    done = import_rdf(tmp_path / "other.ttl", tmp_path / "new.db", {"small.yaml": model}, sdl, Foreign("2020-03-31"))
    told = {one.what.rpartition("/")[2]: one.reason for one in done.left_out}
    assert "many" in told["staff"]
    assert told["homepage"].startswith('"none": ')
    (office,) = json.loads(run("query", "{ offices { nodes { staff homepage } } }", "--store", tmp_path / "new.db"))[
        "data"
    ]["offices"]["nodes"]
    assert office == {"staff": 12, "homepage": None}


def test_nothing_is_left_out_without_a_word(tmp_path: Path) -> None:
    more = """:post a org:Post ; skos:prefLabel "the post" ; org:postIn :lab ; org:heldBy :ada ; org:role :r ;
    dcat:startDate "2001", "2002" .
    :r a org:Role ; skos:prefLabel "chief", "head" ; skos:notation "R1" . :lab org:hasMember :ada . :alone skos:prefLabel "x" .
    :unused a org:Role ; skos:prefLabel "y" .\n"""
    left_out = only_members(tmp_path, ['dcat:startDate "2018"'], more)
    assert {name.replace("http://www.w3.org/", "") for name in left_out if not name.startswith("_:")} == {
        "post 2004/02/skos/core#prefLabel", "post ns/dcat#startDate", "r 2004/02/skos/core#prefLabel", "r 2004/02/skos/core#notation",
        "lab ns/org#hasMember", "alone", "unused",
    }  # fmt: skip
    assert [why for name, why in left_out.items() if name.startswith("_:")] == ['"boss": the model has no place for it']


def test_which_iri_became_which_key_is_told(tmp_path: Path) -> None:
    same = "      same: {type: uri, label: {zh: 原址, en: address}, iri: http://www.w3.org/2002/07/owl#sameAs}\n"
    (tmp_path / "small.yaml").write_text(MODEL.replace("      staff:", f"{same}      staff:"), "utf-8")
    (tmp_path / "other.ttl").write_text(HEAD + "<http://b.example/ada> a foaf:Person ; foaf:name 'Other' .")
    command = ("import", "rdf", tmp_path / "other.ttl", "--model", tmp_path / "small.yaml", "--dated", "2020")
    printed = run(*command, "--store", tmp_path / "new.db", "--keys", tmp_path / "keys.csv")
    assert "3 IRIs became keys (http://b.example/ada is ada); --keys FILE.csv writes all" in printed
    header, *rows = (tmp_path / "keys.csv").read_text("utf-8").splitlines()
    assert header == "iri,key,table"
    told = json.loads(run(*command, "--store", tmp_path / "json.db", "--format", "json"))
    assert [",".join(one.values()) for one in told["keys"]] == rows
    keys = {one["iri"]: one["key"] for one in told["keys"]}
    assert keys["http://b.example/ada"] == "ada"
    assert keys["https://other.example/ada"].startswith("ada-")
    assert (told["rows"], told["loads"], told["warnings"]) == (4, 1, [])
    (lab,) = json.loads(run("query", "{ offices { nodes { same } } }", "--store", tmp_path / "new.db"))["data"][
        "offices"
    ]["nodes"]
    assert lab == {"same": "https://other.example/lab"}
    assert "is there already" in run(*command, "--store", tmp_path / "x.db", "--keys", tmp_path / "keys.csv", status=1)
    assert not (tmp_path / "x.db").exists()


def test_an_export_with_another_base_asks_for_it(store: Path, tmp_path: Path) -> None:
    (tmp_path / "graph.nq").write_bytes(exported(store, Asked(base="https://kg.example/")))
    with pytest.raises(OrggraphError, match=r"; say --base https://kg.example/, as it was exported with$"):
        import_rdf(tmp_path / "graph.nq", tmp_path / "new.db", SMALL, sdl)


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
