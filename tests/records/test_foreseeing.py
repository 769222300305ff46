"""How many rows files have is foreseen nearly enough for progress to go by, and never a reason to stop."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from orggraph.records.files import loads
from orggraph.records.foreseeing import rows_about
from tests.records.workbooks import book

ROWS = 30_000


def lines(count: int) -> str:
    return "键,名称\n" + "".join(f"p{i:06},王芳{i:06}\n" for i in range(count))


def about(path: Path) -> int | None:
    (files,) = loads([path])
    return rows_about(files)


@pytest.mark.parametrize("count", [0, 5, ROWS])
def test_rows_of_text_are_foreseen(tmp_path: Path, count: int) -> None:
    (tmp_path / "棋手.csv").write_text(lines(count), "utf-8")
    assert about(tmp_path) == pytest.approx(count, rel=0.02, abs=1)


def test_rows_of_packed_files_and_workbooks_are_foreseen(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "棋手.csv.gz", "wb") as file:
        file.write(lines(ROWS).encode())
    assert about(tmp_path) == pytest.approx(ROWS, rel=0.02)
    book(tmp_path / "社团.xlsx", {"棋社": [[f"c{i:06}", f"东城棋社{i:06}"] for i in range(20_000)]})
    assert about(tmp_path) == pytest.approx(ROWS + 20_000, rel=0.1)


@pytest.mark.parametrize("name", ["棋手.xlsx", "棋手.csv.gz"])
def test_what_cannot_be_read_is_not_foreseen(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 no such thing")
    assert about(tmp_path) is None
