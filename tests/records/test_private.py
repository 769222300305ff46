"""Columns that would bring private data are refused by name, however that is written, and others are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orggraph.errors import ModelError
from orggraph.model import model_of
from orggraph.model.model import Kind, Model, Relation
from orggraph.model.private import is_private
from tests.records.refusals import refused
from tests.small_model import FILES, MODEL, put

ADDRESS = MODEL.replace(
    "      open: {type: boolean, label: {zh: 开放, en: is open}}\n",
    "      address: {type: string, label: {zh: 地址, en: address}}\n"
    "      phone: {type: string, label: {zh: 电话, en: phone}}\n"
    "      births: {type: int, label: {zh: 出生率, en: birth rate}}\n"
    "      wedding: {type: boolean, label: {zh: 婚姻登记, en: marries}}\n",
)
PERSONAL = MODEL.replace(
    "  Person: {label: {zh: 人员, en: person}, plural: persons}\n",
    "  Person: {label: {zh: 人员, en: person}, plural: persons, fields: {line: {type: string, label: {zh: 本人手机, en: line}}}}\n",
)


def small(text: str = MODEL) -> Model:
    return model_of({"small.yaml": text})


def tables(model: Model) -> dict[str, Kind | Relation]:
    return {**model.kinds, **model.relations}


@pytest.mark.parametrize("table", ["Person", "Office", "Chief", "Source"])
@pytest.mark.parametrize(
    "word",
    [
        "身份证", "身份证号", "身份证号码", "公民身份号码", "证件号码", "护照号", "住址", "家庭住址", "现住址", "户籍地址", "籍贯",
        "民族", "族别", "宗教", "宗教信仰", "生日", "出生日期", "出生年月", "性别", "婚姻状况", "银行卡号", "手机", "手机号", "电话",
        "联系电话", "邮箱", "微信号", "身 份 证 号", "身份证号（18位）", "家长手机号", "　出 生 日 期　", "ID card", "id_card_no", "IdCard",
        "ＩＤ ｃａｒｄ", "ID-number", "National ID", "passport no.",
        "Home Address", "home_address", "residence", "ethnicity", "Ethnic group",
        "religion", "Birthday", "date of birth", "birth-date", "gender", "sex", "phone",
        "Phone number", "mobile", "telephone", "e-mail",
        "WeChat", "bank account", "QQ",
    ],
)  # fmt: skip
def test_private_columns_are_known_in_any_spelling(table: str, word: str) -> None:
    model = small()
    assert is_private(model, tables(model)[table], word)


@pytest.mark.parametrize(
    "word", ["key", "姓名", "name", "来源", "rank", "职级", "person", "人员", "trace", "备注", "社区", "区", "index"]
)
def test_other_columns_are_not_private(word: str) -> None:
    model = small()
    assert not any(is_private(model, table, word) for table in tables(model).values())


@pytest.mark.parametrize("word", ["address", "地址", "Address", "地 址"])
def test_an_address_is_private_of_people_and_in_records_only(word: str) -> None:
    model = small(ADDRESS)
    refusing = {name for name, table in tables(model).items() if is_private(model, table, word)}
    assert refusing >= {"Person", "Chief", "Below"}
    assert "Office" not in refusing
    assert is_private(small(), small().kinds["Office"], word), "where the model has no such field"


def test_what_a_model_says_of_an_office_is_not_private_but_of_people_is() -> None:
    model = small(ADDRESS)
    assert not is_private(model, model.kinds["Office"], "电话")
    assert not is_private(model, model.kinds["Office"], "出生率")
    assert not is_private(model, model.kinds["Office"], "婚姻登记")
    assert is_private(model, model.kinds["Person"], "婚姻登记")


def test_a_model_that_has_a_private_field_is_refused_and_so_is_the_column_if_a_store_has_such_a_model() -> None:
    with pytest.raises(ModelError) as error:
        small(PERSONAL)
    assert [(one.code, one.line, one.value) for one in error.value.problems] == [("PRIVATE_FIELD", 5, "本人手机")]
    model = model_of({"small.yaml": PERSONAL}, linted=True)
    assert is_private(model, model.kinds["Person"], "本人手机")


@pytest.mark.parametrize("word", ["身 份 证 号", "ＩＤ ｃａｒｄ", "民族", "家庭住址"])
def test_private_columns_are_refused_in_every_format(tmp_path: Path, word: str) -> None:
    csv = FILES | {"人员.csv": f"key,name,{word}\np1,王芳,x\np2,李𠮷,\n"}
    line = json.dumps({"key": "p1", "name": "王芳", word: None}, ensure_ascii=False)
    for name, files in {"csv": csv, "jsonl": {"人员.jsonl": line}}.items():
        problems = refused(tmp_path / "small.db", put(tmp_path / name, files))
        assert ("PRIVATE", word) in {(one.code, one.column) for one in problems}
        assert all(one.value != "x" for one in problems), "no private value is told"
