"""What a shape asks of a property, in words: Chinese and English. In: its numbers and constraints. Out: a Label.

``rank: exactly one, of the code list rank`` · ``职级：有且只有一个，取自代码表“职级”``
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from orggraph.model.entries import Label
from orggraph.model.iris import OURS, XSD
from orggraph.model.model import Model
from orggraph.plan.shapes import AnyOf, Before, Constraint, OfClass, OfType, OneOf
from orggraph.rdf.mapping import kind_class
from orggraph.rdf.words import PROPERTIES

TITLE = Label(zh="名称", en="name")
OF = Label(zh="所属实体", en="what it is a state of")
ROLE = Label(zh="角色", en="role")
SOURCE = Label(zh="来源", en="source")
TYPES = {
    "string": Label(zh="文本", en="text"),
    "integer": Label(zh="整数", en="a whole number"),
    "boolean": Label(zh="是或否", en="true or false"),
    "anyURI": Label(zh="网址", en="an address"),
    "date": Label(zh="日期", en="a day"),
}
ANY_DATE = Label(zh="年、月或日", en="a day, a month or a year")


def message(model: Model, label: Label, least: int, most: int | None, constraints: Iterable[Constraint]) -> Label:
    """What must be so of a property with this label."""
    parts = [part for part in (_often(least, most), *_asked(model, constraints)) if part is not None]
    zh, en = "，".join(part.zh for part in parts), ", ".join(part.en for part in parts)
    return Label(zh=f"{label.zh}：{zh}", en=f"{label.en}: {en}")


def _often(least: int, most: int | None) -> Label | None:
    match least, most:
        case 0, None:
            return None
        case 0, _:
            return Label(zh=f"至多 {most} 个", en=f"at most {most}")
        case _ if least == most:
            return Label(zh=f"有且只有 {least} 个", en=f"exactly {least}")
        case _, None:
            return Label(zh=f"至少 {least} 个", en=f"at least {least}")
        case _:
            return Label(zh=f"{least} 至 {most} 个", en=f"{least} to {most}")


def _asked(model: Model, constraints: Iterable[Constraint]) -> Iterator[Label]:
    for one in constraints:
        match one:
            case OfType(datatype):
                yield TYPES[datatype.removeprefix(XSD)]
            case OfClass(name):
                yield _of_class(model, name)
            case OneOf(name):
                label = model.terms[name].label
                yield Label(zh=f"取自代码表“{label.zh}”", en=f"of the code list {label.en}")
            case AnyOf():
                yield ANY_DATE
            case Before(path, equal):
                other = PROPERTIES[path.removeprefix(OURS)][1]
                words = ("不晚于", "not after the") if equal else ("早于", "before the")
                yield Label(zh=words[0] + other.zh, en=f"{words[1]} {other.en}")
            case _:
                assert_never(one)


def _of_class(model: Model, name: str) -> Label:
    """A class of the model by its kind's label, another one by its own name."""
    labels = {kind_class(model, kind): kind.label for kind in model.kinds.values()}
    label = labels.get(name, ROLE)
    return Label(zh=f"属于“{label.zh}”", en=f"of the kind {label.en}")
