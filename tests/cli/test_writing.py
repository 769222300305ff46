"""What commands write: nothing over what is there, unless by ``--force``; refused before there is work, in two languages."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cli.test_commands import ORGGRAPH, ROOT, run
from tests.questions.folders import DOCUMENT, put

Store = Callable[[str], Path]
EXISTS = "is there already; --force overwrites it · 已存在，加 --force 覆盖"

WRITING: dict[str, list[str | Path]] = {
    "ask.csv": ["ask", "members"],
    "ask.xlsx": ["ask", "members"],
    "query.json": ["query", DOCUMENT, "-v", "lang=ZH"],
    "graph.nq": ["export", "rdf"],
    "graph.ttl.gz": ["export", "rdf", "--at", "2024-05-01"],
    "graph.graphml": ["export", "graphml"],
    "graph.gexf": ["export", "gexf"],
    "Player.csv": ["export", "tables", "Player"],
    "tables.xlsx": ["export", "tables"],
    "template.xlsx": ["template"],
    "bag.zip": ["export", "bag"],
}
"""Commands by the file that they write."""


def asked(name: str, folder: Path) -> list[str | Path]:
    command = WRITING[name]
    questions: list[str | Path] = ["--questions", put(folder / "queries")] if command[0] == "ask" else []
    return [*command, *questions, "-o", folder / name]


@pytest.mark.parametrize("name", WRITING)
def test_a_file_that_is_there_stays(name: str, store_of: Store, tmp_path: Path) -> None:
    store = store_of("minimal")
    command = asked(name, tmp_path)
    file = tmp_path / name
    assert str(file) in run(*command, "--store", store)
    whole = file.read_bytes()
    file.write_text("mine")
    here = sorted(tmp_path.iterdir())
    for named in (store, tmp_path / "none.db"):  # a store is not even looked at
        assert run(*command, "--store", named, status=1) == f"orggraph: {file}: {EXISTS}\n"
    assert file.read_text() == "mine"
    if name == "bag.zip":  # of which only another bag takes the place
        assert "is no bag, so it is not overwritten" in run(*command, "--store", store, "--force", status=1)
        file.write_bytes(whole)
    run(*command, "--store", store, "--force")
    again = file.read_bytes()
    assert again == whole or name.endswith(".xlsx")  # which tell when they were made
    assert sorted(tmp_path.iterdir()) == here


def test_a_folder_whose_files_are_there_stays(store_of: Store, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    command: list[str | Path] = ["export", "tables", "--store", store_of("minimal"), "-o", folder]
    run(*command)
    (folder / "Player.csv").write_text("mine")
    assert EXISTS in run(*command, status=1)
    assert (folder / "Player.csv").read_text() == "mine"
    run(*command, "--force")
    assert (folder / "Player.csv").read_text("utf-8-sig").startswith("key,")


def test_what_is_generated_overwrites_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "graph"
    command: list[str | Path] = ["generate", ROOT / "seeds" / "changji", "-o", folder]
    run(*command)
    (file,) = folder.rglob("Community.csv")
    whole = file.read_bytes()
    file.write_text("mine")
    (folder / "notes.txt").write_text("mine")
    assert f"{EXISTS}\n" in run(*command, status=1)
    assert file.read_text() == "mine"
    run(*command, "--force")
    assert (file.read_bytes(), (folder / "notes.txt").read_text()) == (whole, "mine")
    assert [one.name for one in folder.parent.iterdir()] == ["graph"]


@pytest.mark.parametrize("name", ["ask.csv", "query.json", "graph.nq"])
def test_a_pipe_is_written_to(name: str, store_of: Store, tmp_path: Path) -> None:
    pipe, command = tmp_path / name, [*asked(name, tmp_path), "--store", store_of("minimal")]
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as reader:
        read = reader.submit(pipe.read_bytes)
        assert run(*command) == ""  # what is told goes to standard error: the pipe may be standard output
        whole = read.result()
    assert pipe.is_fifo()
    pipe.unlink()
    run(*command)
    assert pipe.read_bytes() == whole


@pytest.mark.parametrize("name", ["ask.csv", "query.json", "graph.nq"])
@pytest.mark.parametrize("standard", ["-", "/dev/stdout"])
def test_standard_output_may_be_said(name: str, standard: str, store_of: Store, tmp_path: Path) -> None:
    *command, _ = [*asked(name, tmp_path)]
    form: list[str] = [] if name == "graph.nq" else ["--format", name.partition(".")[2]]
    rest = ["--store", str(store_of("minimal")), *form]
    with (tmp_path / "out").open("wb") as out:
        out.write(b"before\n")
        out.flush()
        subprocess.run([ORGGRAPH, *command, standard, *rest], stdout=out, cwd=tmp_path, check=True)
    assert (tmp_path / "out").read_text("utf-8") == "before\n" + run(*command[:-1], *rest)
    assert Path("/dev/stdout").is_symlink()
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize(
    ("name", "format", "told"),
    [
        (
            "x.xml",
            (),
            ".xml is of no form; name it .nq (nquads), .nt (ntriples), .ttl (turtle), .trig (trig), .jsonld (jsonld), or",
        ),
        ("x.json.gz", (), ".json is of no form"),
        (
            "x.nq",
            ("--format", "turtle"),
            "is called as nquads is, and turtle is asked for; leave --format out or name it .ttl",
        ),
        ("x.TTL.zst", ("--format", "nquads"), "is called as turtle is"),
    ],
)
def test_a_file_of_rdf_is_not_called_as_another_form(
    name: str, format: tuple[str, ...], told: str, store_of: Store, tmp_path: Path
) -> None:
    assert told in run("export", "rdf", "--store", store_of("minimal"), "-o", tmp_path / name, *format, status=1)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "format", "begins"),
    [("x", (), b"<"), ("x.xml", ("--format", "turtle"), b"@prefix"), ("a.ttl.nq", (), b"<"), ("x.TTL", (), b"@prefix")],
)
def test_a_file_of_rdf_is_called_as_its_form_or_says_nothing(
    name: str, format: tuple[str, ...], begins: bytes, store_of: Store, tmp_path: Path
) -> None:
    run("export", "rdf", "--store", store_of("minimal"), "-o", tmp_path / name, *format)
    assert (tmp_path / name).read_bytes().startswith(begins)
