"""Loads never lose: versions, corrections, states, withdrawals, and nothing at all where a file is bad."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from orggraph.errors import Conflict, LoadError, StoreError
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.load import load as load_files
from orggraph.stores.sqlite.opening import connect
from tests.small_model import CHIEFS, FILES, MODEL, SOURCES, load, put

CURRENT = 8388607


def ask(store: Path, sql: str) -> list[Any]:
    connection = connect(store)
    try:
        return rows(connection, sql)
    finally:
        connection.close()


def dump(store: Path) -> dict[str, list[Any]]:
    """Everything in a store, by table."""
    tables = [
        name
        for (name,) in ask(store, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    ]
    return {name: ask(store, f'SELECT * FROM "{name}" ORDER BY 1, 2') for name in tables}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "small.db"
    (report,) = load(path, put(tmp_path / "first", FILES))
    assert (report.number, report.rows, report.added) == (1, 9, 9)
    return path


def again(store: Path, files: Mapping[str, str | bytes], name: str = "again") -> tuple[int | None, int, int, int]:
    (report,) = load(store, put(store.parent / name, files))
    return report.number, report.added, report.corrected, report.withdrawn


def test_the_same_files_change_nothing_and_take_no_number(store: Path) -> None:
    before = dump(store)
    assert again(store, FILES) == (None, 0, 0, 0)
    reordered = CHIEFS.splitlines()
    assert again(store, {"Chief.csv": "\n".join([reordered[0], reordered[2], reordered[1]]) + "\n"}, "other") == (
        None,
        0,
        0,
        0,
    )
    assert dump(store) == before


def test_a_correction_keeps_the_old_version(store: Path) -> None:
    assert again(store, {"Chief.csv": "key,from,source\nc1,2015-04,reg\n"}) == (2, 0, 1, 0)
    versions = ask(
        store,
        """SELECT w_from, w_until, _rank, k0, k1 FROM "r_Chief" v JOIN record q ON q.r = v.r WHERE q.key = 'c1' ORDER BY v.n""",
    )
    assert versions == [("2015-03", "2018", "high", 1, 2), ("2015-04", "2018", "high", 2, CURRENT)]


def test_an_absent_column_keeps_and_a_blank_cell_empties(store: Path) -> None:
    assert again(store, {"office.csv": "key,人数\no1,\n"}) == (2, 0, 1, 0)
    assert ask(
        store, f"""SELECT name, _staff, _founded, _open FROM "k_Office" WHERE name = '水务局' AND k1 = {CURRENT}"""
    ) == [("水务局", None, "1990", 1)]


def test_a_second_state_writes_its_neighbour_anew(store: Path) -> None:
    assert again(store, {"office.csv": "key,name,from,source\no1,水利局,2017-05,reg\n"}) == (2, 1, 0, 0)
    states = ask(
        store,
        f"""SELECT name, w_from, u0, u1, n0, v1 FROM "k_Office" v JOIN entity a ON a.e = v.e
        WHERE a.key = 'o1' AND k1 = {CURRENT} ORDER BY v.f0""",
    )
    may, june = 736450, 736480
    assert states == [
        ("水务局", None, may, june, may, CURRENT),
        ("水利局", "2017-05", CURRENT, CURRENT, CURRENT, CURRENT),
    ]
    assert ask(
        store, """SELECT count(*) FROM "k_Office" v JOIN entity a ON a.e = v.e WHERE a.key = 'o1' AND k1 = 2"""
    ) == [(1,)]
    assert again(store, {"office.csv": "key,name,from,withdrawn\no1,水利局,2017-05,yes\n"}, "back") == (3, 0, 0, 1)
    assert ask(
        store,
        f"""SELECT name, u0, n0 FROM "k_Office" v JOIN entity a ON a.e = v.e WHERE a.key = 'o1' AND k1 = {CURRENT}""",
    ) == [("水务局", CURRENT, CURRENT)]


def test_a_withdrawn_record_stays_known_until_then(store: Path) -> None:
    assert again(store, {"Chief.csv": "key,withdrawn\nc2,是\n"}) == (2, 0, 0, 1)
    assert ask(store, """SELECT k0, k1 FROM "r_Chief" v JOIN record q ON q.r = v.r WHERE q.key = 'c2'""") == [(1, 2)]


def test_a_refused_load_leaves_the_store_as_it_was(store: Path) -> None:
    before = dump(store)
    bad = {
        "Chief.csv": CHIEFS.replace("2018", "2017") + "c3,p1,nobody,高,2019,,reg\n",
        "Source.csv": SOURCES.replace("名册", "新名册"),
    }
    with pytest.raises(LoadError, match="nobody is no known key"):
        again(store, bad)
    overlapping = {"Chief.csv": CHIEFS + "c3,p1,o1,高,2019,,reg\n"}
    with pytest.raises(LoadError, match="certainly has two at once"):
        again(store, overlapping, "overlapping")
    assert dump(store) == before


def test_a_circle_with_two_ways_is_told_and_not_walked_for_ever(store: Path) -> None:
    """Two records join one pair, and somebody stands outside: each round of the circle would double the ways."""
    offices = "key,name\n" + "".join(f"d{i},局{i}\n" for i in range(3))
    below = "key,lower,upper,from,source\nb1,d0,d1,2001,reg\nb2,d1,d2,2001,reg\nb3,d1,d2,2002,reg\nb4,d2,d1,2003,reg\n"
    with pytest.raises(LoadError) as refused:
        again(store, {"office.csv": offices, "Below.csv": below})
    assert [(one.line, one.value, one.message) for one in refused.value.problems] == [
        (5, "b4", "goes in a circle: d1 → d2 → d1"),
        (5, "b4", "goes in a circle: d1 → d2 → d1"),
    ]
    assert [one.keys for one in refused.value.problems if isinstance(one, Conflict)] == [("b4", "b2"), ("b4", "b3")]


def test_possible_overlap_is_allowed(store: Path) -> None:
    assert again(store, {"Chief.csv": "key,person,office,rank,from,until,source\nc3,p2,o1,低,2018,2019,reg\n"}) == (
        2,
        1,
        0,
        0,
    )


def test_a_load_records_its_files(store: Path) -> None:
    (files,) = ask(store, "SELECT files FROM load")[0]
    hashes = json.loads(files)
    assert hashes["Chief.csv"] == hashlib.sha256(CHIEFS.encode()).hexdigest()
    assert set(hashes) == set(FILES)


def test_citations_are_interned_in_order(store: Path) -> None:
    cited = "key,person,office,rank,from,until,source,para\nc3,p1,o2,高,2001,2002,doc;reg,3;\nc4,p2,o2,高,2003,2004,doc;reg,3;\n"
    again(store, {"Chief.csv": cited})
    sets = ask(store, """SELECT DISTINCT v.c FROM "r_Chief" v JOIN record q ON q.r = v.r WHERE q.key IN ('c3', 'c4')""")
    assert len(sets) == 1
    assert ask(
        store, f"SELECT a.key, t.para FROM cite t JOIN entity a ON a.e = t.s WHERE t.c = {sets[0][0]} ORDER BY t.i"
    ) == [("doc", "3"), ("reg", None)]


def test_a_row_is_attested_by_the_date_its_source_bore_then(store: Path) -> None:
    """A blank until of a register row: attested on 2020-03-31, whatever the register's date becomes later."""
    again(store, {"Chief.csv": "key,person,office,rank,from,source\nc3,p1,o2,高,,reg\n"})
    latest = f"""SELECT f1 FROM "r_Chief" v JOIN record q ON q.r = v.r WHERE q.key = 'c3' AND k1 = {CURRENT}"""
    before = ask(store, latest)
    again(store, {"Source.csv": "key,name,nature,date\nreg,名册,register,2024-01-01\n"}, "dated")
    assert ask(store, latest) == before == [(737515,)]
    again(store, {"Chief.csv": "key,rank,source\nc3,低,reg\n"}, "corrected")
    assert ask(store, latest) == before


def test_numbered_folders_are_loads_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "both"
    put(folder / "1", FILES)
    put(folder / "2", {"Chief.csv": "key,rank,source\nc1,低,reg\n"})
    put(folder / "10", {"Chief.csv": "key,rank,source\nc1,上,reg\n"})
    reports = load(tmp_path / "small.db", folder)
    assert [one.number for one in reports] == [1, 2, 3]
    assert ask(
        tmp_path / "small.db",
        """SELECT _rank FROM "r_Chief" v JOIN record q ON q.r = v.r WHERE key = 'c1' ORDER BY n""",
    ) == [("high",), ("low",), ("high",)]


def test_another_model_is_refused(store: Path) -> None:
    with pytest.raises(StoreError, match=r"another model: .*人数.*编制"):
        load_files(store, {"small.yaml": MODEL.replace("人数", "编制")}, lambda _: "", [store.parent / "first"])


def test_what_is_no_store_is_said(tmp_path: Path) -> None:
    file = tmp_path / "text.db"
    file.write_text("not a database, 不是数据库", "utf-8")
    with pytest.raises(StoreError):
        connect(file)


def test_new_keys_are_numbered_by_kind_and_relation(store: Path) -> None:
    connection = connect(store)
    kinds = {
        key: value(connection, "SELECT e & 63 FROM entity WHERE key = ?", (key,)) for key in ("p1", "p2", "o1", "reg")
    }
    connection.close()
    assert kinds["p1"] == kinds["p2"]
    assert len({kinds["p1"], kinds["o1"], kinds["reg"]}) == 3
