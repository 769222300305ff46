"""What is installed from a wheel works alone: in an environment of its own, in a folder of its own, without the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import ROOT
from tests.running import free_port, running

PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]


def run(*command: str | Path, cwd: Path) -> str:
    """What a command prints; nothing of this checkout or environment is in its reach."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """The wheel as `make wheel` builds it."""
    run(*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path / "dist", ROOT, cwd=tmp_path)
    return next((tmp_path / "dist").glob("*.whl"))


def test_a_wheel_holds_what_is_built_and_not_what_it_is_built_from(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name.split("/")[1] for name in names if name.startswith("orggraph/")} >= {"schema", "seeds", "queries"}
    pages = {name.removeprefix("orggraph/service/graphiql/") for name in names if "/graphiql/" in name}
    assert {"page.html", "missing.html", "built/manifest.json", "built/LICENSES.md"} <= pages
    assert {name for name in pages if not name.startswith("built/")} == {"page.html", "missing.html"}


def test_what_is_installed_from_it_works_alone(wheel: Path, tmp_path: Path) -> None:
    orggraph = installed(wheel, tmp_path / "environment")
    package = next((tmp_path / "environment").glob("lib/python*/site-packages/orggraph"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    loads(orggraph, package / "seeds" / "changji", elsewhere)
    url = f"http://127.0.0.1:{free_port()}"
    service = [str(orggraph), "serve", "--port", url.rpartition(":")[2]]
    with running(service, url, tmp_path / "said", cwd=elsewhere):
        answers(orggraph, package / "queries" / "01-unit-deputies-cover-communities", url, elsewhere)
        shows_its_page(url)
    makes_its_seeds(orggraph, package / "seeds" / "changji", elsewhere)
    assert "no problem" in run(orggraph, "model", "lint", package / "schema", cwd=elsewhere)


def installed(wheel: Path, folder: Path) -> Path:
    """The command, installed from the wheel and nothing else of ours, in the pinned versions."""
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=wheel.parent)
    python, pinned = folder / "bin" / "python", ROOT / ".ci" / "constraints.txt"
    run(*PIP, "--python", python, "install", "--no-compile", "-c", pinned, wheel, cwd=folder)
    where = run(python, "-c", "import orggraph; print(orggraph.__file__)", cwd=folder).strip()
    assert Path(where).is_relative_to(folder)
    return folder / "bin" / "orggraph"


def loads(orggraph: Path, seeds: Path, folder: Path) -> None:
    """Its seeds by its model, which is named nowhere."""
    assert "load 1: " in run(orggraph, "load", seeds, cwd=folder)
    assert (folder / "orggraph.db").exists()


def _nodes(connection: dict[str, Any]) -> list[Any]:
    return [edge["node"] for edge in connection["edges"]]


def answers(orggraph: Path, question: Path, url: str, folder: Path) -> None:
    """A question that came with it."""
    day = ("-v", "date=2020-03-31")
    answer = run(orggraph, "query", question / "query.graphql", *day, "--url", f"{url}/graphql", cwd=folder)
    units = json.loads(answer)["data"]["at"]["units"]["nodes"]
    assert sum(len(deputy["covers"]["edges"]) for unit in units for deputy in _nodes(unit["deputyHeads"])) == 70


def shows_its_page(url: str) -> None:
    page = httpx.get(url, headers={"accept": "text/html"}).text
    script = page.partition('type="module" src="')[2].partition('"')[0]
    assert script.startswith("pages/main-")
    assert httpx.get(f"{url}/{script}").headers["content-type"].startswith("text/javascript")


def makes_its_seeds(orggraph: Path, seeds: Path, folder: Path) -> None:
    """Its recipe makes the seeds that came with it, byte for byte."""
    run(orggraph, "generate", seeds / "recipe.yaml", "-o", folder / "made", cwd=folder)
    made = [path.relative_to(folder / "made") for path in (folder / "made").rglob("*.csv")]
    assert len(made) > 50
    assert all((folder / "made" / name).read_bytes() == (seeds / name).read_bytes() for name in made)
