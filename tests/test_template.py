"""A template is loaded as it is (nothing), and as somebody has filled it in with LibreOffice."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from orggraph.exporting import How, export_tables, tables_named
from orggraph.model import load_model, model_of
from orggraph.model.model import Model
from orggraph.output.workbook import workbook_bytes
from orggraph.records.assigning import assign_keys
from orggraph.records.words import Words
from orggraph.stores.sqlite.load import load as load_files
from orggraph.stores.sqlite.opening import open_store
from orggraph.template import RULES, template_sheets
from tests.conftest import MODELS
from tests.libreoffice import Typed, filled
from tests.small_model import FILES, MODEL, load, put


def template(path: Path, model: Model, words: Words, *names: str) -> Path:
    path.write_bytes(workbook_bytes(template_sheets(model, tables_named(model, names), words)))
    return path


@pytest.mark.parametrize("words", Words)
@pytest.mark.parametrize("name", MODELS)
def test_a_template_that_nobody_filled_in_says_nothing(
    store_of: Callable[[str], Path], tmp_path: Path, name: str, words: Words
) -> None:
    book = template(tmp_path / "template.xlsx", load_model(MODELS[name][0]), words)
    (report,) = load_files(store_of(name), None, lambda _: "", [book])
    assert (report.number, report.rows) == (None, 0)


def test_it_has_the_rules_a_sheet_each_and_an_example(tmp_path: Path) -> None:
    book = template(tmp_path / "template.xlsx", model_of({"small.yaml": MODEL}), Words.ZH, "主任", "Person")
    pages = CalamineWorkbook.from_path(book)
    assert pages.sheet_names == ["#说明", "主任", "人员", "#词表"]
    rules = pages.get_sheet_by_name("#说明").to_python()
    assert {"键", "起", "止", "止于", "见于", "来源"} <= {row[0] for row in rules}
    assert len(rules) == 3 + len(RULES)
    headings, example = pages.get_sheet_by_name("主任").to_python()
    assert headings == ["键", "人员", "机关", "派驻", "职级", "起", "止", "止于", "见于", "来源", "段", "合成", "撤回"]
    assert example[:7] == ["#示例", "person-1", "office-1", "area-1", "高", "2019-03-05", "2020-03"]


TYPED: Typed = (
    ("来源", "A3", "reg"), ("来源", "B3", "名册"), ("来源", "C3", "登记册"), ("来源", "D3", "2020-03"),
    ("人员", "A3", "007"), ("人员", "B3", "李𠮷"), ("人员", "A4", "p2"), ("人员", "B4", "=王芳"),
    ("机关", "A3", "o1"), ("机关", "B3", "水务局"), ("机关", "C3", "30"), ("机关", "D3", "1990"), ("机关", "E3", "是"),
    ("主任", "A3", "c1"), ("主任", "B3", "007"), ("主任", "C3", "o1"), ("主任", "E3", "低"), ("主任", "F3", "2015-03"),
    ("主任", "G3", "2018-12-31"), ("主任", "J3", "reg"), ("主任", "K3", "3"),
)  # fmt: skip


def rows(store: Path, folder: Path, *names: str) -> Iterator[str]:
    export_tables(open_store(store), names, folder, How())
    for name in names:
        yield from (folder / f"{name}.csv").read_text("utf-8").splitlines()[1:]


def test_what_is_typed_into_it_is_loaded(tmp_path: Path) -> None:
    blank = template(
        tmp_path / "template.xlsx", model_of({"small.yaml": MODEL}), Words.ZH, "来源", "人员", "机关", "主任"
    )
    book = filled(blank, tmp_path / "filled.xlsx", TYPED)
    store = tmp_path / "small.db"
    (report,) = load_files(store, {"small.yaml": MODEL}, lambda _: "", [book])
    assert (report.rows, report.added) == (5, 5)
    assert list(rows(store, tmp_path / "out", "Person", "Office", "Chief")) == [
        "007,李𠮷,,,,,,,,",
        "p2,'=王芳,,,,,,,,",
        "o1,水务局,30,1990,true,,,,,,,,",
        "c1,007,o1,,low,2015-03,2018-12-31,,,reg,3,,",
    ]


def test_an_exported_row_is_corrected_in_libreoffice(tmp_path: Path) -> None:
    """Dates that are changed stay as they are typed, also where a whole day stood."""
    store = tmp_path / "small.db"
    load(store, put(tmp_path / "in", FILES))
    export_tables(open_store(store), ["Chief"], tmp_path / "chiefs.xlsx")
    book = filled(tmp_path / "chiefs.xlsx", tmp_path / "mended.xlsx", [("主任", "F2", "2014-02"), ("主任", "E3", "高")])
    (report,) = load(store, put(tmp_path / "book", {"mended.xlsx": book.read_bytes()}))
    assert (report.added, report.corrected) == (0, 2)
    first, second = rows(store, tmp_path / "out", "Chief")
    assert first.startswith("c1,p1,o1,,high,2014-02,2018,")
    assert second.startswith("c2,p2,o1,,high,2019,")


def test_keys_are_written_into_rows_that_have_none(tmp_path: Path) -> None:
    """The example has a key, which is nobody's."""
    model = model_of({"small.yaml": MODEL})
    text = "key,name\n#示例,（示例）\n,王芳\n#example,x\n"
    (given,) = assign_keys(model, [put(tmp_path / "in", {"人员.csv": text})], lambda _: False)
    assert given.rows == 1
    (report,) = load(tmp_path / "small.db", tmp_path / "in")
    assert report.added == 1


def test_it_is_the_same_when_made_twice() -> None:
    model = model_of({"small.yaml": MODEL})
    made = [workbook_bytes(template_sheets(model, tables_named(model, []), Words.EN)) for _ in range(2)]
    assert made[0] == made[1]
    assert CalamineWorkbook.from_filelike(io.BytesIO(made[0])).sheet_names[0] == "#rules"
