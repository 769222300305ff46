"""Whoever forges a bag of ours does not escape by taking away what says that it is ours; and who looks is told how closely it was
looked at."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from orggraph import __version__
from orggraph.archive.making import make_bag
from orggraph.archive.proving import prove
from orggraph.cli.export_check import how_close
from tests.archive.test_damage import reseal
from tests.rdf.small import store as small_store

SIGNS = ("bag-info.txt", "data/orggraph.json", "data/model", "data/ro-crate-metadata.json")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    make_bag(small_store(folder), folder / "bag")
    return folder / "bag"


def forged(made: Path, top: Path, kept: str = "") -> Path:
    """A date is another in graph and table, and all that says whose bag it is, but for one, is gone."""
    shutil.copytree(made, top)
    for name in ("data/graph.nq", "data/tables/Chief.csv"):
        text = (top / name).read_text("utf-8")
        assert "2015-03" in text
        (top / name).write_text(text.replace("2015-03", "2015-04"), "utf-8", newline="")
    for name in SIGNS:
        if name != kept:
            strip(top / name)
    reseal(top)
    return top


def strip(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    elif path.name == "bag-info.txt":
        path.write_text(re.sub("Bag-Software-Agent.*\n", "", path.read_text("utf-8")), "utf-8")
    else:
        path.unlink()


@pytest.mark.parametrize("kept", SIGNS)
def test_one_sign_is_enough(made: Path, tmp_path: Path, kept: str) -> None:
    judged = prove(forged(made, tmp_path / "bag", kept))
    assert judged.own
    assert not judged.valid
    told = {one.file for one in judged.found.problems.kept if one.code == "MISSING"}
    assert told & {"data/orggraph.json", "data/model/"}


def test_a_bag_without_its_counts_is_forged(made: Path, tmp_path: Path) -> None:
    """As somebody would who knows that they were what told whose bag it is."""
    top = tmp_path / "bag"
    shutil.copytree(made, top)
    (top / "data/orggraph.json").unlink()
    page = top / "data/html/index.html"
    page.write_text(page.read_text("utf-8").replace("王芳", "王方"), "utf-8")
    reseal(top)
    judged = prove(top)
    told = {(one.file, one.code) for one in judged.found.problems.kept}
    assert {("data/orggraph.json", "MISSING"), ("data/html/index.html", "NOT_THE_GRAPH")} <= told
    assert judged.compared


def test_without_any_sign_it_is_a_bag_of_anybody_and_that_is_said(made: Path, tmp_path: Path) -> None:
    top = forged(made, tmp_path / "bag")
    judged = prove(top)
    assert (judged.valid, judged.own, judged.compared) == (True, False, False)
    assert "not a bag of orggraph" in how_close(judged)
    assert "不是 orggraph 的档案包" in how_close(judged)
    judged = prove(top, own=True)
    assert [(one.file, one.code) for one in judged.found.problems.kept] == [(str(top), "FOREIGN")]


def test_one_of_ours_was_looked_at_closely(made: Path, tmp_path: Path) -> None:
    judged = prove(made, own=True)
    assert (judged.valid, judged.own, judged.compared, judged.unproved) == (True, True, True, 0)
    assert "every file was made anew" in how_close(judged)
    shutil.copytree(made, tmp_path / "bag")
    (tmp_path / "bag/data/graph.nq").write_bytes(b"")
    assert "cannot be made anew and compared before" in how_close(prove(tmp_path / "bag"))


def test_who_says_that_another_version_made_it_is_told_what_is_not_proved(made: Path, tmp_path: Path) -> None:
    top = tmp_path / "bag"
    shutil.copytree(made, top)
    for name in ("bag-info.txt", "data/premis.xml", "data/ro-crate-metadata.json"):
        text = (top / name).read_text("utf-8")
        (top / name).write_text(text.replace(__version__, "9.9.9"), "utf-8", newline="")
    page = top / "data/html/index.html"
    page.write_text(page.read_text("utf-8").replace("王芳", "王方"), "utf-8")
    reseal(top)
    judged = prove(top)
    assert judged.valid
    assert judged.unproved == 1
    assert "1 file of another version" in how_close(judged)
    told = {(one.file, one.code) for one in prove(top, own=True).found.problems.kept}
    assert told == {("data/html/index.html", "NOT_THE_GRAPH")}
