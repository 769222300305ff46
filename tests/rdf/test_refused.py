"""What loading refuses of what others wrote is left out, as little as can be, and told; a graph of our own is refused whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orggraph.errors import LoadError, OrggraphError
from orggraph.graphql.schema import sdl
from orggraph.rdf import importing
from orggraph.rdf.importing import Foreign, import_rdf
from orggraph.rdf.refused import fewest
from orggraph.stores.sqlite.checking import check
from orggraph.stores.sqlite.load import load
from tests.cli.test_commands import run
from tests.rdf import small
from tests.rdf.test_canonical import exported
from tests.small_model import put

MODEL = small.MODEL.replace("rank: {type: Rank, required: true,", "rank: {type: Rank,")
OTHER, ORG = "https://other.example/", "http://www.w3.org/ns/org#"
HEAD = """
@prefix org: <http://www.w3.org/ns/org#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix : <https://other.example/> . @prefix role: <https://example.org/小/role/> .
:wang a foaf:Person ; foaf:name "王芳" . :li a foaf:Person ; foaf:name "李𠮷" . :bell a foaf:Person ; foaf:name "\\u0007", "铃" .
:none a foaf:Person ; foaf:name "\\u0007" . :shui a org:Organization ; skos:prefLabel "水务局" .
:lin a org:Organization ; skos:prefLabel "林草局" .
:ju a org:Organization ; skos:prefLabel "局" ; org:subOrganizationOf :ju .
:p a org:Post ; org:postIn :lin ; org:heldBy :wang, :li ; org:role role:Chief ; dcat:startDate "2018" ; dcat:endDate "2019" .
:shui org:subOrganizationOf :lin . :lin org:hasSubOrganization :ju . :lin org:subOrganizationOf :shui .
"""
CHIEF = """:{} a org:Membership ; org:member :{} ; org:organization :shui ; org:role role:Chief ;
  dcat:startDate "{}-01-01" ; dcat:endDate "{}-12-31" .\n"""
CHIEFS = (("m1", "wang", 2001, 2004), ("m2", "li", 2004, 2008), ("m3", "bell", 2008, 2009), ("m4", "wang", 2009, 2010))
FILE = HEAD + "".join(CHIEF.format(*one) for one in CHIEFS)


def test_the_few_that_conflict_are_left_out_and_told(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(MODEL, "utf-8")
    (tmp_path / "other.ttl").write_text(FILE, "utf-8")
    command = (
        "import",
        "rdf",
        tmp_path / "other.ttl",
        "--store",
        tmp_path / "new.db",
        "--model",
        tmp_path / "small.yaml",
    )
    told = json.loads(run(*command, "--dated", "2020", "--format", "json"))
    assert {
        " ".join(one[part].rpartition("/")[2] for part in ("resource", "what")).strip(): one["reason"].replace(
            OTHER, ""
        )
        for one in told["left_out"]
    } == {
        "none": "has no name that can be kept",
        "none name": '"\x07": has the character U+0007, which no text may have',
        "bell name": '"\x07": has the character U+0007, which no text may have',
        "m2": "shui certainly has two at once: m2 and m1; m1 stays",
        "m3": "shui certainly has two at once: m4 and m3; m4 stays",
        "p org#heldBy": f"wang: lin certainly has two at once: p-fb813b5f64 and p; p {ORG}heldBy li stays",
        "ju org#subOrganizationOf": "ju: goes in a circle: ju → ju",
        "shui org#subOrganizationOf": f"lin: goes in a circle: lin → shui → lin; lin {ORG}subOrganizationOf shui stays",
    }
    assert [one.partition(" · ")[0][-2:] for one in told["warnings"]] == [" 5"]
    assert told["rows"] == 12
    assert not {"m2", "m3", "none", "p-fb813b5f64"} & {one["key"] for one in told["keys"]}
    assert not check(tmp_path / "new.db", sdl).problems


def test_one_file_is_always_the_same_store(tmp_path: Path) -> None:
    """Also where what conflicts has no IRI, and the reader of RDF gives it another name each time."""
    nameless = "".join(CHIEF.format(*one).replace(f":{one[0]} a", "[] a") for one in CHIEFS) * 2
    (tmp_path / "other.ttl").write_text(HEAD + nameless, "utf-8")
    first, second = (
        import_rdf(tmp_path / "other.ttl", tmp_path / name, {"small.yaml": MODEL}, sdl, Foreign("2020"))
        for name in ("1.db", "2.db")
    )
    assert first.left_out == second.left_out
    assert sum(one.resource.startswith("_:") and not one.what for one in first.left_out) == 6
    of_both = [exported(tmp_path / name).splitlines() for name in ("1.db", "2.db")]
    assert [one for one in of_both[0] if b"dateTime" not in one] == [
        one for one in of_both[1] if b"dateTime" not in one
    ]


@pytest.mark.parametrize(
    ("conflicts", "left"),
    [
        (["ab"], "b"),  # of two the last
        (["ab", "bc"], "b"),  # one in place of two
        (["ab", "ac", "ad"], "a"),
        (["abc"], "c"),  # of a circle the last
        (["a", "ab"], "a"),  # what is wrong by itself is gone already
        (["ab", "ac", "bd", "ce", "a"], "ade"),
        (["ab", "bc", "cd"], "bc"),
    ],
)
def test_of_each_conflict_one_goes_and_none_that_could_stay(conflicts: list[str], left: str) -> None:
    order = {key: i for i, key in enumerate("abcde")}
    assert fewest([frozenset(one) for one in conflicts], order) == set(left)


def test_a_graph_of_our_own_is_taken_whole_or_refused(tmp_path: Path) -> None:
    lenient = {"small.yaml": MODEL.replace("one: true}", "one: false}")}
    rows = "key,person,office,from,until,source\nc1,p1,o1,2001,2005,doc\nc2,p10,o1,2003,2006,doc\n"
    load(tmp_path / "a.db", lenient, sdl, [put(tmp_path / "in", small.FIRST | {"Chief.csv": rows})])
    (tmp_path / "own.nq").write_bytes(exported(tmp_path / "a.db"))
    with pytest.raises(LoadError, match=r"own\.nq: Chief c2 office: o1 certainly has two at once: c2 and c1"):
        import_rdf(tmp_path / "own.nq", tmp_path / "new.db", {"small.yaml": MODEL}, sdl)
    assert not (tmp_path / "new.db").exists()


def test_where_too_much_is_refused_nothing_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "ROUNDS", 0)
    (tmp_path / "other.ttl").write_text(FILE, "utf-8")
    with pytest.raises(OrggraphError, match="look at what --map names") as refused:
        import_rdf(tmp_path / "other.ttl", tmp_path / "new.db", {"small.yaml": MODEL}, sdl, Foreign("2020"))
    assert refused.value.code == "CONFLICTS"
    assert not (tmp_path / "new.db").exists()
