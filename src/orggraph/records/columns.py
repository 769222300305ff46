"""A header → what each column means for a kind or relation. In: cells. Out: columns by place, or problems.

Columns are named by the model's names or labels, Chinese or English. Unknown ones are errors; those that would bring
private data are refused by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from orggraph.errors import Problem, Problems
from orggraph.model.columns import column_words, folded
from orggraph.model.model import End, Field, Kind, Relation
from orggraph.records.files import Table

BUILT_IN = {
    "key": ("键", "编号"),
    "name": ("名称", "姓名"),
    "from": ("起", "起日"),
    "until": ("止", "止日"),
    "through": ("止于", "止于(含)", "止于（含）"),
    "attested": ("见于",),
    "source": ("来源",),
    "para": ("段", "行"),
    "synthetic": ("合成",),
    "withdrawn": ("撤回",),
}
PRIVATE = {
    "idcard": "身份证", "idnumber": "身份证号", "identitycard": "身份证号码", "nationalid": "公民身份号码", "passport": "护照号",
    "phone": "电话", "mobile": "手机", "telephone": "手机号", "phonenumber": "联系电话", "homeaddress": "住址",
    "residence": "家庭住址", "ethnicity": "民族", "nationality": "族别", "religion": "宗教", "faith": "宗教信仰",
    "birthday": "生日", "birthdate": "出生日期", "dateofbirth": "出生年月", "gender": "性别", "sex": "性別",
    "email": "邮箱", "wechat": "微信", "qq": "qq号", "bankaccount": "银行账号", "health": "健康状况",
}  # fmt: skip
PRIVATE_WORDS = frozenset({*map(folded, PRIVATE), *map(folded, PRIVATE.values())})


def column_names(table: Table) -> dict[str, str]:
    """Every name that a column may have → the column: a built-in one, a field, an end."""
    built_in = [name for name in BUILT_IN if name != "name" or isinstance(table, Kind)]
    known = {folded(word): name for name in built_in for word in (name, *BUILT_IN[name])}
    parts: list[Field | End] = [*table.fields, *(table.ends if isinstance(table, Relation) else ())]
    for part in parts:
        known |= dict.fromkeys(column_words(table, part), part.name)
    return known


def read_header(
    table: Table, cells: Sequence[str], file: str, line: int, problems: Problems, passed: int = -1
) -> Mapping[str, int]:
    """The place of each column that is there; the one at ``passed`` is none of the table's."""
    known = column_names(table)
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if place == passed:
            continue
        word = folded(cell.strip())
        name = known.get(word)
        if name is None:
            problems.add(_unknown(table, cell, word, known, file, line))
        elif name in places:
            problems.add(
                Problem(file, line, name, "COLUMN_TWICE", cell, "stands twice in the header", "keep one of them")
            )
        else:
            places[name] = place
    if "key" not in places:
        mend = "add a column key: letters, digits and -_. that name a row for ever"
        problems.add(Problem(file, line, "key", "NO_KEY", "", "there is no column key", mend))
    return places


def _unknown(table: Table, cell: str, word: str, known: Mapping[str, str], file: str, line: int) -> Problem:
    if word in PRIVATE_WORDS or (word in ("address", "地址") and isinstance(table, Relation)):
        message = "is private data, which has no place here"
        return Problem(file, line, cell, "PRIVATE", cell, message, "take the column out of the file")
    near = get_close_matches(word, list(known), 1)
    mend = (
        f"did you mean {known[near[0]]}?"
        if near
        else f"columns of {table.name}: {', '.join(dict.fromkeys(known.values()))}"
    )
    return Problem(file, line, cell, "UNKNOWN_COLUMN", cell, "is no column here", mend)
