"""What is loaded: the seed graph at a scale as files, its corrections, the same in each format; made once into ``build/bench``."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from orggraph.generate import generate
from tests.records.workbooks import book

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds" / "changji"
FOLDER = ROOT / "build" / "bench"
CORRECTED = {"Person": "name", "CommunityWorker": "grade"}
"""Of a kind and of a relation the field that a correction changes: rows of its first state, in equal parts."""


def made(path: Path, make: Callable[[Path], None]) -> Path:
    """What is at a path; made anew if the model or the recipe is newer."""
    inputs = [*ROOT.glob("schema/**/*.yaml"), SEEDS / "recipe.yaml", *Path(__file__).parent.glob("inputs.py")]
    if not path.exists() or any(path.stat().st_mtime < one.stat().st_mtime for one in inputs):
        shutil.rmtree(path, ignore_errors=True)
        make(path)
        path.touch()
    return path


def tables(scale: int) -> Path:
    """A folder of CSV files: the first load only."""
    return made(FOLDER / f"in-{scale}", lambda folder: _generate(folder, scale))


def _generate(folder: Path, scale: int) -> None:
    generate(SEEDS / "recipe.yaml", scale, 1, folder)
    for file in (SEEDS / "1").glob("*.article.csv"):
        shutil.copy(file, folder / "1")
    for load in sorted(folder.iterdir()):
        if load.name != "1":
            shutil.rmtree(load)


def json_lines(scale: int) -> Path:
    """The same as JSON lines."""
    return made(FOLDER / f"in-{scale}-jsonl", lambda folder: _as_json(tables(scale), folder))


def _as_json(given: Path, folder: Path) -> None:
    for file in given.rglob("*.csv"):
        target = folder / file.relative_to(given).with_suffix(".jsonl")
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8") as out:
            for row in _rows(file):
                out.write(json.dumps(row, ensure_ascii=False) + "\n")


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


def corrections(scale: int, number: int) -> Path:
    """A folder that changes a field in so many rows."""
    return made(FOLDER / f"corrections-{scale}-{number}", lambda folder: _correct(tables(scale), folder, number))


def _correct(given: Path, folder: Path, number: int) -> None:
    folder.mkdir(parents=True)
    left = number
    for table, field in reversed(CORRECTED.items()):
        rows = list(islice(_rows(given / "1" / f"{table}.csv"), left if table == "Person" else number // 2))
        left -= len(rows)
        with (folder / f"{table}.csv").open("w", encoding="utf-8") as out:
            out.write(f"key,{field}\n")
            out.writelines(f"{row['key']},{_changed(field, row[field])}\n" for row in rows)
    assert not left, "the scale has not so many rows"


def _changed(field: str, text: str) -> str:
    return f"新{text}" if field == "name" else str(int(text or 0) % 5 + 1)


def workbook(scale: int) -> Path:
    """All of the tables as sheets of one workbook, as Excel writes it."""
    return made(FOLDER / f"in-{scale}.xlsx", lambda path: _as_workbook(tables(scale), path))


def _as_workbook(given: Path, path: Path) -> None:
    sheets = {}
    for file in sorted((given / "1").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as text:
            sheets[file.name.removesuffix(".csv")[:31]] = list(csv.reader(text))
    book(path, sheets)
