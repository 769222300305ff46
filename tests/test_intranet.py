"""Files for a machine: what judges such files judges them, and their commands run."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT
from tests.programs import program
from tests.running import free_port, running

ORGGRAPH = Path(sys.executable).with_name("orggraph")
FILES = ROOT / "src" / "orggraph" / "service" / "intranet"
UNIT, CONTAINERFILE = FILES / "orggraph.service", FILES / "Containerfile"


@pytest.fixture
def machine(tmp_path: Path, store_of: Callable[[str], Path]) -> Path:
    """A folder that stands for a machine: a store, and tokens made as the README says."""
    shutil.copy(store_of("minimal"), tmp_path / "graph.db")
    subprocess.run([ORGGRAPH, "token", "alice", "--tokens", tmp_path / "tokens.txt"], check=True, capture_output=True)
    return tmp_path


def moved(text: str, machine: Path) -> str:
    """A command with the paths of that folder in place of a machine's."""
    places = {
        "/var/lib/orggraph": machine,
        "/etc/orggraph": machine,
        "/data": machine,
        "/opt/orggraph/bin": ORGGRAPH.parent,
    }
    for place, here in places.items():
        text = text.replace(place, str(here))
    return text


@contextmanager
def guarded(command: list[str], machine: Path) -> Iterator[int]:
    """The command serves on the port that is given: it wants a token, and is called by the name that was allowed."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/graphql"
    with running([*command, "--port", str(port)], url, machine / "said"):
        refused = httpx.get(url, headers={"host": "graph.example"})
        assert refused.json()["errors"][0]["extensions"]["code"] == "TOKEN_MISSING"
        assert httpx.get(url, headers={"host": "other.example"}).status_code == 421
        yield port


def test_systemd_finds_no_fault_in_the_unit_and_it_is_shut_in(tmp_path: Path) -> None:
    judge = program("systemd-analyze")
    unit = tmp_path / "orggraph.service"
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/orggraph/bin", str(ORGGRAPH.parent)))
    verified = subprocess.run([judge, "verify", unit], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")
    shut = [judge, "security", "--offline=yes", "--threshold=20", str(unit)]
    assert subprocess.run(shut, capture_output=True, check=False).returncode == 0, "exposure above 2.0 of 10"


def test_the_command_of_the_unit_serves(machine: Path) -> None:
    text = UNIT.read_text("utf-8").replace("\\\n", " ")
    command = re.search(r"^ExecStart=(.*)$", text, re.MULTILINE)
    assert command
    with guarded(shlex.split(moved(command[1], machine)), machine):
        pass


def test_the_judge_of_container_files_finds_no_fault() -> None:
    judged = subprocess.run(
        [ORGGRAPH.with_name("hadolint"), CONTAINERFILE], capture_output=True, text=True, check=False
    )
    assert (judged.returncode, judged.stdout) == (0, "")


def test_what_the_container_copies_is_made_and_what_it_runs_serves(machine: Path) -> None:
    text = CONTAINERFILE.read_text("utf-8").replace("\\\n", " ")
    copied = re.findall(r"^COPY (.*) /wheel/$", text, re.MULTILINE)[0].split()
    assert (ROOT / copied[0]).is_file()
    assert (copied[1], "--wheel-dir dist" in (ROOT / "Makefile").read_text()) == ("dist/orggraph-*.whl", True)
    found = re.findall(r"^(?:HEALTHCHECK CMD|ENTRYPOINT|CMD) (.*)$", text, re.MULTILINE)
    health, entry, command = (json.loads(one) for one in found)
    assert (health[0], entry) == ("python", ["orggraph"])
    with guarded([str(ORGGRAPH), *(moved(part, machine) for part in command)], machine) as port:
        healthy = [sys.executable, *(part.replace("8000", str(port)) for part in health[1:])]
        assert subprocess.run(healthy, capture_output=True, check=False).returncode == 0
    assert subprocess.run(healthy, capture_output=True, check=False).returncode != 0
