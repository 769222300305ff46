"""``orggraph load`` and files as a user has them: keys that are missing, files that are none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.cli.test_commands import run as done
from tests.small_model import FILES, MODEL, put

ORGGRAPH = Path(sys.executable).parent / "orggraph"

SPOKEN = """
model: {name: chess, label: {zh: 棋社, en: chess clubs}, iri: "https://example.org/chess/"}
terms: {Rank: {label: {zh: 等级, en: rank}, terms: {master: {zh: 大师, en: master}, amateur: {zh: 业余, en: amateur}}}}
kinds:
  Player:
    label: {zh: 棋手, en: player}
    plural: players
    fields: {rank: {type: Rank, label: {zh: 等级, en: rank}}, active: {type: boolean, label: {zh: 在役, en: active}}}
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder.parent / "small.yaml").write_text(MODEL, "utf-8")
    model, store = str(folder.parent / "small.yaml"), str(folder.parent / "small.db")
    command = [str(ORGGRAPH), "load", str(folder), "--store", store, "--model", model, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_missing_keys_are_written_and_the_load_goes_on(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", FILES | {"区.csv": "名称\n一区\n", "README.md": ""})
    done = run(folder, "--assign-keys")
    assert done.stdout == "load 1: 10 rows of 5 files: 10 added, 0 corrected, 0 withdrawn\n"
    assert done.stderr == f"{folder}/区.csv: 1 rows got a key\npassed over: {folder}/README.md\n"
    assert (folder / "区.csv").read_text("utf-8") == "名称,键\n一区,area-yiqu\n"


def test_a_key_that_the_store_has_is_given_to_no_other_row(tmp_path: Path) -> None:
    assert run(put(tmp_path / "in", {"区.csv": "key,名称\narea-yiqu,一区\n"})).returncode == 0
    done = run(put(tmp_path / "in", {"区.csv": "名称\n一区\n"}), "--assign-keys", "--format", "json")
    assert json.loads(done.stdout)[0]["added"] == 1
    assert (tmp_path / "in" / "区.csv").read_text("utf-8") == "名称,键\n一区,area-yiqu-2\n"


def test_files_that_cannot_be_read_are_told_and_get_no_keys(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", {"区.csv": "名称\n一区\n", "人员.csv": 'name\n"a\n'})
    done = run(folder, "--assign-keys", "--format", "json")
    assert done.returncode == 1
    assert [one["code"] for one in json.loads(done.stdout)["problems"]] == ["CSV"]
    assert (folder / "区.csv").read_text("utf-8") == "名称\n一区\n"
    assert run(folder, "--assign-keys", "--dry-run").returncode == 2


def test_after_a_first_load_that_was_killed_the_same_command_makes_the_store(tmp_path: Path) -> None:
    store = put(tmp_path / "out", {"s.db": b""}) / "s.db"
    table = put(tmp_path / "in", {"Person.csv": "key,name\np1,王芳\n"})
    command = [str(ORGGRAPH), "load", str(table), "--store", str(store)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout == "load 1: 1 rows of 1 files: 1 added, 0 corrected, 0 withdrawn\n", done.stderr


def test_the_encoding_of_csv_may_be_said(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", {"区.csv": "key,name\na1,Örtli é à\n".encode("cp1252")})
    refused = run(folder)
    assert refused.returncode == 1
    assert "--encoding gb18030, for example" in refused.stderr
    assert run(folder, "--encoding", "windows-1252").stdout.startswith("load 1: 1 rows")
    assert [
        run(folder, "--encoding", "hex").returncode,
        run(folder, "--encoding", "cp1252", "--assign-keys").returncode,
    ] == [2, 2]


def test_what_a_load_leaves_hanging_is_said_beside_its_answer(tmp_path: Path) -> None:
    assert run(put(tmp_path / "in", FILES)).stderr == ""
    done = run(put(tmp_path / "gone", {"office.csv": "key,withdrawn\no1,yes\n"}))
    assert done.stdout == "load 2: 1 rows of 1 files: 0 added, 0 corrected, 1 withdrawn\n"
    assert done.stderr.startswith(
        f"warning: {tmp_path}/gone/office.csv:2 withdrawn: o1 is there no more, and 2 records"
    )


def test_what_would_change_and_what_changed_is_told_in_words(tmp_path: Path) -> None:
    model, data, store = tmp_path / "model.yaml", tmp_path / "data", tmp_path / "words.db"
    model.write_text(SPOKEN, "utf-8")
    data.mkdir()
    (data / "Player.csv").write_text("key,name,rank,active\np1,李雷,amateur,false\n", "utf-8")
    done("load", data, "--store", store, "--model", model)
    (data / "Player.csv").write_text("key,name,rank,active\np1,李雷,master,true\n", "utf-8")
    tried = done("load", data, "--store", store, "--dry-run", "--lang", "zh")
    for line in ("变动 表 键 起 列 之前 之后", "更正 棋手 p1 等级 业余 大师", "更正 棋手 p1 在役 否 是"):
        assert line in "\n".join(" ".join(one.split()) for one in tried.splitlines())
    assert "corrected Player p1 rank amateur master" in " ".join(
        done("load", data, "--store", store, "--dry-run").split()
    )
    done("load", data, "--store", store)
    told = done("changes", "--since", "1", "--store", store, "--lang", "zh", "--format", "csv").splitlines()
    assert told == ["装载,变动,表,键,列,之前,之后", "2,更正,棋手,p1,等级,业余,大师", "2,更正,棋手,p1,在役,否,是"]
    assert "2,CORRECTED,player,p1,rank,amateur,master" in done(
        "changes", "--since", "1", "--store", store, "--lang", "en", "--format", "csv"
    )
