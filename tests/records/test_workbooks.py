"""Workbooks of Excel: what is seen in a sheet is what is loaded, and each way a sheet can be bad is told with its cell."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import apsw
import pytest

from orggraph.errors import Problem
from tests.records.refusals import refused, told
from tests.records.workbooks import SMALL, Cell, Sheets, book, replaced
from tests.small_model import FILES, load, put


def with_cell(sheet: str, line: int, place: int, cell: Cell) -> Sheets:
    """The small workbook with another cell."""
    rows = [list(row) for row in SMALL[sheet]]
    rows[line - 1][place] = cell
    return {**SMALL, sheet: rows}


def kept(store: Path, sql: str) -> list[Any]:
    return apsw.Connection(str(store), apsw.SQLITE_OPEN_READONLY).execute(sql).fetchall()


def problem(problems: list[Problem], code: str) -> Problem:
    return next(one for one in problems if one.code == code)


def test_what_is_seen_in_a_workbook_is_what_is_loaded(tmp_path: Path) -> None:
    book(tmp_path / "in" / "book.xlsx", SMALL)
    assert [one.added for one in load(tmp_path / "small.db", tmp_path / "in")] == [7]
    chiefs = "SELECT w_from, w_until, _rank FROM r_Chief ORDER BY w_from"
    assert kept(tmp_path / "small.db", chiefs) == [("2015-03-02", "2018", "high"), ("2019", None, "low")]
    offices = 'SELECT "_staff", "_founded", "_open" FROM k_Office ORDER BY name'
    assert kept(tmp_path / "small.db", offices) == [(None, "2001-05", 0), (30, "1990", 1)]
    assert kept(tmp_path / "small.db", "SELECT text FROM cited ORDER BY text") == [
        ('[["reg","3"]]',),
        ('[["reg",null]]',),
    ]


def test_a_workbook_says_the_same_as_csv(tmp_path: Path) -> None:
    book(tmp_path / "in" / "book.xlsx", {name: SMALL[name] for name in ("人员", "office")})
    put(tmp_path / "in", {name: text for name, text in FILES.items() if name in ("Source.csv", "Chief.csv")})
    assert [one.added for one in load(tmp_path / "small.db", tmp_path / "in")] == [9]


@pytest.mark.parametrize(
    ("format", "day", "text"),
    [
        ("yyyy-mm-dd", date(2020, 3, 31), "2020-03-31"),
        ("m/d/yyyy", date(2020, 3, 31), "2020-03-31"),
        ('m"月"d"日"', date(2020, 3, 31), "2020-03-31"),
        ('yyyy"年"m"月"d"日";@', date(2020, 3, 31), "2020-03-31"),
        ("[$-804]yyyy/m/d", date(2020, 3, 1), "2020-03-01"),
        ("mmm-yy", date(2020, 3, 1), "2020-03"),
        ('yyyy"年"m"月"', date(2020, 3, 1), "2020-03"),
        ("mmm-yy", date(2020, 3, 31), "2020-03-31"),
        ("yyyy", date(2020, 1, 1), "2020"),
        ("[Red]yyyy-mm-dd", date(1900, 1, 31), "1900-01-31"),
        ("yyyy-mm-dd", date(9999, 12, 31), "9999-12-31"),
    ],
)
def test_a_date_of_excel_is_what_it_shows(tmp_path: Path, format: str, day: date, text: str) -> None:
    def dated(made: Any, sheets: dict[str, Any]) -> None:
        sheets["office"].write_datetime("D2", day, made.add_format({"num_format": format}))

    book(tmp_path / "in" / "book.xlsx", SMALL, dated)
    load(tmp_path / "small.db", tmp_path / "in")
    assert (text,) in kept(tmp_path / "small.db", 'SELECT "_founded" FROM k_Office')


def test_days_are_counted_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    sheets: Sheets = {"office": [SMALL["office"][0], ["o1", "水务局", 30, date(1990, 5, 1), True]]}
    path = book(tmp_path / "in" / "book.xlsx", sheets)
    replaced(path, "xl/workbook.xml", "<workbookPr ", '<workbookPr date1904="1" ')
    load(tmp_path / "small.db", tmp_path / "in")
    assert kept(tmp_path / "small.db", 'SELECT "_founded" FROM k_Office') == [("1994-05-02",)]


@pytest.mark.parametrize(
    ("number", "format", "text"),
    [
        (123.0, "000000", "000123"),
        (123456789012345, "0", "123456789012345"),
        (0.5, "General", "0.5"),
        (True, "General", "true"),
    ],
)
def test_numbers_in_columns_of_text_are_as_they_are_seen(tmp_path: Path, number: float, format: str, text: str) -> None:
    def numbered(made: Any, sheets: dict[str, Any]) -> None:
        sheets["office"].write("B2", number, made.add_format({"num_format": format}))

    book(tmp_path / "in" / "book.xlsx", SMALL, numbered)
    load(tmp_path / "small.db", tmp_path / "in")
    assert (text,) in kept(tmp_path / "small.db", "SELECT name FROM k_Office")


def test_names_of_parts_may_be_written_otherwise(tmp_path: Path) -> None:
    path = book(tmp_path / "in" / "book.xlsx", SMALL)
    with zipfile.ZipFile(path) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            new.writestr(name.replace("/", "\\").replace("sharedStrings", "SharedStrings"), content)
    assert [one.added for one in load(tmp_path / "small.db", tmp_path / "in")] == [7]


def merged(_: Any, sheets: dict[str, Any]) -> None:
    sheets["人员"].merge_range("A4:A5", "p3")


def hidden(_: Any, sheets: dict[str, Any]) -> None:
    sheets["人员"].hide()


def noted(made: Any, _: dict[str, Any]) -> None:
    made.add_worksheet("填写说明").write("A1", "请逐行填写")


def beyond(_: Any, sheets: dict[str, Any]) -> None:
    sheets["人员"].write("D3", "备注")


def last_column(_: Any, sheets: dict[str, Any]) -> None:
    sheets["人员"].write("XFD2", "备注")


More = Callable[[Any, dict[str, Any]], None]
BAD: list[tuple[str, Sheets | More, str, int, str, str]] = [
    ("FORMULA", with_cell("人员", 3, 1, ('="李"&"𠮷"', "李𠮷")), "book.xlsx[人员]!B3", 3, "name", "paste it as values"),
    ("FORMULA", with_cell("人员", 3, 0, ("=A2", "p1")), "book.xlsx[人员]!A3", 3, "key", "paste it as values"),
    ("FORMULA", with_cell("Chief", 3, 6, ("=G2", "reg")), "book.xlsx[Chief]!G3", 3, "source", "paste it as values"),
    ("ERROR_CELL", with_cell("office", 2, 2, "#"), "book.xlsx[office]!C2", 2, "staff", "mend the cell"),
    ("EXCEL_DATE", with_cell("office", 2, 1, date(2020, 3, 1)), "book.xlsx[office]!B2", 2, "name", "format the column as text"),
    ("EXCEL_DATE", with_cell("office", 2, 2, date(2020, 3, 1)), "book.xlsx[office]!C2", 2, "staff", "format the column as text"),
    ("EXCEL_DATE", with_cell("Chief", 2, 3, date(2020, 3, 1)), "book.xlsx[Chief]!D2", 2, "rank", "format the column as text"),
    ("EXCEL_DATE", with_cell("Chief", 2, 7, date(2020, 3, 1)), "book.xlsx[Chief]!H2", 2, "para", "format the column as text"),
    ("DATE", with_cell("Chief", 2, 4, 43921), "book.xlsx[Chief]!E2", 2, "from", "as a day number of Excel it is 2020-03-31"),
    ("VALUE", with_cell("office", 2, 3, 43921), "book.xlsx[office]!D2", 2, "founded", "as a day number of Excel it is 2020-03-31"),
    ("EXCEL_NUMBER", with_cell("人员", 2, 0, 650102199001011234), "book.xlsx[人员]!A2", 2, "key", "format the column as text"),
    ("VALUE", with_cell("office", 2, 2, 30.5), "book.xlsx[office]!C2", 2, "staff", ""),
    ("KEY", with_cell("人员", 2, 0, "p 1"), "book.xlsx[人员]!A2", 2, "key", "letters, digits"),
    ("UNKNOWN_KEY", with_cell("Chief", 2, 1, "p11"), "book.xlsx[Chief]!B2", 2, "person", "did you mean p1?"),
    ("WRONG_KIND", with_cell("Chief", 2, 1, "o2"), "book.xlsx[Chief]!B2", 2, "person", "it wants Person"),
    ("UNKNOWN_SOURCE", with_cell("Chief", 3, 6, "regg"), "book.xlsx[Chief]!G3", 3, "source", "did you mean reg?"),
    ("KEY_TWICE", with_cell("人员", 3, 0, "p1"), "book.xlsx[人员]!A3", 3, "key", "keep one"),
    ("VALUE", with_cell("Chief", 3, 3, "lwer"), "book.xlsx[Chief]!D3", 3, "rank", "did you mean lower?"),
    ("UNKNOWN_COLUMN", with_cell("office", 1, 2, "staf"), "book.xlsx[office]!C1", 1, "staf", "did you mean staff?"),
    ("PRIVATE", with_cell("人员", 1, 1, "身 份 证 号"), "book.xlsx[人员]!B1", 1, "身 份 证 号", "take the column out"),
    ("MERGED", merged, "book.xlsx[人员]!A4:A5", 4, "", "unmerge"),
    ("HIDDEN_SHEET", hidden, "book.xlsx[人员]", 0, "", "unhide it"),
    ("UNKNOWN_TABLE", noted, "book.xlsx[填写说明]", 0, "", "begin its name with #"),
    ("UNNAMED", beyond, "book.xlsx[人员]!D3", 3, "", "name the column"),
    ("UNNAMED", last_column, "book.xlsx[人员]!XFD2", 2, "", "name the column"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "bad", "file", "line", "column", "mend"), BAD, ids=[f"{b[0]}-{b[2]}" for b in BAD])
def test_what_is_bad_in_a_sheet_is_told_with_its_cell(
    tmp_path: Path, code: str, bad: Sheets | More, file: str, line: int, column: str, mend: str
) -> None:
    path = tmp_path / "in" / "book.xlsx"
    if callable(bad):
        book(path, SMALL, bad)
    else:
        book(path, bad)
    if code == "ERROR_CELL":
        sheet = "xl/worksheets/sheet3.xml"
        replaced(path, sheet, '<c r="C2" t="s"><v>[0-9]+</v></c>', '<c r="C2" t="e"><v>#N/A</v></c>')
    found = problem(refused(tmp_path / "small.db", tmp_path / "in"), code)
    assert (Path(found.file).name, found.line, found.column) == (file, line, column)
    assert mend in found.mend
    assert found.message


def test_problems_of_cells_and_of_rows_come_at_once(tmp_path: Path) -> None:
    sheets = {**with_cell("Chief", 3, 1, "p9"), "office": with_cell("office", 2, 1, ("=1", "1"))["office"]}
    book(tmp_path / "in" / "book.xlsx", sheets)
    assert [code for code, *_ in told(refused(tmp_path / "small.db", tmp_path / "in"))] == ["UNKNOWN_KEY", "FORMULA"]


def test_a_cell_is_named_once(tmp_path: Path) -> None:
    book(tmp_path / "in" / "book.xlsx", with_cell("office", 2, 2, "x"))
    (found,) = refused(tmp_path / "small.db", tmp_path / "in")
    assert str(found).endswith("book.xlsx[office]!C2 staff: x is no whole number")


def test_problems_come_in_the_order_of_lines(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["key", "name", "staff"]]
    rows += [[f"o{i}", "局", "x"] for i in range(12)]
    book(tmp_path / "in" / "book.xlsx", {"office": rows})
    assert [one.line for one in refused(tmp_path / "small.db", tmp_path / "in")] == list(range(2, 14))


def test_a_key_in_a_workbook_and_in_a_file_is_twice(tmp_path: Path) -> None:
    book(tmp_path / "in" / "book.xlsx", SMALL)
    put(tmp_path / "in", {"人员.csv": "key,name\np1,王芳\n"})
    problems = refused(tmp_path / "small.db", tmp_path / "in")
    assert {code for code, *_ in told(problems)} == {"KEY_TWICE"}


def test_sheets_for_people_and_empty_ones_are_passed_over(tmp_path: Path) -> None:
    def more(made: Any, _: dict[str, Any]) -> None:
        made.add_worksheet("# 说明").write("A1", "请逐行填写")
        made.add_worksheet("#词表").hide()
        made.add_worksheet("Sheet2")
        made.add_worksheet("Sheet3").hide()

    book(tmp_path / "in" / "book.xlsx", SMALL, more)
    assert [one.added for one in load(tmp_path / "small.db", tmp_path / "in")] == [7]


def test_the_only_sheet_may_go_by_the_name_of_the_file(tmp_path: Path) -> None:
    book(tmp_path / "in" / "人员.xlsx", {"Sheet1": SMALL["人员"], "Sheet2": []})
    assert [one.added for one in load(tmp_path / "small.db", tmp_path / "in")] == [2]


def test_a_sheet_may_have_a_column_that_says_what_its_rows_are(tmp_path: Path) -> None:
    rows: Sheets = {
        "全部": [["种类", "key", "name"], ["人员", "p1", "王芳"], ["Office", "o1", "水务局"], ["来源", "reg", "名册"]]
    }
    book(tmp_path / "in" / "book.xlsx", rows)
    problems = refused(tmp_path / "small.db", tmp_path / "in")
    assert told(problems) == [("NO_VALUE", "book.xlsx[全部]", 4, "nature")]


def test_what_a_row_is_may_not_be_a_formula(tmp_path: Path) -> None:
    rows: Sheets = {"人员": [["种类", "key", "name"], [("=A3", "人员"), "p1", "王芳"], ["人员", "p2", "李𠮷"]]}
    book(tmp_path / "in" / "book.xlsx", rows)
    assert told(refused(tmp_path / "small.db", tmp_path / "in")) == [("FORMULA", "book.xlsx[人员]!A2", 2, "种类")]


def test_blank_lines_and_columns_around_a_table_are_nothing(tmp_path: Path) -> None:
    def more(made: Any, sheets: dict[str, Any]) -> None:
        grey = made.add_format({"bg_color": "#eeeeee"})
        for line in (6, 1_000, 1_048_575):
            sheets["人员"].write_blank(line, 0, None, grey)
        sheets["人员"].write_blank(0, 16_383, None, grey)
        sheets["人员"].write_string(5, 3, "   ")

    rows: Sheets = {**SMALL, "人员": [[], ["键", "姓名", "", "  "], *SMALL["人员"][1:]]}
    book(tmp_path / "in" / "book.xlsx", rows, more)
    assert [one.added for one in load(tmp_path / "small.db", tmp_path / "in")] == [7]


def test_a_wide_header_is_told_by_each_cell(tmp_path: Path) -> None:
    rows: Sheets = {"人员": [["key", "name", *(f"列{i}" for i in range(16_382))], ["p1", "王芳"]]}
    book(tmp_path / "in" / "book.xlsx", rows)
    problems = refused(tmp_path / "small.db", tmp_path / "in")
    assert len(problems) == 1_000
    assert problems[0].file.endswith("[人员]!C1") or problems[0].code == "UNKNOWN_COLUMN"
