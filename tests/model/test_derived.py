"""One more entry in a model appears in SDL, tables, files and pages, and is loaded and asked; no code knows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orggraph.derived import derive, derived_files
from orggraph.errors import OrggraphError
from orggraph.graphql.schema import sdl
from orggraph.model import model_of
from orggraph.model.model import Kind, Relation, Terms
from orggraph.model.page import page
from orggraph.opening import open_engine
from orggraph.records.columns import column_names
from orggraph.stores.sqlite.load import load
from tests.small_model import FILES, MODEL, put

ENTRY = """\
  Adviser:
    label: {zh: 顾问𠮷, en: adviser}
    subject: {name: person, kind: Person, singular: advisedOffice, plural: advisedOffices}
    object: {name: office, kind: Office, singular: adviser, plural: advisers}
    fields: {days: {type: int, label: {zh: 天数, en: days a week}}}
"""


def test_one_more_relation_appears_everywhere(tmp_path: Path) -> None:
    more = MODEL + ENTRY
    model = model_of({"m.yaml": more})
    files = derived_files(model)
    assert "type AdviserRecord implements RelationRecord & Node" in files["schema.graphql"]
    assert "advisers(where: OfficeAdvisersWhere, orderBy: [OfficeAdvisersOrderBy!], " in files["schema.graphql"]
    assert 'CREATE TABLE "r_Adviser"' in files["sqlite.sql"]
    assert "顾问𠮷" in files["model.zh.md"]
    assert "adviser `Adviser`" in files["model.en.md"]
    assert column_names(model.relations["Adviser"])["天数"] == "days"
    assert "Adviser" not in "".join(derived_files(model_of({"m.yaml": MODEL})).values())
    folder = put(tmp_path / "in", FILES | {"顾问𠮷.csv": "key,人员,office,天数,from,source\na1,p2,o1,2,2019-05,reg\n"})
    load(tmp_path / "m.db", {"m.yaml": more}, sdl, [folder])
    document = (
        '{ at(date: "2020-03-31") { office(key: "o1") { advisers { edges { node { name } record { days } } } } } }'
    )
    answer = json.loads(open_engine(tmp_path / "m.db").execute(document))
    assert answer["data"]["at"]["office"]["advisers"]["edges"] == [{"node": {"name": "李𠮷"}, "record": {"days": 2}}]


def test_stale_derived_files_are_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "model.yaml").write_text(MODEL, "utf-8")
    derive(tmp_path, check=False)
    derive(tmp_path, check=True)
    (tmp_path / "model.yaml").write_text(MODEL + ENTRY, "utf-8")
    with pytest.raises(OrggraphError, match=r"sqlite\.sql"):
        derive(tmp_path, check=True)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_names_everything(lang: str) -> None:
    model = model_of({"m.yaml": MODEL})
    text = page(model, lang)
    named: list[Kind | Relation | Terms] = [*model.kinds.values(), *model.relations.values(), *model.terms.values()]
    for one in named:
        assert getattr(one.label, lang) in text
        assert f"`{one.name}`" in text
    for term in model.terms["Rank"].terms.values():
        assert getattr(term.label, lang) in text
