"""What a bag does not come back for is named once, first, by its name in the bag and with its line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orggraph.archive.making import make_bag
from orggraph.archive.proving import prove
from orggraph.errors import Problem
from tests.archive.test_damage import reseal
from tests.bags.making import zipped
from tests.cli.test_export_check import orggraph
from tests.rdf.small import store as small_store

GRAPH = "data/graph.nq"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    make_bag(small_store(folder), folder / "bag")
    return folder / "bag"


def told(made: Path, top: Path, damage: Callable[[Path], object]) -> list[Problem]:
    shutil.copytree(made, top)
    damage(top)
    reseal(top)
    problems = prove(top).found.problems.kept
    packed = prove(zipped(top, top.with_suffix(".zip"))).found.problems.kept
    assert [(one.file, one.code, one.line) for one in packed] == [(one.file, one.code, one.line) for one in problems]
    for one in (*problems, *packed):
        assert "/tmp" not in str(one)
        assert str(top.parent) not in str(one)
    return problems


def change(name: str, old: str, new: str) -> Callable[[Path], object]:
    def changed(top: Path) -> None:
        text = (top / name).read_text("utf-8")
        assert old in text
        (top / name).write_text(text.replace(old, new), "utf-8", newline="")

    return changed


def cut(top: Path, at: Callable[[bytes], int]) -> None:
    content = (top / GRAPH).read_bytes()
    (top / GRAPH).write_bytes(content[: at(content)])


def test_without_a_model_or_a_graph_that_is_said_once(made: Path, tmp_path: Path) -> None:
    problems = told(made, tmp_path / "a", lambda top: shutil.rmtree(top / "data/model"))
    assert [(one.file, one.code) for one in problems] == [
        ("data/model/", "MISSING"), ("data/model/small.yaml", "MISSING")
    ]  # fmt: skip
    problems = told(made, tmp_path / "b", lambda top: (top / GRAPH).unlink())
    assert [(one.file, one.code) for one in problems] == [(GRAPH, "MISSING")]


def test_a_graph_that_is_cut_off_breaks_at_a_line(made: Path, tmp_path: Path) -> None:
    lines = (made / GRAPH).read_bytes().splitlines(keepends=True)
    middle = len(b"".join(lines[:300])) + 20
    (one,) = told(made, tmp_path / "a", lambda top: cut(top, lambda _: middle))
    assert (one.file, one.line, one.code) == (GRAPH, 301, "FORM")
    first = told(made, tmp_path / "b", lambda top: cut(top, lambda _: middle - 20))[0]
    assert (first.file, first.code) == (GRAPH, "NOT_WHOLE")
    assert f"has 300 lines, and data/orggraph.json says {len(lines)}" in first.message


def test_a_line_that_is_none_is_told(made: Path, tmp_path: Path) -> None:
    (one,) = told(made, tmp_path / "a", change(GRAPH, '"王芳"', '"王芳'))
    number = next(at for at, line in enumerate((made / GRAPH).read_text("utf-8").split("\n"), 1) if '"王芳"' in line)
    assert (one.file, one.line, one.code) == (GRAPH, number, "FORM")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("zh: 人员", "zh: 人人"),
        ("staff: {type", "stuff: {type"),
        ("founded: {type: date,", "founded: {type: date, required: true,"),
        ("example.org/小/", "example.org/大/"),
    ],
)
def test_a_model_that_was_changed_is_named_first(made: Path, tmp_path: Path, old: str, new: str) -> None:
    problems = told(made, tmp_path / "a", change("data/model/small.yaml", old, new))
    assert (problems[0].file, problems[0].code) == ("data/model/small.yaml", "MODEL")
    pages = [one.file.startswith("data/html/") for one in problems]
    assert pages == sorted(pages)


def test_a_model_that_is_none_is_told_with_its_line(made: Path, tmp_path: Path) -> None:
    problems = told(made, tmp_path / "a", change("data/model/small.yaml", "kinds:", "kinds: ["))
    assert (problems[0].file, problems[0].code) == ("data/model/small.yaml", "YAML")
    assert {one.file for one in problems} == {"data/model/small.yaml", "data/model/"}


def test_of_many_problems_people_are_told_twenty(made: Path, tmp_path: Path) -> None:
    top = tmp_path / "bag"
    shutil.copytree(made, top)
    for number in range(30):
        (top / f"data/html/{number:02}.html").write_text("x")
    reseal(top)
    done = orggraph("export", "check", str(top))
    assert done.stdout.count("UNKNOWN") == 21
    assert "\n20 rows\n" in done.stdout
    assert "and 10 more problems of the kind UNKNOWN; --format json tells more of them\n" in done.stdout
    kept = json.loads(orggraph("export", "check", str(top), "--format", "json").stdout)["problems"]
    assert len(kept) == 30


def test_the_line_of_a_graph_is_the_first_that_differs_and_it_says_so(made: Path, tmp_path: Path) -> None:
    """An interval stands before the date that it follows from."""
    lines = (made / GRAPH).read_text("utf-8").split("\n")
    dated = next(at for at, line in enumerate(lines) if '/c1> <https://orggraph.example/ns#from> "2015-03"' in line)
    interval = next(
        at for at, line in enumerate(lines) if '/c1#during> <http://www.w3.org/ns/dcat#startDate> "2' in line
    )
    assert interval < dated
    first = told(made, tmp_path / "a", change(GRAPH, lines[dated], lines[dated].replace("2015-03", "2015-04")))[0]
    assert (first.file, first.line, first.code) == (GRAPH, interval + 1, "NOT_WHOLE")
    assert "a line was changed (it may stand further on)" in first.message
