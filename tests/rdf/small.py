"""A small graph that has everything that is awkward in RDF: standards' names, text, keys that begin others, states, history."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orggraph.graphql.schema import sdl
from orggraph.stores.sqlite.load import load as load_files
from tests.small_model import put

MODEL = """\
model: {name: small, label: {zh: 小, en: small}, iri: "https://example.org/小/"}
terms:
  Rank:
    label: {zh: 职级, en: rank}
    iri: https://example.org/ranks
    terms: {high: {zh: 高, en: upper, aliases: [上, "a \\"b\\""]}, low: {zh: 低, en: lower, iri: "https://example.org/ranks#low"}}
kinds:
  Agent: {abstract: true, label: {zh: 主体, en: agent}, plural: agents, iri: http://xmlns.com/foaf/0.1/Agent}
  Person: {label: {zh: 人员, en: person}, plural: persons, extends: [Agent], iri: http://xmlns.com/foaf/0.1/Person}
  Office:
    label: {zh: 机关, en: office}
    plural: offices
    extends: [Agent]
    iri: http://www.w3.org/ns/org#Organization
    fields:
      staff: {type: int, label: {zh: 人数, en: staff}}
      founded: {type: date, label: {zh: 成立, en: founded}}
      open: {type: boolean, label: {zh: 开放, en: is open}}
      motto: {type: string, label: {zh: 格言, en: motto}}
      homepage: {type: uri, label: {zh: 主页, en: homepage}, iri: http://xmlns.com/foaf/0.1/homepage}
  Area: {label: {zh: 区, en: area}, plural: areas}
relations:
  Chief:
    label: {zh: 主任, en: chief}
    subject: {name: person, kind: Person, singular: chiefPost, plural: chiefPosts}
    object: {name: office, kind: Office, singular: chief, plural: chiefs, one: true}
    ends: {area: {kind: Area, label: {zh: 派驻, en: posted to}}}
    fields:
      rank: {type: Rank, required: true, label: {zh: 职级, en: rank}}
      since: {type: date, label: {zh: 到任, en: since}}
  Below:
    label: {zh: 下级, en: below}
    hierarchy: true
    iri: http://www.w3.org/ns/org#subOrganizationOf
    subject: {name: lower, kind: Office, singular: upper, plural: uppers}
    object: {name: upper, kind: Office, singular: lower, plural: lowers}
  Replaces:
    label: {zh: 改组, en: replaces}
    once: true
    iri: http://www.w3.org/ns/org#ChangeEvent
    subject: {name: old, kind: Office, singular: replacedBy, plural: replacedByAll, iri: "http://www.w3.org/ns/org#originalOrganization"}
    object: {name: new, kind: Office, singular: replaced, plural: replacedAll, iri: "http://www.w3.org/ns/org#resultingOrganization"}
"""
TEXTS = (
    'a "quoted" \\ back\\\\slash',
    "tab\tand\nline",
    "line\u2028sep\u2029par",
    "e\u0301 Å ﬃ",
    "\u202eright to left\u202c \u200f‎",
    "𠮷田𬭚𐀀😀",
    "（示例）％ %s %%d",
    "</script>&amp;<x>",
    "\ufffd\ue000",
)
FIRST = {
    "Source.csv": "key,name,nature,date,address\nreg,名册,登记册,2020-03-31,\ndoc,文章,document,2020-03,https://example.org/a?b=1#c\n",
    "Person.csv": "key,name\np1,王芳\np1-2,李𠮷\np1.x,a\np10,b\np1_,c\np1A,d\np,e\n",
    "Office.csv": "key,name,staff,founded,open,motto,homepage,from,until,source,para\n"
    "o1,水务局,30,1990,是,,https://example.org/%E6%B0%B4,,2018-03,,\n"
    "o1,水利局,,2001-05,no,,,2018-03,,reg;doc,1;第3段\n"
    "o1,水局,-2,2001-05-06,no,,,2020-01-01,,doc;doc,2;1\n"
    "o2,林草局,,,,,,,,doc;doc;doc;doc;doc;doc;doc;doc;doc;doc;doc,1;2;3;4;5;6;7;8;9;10;11\n",
    "Area.csv": "key,name\na1,东区\n",
    "Chief.csv": "key,person,office,area,rank,since,from,until,through,attested,source,para,synthetic\n"
    "c1,p1,o1,a1,高,2015,2015-03,2018,,,reg,,true\nc2,p1-2,o1,,lower,2019-02-03,2019,,2019-05,,doc,11,\n"
    "c3,p10,o2,,low,,,?,,2016-03-04,doc,11,\nc4,p1A,t0,,low,,2019-12,open,,,doc,,\nc5,p,o1,,low,,,0001-01-02,,,doc,,\n"
    "c6,p,o2,,low,,9999-12-31,,,,reg,,\n",
    "Below.csv": "key,lower,upper,from,source\nb1,o2,o1,2010,reg\n",
    "Replaces.csv": "key,old,new,from,source\nr1,o2,o1,2020-02-03,doc\n",
}
SECOND = {
    "Office.csv": "key,name,from,source\no1,水利水电局,2018-03,doc\no2,林业局,2019,reg\n",
    "Chief.csv": "key,rank,withdrawn\nc1,low,\nc3,,true\n",
}
THIRD = {
    "Office.csv": "key,from,withdrawn\no1,2020-01-01,true\n",
    "Chief.csv": "key,person,office,rank,from,source\nc3,p1,t1,high,2021,reg\n",
    "Person.csv": "key,name\np2,新\n",
}


def texts_csv() -> str:
    """Offices whose names and mottos are awkward."""
    quoted = [text.replace('"', '""') for text in TEXTS]
    return "key,name,motto\n" + "".join(f't{i},"{text}x","{text}."\n' for i, text in enumerate(quoted))


def store(folder: Path, loads: tuple[Mapping[str, str], ...] = (FIRST, SECOND, THIRD)) -> Path:
    """A store of these loads, one after the other."""
    path = folder / "small.db"
    for number, files in enumerate(loads, 1):
        more = {"机关.csv": texts_csv()} if number == 1 else {}
        data = put(folder / f"in{number}", {**files, **more})
        load_files(path, {"small.yaml": MODEL}, sdl, [data])
    return path
