"""Rows without a key get one, in their files, of which nothing else changes; what cannot be read leaves all as it was."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from orggraph.errors import LoadError, Problem
from orggraph.model import model_of
from orggraph.records.assigning import assign_keys
from orggraph.records.encoding import codec
from orggraph.records.naming import latin
from tests.records.workbooks import SMALL, Sheets, book, replaced, rewritten
from tests.small_model import CHIEFS, FILES, MODEL, load, put

MODEL_OF_TESTS = model_of({"small.yaml": MODEL})


def assign(*paths: Path, taken: Callable[[str], bool] = lambda _: False) -> list[tuple[str, int]]:
    return [(Path(one.file).name, one.rows) for one in assign_keys(MODEL_OF_TESTS, paths, taken)]


def refused(*paths: Path) -> list[Problem]:
    with pytest.raises(LoadError) as error:
        assign(*paths)
    return error.value.problems


def assigned(tmp_path: Path, name: str, content: str | bytes, taken: Callable[[str], bool] = lambda _: False) -> bytes:
    """What a file is after it got its keys."""
    path = put(tmp_path / "in", {name: content}) / name
    assert assign(path, taken=taken)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("key,name\n,王芳\np2,李\n", "key,name\nperson-wangfang,王芳\np2,李\n"),
        ('name,键\r\n"王,\r\n芳","  "\r\n李,""', 'name,键\r\n"王,\r\n芳",person-wang-fang\r\n李,person-li'),
        ("姓名\n王芳\n\n\n王芳\n", "姓名,键\n王芳,person-wangfang\n\n\n王芳,person-wangfang-2\n"),
        ("name;synthetic;;\n王芳;yes;;;;\n;;;\n", "name;synthetic;;;key\n王芳;yes;;;person-wangfang;\n;;;\n"),
        ("name\tkey\tsource\n王芳\t\ta;b\n", "name\tkey\tsource\n王芳\tperson-wangfang\ta;b\n"),
        ('name,key\n"say ""a,b""",\n', 'name,key\n"say ""a,b""",person-say-a-b\n'),
        ("\ufeffname,key\n王芳,\n", "\ufeffname,key\n王芳,person-wangfang\n"),
        ("kind,key,name\n人员,,王芳\noffice,,水务局\n", "kind,key,name\n人员,person-wangfang,王芳\noffice,office-shuiwuju,水务局\n"),
        ("key,name,withdrawn\n,王芳,yes\n,李,no\n", "key,name,withdrawn\n,王芳,yes\nperson-li,李,no\n"),
        ("key,name\nperson-li,王芳\n,李\n,李\n", "key,name\nperson-li,王芳\nperson-li-2,李\nperson-li-3,李\n"),
        ("key,name\n,？\n,\n,！\n", "key,name\nperson-1,？\n,\nperson-2,！\n"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_only_the_keys_of_a_csv_change(tmp_path: Path, before: str, after: str, encoding: str) -> None:
    if encoding == "gb18030" and (before.startswith("\ufeff") or before.isascii()):
        return
    found = assigned(tmp_path, "人员.csv", before.encode(encoding))
    assert found.decode(encoding) == after


@pytest.mark.parametrize("written", ["utf-16-le", "utf-16-be", "marked utf-16-le", "marked utf-16-be"])
def test_a_file_in_utf_16_stays_in_it(tmp_path: Path, written: str) -> None:
    mark, name = ("\ufeff", written[7:]) if written.startswith("marked ") else ("", written)
    folder = put(tmp_path / "in", {"人员.csv": f"{mark}键,姓名\r\n,上官𠮷\r\np2,李\r\n".encode(name)})
    said = codec("utf-16-be" if written == "utf-16-be" else "utf-16")
    assert [one.rows for one in assign_keys(MODEL_OF_TESTS, [folder], lambda _: False, said)] == [1]
    assert (folder / "人员.csv").read_bytes() == f"{mark}键,姓名\r\nperson-shangguan,上官𠮷\r\np2,李\r\n".encode(name)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"name": "王芳", "staff": 3.0}\r\n', '{"key": "person-wangfang", "name": "王芳", "staff": 3.0}\r\n'),
        ('{"name":"王芳","key":null}\n\n{"key":"p2","name":"李"}', '{"name":"王芳","key":"person-wangfang"}\n\n{"key":"p2","name":"李"}'),
        ('\ufeff{"键" : "  ", "name": "王芳"}', '\ufeff{"键" : "person-wangfang", "name": "王芳"}'),
        ('{"name": "a\\"key\\": null", "key": ""}\n', '{"name": "a\\"key\\": null", "key": "person-a-key-null"}\n'),
        ('{"k\\u0065y": null, "name": "王芳"}\n', '{"key": "person-wangfang", "name": "王芳"}\n'),
    ],
)  # fmt: skip
def test_only_the_keys_of_json_lines_change(tmp_path: Path, before: str, after: str) -> None:
    assert assigned(tmp_path, "人员.jsonl", before).decode() == after


def test_keys_are_of_no_other_row_file_or_store(tmp_path: Path) -> None:
    folder = put(
        tmp_path / "in", {"人员.csv": "name\n王芳\n李雷\n", "office.jsonl": '{"key": "person-wangfang", "name": "x"}\n'}
    )
    assert assign(folder, taken=lambda key: key in ("person-lilei", "person-lilei-2")) == [("人员.csv", 2)]
    assert (folder / "人员.csv").read_text("utf-8") == "name,key\n王芳,person-wangfang-2\n李雷,person-lilei-3\n"
    assert assign(folder) == []


def test_records_are_numbered(tmp_path: Path) -> None:
    found = assigned(
        tmp_path, "Chief.csv", CHIEFS.replace("c1,", ",").replace("c2,", ","), lambda key: key == "chief-1"
    )
    assert [line.split(",")[0] for line in found.decode().splitlines()] == ["key", "chief-2", "chief-3"]


@pytest.mark.parametrize(
    ("name", "key"),
    [("张三（示例）", "zhangsan-shili"), ("吕绿", "lvlv"), ("Ada  Lovelace", "ada-lovelace"), ("Ångström-é", "angstrom-e"), ("Аня", ""),
        ("①号楼", "1haolou")],
)  # fmt: skip
def test_names_are_spelled_in_latin_letters(name: str, key: str) -> None:
    assert latin(name) == key


def test_a_long_name_makes_a_key_that_is_not_too_long(tmp_path: Path) -> None:
    found = assigned(
        tmp_path, "人员.csv", f"key,name\n,{'昌吉市北京南路街道' * 9}\n" * 1 + f",{'昌吉市北京南路街道' * 9}\n"
    )
    keys = [line.split(",")[0] for line in found.decode().splitlines()[1:]]
    assert len(set(keys)) == 2
    assert all(len(key) <= 64 for key in keys)


def test_a_load_goes_on_with_the_keys(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", FILES | {"区.csv": "名称\n一区\n二区\n"})
    assert assign(folder) == [("区.csv", 2)]
    assert [one.added for one in load(tmp_path / "small.db", folder)] == [11]


NO_KEYS: Sheets = {
    **SMALL,
    "人员": [["键", "姓名"], ["p1", "王芳"], [None, "李𠮷"], ["", "赵云"]],
    "区": [["name", "synthetic"], ["一区", True], [], ["二区", False]],
    "Chief": [SMALL["Chief"][0], *([None, "p1", *row[2:]] for row in SMALL["Chief"][1:])],
}


def rich(made: Any, sheets: dict[str, Any]) -> None:
    """What a workbook may have besides cells."""
    bold = made.add_format({"bold": True, "bg_color": "#ffff00"})
    sheets["人员"].set_column("A:B", 30, bold)
    sheets["人员"].write_blank("A3", None, bold)
    sheets["人员"].data_validation("B2:B9", {"validate": "list", "source": ["王芳", "李𠮷"]})
    sheets["人员"].conditional_format("A2:A9", {"type": "duplicate", "format": bold})
    sheets["人员"].freeze_panes(1, 0)
    sheets["人员"].autofilter("A1:B4")
    sheets["人员"].write_comment("B2", "批注")
    notes = made.add_worksheet("# 说明")
    notes.write_formula("A1", "=COUNTA(人员!A:A)", None, 3)
    notes.merge_range("B1:C2", "合并")
    notes.insert_textbox("E5", "文本框")
    notes.add_sparkline("F1", {"range": "Sheet1!A1:A3"})
    chart = made.add_chart({"type": "line"})
    chart.add_series({"values": "='office'!$C$2:$C$3"})
    notes.insert_chart("H2", chart)
    made.define_name("名单", "=人员!$A$1:$B$4")


def parts(path: Path) -> Mapping[str, bytes]:
    with zipfile.ZipFile(path) as opened:
        assert opened.testzip() is None
        return {info.filename: opened.read(info) for info in opened.infolist()}


def test_only_the_keys_of_a_workbook_change(tmp_path: Path) -> None:
    path = book(tmp_path / "in" / "book.xlsx", NO_KEYS, rich)
    before = parts(path)
    old = CalamineWorkbook.from_path(path)
    was = {name: old.get_sheet_by_name(name).to_python() for name in old.sheet_names}
    assert assign(path) == [("book.xlsx", 6)]
    after = parts(path)
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {
        "xl/worksheets/sheet2.xml", "xl/worksheets/sheet4.xml", "xl/worksheets/sheet5.xml"
    }  # fmt: skip
    new = CalamineWorkbook.from_path(path)
    now = {name: new.get_sheet_by_name(name).to_python() for name in new.sheet_names}
    assert now["人员"] == [["键", "姓名"], ["p1", "王芳"], ["person-li", "李𠮷"], ["person-zhaoyun", "赵云"]]
    assert now["区"] == [
        ["name", "synthetic", "key"],
        ["一区", True, "area-yiqu"],
        ["", "", ""],
        ["二区", False, "area-erqu"],
    ]
    assert now["Chief"][1][0] == "chief-1"
    assert [row[1:] for row in now["Chief"]] == [row[1:] for row in was["Chief"]]
    assert {name: now[name] for name in ("来源", "office", "# 说明")} == {
        name: was[name] for name in ("来源", "office", "# 说明")
    }
    people = after["xl/worksheets/sheet2.xml"].decode()
    assert "dataValidation" in people
    assert "autoFilter" in people
    style = people.partition('<c r="A3" s="')[2].partition('"')[0]
    assert style.isdigit(), "a blank cell keeps its format"
    assert assign(path) == []


def test_a_workbook_loads_with_its_keys(tmp_path: Path) -> None:
    path = book(tmp_path / "in" / "book.xlsx", NO_KEYS, rich)
    assign(path)
    sheet = "xl/worksheets/sheet4.xml"
    assert b'<c r="A2" t="inlineStr">' in parts(path)[sheet]
    assert [one.added for one in load(tmp_path / "small.db", tmp_path / "in")] == [10]


def test_cells_are_set_where_they_belong_in_other_writers_xml(tmp_path: Path) -> None:
    path = book(
        tmp_path / "in" / "book.xlsx",
        {"人员": [["姓名", "键", "source"], ["王芳", "", ""], ["李雷", "p2", ""], ["赵云", "", "reg"]]},
    )
    sheet = "xl/worksheets/sheet1.xml"
    rewritten(path, sheet, lambda text: text.replace('<c r="B2"', '<c r="B2" s="0"').replace("</row>", "</row>\n"))
    rewritten(path, sheet, prefixed)
    assert assign(path) == [("book.xlsx", 2)]
    found = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert [row[1] for row in found] == ["键", "person-wangfang", "p2", "person-zhaoyun"]


def prefixed(text: str) -> str:
    """The same with a prefix on each name."""
    import re

    text = re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", text)
    return text.replace('xmlns="', 'xmlns:x="').replace("<?x:xml", "<?xml")


def test_macros_and_unknown_parts_stay(tmp_path: Path) -> None:
    path = book(tmp_path / "in" / "book.xlsm", {"人员": [["姓名"], ["王芳"]]})
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr("xl/vbaProject.bin", os.urandom(1_000))
        opened.writestr("docProps/custom/thing.xml", "<thing/>")
    before = parts(path)
    assign(path)
    after = parts(path)
    assert {name for name in before if before[name] != after[name]} == {"xl/worksheets/sheet1.xml"}


def test_nothing_is_written_if_a_file_cannot_be_read(tmp_path: Path) -> None:
    files = {
        "人员.csv": "姓名\n王芳\n",
        "office.csv": "name,staff\n水务局,x\n林草局\n",
        "区.csv": 'name\n"a\n',
        "Below.csv": "key,lower\n,\n",
    }
    folder = put(tmp_path / "in", files)
    problems = refused(folder)
    found = {(one.code, Path(one.file).name, one.line) for one in problems}
    assert found == {("RAGGED", "office.csv", 3), ("CSV", "区.csv", 2), ("VALUE", "office.csv", 2)}
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == files


def test_a_packed_file_gets_no_keys(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", {"人员.csv.gz": gzip.compress("姓名\n王芳\n".encode())})
    assert [(one.code, one.line) for one in refused(folder)] == [("PACKED", 2)]


def test_formulas_merged_and_named_cells_are_told_before_keys_are_written(tmp_path: Path) -> None:
    sheets: Sheets = {"人员": [["键", "姓名"], [("=1", "1"), "王芳"], [None, "李雷"]]}
    path = book(tmp_path / "in" / "book.xlsx", sheets, lambda _, made: made["人员"].merge_range("A4:B4", "x"))
    assert {one.code for one in refused(path)} >= {"MERGED", "FORMULA"}
    path = book(tmp_path / "in" / "book.xlsx", sheets)
    assert assign(path) == [("book.xlsx", 1)]
    path = book(tmp_path / "in" / "book.xlsx", {"人员": [["姓名", "synthetic"], ["李雷", None, "备注"]]})
    assert "UNNAMED" in {one.code for one in refused(path)}
    path = book(tmp_path / "in" / "book.xlsx", {"人员": [["姓名"], ["李雷"]]})
    replaced(path, "xl/worksheets/sheet1.xml", '<c r="A2"', "<c")
    assert [one.code for one in refused(path)] == ["XLSX"]
    assert not [one for one in path.parent.iterdir() if one.suffix == ".tmp"]


def test_rights_and_links_stay(tmp_path: Path) -> None:
    path = put(tmp_path / "real", {"人员.csv": "姓名\n王芳\n"}) / "人员.csv"
    path.chmod(0o640)
    link = tmp_path / "人员.csv"
    link.symlink_to(path)
    assert assign(link) == [("人员.csv", 1)]
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640


def test_many_rows_of_one_name_are_named_quickly(tmp_path: Path) -> None:
    lines = "".join('{"name": "王芳"}\n' for _ in range(20_000))
    found = assigned(tmp_path, "人员.jsonl", lines)
    keys = [json.loads(line)["key"] for line in found.splitlines()]
    assert len(set(keys)) == 20_000
    assert keys[-1] == "person-wangfang-20000"


def test_dates_of_a_workbook_that_gets_keys_stay_days(tmp_path: Path) -> None:
    path = book(tmp_path / "in" / "book.xlsx", {"office": [["name", "成立"], ["水务局", date(2020, 3, 31)]]})
    assign(path)
    assert CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1] == [
        "水务局",
        date(2020, 3, 31),
        "office-shuiwuju",
    ]
