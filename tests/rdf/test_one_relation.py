"""What the README says of one relation in five languages is so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import rdflib
import yaml

from orggraph.graphql.schema import sdl
from orggraph.opening import open_engine
from orggraph.rdf.asked import EVERYTHING
from orggraph.rdf.export import Form
from orggraph.stores.sqlite.asking import rows
from orggraph.stores.sqlite.load import load
from orggraph.stores.sqlite.opening import connect
from tests.rdf.test_canonical import exported
from tests.readme import blocks
from tests.small_model import put

KINDS = """
model: {name: chess, label: {zh: 棋社, en: chess clubs}, iri: "https://example.org/chess/"}
kinds:
  Player: {label: {zh: 棋手, en: player}, plural: players}
  Club: {label: {zh: 社团, en: club}, plural: clubs}
"""
FILES = {
    "Source.csv": "key,name,nature,date\nlist,会员名册,register,2024-05-01\n",
    "Player.csv": "key,name\np1,李雷\np2,韩梅梅\n",
    "Club.csv": "key,name\nc1,东城棋社\n",
    "Member.csv": "key,player,club,from,until,source\nm1,p1,c1,2023-04,,list\nm2,p2,c1,2021,2023-09,list\n",
}


def only(language: str, words: str) -> str:
    (found,) = [block for block in blocks(language) if words in block]
    return found


def test_one_relation_is_one_answer(tmp_path: Path) -> None:
    relation = only("yaml", "relations: {Member:")
    assert yaml.safe_load(relation)["relations"]["Member"]["object"]["name"] == "club"
    store = tmp_path / "chess.db"
    load(store, {"kinds.yaml": KINDS, "relation.yaml": relation}, sdl, [put(tmp_path / "in", FILES)])

    answer = json.loads(open_engine(store).execute(only("graphql", 'club(key: "c1")'), {}))
    assert answer["data"]["at"]["club"]["members"]["nodes"] == [{"name": "李雷"}]
    assert rows(connect(store), only("sql", "r_Member")) == [("李雷",)]

    assert only("turtle", ":m1 a relation:Member") in exported(store, EVERYTHING, Form.TURTLE).decode()
    question, triples = only("sparql", "relation/Member>"), exported(store)
    graph = rdflib.Graph().parse(data=triples, format="nt")
    assert [str(name) for (name,) in graph.query(question)] == ["李雷"]  # type: ignore[misc]  # it is a SELECT
    loaded = ox.Store()
    loaded.load(triples, ox.RdfFormat.N_TRIPLES)
    assert [row["name"].value for row in loaded.query(question)] == ["李雷"]  # type: ignore[union-attr]


def test_the_question_of_the_seed_graph_gives_its_rows(store_of: Callable[[str], Path]) -> None:
    loaded = ox.Store()
    loaded.bulk_load(exported(store_of("changji")), ox.RdfFormat.N_TRIPLES)
    found = loaded.query(only("sparql", "relation/FirstSecretary>"))
    assert isinstance(found, ox.QuerySolutions)
    told = [(row["secretary"].value, row["committee"].value) for row in found]
    document = """{ at(date: "2020-03-31", certainty: CERTAIN) { firstSecretaryRecords(first: 1000) { nodes {
        person { name } organization { name } } } } }"""
    records = json.loads(open_engine(store_of("changji")).execute(document, {}))["data"]["at"]["firstSecretaryRecords"][
        "nodes"
    ]
    assert sorted(told) == sorted((one["person"]["name"], one["organization"]["name"]) for one in records)
    assert told
