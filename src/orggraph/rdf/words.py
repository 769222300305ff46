"""The words of our own vocabulary, in Chinese and English: what the ontology says of them."""

from __future__ import annotations

from orggraph.model.entries import Label

DATE, BOOLEAN, INTEGER, STRING = "date", "boolean", "integer", "string"
PARTIAL = ""
"""A day, a month or a year."""

CLASSES = {
    "State": Label(zh="状态", en="state of an entity"),
    "Record": Label(zh="记录", en="record"),
}
PROPERTIES: dict[str, tuple[str, Label]] = {
    "from": (PARTIAL, Label(zh="起", en="first day, as written")),
    "until": (PARTIAL, Label(zh="止（首个不再成立之日）", en="first day no longer, as written")),
    "through": (PARTIAL, Label(zh="止于（最后一日）", en="last day, as written")),
    "attested": (PARTIAL, Label(zh="见于", en="attested on, as written")),
    "ends": (
        STRING,
        Label(zh="止日说明：open 未止，unknown 已止而日期不详", en="open: goes on; unknown: ended on an unknown day"),
    ),
    "earliestFrom": (DATE, Label(zh="最早起日", en="earliest start")),
    "latestFrom": (DATE, Label(zh="最晚起日", en="latest start")),
    "earliestUntil": (DATE, Label(zh="最早止日", en="earliest end")),
    "latestUntil": (DATE, Label(zh="最晚止日", en="latest end")),
    "open": (BOOLEAN, Label(zh="确定未止", en="surely goes on")),
    "lifeLatestFrom": (DATE, Label(zh="存续期最晚起日", en="latest start of the run of states")),
    "lifeEarliestUntil": (DATE, Label(zh="存续期最早止日", en="earliest end of the run of states")),
    "lifeOpen": (BOOLEAN, Label(zh="存续期确定未止", en="the run of states surely goes on")),
    "synthetic": (BOOLEAN, Label(zh="合成", en="made up, no claim about anything real")),
    "para": (STRING, Label(zh="段落", en="place in the source")),
    "place": (INTEGER, Label(zh="在代码表中的次序", en="place in its code list")),
    "number": (INTEGER, Label(zh="载入或清除的序号", en="number of the load or purge")),
    "added": (INTEGER, Label(zh="新增", en="added")),
    "corrected": (INTEGER, Label(zh="更正", en="corrected")),
    "withdrawn": (INTEGER, Label(zh="撤回", en="withdrawn")),
    "sha256": (STRING, Label(zh="文件的 SHA-256", en="SHA-256 of the file")),
    "field": (STRING, Label(zh="被清除的字段", en="the field that was purged; everything where none is named")),
    "things": (INTEGER, Label(zh="涉及对象数", en="how many things lost something")),
    "versions": (INTEGER, Label(zh="涉及版本数", en="how many versions lost something")),
    "why": (STRING, Label(zh="清除原因", en="why it was purged")),
    "day": (DATE, Label(zh="所示之日", en="the day that is shown")),
    "certainty": (STRING, Label(zh="确定性", en="certainty")),
}
