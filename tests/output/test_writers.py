"""What is written is what other programs read: CSV by Python's csv, JSON lines by json, workbooks by calamine."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from orggraph.errors import OrggraphError
from orggraph.formulas import bared
from orggraph.output.csv_text import csv_pieces
from orggraph.output.json_lines import json_pieces
from orggraph.output.placing import placed, placed_folder
from orggraph.output.sheet import Cell, Choices, Column, Holds, Sheet, watched
from orggraph.output.workbook import workbook_bytes, workbook_pieces, write_workbook

RANKS = Choices("职级", ("高", "低", "=低"))
COLUMNS = (
    Column("姓名", note="不写电话"),
    Column("人数"),
    Column("成立", Holds.DAYS),
    Column("职级", choices=RANKS),
    Column("-附注"),
)
ROWS: Sequence[Sequence[Cell]] = (
    ("李𠮷", 30, "2020-03-31", "高", "=1+1"),
    ("-5", -5, "2020-03", "低", "@甲\n乙"),
    ("'=x", None, "2020", None, '说"，"'),
    ("_x0041_", 1.5, "1899-12-31", "=低", "<r><t>甲</t></r>"),
    ("", True, "2019-02-30", "", " 前后 "),
)
SHEET = Sheet("人员", COLUMNS, ROWS)


def of_csv(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")))


def plain(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    words = {None: "", True: "true", False: "false"}
    return [[words[one] if one is None or isinstance(one, bool) else str(one) for one in row] for row in rows]


def test_csv_has_a_mark_and_no_formula() -> None:
    text = b"".join(csv_pieces(SHEET))
    assert text.startswith(b"\xef\xbb\xbf")
    headings, *rows = of_csv(text)
    assert not any(cell.startswith(("=", "@", "+", "＝")) for row in [headings, *rows] for cell in row)
    assert rows[1][:2] == ["'-5", "-5"]  # a text, a number
    assert [[bared(cell) for cell in row] for row in rows] == plain(ROWS)
    assert headings[-1] == "'-附注"
    assert not b"".join(csv_pieces(SHEET, mark=False)).startswith(b"\xef")


def test_json_lines_are_objects_of_values() -> None:
    lines = b"".join(json_pieces(SHEET)).decode().splitlines()
    assert [list(json.loads(line).values()) for line in lines] == [list(row) for row in ROWS]
    assert list(json.loads(lines[0])) == SHEET.headings


def test_a_workbook_says_the_same_and_days_are_days() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes([SHEET])))
    assert book.sheet_names == ["人员", "#词表"]
    headings, *rows = book.get_sheet_by_name("人员").to_python()
    assert headings == SHEET.headings
    wanted = [["" if cell is None else cell for cell in row] for row in ROWS]
    wanted[0][2] = date(2020, 3, 31)  # type: ignore[call-overload]
    assert rows == wanted
    assert book.get_sheet_by_name("#词表").to_python() == [["职级"], ["高"], ["低"], ["=低"]]


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {name: book.read(name).decode() for name in book.namelist()}


def test_a_workbook_has_no_formula_and_what_people_need() -> None:
    found = parts(workbook_bytes([SHEET]))
    page = found["xl/worksheets/sheet1.xml"]
    assert "<f>" not in page
    assert 'state="frozen"' in page
    assert "<autoFilter" in page
    assert "'#词表'!$A$2:$A$4" in page
    assert 'quotePrefix="1"' in found["xl/styles.xml"]
    assert 'name="#词表"' in found["xl/workbook.xml"]
    assert 'state="hidden"' in found["xl/workbook.xml"]
    assert "不写电话" in found["xl/comments1.xml"]


def test_the_same_rows_make_the_same_bytes() -> None:
    assert workbook_bytes([SHEET]) == workbook_bytes([SHEET]) == b"".join(workbook_pieces([SHEET]))


def test_titles_are_such_as_excel_takes() -> None:
    titles = ["人员", "人员", "a/b:c", "History", "'", "很长" * 20]
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes([Sheet(one, COLUMNS, ROWS) for one in titles])))
    assert book.sheet_names == ["人员", "人员.2", "a b c", "History.", "Sheet", ("很长" * 20)[:31], "#词表"]


def test_what_a_sheet_cannot_hold_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orggraph.output.workbook.MOST_LINES", 301)
    rows = [(f"甲{i}",) for i in range(700)]
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes([Sheet("人员", (Column("姓名"),), rows)])))
    assert book.sheet_names == ["人员", "人员.2", "人员.3"]
    found = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()[1:]]
    assert found == [list(row) for row in rows]


def test_a_cell_that_no_workbook_holds_is_told_and_not_cut() -> None:
    with pytest.raises(OrggraphError, match="line 2 has a cell of more than 32,767 characters"):
        workbook_bytes([Sheet("人员", (Column("姓名"),), [("水" * 32_768,)])])


def test_rows_are_counted_as_they_pass() -> None:
    told: list[int] = []
    assert len(list(watched(iter([(1,)] * 7_000), told.append))) == 7_000
    assert told == [5_000, 7_000]


def broken() -> Iterator[Sequence[Cell]]:
    yield ("李雷", 1, "", "", "")
    raise RuntimeError("the store has gone")


def test_a_file_is_there_wholly_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    with pytest.raises(RuntimeError), placed(path) as part, part.open("wb") as file:
        write_workbook([Sheet("人员", COLUMNS, broken())], file)
    assert list(tmp_path.iterdir()) == []
    with placed(path) as part:
        part.write_bytes(b"1")
    with pytest.raises(OrggraphError, match="--force overwrites it"), placed(path) as part:
        pass
    with placed(path, force=True) as part:
        part.write_bytes(b"2")
    assert path.read_bytes() == b"2"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(OrggraphError, match="there is no folder"), placed(tmp_path / "no" / "out.csv"):
        pass


def write_half(file: Path) -> None:
    file.write_text("half")
    raise RuntimeError


def test_a_folder_is_there_wholly_and_keeps_what_is_not_ours(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with pytest.raises(RuntimeError), placed_folder(folder) as part:
        write_half(part / "a.csv")
    assert list(tmp_path.iterdir()) == []
    for force in (False, True):
        with placed_folder(folder, force) as part:
            (part / "a.csv").write_text(f"{force}")
        (folder / "notes.txt").write_text("mine")
    assert {one.name: one.read_text() for one in folder.iterdir()} == {"a.csv": "True", "notes.txt": "mine"}
    with pytest.raises(OrggraphError, match="--force"), placed_folder(folder) as part:
        (part / "a.csv").write_text("again")
    assert (folder / "a.csv").read_text() == "True"


def write_below(folder: Path, text: str, *names: str) -> None:
    (folder / "1").mkdir()
    for name in names:
        (folder / "1" / name).write_text(text)


def test_a_folder_may_have_folders(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for force in (False, True):
        with placed_folder(folder, force) as part:
            write_below(part, f"{force}", "a.csv")
    with pytest.raises(OrggraphError, match=r"1/a.csv: is there already"), placed_folder(folder) as part:
        write_below(part, "again", "a.csv", "b.csv")
    assert [(one.name, one.read_text()) for one in (folder / "1").iterdir()] == [("a.csv", "True")]


def test_a_file_is_told_in_two_languages_and_a_link_leads_on(tmp_path: Path) -> None:
    whole, link = tmp_path / "whole.csv", tmp_path / "link.csv"
    link.symlink_to(whole)
    with placed(link) as part:  # to where nothing is yet
        part.write_text("1")
    with pytest.raises(OrggraphError) as refused, placed(link) as part:
        pass
    assert refused.value.message == f"{link}: is there already; --force overwrites it · 已存在，加 --force 覆盖"
    with placed(link, force=True) as part:
        part.write_text("2")
    assert (link.is_symlink(), whole.read_text()) == (True, "2")


def write_both(ours: Path, theirs: Path) -> None:
    ours.write_text("ours")
    theirs.write_text("theirs")


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with pytest.raises(OrggraphError, match="is there already"), placed(path) as part:
        write_both(part, path)
    assert (path.read_text(), list(tmp_path.iterdir())) == ("theirs", [path])


def test_what_the_system_refuses_is_told(tmp_path: Path) -> None:
    with pytest.raises(OrggraphError, match="No space left on device; nothing was written"), placed(tmp_path / "a.csv"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as reader:
        read = reader.submit(pipe.read_bytes)
        with placed(pipe) as part, part.open("wb") as file:
            file.write(b"1")
        assert read.result() == b"1"
    assert (pipe.is_fifo(), list(tmp_path.iterdir())) == (True, [pipe])
