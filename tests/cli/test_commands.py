"""Commands as their user meets them: exit status, what is printed, and help with an example."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

ORGGRAPH = Path(sys.executable).parent / "orggraph"
ROOT = Path(__file__).parents[2]


def run(*arguments: str | Path, status: int = 0) -> str:
    done = subprocess.run([ORGGRAPH, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == status, done.stderr
    return done.stdout if status == 0 else done.stderr


@pytest.mark.parametrize(
    "command", ["load", "serve", "token", "query", "explain", "generate", "model lint", "model derive"]
)
def test_help_has_an_example(command: str) -> None:
    assert f"Example: orggraph {command}" in " ".join(run(*command.split(), "--help").split())


def test_the_flagship_is_an_aligned_table_of_70_rows(store_of: Callable[[str], Path]) -> None:
    document = ROOT / "queries" / "01-unit-deputies-cover-communities" / "query.graphql"
    printed = run("query", document, "-v", "date=2020-03-31", "--store", store_of("changji"), "--format", "table")
    lines = [line for line in printed.splitlines() if "（示例）" in line]
    assert len(lines) == 70
    assert printed.rstrip().endswith("70 rows")
    columns = {
        len(line.partition("CERTAIN")[0].encode("gb18030", "replace"))
        for line in lines
        if "𠮷" not in line and "𬭚" not in line
    }
    assert len(columns - {min(columns)}) <= 2  # rare characters may be narrower in this encoding, nothing else


def test_explain_shows_plan_statement_and_database(store_of: Callable[[str], Path]) -> None:
    printed = run(
        "explain", "{ chairs(where: {holder: {isNull: true}}) { nodes { name } } }", "--store", store_of("university")
    )
    for part in ("# plan", "Listing", "Negation", "# statement", "SELECT CAST(", "# database", "SEARCH"):
        assert part in printed


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["query", "{ __typename }", "--store", "nowhere.db"], 1, "there is no store"),
        (["load", "nowhere", "--store", "new.db", "--model", "tests/models/minimal"], 1, "is not there"),
        (["model", "lint", "tests/nowhere"], 1, "has no model"),
        (["query"], 2, "Missing argument"),
        (["nonsense"], 2, "No such command"),
        (["query", "nofile.graphql", "--store", "x.db"], 1, "give a document or a file"),
        (["query", "{ __typename }", "--url", "http://127.0.0.1:9/graphql"], 1, "is the service running"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_trace(arguments: list[str], status: int, words: str) -> None:
    told = run(*arguments, status=status)
    assert words in told
    assert "Traceback" not in told


def test_generate_is_deterministic_and_the_seed_is_what_it_makes(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        run("generate", ROOT / "seeds" / "changji", "-o", folder)
    made = sorted(path.relative_to(folders[0]) for path in folders[0].rglob("*.csv"))
    committed = {path.relative_to(ROOT / "seeds" / "changji") for path in (ROOT / "seeds" / "changji").rglob("*.csv")}
    assert set(made) == {path for path in committed if ".article" not in path.name}
    for path in made:
        text = (folders[0] / path).read_bytes()
        assert text == (folders[1] / path).read_bytes()
        assert text == (ROOT / "seeds" / "changji" / path).read_bytes(), (
            f"{path}: run orggraph generate seeds/changji -o seeds/changji --force"
        )


def test_json_comes_out_as_it_is(store_of: Callable[[str], Path]) -> None:
    printed = run(
        "query", '{ at(date: "2019-06-15") { scholar(key: "s-wang") { name } } }', "--store", store_of("university")
    )
    assert json.loads(printed)["data"]["at"]["scholar"]["name"] == "王𠮷"


MEMBERS = """{ clubs { nodes { key members { edges { node { ... on Player { player: name } } certainty
  record { fee valid { from { value } } } } } } } }"""


def test_an_answer_goes_into_a_file_whose_ending_says_the_format(
    store_of: Callable[[str], Path], tmp_path: Path
) -> None:
    asked: list[str | Path] = ["query", MEMBERS, "--store", store_of("minimal"), "-o"]
    for ending in ("xlsx", "csv", "json"):
        assert run(*asked, tmp_path / f"out.{ending}") == f"{tmp_path}/out.{ending}: the answer of load 1\n"
    rows = CalamineWorkbook.from_path(tmp_path / "out.xlsx").get_sheet_by_index(0).to_python()
    assert rows[0] == ["key", "player", "certainty", "fee", "value"]
    assert rows[1] == ["c1", "李雷", "CERTAIN", 120.0, "2023-04"]
    assert rows[2][4] == date(2024, 2, 29)
    assert (tmp_path / "out.csv").read_text("utf-8").startswith("\ufeffkey,player,certainty,fee,value\n")
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["extensions"]["load"] == 1
    assert run("query", MEMBERS, "--store", store_of("minimal"), "--format", "csv").startswith("key,player,")
    assert "-o FILE.xlsx" in run("query", MEMBERS, "--format", "xlsx", status=2)
    assert "write .json" in run(*asked, tmp_path / "out.pdf", status=2)


def test_columns_are_those_of_the_document_whatever_its_answer_has(store_of: Callable[[str], Path]) -> None:
    asked: list[str | Path] = ["query", "--store", store_of("minimal"), "--format", "csv"]
    nobody = MEMBERS.replace("clubs {", 'at(date: "1990-01-01") { clubs {') + "}"
    assert run(*asked, nobody).splitlines()[0] == "key,player,certainty,fee,value"
    after = '{ player(key: "p1") { name memberships { nodes { club: name } } key } }'
    assert run(*asked, after).splitlines() == ["name,club,key", "李雷,东城棋社,p1"]
