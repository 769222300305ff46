"""What statements rely on follows the rows: records that lie within lives, until a load ends a life sooner."""

from __future__ import annotations

import json
from pathlib import Path

from orggraph.graphql.schema import sdl
from orggraph.model.reading import model_texts
from orggraph.opening import open_engine
from orggraph.stores.sqlite.asking import rows
from orggraph.stores.sqlite.facts import WITHIN
from orggraph.stores.sqlite.load import load
from orggraph.stores.sqlite.opening import connect
from tests.conftest import MODELS

ASKED = """{ at(date: "2024-05-01") { clubs { nodes { name } } memberRecords { nodes { key } }
  players(where: {memberships: {some: {}}}) { totalCount } } }"""


def within(store: Path) -> set[str]:
    return {role for (role,) in rows(connect(store), "SELECT what FROM fact WHERE kind = 'Member'") if WITHIN in role}


def test_a_club_that_ends_takes_its_members_along(tmp_path: Path) -> None:
    model, data = MODELS["minimal"]
    store, later = tmp_path / "graph.db", tmp_path / "Club.csv"
    load(store, model_texts(model), sdl, [data])
    assert within(store) == {WITHIN + "subject", WITHIN + "object"}
    engine = open_engine(store)
    before = json.loads(engine.execute(ASKED, {}))["data"]["at"]
    assert [one["key"] for one in before["memberRecords"]["nodes"]] == ["m1", "m3"]
    later.write_text("key,name,from,until\nc1,东城棋社,,2024-04-30\n", "utf-8")
    load(store, None, sdl, [later])
    assert within(store) == {WITHIN + "subject"}, "records may now go on when their club is no more"
    after = json.loads(engine.execute(ASKED, {}))["data"]["at"]
    assert after == {"clubs": {"nodes": []}, "memberRecords": {"nodes": []}, "players": {"totalCount": 0}}
