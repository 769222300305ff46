"""What is installed from a wheel works alone: in an environment of its own, in a folder of its own, without the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

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


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as `make wheel` builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    run(*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def orggraph(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed from the wheel and nothing else of ours."""
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    python = folder / "bin" / "python"
    pinned = ROOT / ".ci" / "constraints.txt"
    run(*PIP, "--python", python, "install", "--no-compile", "-c", pinned, wheel, cwd=folder)
    where = run(python, "-c", "import orggraph; print(orggraph.__file__)", cwd=folder).strip()
    assert Path(where).is_relative_to(folder)
    return folder / "bin" / "orggraph"


@pytest.fixture(scope="module")
def package(orggraph: Path) -> Path:
    return next(orggraph.parents[1].glob("lib/python*/site-packages/orggraph"))


@pytest.fixture(scope="module")
def base(orggraph: Path, package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service of the seeds that were installed, in a folder where nothing else is."""
    folder = tmp_path_factory.mktemp("elsewhere")
    run(orggraph, "load", package / "seeds" / "changji", cwd=folder)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running([orggraph, "serve", "--port", str(port)], url, folder / "said", cwd=folder):
        yield url


def test_the_wheel_holds_what_is_built_and_not_what_it_is_built_from(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name.split("/")[1] for name in names if name.startswith("orggraph/")} >= {"schema", "seeds", "queries"}
    pages = {name.removeprefix("orggraph/service/graphiql/") for name in names if "/graphiql/" in name}
    assert {"page.html", "missing.html", "built/manifest.json", "built/LICENSES.md"} <= pages
    assert {name for name in pages if not name.startswith("built/")} == {"page.html", "missing.html"}
    assert "orggraph/seeds/changji/recipe.yaml" in names


def test_it_answers_a_question_that_came_with_it(orggraph: Path, package: Path, base: str) -> None:
    question = package / "queries" / "01-unit-deputies-cover-communities" / "query.graphql"
    asked = run(orggraph, "query", question, "-v", "date=2020-03-31", "--url", f"{base}/graphql", cwd=orggraph.parent)
    answer = json.loads(asked)
    units = answer["data"]["at"]["units"]["nodes"]
    assert sum(len(deputy["covers"]["edges"]) for unit in units for deputy in unit["deputyHeads"]["nodes"]) >= 70


def test_it_shows_the_page_with_its_files(base: str) -> None:
    page = httpx.get(base, headers={"accept": "text/html"}).text
    script = page.partition('src="')[2].partition('"')[0]
    assert script.startswith("pages/main-")
    assert httpx.get(f"{base}/{script}").headers["content-type"].startswith("text/javascript")


def test_its_recipe_makes_the_seeds_that_came_with_it(orggraph: Path, package: Path, tmp_path: Path) -> None:
    seeds = package / "seeds" / "changji"
    run(orggraph, "generate", seeds / "recipe.yaml", "-o", tmp_path / "made", cwd=tmp_path)
    made = [path.relative_to(tmp_path / "made") for path in (tmp_path / "made").rglob("*.csv")]
    assert len(made) > 50
    assert all((tmp_path / "made" / name).read_bytes() == (seeds / name).read_bytes() for name in made)


def test_its_model_has_no_problem(orggraph: Path, package: Path, tmp_path: Path) -> None:
    assert "no problem" in run(orggraph, "model", "lint", package / "schema", cwd=tmp_path)
