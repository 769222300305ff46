"""What differs between two models, by name; nothing that breaks the GraphQL of a client is called an addition."""

from __future__ import annotations

from functools import cache

import pytest
from graphql import GraphQLSchema, build_schema, find_breaking_changes

from orggraph.graphql.schema import sdl
from orggraph.model import model_of
from orggraph.model.difference import differences, told
from orggraph.model.model import Model
from orggraph.model.numbering import NUMBERS, numbers_of, numbers_text

BASE = """\
model: {name: town, label: {zh: 镇, en: town}, iri: "https://example.org/town/", timezone: Asia/Shanghai}
terms:
  Rank:
    label: {zh: 职级, en: rank}
    terms:
      high: {zh: 高, en: upper, aliases: [上]}
      low: {zh: 低, en: lower}
kinds:
  Agent: {abstract: true, label: {zh: 主体, en: agent}, plural: agents}
  Person: {label: {zh: 人员, en: person}, plural: persons, extends: [Agent]}
  Firm: {label: {zh: 企业, en: firm}, plural: firms, extends: [Agent]}
  Office:
    label: {zh: 机关, en: office}
    plural: offices
    fields:
      staff: {type: int, label: {zh: 人数, en: staff}}
      code: {type: string, label: {zh: 代码, en: code}}
  Area: {label: {zh: 区, en: area}, plural: areas}
relations:
  Chief:
    label: {zh: 主任, en: chief}
    subject: {name: person, kind: Person, singular: chiefPost, plural: chiefPosts}
    object: {name: office, kind: Office, singular: chief, plural: chiefs, one: true}
    ends:
      area: {kind: Area, label: {zh: 派驻, en: posted to}, singular: postedHere, plural: allPostedHere}
    fields:
      rank: {type: Rank, label: {zh: 职级, en: rank}}
  Below:
    label: {zh: 下级, en: below}
    hierarchy: true
    subject: {name: lower, kind: Office, singular: upper, plural: uppers}
    object: {name: upper, kind: Office, singular: lower, plural: lowers}
  Serves:
    label: {zh: 服务, en: serves}
    subject: {name: agent, kind: Agent, singular: served, plural: servedAreas}
    object: {name: area, kind: Area, singular: servant, plural: servants}
    pairs:
      - subject: {kind: Person}
        object: {kind: Area}
derived:
  Heads:
    label: {zh: 领导, en: heads}
    subject: {name: person, kind: Person, plural: heads}
    object: {name: office, kind: Office, plural: headedBy}
    chain:
      - {field: chiefPosts}
      - {field: lowers}
"""
SHIP = "  Ship: {label: {zh: 船, en: ship}, plural: ships, extends: [Agent]}\n"
SAILS = """\
  Sails:
    label: {zh: 航行, en: sails}
    subject: {name: sailor, kind: Person, singular: voyage, plural: voyages}
    object: {name: firm, kind: Firm, singular: sailor, plural: sailors}
"""
RUNS = """\
  Runs:
    label: {zh: 管, en: runs}
    subject: {name: person, kind: Person, plural: runs}
    object: {name: office, kind: Office, plural: runBy}
    chain: [{field: chiefPosts}]
"""
BOTH = "overlap: {of: [[{field: chiefPosts}], [{field: heads}], [{field: chiefPosts}, {field: uppers}]]}"
SERVES = """\
    subject: {name: agent, kind: Agent, singular: served, plural: servedAreas}
    object: {name: area, kind: Area, singular: servant, plural: servants}
    pairs:
      - subject: {kind: Person}"""
ADDED_END = (
    ", singular: postedHere, plural: allPostedHere}\n      deputy: {kind: Person, label: {zh: 副手, en: deputy}}"
)
ADDITIONS = {
    "a kind": ("  Area: {", SHIP + "  Area: {", "Ship: kind added"),
    "a relation": ("  Below:\n", SAILS + "  Below:\n", "Sails: relation added"),
    "a field": (
        "      code:",
        "      web: {type: uri, label: {zh: 网址, en: web}}\n      code:",
        "Office.web: field added",
    ),
    "a field of all agents": (
        "plural: agents}",
        "plural: agents, fields: {web: {type: uri, label: {zh: 网, en: web}}}}",
        "Person.web: field added",
    ),
    "a further end": (", singular: postedHere, plural: allPostedHere}", ADDED_END, "Chief.deputy: end added"),
    "a term": ("      low:", "      middle: {zh: 中, en: middle}\n      low:", "Rank.middle: term added"),
    "an alias": ("aliases: [上]", "aliases: [上, 上级]", "Rank.high: alias 上级 added"),
    "a label": ("en: person}", "en: official}", "Person: label 人员 / person → 人员 / official"),
    "a pair": (
        "      - subject: {kind: Person}",
        "      - subject: {kind: Firm}\n        object: {kind: Area}\n      - subject: {kind: Person}",
        "Serves: joins Firm with Area added",
    ),
    "a derived chain": (
        "derived:\n",
        "derived:\n" + RUNS,
        "Runs: derived relation added",
    ),
    "an overlap": (
        "derived:\n",
        "derived:\n" + RUNS.replace("chain: [{field: chiefPosts}]", BOTH),
        "Runs: derived relation added",
    ),
    "an abstract kind": (
        "  Area: {",
        "  Place: {abstract: true, label: {zh: 地, en: place}, plural: places}\n  Area: {extends: [Place], ",
        "Area: extends Place added",
    ),
}  # fmt: skip
BREAKS = {
    "another model": ("name: town", "name: city", "model: name town → city"),
    "another base of IRIs": ("example.org/town", "example.org/city", "model: iri"),
    "another time zone": ("Asia/Shanghai", "Asia/Urumqi", "model: timezone Asia/Shanghai → Asia/Urumqi"),
    "a kind renamed": ("  Firm: {", "  Company: {", "Firm: kind removed (renamed to Company?)"),
    "a kind made abstract": (
        "  Firm: {",
        SHIP.replace("Agent", "Firm") + "  Firm: {abstract: true, ",
        "Firm: abstract no → yes",
    ),
    "a kind that is no agent any more": (
        "plural: firms, extends: [Agent]",
        "plural: firms",
        "Firm: extends Agent removed",
    ),
    "another plural": ("plural: offices", "plural: bureaus", "Office: plural offices → bureaus"),
    "another IRI of a kind": ("plural: offices", 'plural: offices\n    iri: "https://example.org/o"', "Office: iri"),
    "a field gone": ("      code: {type: string, label: {zh: 代码, en: code}}\n", "", "Office.code: field removed"),
    "a field renamed": ("      code:", "      symbol:", "Office.code: field removed (renamed to symbol?)"),
    "another type": ("staff: {type: int", "staff: {type: string", "Office.staff: type int → string"),
    "a field that is required now": (
        "staff: {type: int",
        "staff: {type: int, required: true",
        "Office.staff: required no → yes",
    ),
    "a new field that is required": (
        "      code:",
        "      web: {type: uri, required: true, label: {zh: 网, en: web}}\n      code:",
        "Office.web: field added (it is required",
    ),
    "a term gone": ("      low: {zh: 低, en: lower}\n", "", "Rank.low: term removed"),
    "a term renamed": ("      low:", "      lower:", "Rank.low: term removed (renamed to lower?)"),
    "terms in another order": (
        "      high: {zh: 高, en: upper, aliases: [上]}\n      low: {zh: 低, en: lower}\n",
        "      low: {zh: 低, en: lower}\n      high: {zh: 高, en: upper, aliases: [上]}\n",
        "Rank: order of terms high, low → low, high",
    ),
    "an alias gone": (", aliases: [上]", "", "Rank.high: alias 上 removed"),
    "an end renamed": (
        "{name: person, kind: Person, singular: chiefPost",
        "{name: holder, kind: Person, singular: chiefPost",
        "Chief.person: name person → holder",
    ),
    "an end of a wider kind": (
        "{name: person, kind: Person, singular: chiefPost",
        "{name: person, kind: Agent, singular: chiefPost",
        "Chief.person: kind Person → Agent",
    ),
    "a to-one that is one no more": (", one: true", "", "Chief.office: one yes → no"),
    "at most one, now": (
        "singular: servant, plural: servants}",
        "singular: servant, plural: servants, one: true}",
        "Serves.area: one no → yes",
    ),
    "another singular": ("singular: chief,", "singular: leader,", "Office.chiefs: singular chief → leader"),
    "another plural over a relation": (
        "plural: chiefs,",
        "plural: leaders,",
        "Office.chiefs: field over a relation removed",
    ),
    "a further end gone": (
        "      area: {kind: Area, label: {zh: 派驻, en: posted to}, singular: postedHere, plural: allPostedHere}\n",
        "      x: {kind: Person, label: {zh: 甲, en: x}}\n",
        "Chief.area: end removed",
    ),
    "a further end that is required": (
        "label: {zh: 派驻, en: posted to}",
        "required: true, label: {zh: 派驻, en: posted to}",
        "Chief.area: required no → yes",
    ),
    "no hierarchy any more": ("    hierarchy: true\n", "", "Below: hierarchy yes → no"),
    "what happens once": ("    hierarchy: true\n", "    hierarchy: true\n    once: true\n", "Below: once no → yes"),
    "a pair gone": (
        SERVES,
        SERVES.replace("{kind: Person}", "{kind: Firm}"),
        "Serves: joins Person with Area removed",
    ),
    "another chain": (
        "      - {field: lowers}",
        "      - {field: uppers}",
        "Heads: chain chiefPosts Office → lowers Office → chiefPosts Office → uppers Office",
    ),
    "a chain that is a union": (
        "    chain:\n      - {field: chiefPosts}\n      - {field: lowers}",
        "    union:\n      - [{field: chiefPosts}]\n      - [{field: chiefPosts}, {field: lowers}]",
        "Heads: chains chiefPosts Office → lowers Office → chiefPosts Office; chiefPosts Office → lowers Office",
    ),
    "a derived relation that is grouped": (
        "      - {field: lowers}",
        "      - {field: lowers}\n    grouped: true",
        "Heads: grouped no → yes",
    ),
    "a derived link gone": (
        "plural: heads}",
        "plural: leads}",
        "Person.heads: field over a derived relation removed",
    ),
    "a derived relation gone": (BASE[BASE.index("derived:"):], "", "Heads: derived relation removed"),
}  # fmt: skip


def edited(before: str, after: str) -> Model:
    assert BASE.count(before) == 1, before
    return model_of({"town.yaml": BASE.replace(before, after)})


def base() -> Model:
    return model_of({"town.yaml": BASE})


def schema(model: Model) -> GraphQLSchema:
    return build_schema(sdl(model))


@cache
def base_schema() -> GraphQLSchema:
    return schema(base())


def breaks_graphql(old: GraphQLSchema, new: GraphQLSchema) -> list[str]:
    return [change.description for change in find_breaking_changes(old, new)]


@pytest.mark.parametrize("name", ADDITIONS)
def test_an_addition_breaks_nobody(name: str) -> None:
    before, after, words = ADDITIONS[name]
    new = edited(before, after)
    found = differences(base(), new)
    assert any(str(one).startswith(words) for one in found)
    assert not [str(one) for one in found if one.breaks]
    assert not breaks_graphql(base_schema(), schema(new))


@pytest.mark.parametrize("name", BREAKS)
def test_what_breaks_is_told_by_name(name: str) -> None:
    before, after, words = BREAKS[name]
    found = differences(base(), edited(before, after))
    assert any(str(one).startswith(words) and one.breaks for one in found), [str(one) for one in found]
    assert told(found, 1).startswith(str(next(one for one in found if one.breaks)))


@pytest.mark.parametrize("name", [*ADDITIONS, *BREAKS])
def test_what_breaks_graphql_one_way_or_the_other_is_told(name: str) -> None:
    before, after, _ = (ADDITIONS | BREAKS)[name]
    new = edited(before, after)
    old_schema, new_schema = base_schema(), schema(new)
    for broken, found in (
        (breaks_graphql(old_schema, new_schema), differences(base(), new)),
        (breaks_graphql(new_schema, old_schema), differences(new, base())),
    ):
        assert not broken or any(one.breaks for one in found), broken


def test_a_model_in_other_files_and_another_order_is_the_same() -> None:
    head, rest = BASE.split("kinds:\n")
    kinds, rest = rest.split("relations:\n")
    relations, derived = rest.split("derived:\n")
    blocks = relations.split("  Below:\n")
    other = {
        "a.yaml": f"derived:\n{derived}",
        "b.yaml": f"relations:\n  Below:\n{blocks[1]}{blocks[0]}",
        "c.yaml": "kinds:\n" + "".join(reversed_entries(kinds)),
        "d.yaml": head,
    }
    assert not differences(base(), model_of(other))


def reversed_entries(kinds: str) -> list[str]:
    """The kinds of the base model, last first."""
    found: list[str] = []
    for line in kinds.splitlines(keepends=True):
        if line.startswith("  ") and line[2] != " ":
            found.append("")
        found[-1] += line
    return found[::-1]


def test_numbers_that_a_store_gave_stay_and_new_ones_are_free() -> None:
    old = base()
    before = numbers_of(old)
    assert set(before["kinds"].values()) == set(range(1, 6)), "Source and four more"
    texts = {"town.yaml": BASE.replace("  Person: {", SHIP + "  Person: {").replace("  Chief:\n", SAILS + "  Chief:\n")}
    fresh = numbers_of(model_of(texts))
    assert fresh["kinds"]["Person"] != before["kinds"]["Person"]
    kept = numbers_of(model_of({**texts, NUMBERS: numbers_text(old)}))
    assert {name: kept["kinds"][name] for name in before["kinds"]} == before["kinds"]
    assert kept["kinds"]["Ship"] == 6
    assert {name: kept["relations"][name] for name in before["relations"]} == before["relations"]
    assert kept["relations"]["Sails"] == 4
