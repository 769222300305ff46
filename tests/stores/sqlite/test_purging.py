"""What was purged is gone: from every version, from what is derived from it, and from the bytes of the file and its log."""

from __future__ import annotations

import json
import signal
from collections.abc import Mapping
from pathlib import Path

import apsw
import pytest

from orggraph.errors import StoreError
from orggraph.graphql.schema import sdl
from orggraph.opening import open_engine
from orggraph.stores.sqlite.asking import rows
from orggraph.stores.sqlite.checking import check
from orggraph.stores.sqlite.copying import back_up
from orggraph.stores.sqlite.load import load as load_files
from orggraph.stores.sqlite.opening import connect
from orggraph.stores.sqlite.purging import finish, marks, purge
from tests.small_model import FILES, MODEL, put
from tests.stores.sqlite.processes import FORKS, content, killed_before

SECRET, PINYIN, WHERE = "欧阳密不告人", "ou1欧yang2阳mi4密", "绝密第七段"
MODEL_WITH_NOTES = MODEL.replace(
    "  Person: {label: {zh: 人员, en: person}, plural: persons}\n",
    "  Person: {label: {zh: 人员, en: person}, plural: persons, fields: {note: {type: string, label: {zh: 注, en: note}}}}\n",
)
PEOPLE = f"键,姓名,注\np1,{SECRET},13800138000住址\np2,李𠮷,\n"
CHIEFS = (
    "key,person,office,area,rank,from,until,source,para\n"
    f"c1,p1,o1,a1,高,2015-03,2018,reg,{WHERE}\nc2,p2,o1,,lower,2019,,reg,\n"
)
AREAS = "key,name\na1,东区\n"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Two loads: the second corrects p1, so that the first values are in a past version."""
    path = tmp_path / "small.db"
    first = FILES | {"人员.csv": PEOPLE, "Chief.csv": CHIEFS, "Area.csv": AREAS}
    more(path, first, {"small.yaml": MODEL_WITH_NOTES})
    more(path, {"人员.csv": f"键,姓名,注\np1,{SECRET}二,13900139000住址\n"})
    return path


def more(store: Path, files: Mapping[str, str | bytes], model: dict[str, str] | None = None) -> None:
    folder = put(store.parent / f"in{len(list(store.parent.iterdir()))}", files)
    load_files(store, model, sdl, [folder])


def bytes_of(store: Path) -> bytes:
    """The store's file and all that lies beside it."""
    return b"".join(path.read_bytes() for path in store.parent.iterdir() if path.name.startswith(store.name))


def holds(store: Path, *texts: str) -> list[str]:
    found = bytes_of(store)
    return [text for text in texts if text.encode() in found]


def ask(store: Path, document: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(open_engine(store).execute(document, {}))["data"]
    return found


def test_a_field_goes_from_every_version_and_from_the_bytes(store: Path) -> None:
    assert holds(store, "13800138000", "13900139000", "zhu4住zhi3址") == ["13800138000", "13900139000", "zhu4住zhi3址"]
    purged = purge(store, ["p1"], "note", "a phone number got in")
    assert purged.tables == {"k_Person": (1, 2)}
    assert not purged.loose
    assert not holds(store, "13800138000", "13900139000", "zhu4住zhi3址")
    assert ask(store, '{ person(key: "p1") { name note } }') == {"person": {"name": f"{SECRET}二", "note": None}}
    (mark,) = marks(store)
    assert (mark.table, mark.field, mark.things, mark.versions) == ("k_Person", "note", 1, 2)
    assert (mark.why, mark.finished) == ("a phone number got in", 1)
    assert not check(store, sdl).problems


def test_a_name_becomes_the_key(store: Path) -> None:
    purge(store, ["p1"], "name", "the wrong person")
    assert not holds(store, SECRET, PINYIN)
    assert ask(store, '{ ever { person(key: "p1") { name chiefPosts { nodes { name } } } } }') == {
        "ever": {"person": {"name": "p1", "chiefPosts": {"nodes": [{"name": "水务局"}]}}}
    }
    assert not check(store, sdl).problems


def test_where_in_a_source_goes_and_the_source_stays(store: Path) -> None:
    assert holds(store, WHERE)
    purge(store, ["c1"], "para", "names a family")
    assert not holds(store, WHERE)
    asked = '{ ever { chiefRecord(key: "c1") { citations { title para } valid { text(lang: EN) } } } }'
    assert ask(store, asked) == {
        "ever": {
            "chiefRecord": {"citations": [{"title": "名册", "para": None}], "valid": {"text": "March 2015 to 2018"}}
        }
    }
    assert not check(store, sdl).problems


def test_words_that_others_cite_by_stay_and_are_told_of(store: Path) -> None:
    more(store, {"Chief.csv": f"key,source,para\nc2,reg,{WHERE}\n"})
    assert purge(store, ["c1"], "para", "names a family").shared == 1
    assert holds(store, WHERE)
    assert purge(store, ["c2"], "para", "names a family").shared == 0
    assert not holds(store, WHERE)
    assert not check(store, sdl).problems


def test_a_whole_entity_goes_with_the_records_that_it_stands_in(store: Path) -> None:
    purged = purge(store, ["p1"], None, "asked to be forgotten")
    assert (purged.tables, purged.shared) == ({"k_Person": (1, 2), "r_Chief": (1, 1)}, 0)
    assert not holds(store, SECRET, PINYIN, WHERE, "13800138000")
    assert ask(store, "{ persons { nodes { key } } ever { chiefRecords { nodes { key } } } }") == {
        "persons": {"nodes": [{"key": "p2"}]},
        "ever": {"chiefRecords": {"nodes": [{"key": "c2"}]}},
    }
    assert "p1" not in {key for (key,) in rows(connect(store), "SELECT key FROM entity")}
    assert not check(store, sdl).problems


def test_at_an_end_that_may_be_blank_only_the_end_goes(store: Path) -> None:
    assert purge(store, ["a1"], None, "no such area").tables == {"k_Area": (1, 1), "r_Chief": (1, 1)}
    assert ask(store, '{ ever { chiefRecord(key: "c1") { key area { key } } } }') == {
        "ever": {"chiefRecord": {"key": "c1", "area": None}}
    }
    assert not check(store, sdl).problems


def test_a_record_goes_alone(store: Path) -> None:
    assert purge(store, ["c1"], None, "never was").tables == {"r_Chief": (1, 1)}
    assert not holds(store, WHERE)
    assert ask(store, "{ persons { totalCount } }") == {"persons": {"totalCount": 2}}
    assert not check(store, sdl).problems


def test_bytes_that_a_reader_keeps_are_told_of_and_overwritten_later(store: Path) -> None:
    reader = apsw.Connection(str(store))
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM load").fetchall()
    assert purge(store, ["p1"], "note", "a phone number got in", wait=0.1).loose
    assert [problem.code for problem in check(store, sdl).problems.kept] == ["PURGE_UNFINISHED"]
    assert not finish(store, wait=0.1)
    reader.execute("ROLLBACK")
    assert finish(store)
    assert not holds(store, "13800138000", "13900139000")
    assert not check(store, sdl).problems


@pytest.mark.parametrize(
    ("keys", "field", "why", "words"),
    [
        (["p1", "p22"], None, "x", r"p22: is no known key \(did you mean p2\?\)"),
        (["p1"], "phone", "x", "phone: is no field of Person; one of name, note, para"),
        (["c1"], "rank", "x", "Chief.rank is required; purge the whole of it"),
        (["reg"], "date", "x", "decides what blank dates mean"),
        (["reg"], None, "x", "reg: is cited"),
        (["p1"], "note", " ", "say why"),
        (["p1"], "name", f"{SECRET} is private", "say it in other words"),
        (["c1"], "para", f"{WHERE} is private", "say it in other words"),
        (["p2"], "note", "x", "nothing was purged"),
    ],
)
def test_what_cannot_be_purged_is_refused_whole(keys: list[str], field: str, why: str, words: str, store: Path) -> None:
    before = content(store)
    with pytest.raises(StoreError, match=words):
        purge(store, keys, field, why)
    assert content(store) == before


def test_what_is_only_tried_stays(store: Path) -> None:
    before = content(store)
    assert purge(store, ["p1"], None, "x", dry=True).versions == 3
    assert content(store) == before
    assert holds(store, SECRET)


def test_loads_go_on_and_the_marks_stay(store: Path) -> None:
    purge(store, ["p1"], None, "asked to be forgotten")
    more(store, {"人员.csv": "键,姓名\np3,赵一（示例）\n"})
    assert [mark.purge for mark in marks(store)] == [1, 1]
    purge(store, ["p3"], None, "again")
    assert [mark.purge for mark in marks(store)] == [1, 1, 2]
    assert not check(store, sdl).problems


def _killed(store: Path, statement: int) -> None:
    """Purges in a process that is killed before the so manieth statement."""
    killed_before(statement, store)
    purge(store, ["p1"], None, "asked to be forgotten")


def test_a_kill_leaves_all_of_it_or_what_is_left_to_overwrite(store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    before, copy, finished = content(store), folder / "copy.db", 0
    back_up(store, copy, force=False)
    whole = copy.read_bytes()
    for statement in range(1, 500, 5):
        for left in folder.iterdir():
            left.unlink()
        copy.write_bytes(whole)
        process = FORKS.Process(target=_killed, args=(copy, statement))
        process.start()
        process.join()
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        if content(copy) != before:
            assert [mark.versions for mark in marks(copy)] == [2, 1]
            assert finish(copy)
            assert not holds(copy, SECRET, PINYIN, WHERE, "13800138000")
            finished += 1
    assert finished
    assert not holds(copy, SECRET, PINYIN, WHERE, "13800138000")
