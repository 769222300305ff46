"""``orggraph questions``, ``ask``, ``figures`` and ``check --questions`` as their user meets them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from orggraph.questions.checking import EVERYWHERE
from tests.cli.test_commands import ORGGRAPH, ROOT, run
from tests.questions.folders import DOCUMENT, put

Store = Callable[[str], Path]


@pytest.fixture
def here(store_of: Store, tmp_path: Path) -> list[str | Path]:
    """Options for the chess store and a folder with one question."""
    return ["--store", store_of("minimal"), "--questions", put(tmp_path / "queries")]


@pytest.mark.parametrize("command", ["questions", "ask", "figures", "check"])
def test_help_has_an_example(command: str) -> None:
    assert f"Example: orggraph {command}" in " ".join(run(command, "--help").split())


def test_questions_are_listed_with_what_they_take(here: list[str | Path]) -> None:
    assert "members   谁是会员" in run("questions", *here)
    assert "Who is a member" in run("questions", *here, "--lang", "en")
    assert "--day 2024-05-01 --certainty … --fee …" in run("questions", *here)
    assert json.loads(run("questions", *here, "--format", "json"))[0]["name"] == "members"


def test_a_question_is_asked_in_every_form(here: list[str | Path], tmp_path: Path) -> None:
    shown = run("ask", "members", *here, "--day", "2023-04-15", "--fee=110")
    assert shown.startswith("谁是会员 · 2023-04-15 · 110\n")
    assert "李雷" in shown
    assert "韩梅梅" not in shown
    assert shown.rstrip().endswith("社团数 1")
    assert json.loads(run("ask", "1", *here, "--format", "json"))["rows"][0]["player"] == "李雷"
    assert run("ask", "01-members", *here, "--format", "csv").startswith("\ufeff社团,会员,会费,确定程度,任期\n")
    assert run("ask", "members", *here, "--format", "markdown", "--lang", "en").startswith("| club | member |")
    for ending in ("csv", "json", "md", "xlsx"):
        told = run("ask", "members", *here, "-o", tmp_path / f"members.{ending}")
        assert told == f"{tmp_path}/members.{ending}: 2 rows of load 1\n"
    book = CalamineWorkbook.from_path(tmp_path / "members.xlsx")
    assert book.get_sheet_by_index(0).to_python()[1] == ["东城棋社", "李雷", 120.0, "确定", "2023年4月起"]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["membres"], 1, "there is no question membres; did you mean members?"),
        (["members", "--dya", "1"], 1, "members has no parameter dya; it has day (Date, 2024-05-01)"),
        (["members", "--day", "2023-02-30"], 1, "2023-02-30"),
        (["members", "2023"], 2, "write a parameter as --name value"),
        (["members", "--fee", "1", "--fee", "2"], 2, "--fee is given twice"),
        (["members", "--format", "xlsx"], 2, "say where the workbook goes"),
        (["members", "-o", "members.txt"], 2, "a table is for reading here"),
    ],
)
def test_what_cannot_be_asked_is_said(here: list[str | Path], arguments: list[str], status: int, words: str) -> None:
    told = run("ask", *arguments, *here, status=status)
    assert words in " ".join(told.replace("│", " ").split())
    assert "Traceback" not in told


def test_a_cell_that_would_be_a_formula_is_text(store_of: Store, tmp_path: Path) -> None:
    document = "{ clubs { nodes { club: name } } }"
    entry = "title: {zh: =1+1, en: =1+1}\nanswers: {zh: 甲, en: a}\ncolumns:\n  club: {zh: =1+1, en: +1}\n"
    folder = put(tmp_path / "queries", "01-formula", document, entry)
    here: list[str | Path] = ["--store", store_of("minimal"), "--questions", folder]
    assert run("ask", "formula", *here, "--format", "csv").startswith("\ufeff'=1+1\n")
    run("ask", "formula", *here, "-o", tmp_path / "a.xlsx")
    sheet = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_index(0)
    assert sheet.to_python()[0] == ["=1+1"]


def test_check_says_what_is_wrong_with_questions(store_of: Store, tmp_path: Path) -> None:
    folder = put(tmp_path / "queries")
    options: list[str | Path] = ["--questions", folder, "--store", store_of("minimal")]
    for same in (options, ["--folder", *options[1:], "--questions"]):  # the latter as it was
        assert run("check", *same) == "1 questions can be asked, 0 problems\n"
    assert "say --questions DIR" in " ".join(run("check", folder, status=2).replace("│", " ").split())
    put(folder, "02-wrong", DOCUMENT.replace("clubs", "clbus"))
    done = subprocess.run([ORGGRAPH, "check", *map(str, options)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "02-wrong/query.graphql:4" in done.stdout
    assert done.stdout.rstrip().endswith("1 questions can be asked, 1 problems")


def test_figures_are_set_beside_what_is_counted(store_of: Store, tmp_path: Path) -> None:
    store = store_of("changji")
    told = run("figures", "--store", store, "--date", "2018-01-20", status=1)
    assert "figures are not met" in told
    rows = json.loads(run("ask", "published-figures", "--store", store, "--format", "json"))["rows"]
    deputies = next(row for row in rows if row["value"] == 70 and row["line"] == ["11"])
    assert (deputies["met"], deputies["countedValue"]) == ("MET", 70)
    assert [row["met"] for row in rows if row["countedBy"] is None] == ["UNCOUNTED"]
    none = run("figures", "--store", store_of("minimal"), "--questions", put(tmp_path / "queries"), status=1)
    assert "no question of this folder has figures" in none


def test_keys_stand_beside_names(here: list[str | Path], store_of: Store) -> None:
    told = run("ask", "members", *here, "--keys", "--format", "csv").removeprefix("\ufeff").splitlines()
    assert told[0] == "社团,社团编号,会员,会员编号,会费,会费：记录编号,确定程度,任期"
    assert told[1] == "东城棋社,c1,李雷,p1,120,m1,确定,2023年4月起"
    flagship: list[str | Path] = [
        "ask",
        "1",
        "--store",
        store_of("changji"),
        "--keys",
        "--lang",
        "en",
        "--format",
        "json",
    ]
    first = json.loads(run(*flagship))["rows"][0]
    assert (first["unitKey"], first["deputyKey"], first["communityKey"]) == ("organ-1", "deputy-1", "community-1")
    assert (first["deputyRecord"], first["communityRecord"]) == (
        "deputyship-1",
        ["first-secretary-1", "joint-serves-1"],
    )
    refused = run("ask", "what-a-source-says", "--keys", "--store", store_of("changji"), status=1)
    assert "leave --keys out" in refused


def test_an_answer_is_as_it_was_known_at_a_load_or_a_moment(tmp_path: Path) -> None:
    (tmp_path / "model.yaml").write_text(
        (ROOT / "tests" / "models" / "minimal" / "model.yaml").read_text("utf-8"), "utf-8"
    )
    store, files = tmp_path / "chess.db", tmp_path / "data"
    shutil.copytree(ROOT / "tests" / "models" / "minimal" / "data", files)
    run("load", files, "--store", store, "--model", tmp_path / "model.yaml")
    between = datetime.now(UTC).isoformat()
    (files / "member.csv").write_text(
        (files / "member.csv").read_text("utf-8").replace("2023-04,,120", "2023-05,,90"), "utf-8"
    )
    run("load", files, "--store", store)
    asked: list[str | Path] = [
        "ask",
        "members",
        "--store",
        store,
        "--questions",
        put(tmp_path / "queries"),
        "--format",
        "json",
    ]
    answers = [
        json.loads(run(*asked, *known)) for known in ([], ["--load", "1"], ["--known-at", between], ["--load", "0"])
    ]
    assert [answer["load"] for answer in answers] == [2, 1, 1, 0]
    fees = [[row["fee"] for row in answer["rows"]] for answer in answers]
    assert [one[:1] for one in fees] == [[90], [120], [120], []]
    assert "there is no load" in run(*asked, "--load", "3", status=1)
    assert "not both" in run(*asked, "--load", "1", "--known-at", between, status=1)


def test_no_parameter_is_called_as_an_option_of_ask() -> None:
    options = {name.removeprefix("--") for name in re.findall(r"--[a-z-]+", run("ask", "--help"))}
    said = {name for name in options if "-" not in name} - {
        "date",
        "help",
    }  # a variable has no hyphen; the example's, and Typer's own
    assert {"force", "keys", "load"} <= said <= set(EVERYWHERE)
