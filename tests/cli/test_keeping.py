"""Commands that keep a store: check, migrate, backup, restore, purge, loads; and what differs between two models."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
from typer.testing import CliRunner, Result

from orggraph.cli import command_line
from orggraph.errors import StoreError
from orggraph.model import model_of
from orggraph.stores.sqlite.facts import measure_facts
from orggraph.stores.sqlite.opening import meta
from tests.conftest import MODELS

MODEL = MODELS["university"][0] / "model.yaml"


@pytest.fixture
def store(store_of: Callable[[str], Path], tmp_path: Path) -> Path:
    return Path(shutil.copy(store_of("university"), tmp_path / "university.db"))


def run(*arguments: str | Path, say: str | None = None) -> Result:
    return CliRunner().invoke(command_line(), [str(one) for one in arguments], input=say)


def changed(tmp_path: Path, before: str, after: str) -> Path:
    text = MODEL.read_text("utf-8")
    assert before in text
    model = tmp_path / "changed.yaml"
    model.write_text(text.replace(before, after), "utf-8")
    return model


@pytest.mark.parametrize("command", ["check", "migrate", "backup", "restore", "purge", "loads", "model diff"])
def test_help_has_an_example_and_says_it_in_chinese(command: str) -> None:
    told = " ".join(run(*command.split(), "--help").output.split())
    assert f"Example: orggraph {command}" in told
    if " " not in command:
        listed = next(line for line in run("--help").output.splitlines() if line.split()[:1] == [command])
        assert " · " in listed
        assert any("一" <= character <= "龥" for character in listed)


def test_a_sound_store_is_clean(store: Path) -> None:
    done = run("check", "--store", store)
    assert done.exit_code == 0
    assert "70 versions of 2 loads: 0 problems, 0 warnings" in done.output
    said = json.loads(run("check", "--store", store, "--format", "json").output)
    assert (said["problems"], said["versions"], said["loads"], said["purges"]) == ([], 70, 2, [])


def test_a_damaged_store_has_problems_with_their_place_and_what_to_do(store: Path) -> None:
    connection = apsw.Connection(str(store))
    connection.execute("UPDATE r_Holds SET _rank = 'emeritus' WHERE n = 3")
    connection.close()
    done = run("check", "--store", store)
    assert done.exit_code == 1
    assert "r_Holds:3" in done.output
    assert "1 problems, 0 warnings" in done.output
    (problem,) = json.loads(run("check", "--store", store, "--format", "json").output)["problems"]
    assert problem == {
        "file": "r_Holds", "line": 3, "column": "rank", "code": "VALUE", "value": "emeritus",
        "message": "is no term of its code list", "mend": "restore a backup, or take it back and load it anew",
    }  # fmt: skip


def test_warnings_are_no_problems(store: Path) -> None:
    connection = apsw.Connection(str(store))
    life = "w_from = '2015', f0 = 735599, f1 = 735963, g0 = 735599, g1 = 735963"
    connection.execute(f"UPDATE k_Chair SET {life} WHERE e = (SELECT e FROM entity WHERE key = 'c-algebra')")
    measure_facts(connection, model_of(meta(connection, store)[0]), {"Chair"})
    connection.close()
    done = run("check", "--store", store)
    assert done.exit_code == 0, done.output
    assert "OUTSIDE_LIFE" in done.output
    assert "1 warnings" in done.output


def test_what_adds_is_told_and_carried_over(store: Path, tmp_path: Path) -> None:
    model = changed(
        tmp_path, "seats: {type: int,", "floor: {type: int, label: {zh: 楼层, en: floor}}, seats: {type: int,"
    )
    told = run("model", "diff", MODEL, model)
    assert told.exit_code == 0
    assert "0 of 1 changes break a client" in told.output
    assert json.loads(run("model", "diff", MODEL, model, "--format", "json").output) == [
        {
            "name": "Room.floor",
            "part": "field",
            "what": "added",
            "before": "",
            "after": "floor",
            "breaks": False,
            "why": "",
        }
    ]
    tried = run("migrate", "--store", store, "--model", model, "--dry-run")
    assert "1 changes would be carried over" in tried.output
    done = run("migrate", "--store", store, "--model", model)
    assert (done.exit_code, done.output.splitlines()[0]) == (0, "Room.floor: field added")
    asked = run("query", "{ rooms { nodes { key seats floor } } }", "--store", store, "--format", "csv")
    assert asked.output.splitlines()[:2] == ["key,seats,floor", "r-101,120,"]
    assert run("check", "--store", store).exit_code == 0


def test_what_breaks_is_told_and_refused(store: Path, tmp_path: Path) -> None:
    model = changed(
        tmp_path,
        "{name: scholar, kind: Scholar, singular: chairHeld",
        "{name: holder, kind: Scholar, singular: chairHeld",
    )
    told = run("model", "diff", MODEL, model)
    assert told.exit_code == 1
    assert "Holds.scholar" in told.output
    refused = run("migrate", "--store", store, "--model", model)
    assert refused.exit_code == 1
    assert isinstance(refused.exception, StoreError)
    assert "Holds.scholar: name scholar → holder" in refused.exception.message


def test_one_model_is_the_same_as_itself() -> None:
    done = run("model", "diff", MODEL, MODEL)
    assert (done.exit_code, done.output) == (0, "the two say the same\n")
    assert run("model", "diff", MODEL, MODEL, "--format", "json").output == "[]\n"
    assert run("model", "diff", MODEL).exit_code == 2


def test_a_backup_comes_back(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    done = run("backup", "--store", store, copy)
    assert done.exit_code == 0
    assert "load 2" in done.output
    assert run("purge", "s-wu", "--why", "asked", "--yes", "--store", store).exit_code == 0
    for again in (run("backup", "--store", store, copy), run("restore", copy, "--store", store)):
        assert again.exit_code == 1
        assert "--force overwrites it" in str(again.exception)
    assert run("restore", copy, "--store", store, "--force").exit_code == 0
    asked = run("query", '{ scholar(key: "s-wu") { name } }', "--store", store, "--format", "csv")
    assert asked.output.splitlines() == ["name", "吴静"]
    assert run("restore", copy, "--store", tmp_path / "new.db").output == done.output.replace("copy.db", "new.db")


def test_a_purge_asks_first_and_leaves_a_mark(store: Path) -> None:
    left = run("purge", "s-wang", "--field", "homepage", "--why", "a private page", "--store", store, say="n\n")
    assert left.exit_code == 1
    assert "k_Scholar: 1 versions of 1 would lose homepage" in left.output
    assert b"~wang" in store.read_bytes()
    done = run("purge", "s-wang", "--field", "homepage", "--why", "a private page", "--store", store, say="y\n")
    assert done.exit_code == 0
    assert "k_Scholar: 1 versions of 1 lost homepage" in done.output
    assert b"~wang" not in store.read_bytes()
    for command in (("loads",), ("check",)):
        told = run(*command, "--store", store)
        assert told.exit_code == 0
        assert "a private page" in told.output
    said = json.loads(run("loads", "--store", store, "--format", "json").output)
    assert [one["number"] for one in said["loads"]] == [1, 2]
    assert [(one["table"], one["field"], one["versions"]) for one in said["purges"]] == [("k_Scholar", "homepage", 1)]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["purge", "--why", "x"], 2, "name the keys"),
        (["purge", "a", "--finish"], 2, "--finish takes no keys"),
        (["purge", "s-wu", "--yes"], 1, "say why"),
        (["check", "--format", "xml"], 2, "is not one of"),
        (["migrate"], 2, "Missing option"),
        (["backup"], 2, "Missing argument"),
    ],
)
def test_misuse_is_told(arguments: list[str], status: int, words: str, store: Path) -> None:
    told = run(*arguments, "--store", store)
    assert told.exit_code == status
    assert words in f"{told.output} {told.exception}"


@pytest.mark.parametrize(
    "command",
    [["check"], ["loads"], ["backup", "x.db"], ["purge", "k", "--why", "x"], ["migrate", "--model", str(MODEL)]],
)
def test_a_store_that_is_not_there_is_not_made(command: list[str], tmp_path: Path) -> None:
    told = run(*command, "--store", tmp_path / "none.db")
    assert told.exit_code == 1
    assert "there is no store" in str(told.exception)
    assert not list(tmp_path.iterdir())


def test_the_graph_is_judged_by_its_shapes(store: Path) -> None:
    whole = run("check", "--shapes", "--store", store)
    assert whole.exit_code == 0
    assert "shapes: 0 violations" in whole.output  # in the language of all that check tells
    assert "0 处违反" in run("check", "--shapes", "--store", store, "--lang", "zh").output
    with apsw.Connection(str(store)) as connection:
        connection.execute("UPDATE r_Holds SET s = 0 WHERE k1 = 8388607")
    broken = run("check", "--shapes", "--store", store)
    assert broken.exit_code == 1
    assert "MinCount" in broken.output
    assert "what must be so" in broken.output
    told = json.loads(run("check", "--shapes", "--store", store, "--format", "json").output)
    assert told["conforms"] is False
    assert {one["component"].rpartition("#")[2] for one in told["results"]} == {"MinCountConstraintComponent"}
    assert set(told["results"][0]["message"]) == {"zh", "en"}
    assert run("check", "--shapes", "--questions", "--store", store).exit_code == 2
