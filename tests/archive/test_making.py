"""A bag of a small store: the same twice, accepted by what others wrote, whole, and there wholly or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import bagit  # type: ignore[import-untyped]
import pyshacl
import pytest
from csvw import CSVW  # type: ignore[import-untyped]

from orggraph.archive import making
from orggraph.archive.making import make_bag
from orggraph.archive.proving import prove
from orggraph.errors import OrggraphError
from orggraph.graphql.schema import sdl
from orggraph.model.reading import model_texts
from orggraph.rdf.asked import Asked
from orggraph.rdf.export import Form, export
from orggraph.rdf.importing import import_rdf
from tests.bags.making import zipped
from tests.rdf.small import store as small_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_store(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def bag(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bags") / "bag"
    make_bag(store, made)
    return made


def contents(top: Path) -> dict[str, bytes]:
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*") if path.is_file()}


def test_the_same_twice(store: Path, bag: Path, tmp_path: Path) -> None:
    make_bag(store, tmp_path / "other")
    assert contents(tmp_path / "other") == contents(bag)
    for name in ("a.zip", "b.zip"):
        make_bag(store, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == sorted(f"small/{name}" for name in contents(bag))


def test_it_is_whole(bag: Path, store: Path, tmp_path: Path) -> None:
    make_bag(store, tmp_path / "a.zip")
    for one in (bag, tmp_path / "a.zip"):
        judged = prove(one)
        assert judged.own
        assert not [*map(str, judged.found.problems.kept), *map(str, judged.found.warnings.kept)]


def test_brought_back_it_makes_the_same_bag(bag: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.db"
    import_rdf(bag / "data/graph.nq", again, model_texts(bag / "data/model"), sdl)
    make_bag(again, tmp_path / "again")
    assert contents(tmp_path / "again") == contents(bag)


def test_accepted_by_bagit_python_and_sha512sum(bag: Path) -> None:
    bagit.Bag(str(bag)).validate()
    for name in ("manifest-sha512.txt", "tagmanifest-sha512.txt"):
        done = subprocess.run(
            ["sha512sum", "--strict", "--quiet", "-c", name], cwd=bag, capture_output=True, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_tables_are_accepted_as_csv_on_the_web(bag: Path) -> None:
    found = CSVW(str(bag / "data/tables/csv-metadata.json"), validate=True)
    assert found.is_valid, found.warnings
    rows = {table.url.string: sum(1 for _ in table) for table in found.tables}
    assert {name.removesuffix(".csv"): number for name, number in rows.items()} == json.loads(
        (bag / "data/orggraph.json").read_text("utf-8")
    )["tables"]


def test_what_explains_it_is_there(bag: Path) -> None:
    loads = ElementTree.parse(bag / "data/premis.xml").findall("{http://www.loc.gov/premis/v3}event")
    assert len(loads) == 3
    crate = {one["@id"]: one for one in json.loads((bag / "data/ro-crate-metadata.json").read_text("utf-8"))["@graph"]}
    assert crate["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    parts = {one["@id"] for one in crate["./"]["hasPart"]}
    assert {name for name in parts if not (bag / "data" / name).exists()} == set()
    assert {"graph.nq", "tables/Chief.csv", "html/", "shapes.ttl"} <= parts
    assert "第 3 次载入" in (bag / "README.zh.md").read_text("utf-8")


def test_pages_lead_to_each_other(bag: Path) -> None:
    text = (bag / "data/html/Person-1.html").read_text("utf-8")
    assert '<h1 id="p1">王芳</h1>' in text
    assert 'href="Office-1.html#o1"' in text
    assert "&lt;/script&gt;&amp;amp;&lt;x&gt;" in (bag / "data/html/Office-1.html").read_text("utf-8")


def test_for_large_graphs_there_are_no_pages(
    store: Path, bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orggraph.archive.pages.MOST", 3)
    counts = make_bag(store, tmp_path / "bag")
    assert counts.pages == 0
    assert not (tmp_path / "bag/data/html").exists()
    assert counts.entities == json.loads((bag / "data/orggraph.json").read_text("utf-8"))["entities"]
    assert prove(tmp_path / "bag").valid


def test_nothing_is_overwritten_unless_said(store: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("x")
    (tmp_path / "a.zip").write_text("x")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("thesis.txt", "x")
    files = [tmp_path / "a.zip", tmp_path / "b.zip"]
    before = [one.read_bytes() for one in files]
    for target in (mine, *files, tmp_path / "no/bag"):
        for force in (False, True):
            with pytest.raises(OrggraphError):
                make_bag(store, target, force)
    assert sorted(tmp_path.iterdir()) == [*files, mine]
    assert [one.read_bytes() for one in files] == before
    make_bag(store, tmp_path / "bag")
    (tmp_path / "bag/data/more").write_text("x")
    make_bag(store, tmp_path / "bag", force=True)
    assert not (tmp_path / "bag/data/more").exists()


def test_a_zip_takes_the_place_of_a_zip_of_a_bag(store: Path, bag: Path, tmp_path: Path) -> None:
    target = zipped(bag, tmp_path / "a.zip")
    before = target.read_bytes()
    make_bag(store, target, force=True)
    assert target.read_bytes() != before
    assert prove(target).valid


@pytest.mark.parametrize("name", ["b.tar.gz", "b.TGZ", "b.7z", "b.zip.xz"])
def test_a_name_of_another_archive_is_no_folder(store: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(OrggraphError, match=r"a bag is a folder or a file \.zip") as refused:
        make_bag(store, tmp_path / name)
    assert refused.value.code == "FORMAT"
    assert not [*tmp_path.iterdir()]
    make_bag(store, tmp_path / "v1.2")
    assert prove(tmp_path / "v1.2").valid


KILLED = """
import os, signal, sys
from pathlib import Path
from orggraph.archive.making import make_bag
make_bag(Path(sys.argv[1]), Path(sys.argv[2]), watch=lambda *_: os.kill(os.getpid(), signal.SIGKILL))
"""


@pytest.mark.parametrize("name", ["bag", "bag.zip"])
def test_what_a_killed_one_left_goes_with_the_next(store: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    subprocess.run([sys.executable, "-c", KILLED, str(store), str(target)], check=False, timeout=60)
    assert [one.name for one in tmp_path.iterdir()] != []
    make_bag(store, target)
    assert [*tmp_path.iterdir()] == [target]


def test_no_half_bag_is_left(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "manifest", full)
    for name in ("bag", "bag.zip"):
        with pytest.raises(OrggraphError, match="No space left"):
            make_bag(store, tmp_path / name)
    assert not [*tmp_path.iterdir()]


def test_shapes_hold_as_pyshacl_judges(bag: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.db"
    import_rdf(bag / "data/graph.nq", again, model_texts(bag / "data/model"), sdl)
    with (tmp_path / "now.nt").open("wb") as file:
        export(again, Asked(), Form.NTRIPLES, file.write)
    conforms, _, told = pyshacl.validate(str(tmp_path / "now.nt"), shacl_graph=str(bag / "data/shapes.ttl"))
    assert conforms, told
