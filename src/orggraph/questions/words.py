"""What a table says to people. In: values as the graph answers them. Out: the words of a language for them.

Machines get values as they are (JSON); people get words for what GraphQL spells as a constant.
"""

from __future__ import annotations

from dataclasses import dataclass

from orggraph.questions.layout import Scalar, Value
from orggraph.questions.question import Ready, said

LANGS = ("zh", "en")
CERTAINTY = {"CERTAIN": {"zh": "确定", "en": "certain"}, "POSSIBLE": {"zh": "可能", "en": "possible"}}
BOOLEAN = {True: {"zh": "是", "en": "yes"}, False: {"zh": "否", "en": "no"}}
MET = {
    "MET": {"zh": "相符", "en": "met"},
    "UNMET": {"zh": "✗ 不符", "en": "✗ NOT MET"},
    "UNCOUNTED": {"zh": "图中不计", "en": "not counted"},
}
TURN = {"TAKES": {"zh": "就任", "en": "takes"}, "LEAVES": {"zh": "离任", "en": "leaves"}}
CHANGED = {
    "ADDED": {"zh": "新增", "en": "added"},
    "CORRECTED": {"zh": "更正", "en": "corrected"},
    "WITHDRAWN": {"zh": "撤回", "en": "withdrawn"},
}
WORDS = {"Certainty": CERTAINTY, "Met": MET, "Turn": TURN, "Changed": CHANGED}
"""Constants by the type that they are of."""
BETWEEN = {"zh": "；", "en": "; "}
NUMBERS = frozenset({"Int", "Float"})
Plain = str | int | float | None


@dataclass(frozen=True)
class Heading:
    """A column: what machines call it, what people do, the type of its values."""

    name: str
    zh: str
    en: str
    type: str

    @property
    def numeric(self) -> bool:
        return self.type in NUMBERS


def headings(ready: Ready) -> tuple[Heading, ...]:
    """The columns of a question's table."""
    columns = ready.question.entry.columns
    return tuple(
        Heading(name, columns[name].zh, columns[name].en, type_)
        for name, type_ in zip(ready.layout.names, ready.layout.types, strict=True)
    )


def heading_texts(columns: tuple[Heading, ...], lang: str) -> list[str]:
    return [said(one, lang) for one in columns]


def worded(value: Value, type_: str, lang: str) -> Plain:
    """A value as people read it; numbers stay numbers."""
    if isinstance(value, list):
        return BETWEEN[lang].join(str(_one(one, type_, lang)) for one in value if one is not None)
    return _one(value, type_, lang)


def worded_row(row: list[Value], columns: tuple[Heading, ...], lang: str) -> list[Plain]:
    return [worded(value, column.type, lang) for value, column in zip(row, columns, strict=True)]


def _one(value: Scalar, type_: str, lang: str) -> Plain:
    if isinstance(value, bool):
        return BOOLEAN[value][lang]
    words = WORDS.get(type_, {}).get(str(value))
    return words[lang] if words else value
