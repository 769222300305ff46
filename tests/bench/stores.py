"""The stores that are measured: the seed graph at a scale, and with older versions of every record and state.

Each is generated and loaded once into ``build/bench``, and made anew when what decides its rows is another: the model, the
recipe, the code that makes files, reads them, dates them and writes versions. Statements and schema may change freely.
"""

from __future__ import annotations

import csv
import hashlib
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from orggraph.generate import generate
from orggraph.graphql.schema import sdl
from orggraph.model import model_of
from orggraph.model.reading import model_texts
from orggraph.stores.sqlite.load import load
from orggraph.stores.sqlite.opening import FORMAT, connect

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds" / "changji"
FOLDER = ROOT / "build" / "bench"
DECIDING = (
    "schema/*/*.yaml",
    "schema/*.yaml",
    "seeds/changji/recipe.yaml",
    "src/orggraph/generate/*.py",
    "src/orggraph/records/*.py",
    "src/orggraph/time/[dps]*.py",
    "src/orggraph/stores/sqlite/ddl.py",
    "src/orggraph/stores/sqlite/load.py",
    "src/orggraph/stores/sqlite/staging.py",
    "src/orggraph/stores/sqlite/*versions.py",
    "src/orggraph/stores/sqlite/overlaying.py",
    "src/orggraph/stores/sqlite/measuring.py",
    "src/orggraph/stores/sqlite/facts.py",
    "src/orggraph/stores/sqlite/writing.py",
    "tests/bench/stores.py",
)
HISTORY_SCALE = 5
VERSIONS = (1, 2, 11)


def store(scale: int) -> Path:
    """The file of a store of one load and its corrections."""
    return _kept(f"changji-{scale}", lambda path: _make(path, scale))


def history(versions: int) -> Path:
    """A store in which every record and state has so many versions, one a load. They differ in ``synthetic`` alone, so
    that what does not print that has one answer at every load and in every store."""
    return _kept(f"versions-{versions}", lambda path: _make_history(path, versions))


def _kept(name: str, make: Callable[[Path], None]) -> Path:
    path, stamp = FOLDER / f"{name}.db", FOLDER / f"{name}.stamp"
    wanted = _stamp()
    if not (path.exists() and stamp.exists() and stamp.read_text() == wanted):
        FOLDER.mkdir(parents=True, exist_ok=True)
        stamp.unlink(missing_ok=True)
        for file in FOLDER.glob(f"{name}.db*"):
            file.unlink()
        start = perf_counter()
        make(path)
        stamp.write_text(wanted)
        print(f"  made {name} in {perf_counter() - start:.0f} s", file=sys.stderr)
    _put_schema(path)
    return path


def _stamp() -> str:
    """What the rows of a store follow from."""
    digest = hashlib.sha256(f"{FORMAT}".encode())
    for pattern in DECIDING:
        for file in sorted(ROOT.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _put_schema(path: Path) -> None:
    """Today's GraphQL schema: a store keeps the one of the day it was made."""
    today = sdl(model_of(model_texts(ROOT / "schema")))
    connection = connect(path, write=True)
    connection.execute("UPDATE meta SET value = ?1 WHERE name = 'sdl' AND value <> ?1", (today,))
    connection.close()


def _files(scale: int) -> Path:
    files = FOLDER / f"files-{scale}"
    shutil.rmtree(files, ignore_errors=True)
    generate(SEEDS / "recipe.yaml", scale, 1, files)
    for file in (SEEDS / "1").glob("*.article.csv"):
        shutil.copy(file, files / "1")
    return files


def _make(path: Path, scale: int) -> None:
    files = _files(scale)
    load(path, model_texts(ROOT / "schema"), sdl, [files])
    shutil.rmtree(files)


def _make_history(path: Path, versions: int) -> None:
    """The store of one version less (copied), and one load more of the rows that the generator made."""
    before = max((one for one in VERSIONS if one < versions), default=0)
    if before:
        shutil.copy(history(before), path)
    files = _files(HISTORY_SCALE)
    if not before:
        load(path, model_texts(ROOT / "schema"), sdl, [files / "1"])
        before = 1
    for number in range(before + 1, versions + 1):
        load(path, None, sdl, [_turned(files, number)])
    shutil.rmtree(files)


def _turned(files: Path, number: int) -> Path:
    """Files that turn ``synthetic`` of every generated row; named by their load, or they would be known already."""
    folder = files / f"turn-{number}"
    folder.mkdir()
    for file in (files / "1").glob("*.csv"):
        if ".article" in file.name:
            continue
        with file.open(encoding="utf-8", newline="") as source:
            rows = list(csv.DictReader(source))
        with (folder / f"{file.stem}.{number}.csv").open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(row | {"synthetic": "true" if number % 2 else "false"} for row in rows)
    return folder
