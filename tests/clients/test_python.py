"""Python clients and schemathesis, each in an environment of its own, against a real service.

They ask with an older graphql-core than ours, so `make` installs them into `.venv/clients`, pinned.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.conftest import HERE, served

BIN = Path(sys.prefix) / "clients" / "bin"
KEYS = "s-wang s-chen f-let k-senate c-optics i-neuro co-lin r-101 roll h-3 m-1 t-1 u-neuro-1 d-2"


@pytest.fixture
def programs(tmp_path: Path, service_of: Callable[[str], str]) -> Path:
    """A folder with the programs, the document that they ask and the schema that is served."""
    shutil.copytree(HERE / "programs", tmp_path, dirs_exist_ok=True)
    shutil.copy(HERE / "documents" / "university" / "python.graphql", tmp_path)
    (tmp_path / "schema.graphql").write_text(served(service_of("university"), "/schema.graphql"), "utf-8")
    return tmp_path


def said(folder: Path, command: str, *arguments: str, **environment: str) -> str:
    """What a command of the clients' environment prints; raises AssertionError with it if it fails."""
    assert (BIN / command).exists(), f"there is no {command} here: make clients"
    done = subprocess.run(
        [BIN / command, *arguments],
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_gql_validates_and_parses(programs: Path, service_of: Callable[[str], str]) -> None:
    assert "gql: ok" in said(programs, "python", "ask_with_gql.py", service_of("university"))


def test_a_generated_client_is_typed(programs: Path, service_of: Callable[[str], str]) -> None:
    said(programs, "ariadne-codegen", "--config", "ariadne.toml", "client")
    assert "ariadne-codegen: ok" in said(programs, "python", "ask_with_ariadne.py", service_of("university"))
    said(programs, "mypy", "--strict", "university", "ask_with_ariadne.py", "ask_with_gql.py", "copy_of_the_graph.py")


def test_schemathesis_finds_no_failure(programs: Path, service_of: Callable[[str], str]) -> None:
    given = ["run", "schema.graphql", "--url", f"{service_of('university')}/graphql", "--seed", "7"]
    bounds = ["--max-examples", "3", "--phases", "fuzzing", "--no-shrink"]
    told = said(
        programs,
        "schemathesis",
        *given,
        *bounds,
        SCHEMATHESIS_HOOKS="checked_by_schemathesis",
        PYTHONPATH=str(programs),
        ORGGRAPH_SDL=str(programs / "schema.graphql"),
        ORGGRAPH_KEYS=KEYS,
    )
    assert re.search(r"([1-9]\d*) generated, \1 passed", told), told
