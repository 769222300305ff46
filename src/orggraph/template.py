"""A model → a workbook to fill in. In: tables, the words to head them with. Out: sheets that loading reads once they are filled.

A sheet for each table: a line of headings, each with what is written under it; code lists to choose from; a row that shows how,
which loading passes over. Before them a sheet of rules (``#说明``), which it passes over too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from orggraph.model.model import End, Field, Kind, Model, Relation
from orggraph.model.values import Value
from orggraph.output.sheet import Cell, Column, Sheet
from orggraph.records.columns import EXAMPLES
from orggraph.records.files import Table
from orggraph.records.words import Words
from orggraph.records.written import heading, term_words, written_columns, written_sheet

Said = Mapping[str, tuple[str, str]]
"""In Chinese and in English."""
RULES: Said = {
    "key": (
        "必填。1 至 64 个字母、数字或 -_.，一经使用永不更改；不会写时留空，用 orggraph load --assign-keys 填写。",
        "Required: 1 to 64 letters, digits and -_. that name the row for ever; orggraph load --assign-keys writes those left blank.",
    ),
    "name": ("必填。不写电话、证件号、住址等个人信息。", "Required. No telephone, ID card or home address."),
    "from": (
        "从哪一天起：2019-03-05；只知道月或年就写 2019-03、2019。任职留空＝起日不详；机构、人员留空＝一直都在。",
        "The first day: 2019-03-05; 2019-03 or 2019 if no more is known. Blank: unknown for records, always for things.",
    ),
    "until": (
        "从哪一天起不再是（最后一天的次日）。至今＝仍在；?＝已结束，日期不详；留空：登记册＝仍在，文件＝其日期之后不详。",
        "The first day no longer. open: still so; ?: ended, day unknown; blank: open in a register, unknown after a document's date.",
    ),
    "through": (
        "最后一天，与“止”二者填一。",
        "The last day; fill in either this or until.",
    ),
    "attested": ("在哪一天、哪个月或哪一年确实如此。", "A day, month or year on which it was surely so."),
    "source": ("来源的键；有几个来源用 ; 隔开。", "The key of a source; several are separated by ;."),
    "para": (
        "来源中的段或行，与来源一一对应，用 ; 隔开。",
        "Where in the source, one for each source, separated by ;.",
    ),
    "synthetic": ("示例数据填 是。", "yes if the row is made up."),
    "withdrawn": ("填 是 表示此行从来不对，予以撤回。", "yes says that the row was never so."),
}
TYPES: Mapping[Value, tuple[str, str]] = {
    Value.STRING: ("文字。", "Text."),
    Value.INT: ("整数。", "A whole number."),
    Value.BOOLEAN: ("是或否。", "yes or no."),
    Value.DATE: ("日期：2020-03-31、2020-03 或 2020。", "A date: 2020-03-31, 2020-03 or 2020."),
    Value.URI: ("网址，如 https://example.org/。", "A web address, as https://example.org/."),
    Value.TERM: ("从列表中选。", "One of the list."),
}
END = ("键，属于：{}。", "The key of: {}.")
REQUIRED = ("必填。", "Required. ")
HEADS = (("列", "怎么填", "例"), ("column", "what is written", "example"))
TITLES = ("#说明", "#rules")
GENERAL = (
    ("各表", "一行是一个事物的一个状态，或一条关系。表名、列名不要改。删去一列，已有的值不变；空白的格清空已有的值。"),
    (
        "every sheet",
        "A row is a state of a thing, or a record. Keep the names of sheets and columns. "
        "A column that is taken out leaves known values; a blank cell empties them.",
    ),
)
SHOWN = (
    ("示例行", "键为 {} 的行只是示范，载入时略过，可以删去。"),
    ("the example", "A row with the key {} only shows how; loading passes it over, and it can be taken out."),
)
DATES: Mapping[str, str] = {"from": "2019-03-05", "until": "2020-03", "attested": "2019"}


def template_sheets(model: Model, tables: Sequence[Table], words: Words) -> Iterator[Sheet]:
    """The rules, then a sheet for each table."""
    yield _rules(model, tables, words)
    for table in tables:
        sheet = written_sheet(model, table, (), words)
        names = written_columns(table)
        said = len(sheet.columns) - len(names)  # a column that says what rows are, where the title cannot
        columns = [
            replace(one, note=_note(model, table, name, words))
            for one, name in zip(sheet.columns[said:], names, strict=True)
        ]
        row = [*[table.name] * said, *(_example(model, table, name, words) for name in names)]
        yield replace(sheet, columns=[*sheet.columns[:said], *columns], rows=[row])


def _rules(model: Model, tables: Sequence[Table], words: Words) -> Sheet:
    english = _english(words)
    rows: list[Sequence[Cell]] = [GENERAL[english]]
    rows.append((SHOWN[english][0], SHOWN[english][1].format(EXAMPLES[english])))
    for name, said in RULES.items():
        table = next((one for one in tables if name in written_columns(one)), tables[0])
        rows.append((heading(model, table, name, words), said[english], DATES.get(name)))
    rows = [(*row, None)[:3] for row in rows]
    return Sheet(TITLES[english], [Column(one) for one in HEADS[english]], rows)


def _note(model: Model, table: Table, name: str, words: Words) -> str:
    english = _english(words)
    part = _part(table, name)
    if part is None:
        return RULES[name][english]
    must = REQUIRED[english] if part.required else ""
    if isinstance(part, Field):
        return must + TYPES[part.type][english]
    labels = (model.kinds[kind].label for kind in part.kinds)
    return must + END[english].format(
        "、".join(one.zh for one in labels) if not english else ", ".join(one.en for one in labels)
    )


def _example(model: Model, table: Table, name: str, words: Words) -> Cell:
    """What stands in the row that shows how."""
    part = _part(table, name)
    match part:
        case End(kinds=kinds):
            return f"{model.kinds[kinds[0]].singular}-1"
        case Field():
            return _value(model, part, words)
    said = {
        "key": EXAMPLES[_english(words)],
        "name": "（示例）" if not _english(words) else "(example)",
        "source": "source-1",
        "para": "3",
    }
    return said.get(name) or (DATES.get(name) if isinstance(table, Relation) and name != "attested" else None)


def _value(model: Model, field: Field, words: Words) -> Cell:
    match field.type:
        case Value.TERM:
            return next(iter(term_words(model, model.terms[field.terms or ""], words).values()))
        case Value.INT:
            return 1
        case Value.DATE:
            return "2020-03"
        case Value.URI:
            return "https://example.org/"
        case Value.BOOLEAN:
            return None
    return None


def _part(table: Table, name: str) -> Field | End | None:
    parts: list[Field | End] = [*table.fields, *(() if isinstance(table, Kind) else table.ends)]
    return next((one for one in parts if one.name == name), None)


def _english(words: Words) -> bool:
    return words is not Words.ZH
