"""A small model for tests of loading, and how they load with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orggraph.stores.sqlite.load import LoadReport
from orggraph.stores.sqlite.load import load as load_files

MODEL = """\
model: {name: small, label: {zh: 小, en: small}, iri: "https://example.org/small/"}
terms:
  Rank: {label: {zh: 职级, en: rank}, terms: {high: {zh: 高, en: upper, aliases: [上]}, low: {zh: 低, en: lower}}}
kinds:
  Person: {label: {zh: 人员, en: person}, plural: persons}
  Office:
    label: {zh: 机关, en: office}
    plural: offices
    fields:
      staff: {type: int, label: {zh: 人数, en: staff}}
      founded: {type: date, label: {zh: 成立, en: founded}}
      open: {type: boolean, label: {zh: 开放, en: is open}}
  Area: {label: {zh: 区, en: area}, plural: areas}
relations:
  Chief:
    label: {zh: 主任, en: chief}
    subject: {name: person, kind: Person, singular: chiefPost, plural: chiefPosts}
    object: {name: office, kind: Office, singular: chief, plural: chiefs, one: true}
    ends: {area: {kind: Area, label: {zh: 派驻, en: posted to}}}
    fields:
      rank: {type: Rank, required: true, label: {zh: 职级, en: rank}}
  Below:
    label: {zh: 下级, en: below}
    hierarchy: true
    subject: {name: lower, kind: Office, singular: upper, plural: uppers}
    object: {name: upper, kind: Office, singular: lower, plural: lowers}
"""
SOURCES = "key,name,nature,date\nreg,名册,登记册,2020-03-31\ndoc,文章,document,2020-03\nbare,便条,document,\n"
PEOPLE = "键,姓名\np1,王芳\np2,李𠮷\n"
OFFICES = "key,name,staff,成立,开放\no1,水务局,30,1990,是\no2,林草局,,2001-05,no\n"
CHIEFS = "key,person,office,rank,from,until,source\nc1,p1,o1,高,2015-03,2018,reg\nc2,p2,o1,lower,2019,,reg\n"
FILES = {"Source.csv": SOURCES, "人员.csv": PEOPLE, "office.csv": OFFICES, "Chief.csv": CHIEFS}


def put(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A folder with these files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def load(store: Path, folder: Path) -> list[LoadReport]:
    return load_files(store, {"small.yaml": MODEL}, lambda _: "", [folder])
