"""Every rule of the linter, broken once: the problem names its place and says how to mend it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import orggraph.model
from orggraph.errors import ModelError
from orggraph.model import model_of

SOUND = """\
model: {name: choir, label: {zh: 合唱团, en: choir}, iri: "https://example.org/choir/", timezone: Asia/Shanghai}
terms:
  Voice: {label: {zh: 声部, en: voice}, terms: {alto: {zh: 女低音, en: alto}, bass: {zh: 男低音, en: bass}}}
fields:
  note: {type: string, label: {zh: 备注𠮷, en: note}}
kinds:
  Agent: {abstract: true, label: {zh: 主体, en: agent}, plural: agents}
  Singer: {label: {zh: 歌手, en: singer}, plural: singers, extends: [Agent], fields: {voice: {type: Voice, label: {zh: 声部, en: voice}}}}
  Choir: {label: {zh: 合唱队, en: group}, plural: choirs, extends: [Agent], fields: {note: }}
  Hall: {label: {zh: 音乐厅, en: hall}, plural: halls}
relations:
  Member:
    label: {zh: 成员, en: member}
    subject: {name: singer, kind: Singer, singular: membership, plural: memberships}
    object: {name: choir, kind: Choir, singular: member, plural: members}
    ends: {sponsor: {kind: Choir, label: {zh: 推荐队, en: sponsor}, singular: sponsored, plural: sponsoredMembers}}
    fields: {fee: {type: int, label: {zh: 会费, en: fee}}}
  Home:
    label: {zh: 驻地, en: home}
    subject: {name: choir, kind: Choir, singular: hall, plural: halls, one: true}
    object: {name: hall, kind: Hall, singular: choir, plural: choirs}
    pairs: [{subject: {kind: Choir}, object: {kind: Hall}}]
derived:
  SingsIn:
    label: {zh: 演唱于, en: sings in}
    subject: {name: singer, kind: Singer, plural: stages}
    object: {name: hall, kind: Hall, plural: voices}
    chain: [{field: memberships, where: {note: {isNull: true}}}, {field: halls}]
  Meets:
    label: {zh: 相遇, en: meets}
    subject: {name: singer, kind: Singer, plural: metIn}
    object: {name: choir, kind: Choir, plural: met}
    overlap: {least: 2, of: [[{field: memberships}], [{field: stages}, {field: choirs}]]}
  Knows:
    label: {zh: 相识, en: knows}
    subject: {name: singer, kind: Singer, plural: known1}
    object: {name: other, kind: Singer, plural: known2}
    grouped: true
    union: [[{field: metIn}, {field: members}], [{field: memberships}, {field: members}]]
"""

# code, line, what stands there, what is put in its place
BROKEN = [
    ("TIMEZONE", 1, "Asia/Shanghai", "Asia/Nowhere"),
    ("IRI", 1, "https://example.org/choir/", "choir"),
    ("NO_LABEL", 1, "{zh: 合唱团, en: choir}", '{zh: "", en: choir}'),
    ("NO_MODEL", 0, SOUND.splitlines()[0], "fields: {}"),
    ("SHAPE", 4, "fields:\n  note: {type: string", "fields:\n  note: {typ: string"),
    ("SHAPE", 7, "plural: agents", "plural: [agents]"),
    ("TWICE", 9, "  Choir: {label", "  Singer: {label"),
    ("UNKNOWN_SECTION", 23, "derived:", "derivations:"),
    ("YAML", 2, "terms:\n", "terms: }\n"),
    ("NO_TERMS", 3, "{alto: {zh: 女低音, en: alto}, bass: {zh: 男低音, en: bass}}", "{}"),
    ("TERM_NAME", 3, "alto: {", "alto-2: {"),
    ("TERM_TWICE", 3, "男低音", "女低音"),
    ("UNKNOWN_TYPE", 8, "type: Voice", "type: Voise"),
    ("NO_SHARED_FIELD", 9, "{note: }", "{notes: }"),
    ("TYPE_NAME", 10, "Hall: {label", "hall: {label"),
    ("FIELD_NAME", 10, "plural: halls}", "plural: Halls}"),
    ("UNKNOWN_KIND", 14, "kind: Singer", "kind: Singr"),
    ("EXTENDS_CONCRETE", 8, "extends: [Agent], fields: {voice", "extends: [Hall], fields: {voice"),
    ("EXTENDS_CIRCLE", 7, "plural: agents}", "plural: agents, extends: [Agent]}"),
    ("NOTHING_BELOW", 10, "plural: halls}", "plural: halls}\n  Empty: {abstract: true, label: {zh: 空, en: empty}, plural: empties}"),
    ("HALF_NAMED", 14, "singular: membership, ", ""),
    ("SAME_PLURAL", 14, "plural: memberships", "plural: membership"),
    ("ONE_WITHOUT_SINGULAR", 26, "plural: stages", "plural: stages, one: true"),
    ("PAIR_OUTSIDE", 22, "{subject: {kind: Choir}", "{subject: {kind: Hall}"),
    ("END_TWICE", 12, "name: choir, kind: Choir, singular: member", "name: singer, kind: Choir, singular: member"),
    ("HIERARCHY_ENDS", 20, "singular: hall, plural: halls, one: true}", "singular: hall, plural: halls, one: true}\n    hierarchy: true"),
    ("CHAIN_LENGTH", 28, "chain: [{field: memberships, where: {note: {isNull: true}}}, {field: halls}]", "chain: []"),
    ("DERIVED_FORM", 39, "    grouped: true\n", "    chain: [{field: memberships}, {field: members}]\n"),
    ("MEMBER_COUNT", 39, ", [{field: memberships}, {field: members}]]", "]"),
    ("OVERLAP_LEAST", 33, "least: 2", "least: 3"),
    ("CHAIN_LENGTH", 33, "[{field: memberships}], [{field: stages}", "[], [{field: stages}"),
    ("CHAIN_BREAKS", 33, "{field: stages}", "{field: stage}"),
    ("CHAIN_MISSES", 39, "[{field: metIn}, {field: members}]", "[{field: metIn}]"),
    ("STEP_GROUPED", 39, "[{field: metIn}, {field: members}]", "[{field: known1}]"),
    ("DERIVED_CIRCLE", 29, "{field: stages}, {field: choirs}", "{field: metIn, kind: Choir}"),
    ("TOO_MANY_WAYS", 34, "{field: metIn}, {field: members}", ", ".join(["{field: metIn}, {field: members}"] * 4)),
    ("CHAIN_BREAKS", 28, "{field: halls}]", "{field: hallz}]"),
    ("CHAIN_MISSES", 28, "{field: halls}]", "{field: members}]"),
    ("UNKNOWN_FIELD", 28, "note: {isNull: true}", "nota: {isNull: true}"),
    ("BAD_TEST", 28, "note: {isNull: true}", "note: {gte: 3}"),
    ("UNKNOWN_TERM", 28, "{field: memberships, where: {note: {isNull: true}}}, {field: halls}]",
     "{field: memberships}, {field: members, where: {voice: {eq: tenor}}}, {field: halls}]"),
    ("TYPE_TWICE", 18, "  Home:", "  Voice:"),
    ("ROOT_TWICE", 10, "plural: halls}", "plural: choirs}"),
    ("FIELD_TWICE", 34, "plural: known1", "plural: voice"),
    ("LABEL_TWICE", 10, "{zh: 音乐厅, en: hall}, plural", "{zh: 歌手, en: hall}, plural"),
    ("PART_TWICE", 9, "fields: {note: }", "fields: {note: , hall_name: {type: string, label: {zh: 厅名, en: hall's}}}"),
    ("COLUMN_TWICE", 11, "{zh: 会费, en: fee}", "{zh: 推荐队, en: fee}"),
    ("PRIVATE_FIELD", 17, "fee: {type: int, label: {zh: 会费, en: fee}}", "phone: {type: string, label: {zh: 座机, en: line}}"),
    ("PRIVATE_FIELD", 17, "{zh: 会费, en: fee}", "{zh: 手 机, en: line}"),
    ("PRIVATE_FIELD", 9, "fields: {note: }", "fields: {note: , born: {type: date, label: {zh: 建队, en: founded}}}"),
    ("COLUMN_TWICE", 11, "{zh: 会费, en: fee}", "{zh: 关系, en: fee}"),
    ("COLUMN_TWICE", 11, "{zh: 会费, en: fee}", "{zh: 会费, en: Kind}"),
    ("COLUMN_TWICE", 11, "{zh: 会费, en: fee}", "{zh: 止于（含）, en: fee}"),
    ("COLUMN_TWICE", 11, "{zh: 会费, en: fee}", "{zh: 会费, en: source}"),
    ("IRI_TWICE", 9, "fields: {note: }}", "iri: https://example.org/choir/kind/Singer, fields: {note: }}"),
]  # fmt: skip


def problems(text: str) -> list[tuple[str, int, str]]:
    with pytest.raises(ModelError) as refused:
        model_of({"choir.yaml": text})
    return [(one.code, one.line, one.mend) for one in refused.value.problems]


def test_a_sound_model_has_no_problem() -> None:
    assert model_of({"choir.yaml": SOUND}).name == "choir"


@pytest.mark.parametrize(
    ("code", "line", "there", "instead"), BROKEN, ids=[f"{case[0]}-{i}" for i, case in enumerate(BROKEN)]
)
def test_a_broken_rule_is_told_with_its_place_and_a_mend(code: str, line: int, there: str, instead: str) -> None:
    assert there in SOUND
    found = problems(SOUND.replace(there, instead, 1))
    assert code in [one for one, _, _ in found]
    told = next(one for one in found if one[0] == code)
    assert told[2], "a problem says how to mend it"
    if line:
        assert any(one == code and abs(at - line) <= 1 for one, at, _ in found), found


def test_too_many_kinds_and_relations() -> None:
    kinds = "".join(f"  K{i}: {{label: {{zh: 类{i}, en: kind {i}}}, plural: manyK{i}}}\n" for i in range(70))
    assert "TOO_MANY_KINDS" in [code for code, _, _ in problems(SOUND.replace("kinds:\n", "kinds:\n" + kinds))]
    relation = "  R{0}: {{label: {{zh: 系{0}, en: relation {0}}}, subject: {{name: a, kind: Hall}}, object: {{name: b, kind: Choir}}}}\n"
    many = "".join(relation.format(i) for i in range(1030))
    assert "TOO_MANY_RELATIONS" in [
        code for code, _, _ in problems(SOUND.replace("relations:\n", "relations:\n" + many))
    ]


def test_every_rule_is_broken_by_some_case() -> None:
    folder = Path(orggraph.model.__file__).parent
    written = set()
    for file in ("lint_parts.py", "lint_fit.py", "lint_derived.py", "lint_names.py", "lint_private.py"):
        text = (folder / file).read_text("utf-8")
        written |= set(re.findall(r'"([A-Z]+(?:_[A-Z]+)+|IRI|TIMEZONE)"', text))
    covered = {case[0] for case in BROKEN} | {"TOO_MANY_KINDS", "TOO_MANY_RELATIONS"}
    assert written <= covered, written - covered


@pytest.mark.parametrize(
    "text",
    ["[1, 2]", "kinds: [1]", "? [1, 2]\n: 3", "kinds: {1: {}}", "\0", "a: &a [*a]", "kinds: *nobody", "model: 3", "\ufffe", "",
     "[" * 3000, "kinds: {A: {label: " + "{a: " * 3000,
     "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]"],
)  # fmt: skip
def test_hostile_yaml_is_a_problem_never_a_crash(text: str) -> None:
    assert problems(text)


def test_an_alias_bomb_is_refused_quickly() -> None:
    lines = ["kinds:", "  A0: &a0 {x: 1}"] + [
        f"  A{i}: &a{i} {{" + ", ".join(f"k{j}: *a{i - 1}" for j in range(9)) + "}" for i in range(1, 12)
    ]
    assert problems("\n".join(lines))
