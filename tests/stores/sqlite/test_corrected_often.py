"""A list whose records many loads corrected is read by looking loads up in the index, and says the same at each of them."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from orggraph.graphql.schema import sdl
from orggraph.opening import open_engine
from orggraph.stores.sqlite.load import load
from orggraph.stores.sqlite.opening import connect
from orggraph.stores.sqlite.store import SqliteStore
from orggraph.stores.sqlite.writing import CURRENT
from tests.small_model import MODEL, put

CHIEFS, LOADS = 12, 6
ASKED = """query($load: Int) { ever(load: $load) { offices { nodes {
  chiefRecords(where: {rank: {eq: high}}) { totalCount nodes { key } } } } } }"""


def files(number: int) -> dict[str, str]:
    """Those of a load: the first so many chiefs are of the rank that every other load gives them; one is withdrawn at last."""
    ranks = ["high" if (number + i) % 2 else "low" for i in range(CHIEFS)]
    rows = [f"c{i:02},p{i},o1,{rank},{2000 + i},{2001 + i},reg,\n" for i, rank in enumerate(ranks)]
    if number == LOADS:
        rows[0] = "c00,,,,,,,true\n"
    found = {"Chief.csv": "key,person,office,rank,from,until,source,withdrawn\n" + "".join(rows)}
    if number == 1:
        people = "".join(f"p{i},李𠮷{i}\n" for i in range(CHIEFS))
        found |= {"Source.csv": "key,name,nature,date\nreg,名册,register,2020-03-31\n"}
        found |= {"Person.csv": f"key,name\n{people}", "Office.csv": "key,name\no1,水务局\n"}
    return found


@pytest.fixture
def store(tmp_path: Path) -> Path:
    found = tmp_path / "graph.db"
    for number in range(1, LOADS + 1):
        load(found, {"small.yaml": MODEL} if number == 1 else None, sdl, [put(tmp_path / f"{number}", files(number))])
    return found


def high(number: int) -> list[str]:
    there = range(1 if number == LOADS else 0, CHIEFS)
    return [f"c{i:02}" for i in there if (number + i) % 2]


def plan(store: Path) -> str:
    engine = open_engine(store)
    assert isinstance(engine.store, SqliteStore)
    return engine.store.explain(*engine.statement(ASKED, {"load": 1}))


def test_each_load_says_what_it_knew(store: Path) -> None:
    engine = open_engine(store)
    for number in range(LOADS + 1):
        told = json.loads(engine.execute(ASKED, {"load": number}))["data"]["ever"]["offices"]["nodes"]
        records = [one["chiefRecords"] for one in told]
        lists = [(one["totalCount"], [row["key"] for row in one["nodes"]]) for one in records]
        assert lists == ([(len(high(number)), high(number))] if number else [])


def test_loads_are_looked_up_in_the_index(store: Path) -> None:
    assert "r_Chief_known_o (o=? AND k1=? AND k0<?)" in plan(store)


def test_a_store_of_before_is_read_as_before(store: Path) -> None:
    with closing(connect(store, write=True)) as connection:
        connection.execute(
            f'DROP INDEX "r_Chief_went"; CREATE INDEX "r_Chief_went" ON "r_Chief"(k1) WHERE k1 < {CURRENT}'
        )
    assert "r_Chief_known_o (o=? AND k1>?)" in plan(store)


def test_versions_are_passed_over_where_most_loads_took_none_back(store: Path) -> None:
    for number in range(LOADS + 1, LOADS + 12):
        text = f"key,name\np{number}x,王芳\n"
        load(store, None, sdl, [put(store.parent / f"{number}", {"Person.csv": text})])
    assert "r_Chief_known_o (o=? AND k1>?)" in plan(store)
