"""A store carried over to a model that adds to its own: nothing lost, old questions answered as before, all or nothing."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path
from typing import Any

import apsw
import pytest

from orggraph.errors import StoreError
from orggraph.graphql.schema import sdl
from orggraph.model import model_of
from orggraph.model.numbering import numbers_of
from orggraph.opening import open_engine
from orggraph.stores.sqlite.checking import check
from orggraph.stores.sqlite.load import load as load_files
from orggraph.stores.sqlite.migrating import migrate
from orggraph.stores.sqlite.naming import OF_NAMES
from orggraph.stores.sqlite.opening import connect, meta, refuse_other_model
from tests.small_model import FILES, MODEL, put
from tests.stores.sqlite.processes import FORKS, content, killed_before

SHIP = (
    "  Ship: {label: {zh: 船, en: ship}, plural: ships, fields: {built: {type: date, label: {zh: 建造, en: built}}}}\n"
)
SAILS = """\
  Sails:
    label: {zh: 航行, en: sails}
    subject: {name: sailor, kind: Person, singular: voyage, plural: voyages}
    object: {name: ship, kind: Ship, singular: sailor, plural: sailors}
"""
MORE = (
    MODEL.replace("  Person: {", SHIP + "  Person: {")
    .replace("relations:\n", "relations:\n" + SAILS)
    .replace("en: upper, aliases: [上]}", "en: upper, aliases: [上, 上级]}, middle: {zh: 中, en: middle}")
    .replace("      staff:", "      motto: {type: string, label: {zh: 训, en: motto}}\n      staff:")
    .replace("label: {zh: 派驻, en: posted to}}", "label: {zh: 派驻, en: posted to}}, deputy: {kind: Person, label: {zh: 副, en: deputy}}")
    .replace("      rank:", "      since: {type: date, label: {zh: 授, en: since}}\n      rank:")
)  # fmt: skip
QUESTIONS = (
    "{ offices { nodes { key name staff founded open chief { name } chiefs { edges { certainty record { rank { code } } } } } } }",
    "{ ever { chiefRecords { nodes { id key person { name } office { id name } valid { text(lang: EN) } } } } }",
    "{ entities { nodes { id key name kind { code } history { nodes { name } } } } }",
    "{ records { nodes { id key relation { code } citations { title } } } }",
    '{ node(id: "o1") { id } at(date: "2016-01-01") { persons(where: {chiefPosts: {some: {}}}) { totalCount nodes { name } } } }',
    "{ loads { nodes { number added corrected withdrawn } } }",
)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "small.db"
    load_files(path, {"small.yaml": MODEL}, sdl, [put(tmp_path / "in", FILES)])
    corrected: dict[str, str | bytes] = {"office.csv": "key,name,from,staff\no1,水利局,2018,31\n"}
    load_files(path, None, sdl, [put(tmp_path / "in2", corrected)])
    return path


def answers(store: Path) -> list[Any]:
    engine = open_engine(store)
    found = [json.loads(engine.execute(question, {})) for question in QUESTIONS]
    assert all("errors" not in answer for answer in found), found
    engine.store.close()
    return found


def test_old_questions_have_the_same_answers_and_new_ones_are_answered(store: Path, tmp_path: Path) -> None:
    before, held = answers(store), content(store)
    changes = [str(one) for one in migrate(store, {"more.yaml": MORE}, sdl)]
    assert {"Ship: kind added", "Office.motto: field added", "Rank.middle: term added"} <= set(changes)
    assert answers(store) == before
    after = content(store)
    for table in held.keys() - {"meta", "term", "fan_out", "fact", "indexes", "k_Office", "r_Chief"}:
        assert after[table] == held[table], table
    assert not check(store, sdl).problems
    more: dict[str, str | bytes] = {
        "Ship.csv": "key,name,built\ns1,示例号,1999\n",
        "Sails.csv": "key,sailor,ship,from,until,source\nv1,p1,s1,2019,,reg\n",
        "office.csv": "key,from,motto\no1,2018,清\n",
        "Chief.csv": "key,deputy,since,source\nc2,p1,2019-02,reg\n",
    }
    load_files(store, None, sdl, [put(tmp_path / "in3", more)])
    assert not check(store, sdl).problems
    asked = '{ ships { nodes { key built sailors { nodes { key } } } } office(key: "o1") { motto } }'
    said = json.loads(open_engine(store).execute(asked, {}))["data"]
    assert said == {
        "ships": {"nodes": [{"key": "s1", "built": "1999", "sailors": {"nodes": [{"key": "p1"}]}}]},
        "office": {"motto": "清"},
    }


def test_numbers_of_kinds_and_relations_stay(store: Path) -> None:
    before = numbers_of(kept(store))
    migrate(store, {"more.yaml": MORE}, sdl)
    after = numbers_of(kept(store))
    for part in ("kinds", "relations"):
        assert before[part].items() <= after[part].items()
        assert len(set(after[part].values())) == len(after[part]) == len(before[part]) + 1


def kept(store: Path) -> Any:
    connection = connect(store)
    texts, _ = meta(connection, store)
    connection.close()
    return model_of(texts)


def test_a_model_in_another_order_is_no_other_model(store: Path) -> None:
    person, office = "  Person: {label: {zh: 人员, en: person}, plural: persons}\n", "  Area: {"
    other = MODEL.replace(person, "").replace(office, person + office)
    before = answers(store)
    refuse_other_model(store, kept(store), model_of({"small.yaml": other}))
    assert not migrate(store, {"small.yaml": other}, sdl)
    assert answers(store) == before
    assert not check(store, sdl).problems


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("      staff: {type: int", "      staff: {type: string", "Office.staff: type int → string"),
        ("      open: {type: boolean, label: {zh: 开放, en: is open}}\n", "", "Office.open: field removed"),
        ("plural: areas", "plural: places", "Area: plural areas → places"),
        ("    hierarchy: true\n", "", "Below: hierarchy yes → no"),
    ],
)
def test_what_breaks_is_refused_with_the_reason(before: str, after: str, words: str, store: Path) -> None:
    bytes_before = store.read_bytes()
    with pytest.raises(StoreError, match=r"cannot be carried over: .*" + words) as refused:
        migrate(store, {"small.yaml": MODEL.replace(before, after)}, sdl)
    assert refused.value.code == "BREAKS"
    assert "take these changes out" in refused.value.message
    assert store.read_bytes() == bytes_before


def test_another_model_is_told_by_what_differs_and_what_to_do(store: Path) -> None:
    with pytest.raises(StoreError, match=r"Ship: kind added.*and \d+ more; carry the store over.*orggraph migrate"):
        refuse_other_model(store, kept(store), model_of({"small.yaml": MORE}))
    other = model_of({"small.yaml": MODEL.replace("staff: {type: int", "staff: {type: string")})
    with pytest.raises(
        StoreError, match=r"Office.staff: type int → string; load into a new store, or leave --model out"
    ):
        refuse_other_model(store, kept(store), other)


def test_what_is_only_tried_changes_nothing(store: Path) -> None:
    before = content(store)
    assert migrate(store, {"more.yaml": MORE}, sdl, dry=True)
    assert content(store) == before


def test_a_store_of_an_older_format_says_so(store: Path) -> None:
    connection = apsw.Connection(str(store))
    connection.execute("UPDATE meta SET value = 1 WHERE name = 'format'")
    connection.close()
    with pytest.raises(StoreError, match="has format 1"):
        migrate(store, {"more.yaml": MORE}, sdl)


def test_names_of_the_format_before_are_numbered_anew(store: Path) -> None:
    held = content(store)
    connection = connect(store, write=True)
    for table in OF_NAMES:
        connection.execute(f"DROP TABLE {table}")
    connection.execute("CREATE TABLE called(t INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT")
    connection.execute("INSERT INTO called(name) VALUES('水务局')")
    connection.execute("UPDATE meta SET value = 4 WHERE name = 'format'")
    connection.close()
    with pytest.raises(StoreError, match="orggraph migrate"):
        open_engine(store)
    assert migrate(store, {"small.yaml": MODEL}, sdl) == []
    assert not check(store, sdl).problems
    after = content(store)
    for table in held.keys() - {"meta", *OF_NAMES}:
        assert after[table] == held[table], table


def test_an_index_of_an_earlier_orggraph_is_made_anew(store: Path) -> None:
    held = indexes(store)
    connection = connect(store, write=True)
    connection.execute('DROP INDEX "r_Chief_known_s"')
    connection.execute('CREATE INDEX "r_Chief_known_s" ON "r_Chief"(s, k1, k0)')
    connection.close()
    assert indexes(store) != held
    assert migrate(store, {"small.yaml": MODEL}, sdl) == []
    assert indexes(store) == held


def indexes(store: Path) -> dict[str, str]:
    """How each is made."""
    found = connect(store).execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
    return {str(name): str(sql) for name, sql in found}


def test_who_was_there_before_is_told_to_open_it_again(store: Path) -> None:
    """What was planned by the former model might miss what loads bring of the new one."""
    before = answers(store)
    engine = open_engine(store)
    engine.execute(QUESTIONS[0], {})
    migrate(store, {"more.yaml": MORE}, sdl)
    for question in QUESTIONS:
        with pytest.raises(StoreError, match="open it again") as refused:
            engine.execute(question, {})
        assert refused.value.code == "MODEL_CHANGED"
    assert answers(store) == before


def test_two_at_once_wait_for_each_other_or_say_so(store: Path) -> None:
    other = apsw.Connection(str(store))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another process is writing it") as refused:
        migrate(store, {"more.yaml": MORE}, sdl, wait=0.1)
    assert refused.value.code == "BUSY"
    other.execute("ROLLBACK")


def _killed(store: Path, statement: int) -> None:
    """Migrates in a process that is killed before the so manieth statement."""
    killed_before(statement, store)
    migrate(store, {"more.yaml": MORE}, lambda _: "type Query { a: Int }")


def test_a_kill_at_any_statement_leaves_the_store_as_it_was(store: Path, tmp_path: Path) -> None:
    before, copy = content(store), tmp_path / "copy.db"
    for statement in range(1, 500, 13):
        shutil.copy(store, copy)
        process = FORKS.Process(target=_killed, args=(copy, statement))
        process.start()
        process.join()
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        assert content(copy) == before
    assert statement > 40, "statements were traced"
    assert "k_Ship" in content(copy)
