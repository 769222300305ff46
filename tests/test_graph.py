"""A graph from Python: what the README shows, answers as rows and frames, loading, what is refused."""

from __future__ import annotations

import builtins
import re
import subprocess
import sys
from pathlib import Path

import pytest

import orggraph
from orggraph.errors import LoadError, OperationError, OrggraphError, StoreError
from orggraph.graph import Graph
from tests.conftest import ROOT
from tests.small_model import FILES, MODEL, put

ASKED = "query($day: Date) { at(date: $day) { offices { nodes { key name chiefs { edges { certainty node { name } } } } } } }"


@pytest.fixture
def graph(tmp_path: Path) -> Graph:
    (tmp_path / "model.yaml").write_text(MODEL, "utf-8")
    made = orggraph.open(tmp_path / "small.db", tmp_path / "model.yaml")
    (report,) = made.load(put(tmp_path / "in", FILES))
    assert report.added == 9
    return made


def test_importing_it_imports_nothing_else() -> None:
    told = "import sys, orggraph; print([one for one in sys.modules if one.partition('.')[0] in ('apsw', 'graphql', 'msgspec', 'yaml')])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_answer_is_nested_and_a_table(graph: Graph) -> None:
    answer = graph.query(ASKED, day="2019-06-30")
    assert answer.load == 1
    assert [one["name"] for one in answer["at"]["offices"]["nodes"]] == ["水务局", "林草局"]
    assert [list(row.values()) for row in answer.rows] == [
        ["o1", "水务局", "POSSIBLE", "李𠮷"],
        ["o2", "林草局", None, None],
    ]
    assert list(answer.rows[0]) == answer.columns


def test_a_question_that_has_a_name_is_asked_by_it(graph: Graph, tmp_path: Path) -> None:
    folder = tmp_path / "queries" / "1-chiefs"
    folder.mkdir(parents=True)
    (folder / "query.graphql").write_text(
        "query Chiefs($date: Date) { at(date: $date) { offices { nodes { office: name } } } }", "utf-8"
    )
    words = "{zh: 日期, en: day, default: '2019-06-30'}"
    column = "{zh: 机关, en: office}"
    (folder / "question.yaml").write_text(
        f"title: {{zh: 机关, en: offices}}\nanswers: {{zh: 机关。, en: Offices.}}\nparameters:\n  date: {words}\n"
        f"rows: offices.nodes\ncolumns:\n  office: {column}\n",
        "utf-8",
    )
    asked = graph.ask("chiefs", questions=folder.parent, date="2019-06-30")
    assert (asked.title, asked.load, asked.rows) == ("机关", 1, [{"office": "水务局"}, {"office": "林草局"}])
    assert list(asked.to_pandas()["office"]) == ["水务局", "林草局"]
    with pytest.raises(OrggraphError, match="date"):
        graph.ask("chiefs", questions=folder.parent, day="2019-06-30")


def test_frames_have_the_same_rows(graph: Graph) -> None:
    answer = graph.query(ASKED, {"day": "2020-01-01"})
    pandas, polars = answer.to_pandas(), answer.to_polars()
    assert list(pandas.columns) == polars.columns == answer.columns
    assert polars.rows(named=True) == answer.rows
    assert pandas.astype(object).where(pandas.notna(), None).to_dict("records") == answer.rows
    assert (pandas[answer.columns[2]] == "CERTAIN").sum() == 1


def test_what_is_exported_is_corrected_and_asked_as_it_was(graph: Graph, tmp_path: Path) -> None:
    assert graph.export("Office", to=tmp_path / "out", words="zh") == {"Office": 2}
    text = (tmp_path / "out" / "机关.csv").read_text("utf-8")
    put(tmp_path / "new", {"机关.csv": text.replace("水务局", "水利局")})
    (tried,) = graph.load(tmp_path / "new", dry_run=True)
    assert (tried.number, tried.corrected) == (None, 1)
    (report,) = graph.load(tmp_path / "new")
    assert (report.number, report.corrected) == (2, 1)
    names = "query($load: Int) { at(load: $load) { offices { nodes { name } } } }"
    assert [row["name"] for row in graph.query(names).rows] == ["水利局", "林草局"]
    assert [row["name"] for row in graph.query(names, load=1).rows] == ["水务局", "林草局"]
    assert graph.query(tmp_written(tmp_path)).rows == [{"name": "王芳"}, {"name": "李𠮷"}]


def tmp_written(folder: Path) -> Path:
    path = folder / "people.graphql"
    path.write_text("{ persons { nodes { name } } }", "utf-8")
    return path


def test_what_is_refused_says_so(graph: Graph, tmp_path: Path) -> None:
    with pytest.raises(OperationError) as refused:
        graph.query("{ nothing }")
    assert refused.value.code == "INVALID_DOCUMENT"
    with pytest.raises(OrggraphError, match="no variable \\$dya"):
        graph.query(ASKED, dya="2020-01-01")
    with pytest.raises(LoadError, match="is no kind or relation"):
        graph.load(put(tmp_path / "bad", {"Nobody.csv": "key\nx\n"}))
    with pytest.raises(StoreError, match="there is no store"):
        orggraph.open(tmp_path / "none.db")
    graph.close()
    with orggraph.open(tmp_path / "small.db") as again:
        assert again.model.name == "small"


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_library_that_is_not_installed_is_named(graph: Graph, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(OrggraphError, match=re.escape(f"pip install 'orggraph[{library}]'")):
        getattr(graph.query(ASKED), f"to_{library}")()


def test_the_readme_s_lines_say_what_they_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    text = next(block for block in blocks() if "orggraph.open" in block).replace(
        '"graph.db"', repr(str(tmp_path / "graph.db"))
    )
    text = text.replace('"sources.csv"', repr(str(tmp_path / "sources.csv")))
    wanted = [line.partition("  # ")[2] for line in text.splitlines() if line.startswith("    print(")]
    exec(builtins.compile(text, "README.md", "exec"), {})
    assert capsys.readouterr().out.splitlines() == wanted
    assert wanted


def blocks() -> list[str]:
    return re.findall(r"^```py\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_a_question_is_asked_as_it_was_known_and_with_keys(graph: Graph, tmp_path: Path) -> None:
    folder = tmp_path / "queries" / "offices"
    folder.mkdir(parents=True)
    (folder / "query.graphql").write_text("{ offices { nodes { office: name } } }", "utf-8")
    words = "{zh: 机关, en: offices}"
    (folder / "question.yaml").write_text(f"title: {words}\nanswers: {words}\ncolumns: {{office: {words}}}\n", "utf-8")
    (report,) = graph.load(put(tmp_path / "new", {"机关.csv": "key,name\no1,水利局\n"}))
    assert report.number == 2
    now = graph.ask("offices", questions=folder.parent, keys=True)
    then = graph.ask("offices", questions=folder.parent, load=1)
    assert (now.load, now.rows[0]) == (2, {"office": "水利局", "officeKey": "o1"})
    assert (then.load, then.rows[0]) == (1, {"office": "水务局"})
