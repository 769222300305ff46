"""What a bag's README has people run is run: it finds what it says it finds, and the bag stays whole."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from orggraph import __version__
from orggraph.archive.making import make_bag
from orggraph.archive.proving import prove
from tests.archive.test_damage import reseal
from tests.cli.test_commands import ORGGRAPH
from tests.rdf.small import store as small_store

READMES = ("README.zh.md", "README.en.md")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    make_bag(small_store(folder), folder / "bag")
    return folder / "bag"


def commands(top: Path, name: str, tool: str) -> list[str]:
    """Indented lines, and what stands in backquotes."""
    text = (top / name).read_text("utf-8")
    found = re.findall(r"^    (.+)$", text, re.MULTILINE) + re.findall(r"`([^`]+)`", text)
    return [one for one in found if (one.startswith("orggraph ")) == (tool == "orggraph") and " " in one]


def verified(top: Path, name: str) -> list[str]:
    """What each of the three says, in the plainest shell."""
    three = [one for one in commands(top, name, "common") if "sha512.txt" in one]
    return [
        subprocess.run(["sh", "-c", one], cwd=top, capture_output=True, text=True, check=False, timeout=60).stdout
        for one in three
    ]


def add_below(top: Path) -> None:
    (top / "data/tables/多.csv").write_text("x")


def add_at_top(top: Path) -> None:
    (top / "more.txt").write_text("x")


def add_hidden(top: Path) -> None:
    (top / ".more").symlink_to("bagit.txt")


def change(top: Path) -> None:
    (top / "data/tables/Person.csv").write_text("x")


def change_tag(top: Path) -> None:
    (top / "bag-info.txt").write_text("x")


def remove(top: Path) -> None:
    (top / "data/premis.xml").unlink()


@pytest.mark.parametrize("name", READMES)
def test_nothing_is_said_of_a_bag_that_is_whole(made: Path, name: str) -> None:
    assert verified(made, name) == ["", "", ""]


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (add_below, (2, "data/tables/多.csv")),
        (add_at_top, (2, "more.txt")),
        (add_hidden, (2, ".more")),
        (change, (1, "data/tables/Person.csv")),
        (change_tag, (0, "bag-info.txt")),
        (remove, (1, "data/premis.xml")),
    ],
)
def test_each_command_finds_what_it_is_said_to(
    made: Path, tmp_path: Path, damage: Callable[[Path], None], told: tuple[int, str]
) -> None:
    top = tmp_path / "bag"
    shutil.copytree(made, top)
    damage(top)
    for name in READMES:
        assert told[1] in verified(top, name)[told[0]]


def test_brought_back_as_it_says_the_bag_is_still_whole(made: Path, tmp_path: Path) -> None:
    for name in READMES:
        top = tmp_path / name / "bag"
        shutil.copytree(made, top)
        path = f"{ORGGRAPH.parent}{os.pathsep}{os.environ['PATH']}"
        run = [one for one in commands(top, name, "orggraph") if "THIS" not in one and not one.endswith("export check")]
        assert [" ".join(one.split()[1:3]) for one in run] == ["import rdf", "export rdf", "export check"]
        for one in run:
            subprocess.run(["sh", "-c", one], cwd=top, check=True, capture_output=True, timeout=120, env={"PATH": path})
        assert (top.parent / "again.nq").read_bytes() == (top / "data/graph.nq").read_bytes()
        assert prove(top).valid


def test_of_a_version_of_before_only_what_it_worded_otherwise_is_forgiven(made: Path, tmp_path: Path) -> None:
    top = tmp_path / "bag"
    shutil.copytree(made, top)
    for name in ("bag-info.txt", "data/premis.xml", "data/ro-crate-metadata.json"):
        (top / name).write_text((top / name).read_text("utf-8").replace(__version__, "0.1.0"), "utf-8", newline="")
    (top / "README.en.md").write_text("as it was", "utf-8")
    reseal(top)
    judged = prove(top)
    assert [(one.file, one.code) for one in judged.found.warnings.kept] == [("README.en.md", "CHANGED")]
    assert (judged.valid, judged.unproved) == (True, 1)
    assert [one.file for one in prove(top, own=True).found.problems.kept] == ["README.en.md"]
    page = top / "data/html/index.html"
    page.write_text(page.read_text("utf-8") + "x", "utf-8")
    reseal(top)
    assert [one.file for one in prove(top).found.problems.kept] == ["data/html/index.html"]
