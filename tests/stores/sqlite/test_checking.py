"""A check finds what is broken: damages made by hand, one statement each, on a copy of a sound store."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import apsw
import pytest

from orggraph.errors import Problem, StoreError
from orggraph.graphql.schema import sdl
from orggraph.stores.sqlite.checking import CheckReport, check
from orggraph.stores.sqlite.opening import connect
from tests.small_model import FILES, load, put
from tests.stores.sqlite.processes import content

E = "(SELECT e FROM entity WHERE key = '{}')"
SCHEMA = "UPDATE sqlite_schema SET"
MODEL = "UPDATE meta SET value = replace(value, {}) WHERE name = 'model'"
MARK = "INSERT INTO purge VALUES(1, 'k_Room', '', '2026-01-01T00:00:00.000+00:00', 1, 1, {})"
NAME = "(SELECT min(t) FROM called)"
DAMAGES = {
    # the file
    "an index is dropped": ('DROP INDEX "k_Scholar_name"', "NO_INDEX"),
    "an index is of other columns": (f"{SCHEMA} sql = replace(sql, '(name)', '(name, e)') WHERE name = 'k_Scholar_name'", "OTHER_INDEX"),
    "a unique index is dropped": ('DROP INDEX "r_Holds_r"', "NO_INDEX"),
    "an index is foreign": ("CREATE INDEX mine ON entity(key, e)", "FOREIGN"),
    "a table is dropped": ('DROP TABLE "r_Dean"', "NO_TABLE"),
    "a shared table is dropped": ("DROP TABLE fan_out", "NO_TABLE"),
    "a table is foreign": ("CREATE TABLE mine(x)", "FOREIGN"),
    "a trigger is foreign": ('CREATE TRIGGER t AFTER UPDATE ON entity BEGIN SELECT 1; END', "FOREIGN"),
    "a view is foreign": ("CREATE VIEW v AS SELECT 1", "FOREIGN"),
    "a column is foreign": ('ALTER TABLE "k_Room" ADD COLUMN _more TEXT', "OTHER_TABLE"),
    "a column is gone": ('ALTER TABLE "k_Room" DROP COLUMN _seats', "OTHER_TABLE"),
    "a column is renamed": ('ALTER TABLE "k_Room" RENAME COLUMN _seats TO _places', "OTHER_TABLE"),
    "pages are nobody's": ("DELETE FROM sqlite_schema WHERE name = 'k_Room_sort'", "INTEGRITY"),
    "an index is of another table's pages": (
        f"{SCHEMA} rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'k_Room_name') WHERE name = 'k_Chair_name'",
        "INTEGRITY",
    ),
    "a column may be null": (f"{SCHEMA} sql = replace(sql, 'name TEXT NOT NULL', 'name TEXT') WHERE name = 'k_Room'", "OTHER_TABLE"),
    # what is kept of the model
    "the model is gone": ("DELETE FROM meta WHERE name = 'model'", "MODEL"),
    "a change is not logged": ("DELETE FROM change WHERE m = (SELECT max(m) FROM change)", "CHANGES"),
    "a change is logged that was not": ("INSERT INTO change SELECT k + 1, m, x, b FROM change LIMIT 1", "CHANGES"),
    "a change is logged of no table": ("INSERT INTO change VALUES(1, 1, 1, NULL)", "CHANGES"),
    "a correction is logged as an addition": ("UPDATE change SET b = NULL WHERE b IS NOT NULL", "CHANGES"),
    "the model is no JSON": ("UPDATE meta SET value = '{' WHERE name = 'model'", "MODEL"),
    "the model breaks its own rules": (MODEL.format("'extends: [Body]', 'extends: [Nobody]'"), "MODEL"),
    "two kinds have one number": (MODEL.format("""'\\"Room\\": 8', '\\"Room\\": 7'"""), "NUMBERS"),
    "the GraphQL schema is another": ("UPDATE meta SET value = replace(value, 'Scholar', 'Skolar') WHERE name = 'sdl'", "OTHER_SDL"),
    "something foreign is kept": ("INSERT INTO meta VALUES('note', 'mine')", "FOREIGN"),
    "a term is gone": ("DELETE FROM term WHERE code = 'lecturer'", "OTHER_TERM"),
    "a term has another label": ("UPDATE term SET zh = '讲员' WHERE code = 'lecturer'", "OTHER_TERM"),
    "terms are in another order": ("UPDATE term SET place = 9 WHERE code = 'full'", "OTHER_TERM"),
    "a term is foreign": ("INSERT INTO term VALUES('Rank', 'emeritus', '荣休', 'emeritus', 'x:y', 3)", "OTHER_TERM"),
    # keys and numbers
    "a key has a blank in it": ("UPDATE entity SET key = 's wang' WHERE key = 's-wang'", "KEY"),
    "a key is too long": ("UPDATE record SET key = printf('%.65c', 'h') WHERE key = 'h-1'", "KEY"),
    "a key is empty": ("UPDATE record SET key = '' WHERE key = 'h-1'", "KEY"),
    "a key is an entity's and a record's": ("UPDATE record SET key = 's-wang' WHERE key = 'h-1'", "KEY_TWICE"),
    "an entity is of no kind": ("UPDATE entity SET e = e | 63 WHERE key = 's-wu'", "NUMBER"),
    "a record is of no relation": ("UPDATE record SET r = r | 1023 WHERE key = 'h-7'", "NUMBER"),
    "an entity has no version": ("INSERT INTO entity VALUES(100 * 64 + 2, 's-nobody')", "ORPHAN"),
    "a record has no version": ("INSERT INTO record VALUES(100 * 1024 + 2, 'h-none')", "ORPHAN"),
    "a state is of no entity": ("DELETE FROM entity WHERE key = 'k-hire2'", "ORPHAN"),
    "a version is of no record": ("DELETE FROM record WHERE key = 'h-7'", "ORPHAN"),
    "a version is of another relation": ("UPDATE \"r_Dean\" SET r = r - 1 WHERE n = 4", "ORPHAN"),
    # values
    "a name is blank": ("UPDATE \"k_Scholar\" SET name = '', name__s = '' WHERE n = 2", "VALUE"),
    "a name has a control character": ("UPDATE \"k_Room\" SET name = name || char(7), name__s = name__s || char(7) WHERE n = 1", "VALUE"),
    "a name has blanks around it": ("UPDATE \"k_Room\" SET name = name || ' ', name__s = name__s || ' ' WHERE n = 1", "VALUE"),
    "a sort key is another's": ("UPDATE \"k_Scholar\" SET name__s = 'li3李na4娜' WHERE n = 1", "VALUE"),
    "a text has no sort key": ("UPDATE \"k_Source\" SET _publisher__s = NULL WHERE n = 1", "VALUE"),
    "a sort key has no text": ("UPDATE \"k_Source\" SET _publisher = NULL WHERE n = 1", "VALUE"),
    "a number is too large": ('UPDATE "k_Institute" SET _budget = 3000000000 WHERE n = 1', "VALUE"),
    "a yes is a two": ('UPDATE "k_Chair" SET _endowed = 2 WHERE n = 1', "VALUE"),
    "a synthetic mark is a two": ('UPDATE "k_Chair" SET syn = 2 WHERE n = 1', "BOOLEAN"),
    "a web address is none": ("UPDATE \"k_Scholar\" SET _homepage = 'nowhere' WHERE n = 1", "VALUE"),
    "a term is unknown": ("UPDATE \"r_Holds\" SET _rank = 'emeritus' WHERE n = 1", "VALUE"),
    "a required term is blank": ('UPDATE "k_Committee" SET _form = NULL WHERE n = 1', "VALUE"),
    "a date is none": ("UPDATE \"k_Faculty\" SET _founded = '1998-02-30' WHERE n = 2", "VALUE"),
    "a date has other days": ('UPDATE "k_Faculty" SET _founded__1 = _founded__1 + 1 WHERE n = 2', "VALUE"),
    "a date is gone and its days stay": ('UPDATE "k_Faculty" SET _founded = NULL WHERE n = 2', "VALUE"),
    # names as they are searched
    "a name is not searched": (f"DELETE FROM bearer WHERE t = {NAME}", "NOT_SEARCHED"),
    "a name is told of another": (f"INSERT INTO bearer SELECT {NAME}, e, degree, key, 1 FROM bearer WHERE t = {NAME} + 1", "BEARER"),
    "a name is of nobody": ("INSERT INTO called VALUES(999, '无人')", "BEARER"),
    "a name that was is told of now": (f"UPDATE bearer SET still = 1 - still WHERE t = {NAME}", "BEARER"),
    "a bearer has another key": (f"UPDATE bearer SET key = 'x' WHERE t = {NAME}", "NOT_SEARCHED"),
    "a name begins later": (f"UPDATE snippet_of SET later = 1 WHERE t = {NAME} AND place = 0", "SPELLING"),
    "a bearer stands in more records": (f"UPDATE bearer SET degree = degree + 1 WHERE t = {NAME}", "DEGREE"),
    "a spelling is another": (f"UPDATE spelling SET text = '/x      ' WHERE t = {NAME}", "SPELLING"),
    "a snippet is nobody's": ("INSERT INTO snippet VALUES(9999, '/x      ', 'x', 'x', 'x')", "SPELLING"),
    "a snippet is typed in another way": ("UPDATE snippet SET letters = 'zzz' WHERE h = 1", "SPELLING"),
    "a name lacks a snippet": (f"DELETE FROM snippet_of WHERE t = {NAME} AND place = 1", "SPELLING"),
    "a name is longer than it is": (f"UPDATE snippet_of SET cells = cells + 1 WHERE t = {NAME}", "SPELLING"),
    # dates and day numbers
    "a from is no date": ("UPDATE \"r_Holds\" SET w_from = '2010-13' WHERE n = 1", "DATE"),
    "an until and a through stand together": ("UPDATE \"r_Dean\" SET w_through = '2016' WHERE n = 1", "DATE"),
    "a record ends before it begins": ("UPDATE \"r_Dean\" SET w_from = '2020' WHERE n = 1", "DATE"),
    "a start is a day late": ('UPDATE "r_Holds" SET f0 = f0 + 1 WHERE n = 2', "NUMBERS"),
    "an end is a day late": ('UPDATE "r_Holds" SET u1 = u1 + 1 WHERE n = 2', "NUMBERS"),
    "an open end is closed": ('UPDATE "r_Holds" SET u0 = 740000, u1 = 740000 WHERE n = 1', "NUMBERS"),
    "a past version has other numbers": ('UPDATE "r_Holds" SET u0 = u0 - 1 WHERE n = 5', "NUMBERS"),
    "an attestation is another": ("UPDATE \"r_Holds\" SET w_attested = '2019-05' WHERE n = 4", "NUMBERS"),
    "a single state is longer than its cells": ('UPDATE "k_Institute" SET f0 = f0 - 1 WHERE n = 3', "NUMBERS"),
    "a state's next begins on another day": ('UPDATE "k_Faculty" SET n0 = n0 + 1 WHERE n = 3', "NUMBERS"),
    "a state does not know its next": ('UPDATE "k_Faculty" SET n0 = 8388607, n1 = 8388607 WHERE n = 3', "NUMBERS"),
    "a life is shorter than its states": ('UPDATE "k_Faculty" SET v0 = 736000, v1 = 736000 WHERE n = 4', "NUMBERS"),
    "a state is gone from between its neighbours": ('DELETE FROM "k_Faculty" WHERE n = 4', "NUMBERS"),
    "a date of its source never was": ("UPDATE \"r_Holds\" SET w_seen = 'register 2021-10-02' WHERE n = 1", "SEEN"),
    "the date of its source is gone": ("UPDATE \"r_Holds\" SET w_seen = '' WHERE n = 1", "SEEN"),
    "what cites nothing is judged by a date": ("UPDATE \"k_Room\" SET w_seen = 'register 2021-10-01' WHERE n = 1", "SEEN"),
    # versions and loads
    "a version is known from a load that was not": ('UPDATE "r_Holds" SET k0 = 7 WHERE n = 1', "KNOWN"),
    "a version is known until before it was": ('UPDATE "r_Holds" SET k0 = 2 WHERE n = 5', "KNOWN"),
    "a version ended with a load that was not": ('UPDATE "r_Holds" SET k1 = 9 WHERE n = 1', "KNOWN"),
    "two versions of a record are known at once": ('UPDATE "r_Holds" SET k1 = 8388606 WHERE n = 5', "VERSIONS_OVERLAP"),
    "two versions of a state are known at once": ('UPDATE "k_Faculty" SET k1 = 8388607 WHERE n = 1', "VERSIONS_OVERLAP"),
    "a record's current version is withdrawn by nobody": ('UPDATE "r_Holds" SET k1 = 2 WHERE n = 1', "LOAD_COUNTS"),
    "a past version is gone": ('DELETE FROM "r_Holds" WHERE n = 5', "LOAD_COUNTS"),
    "a load is gone": ("DELETE FROM load WHERE k = 1", "LOAD_NUMBER"),
    "a load has another number": ("UPDATE load SET k = 3 WHERE k = 2", "LOAD_NUMBER"),
    "a load counts what it did not add": ("UPDATE load SET added = added + 1 WHERE k = 2", "LOAD_COUNTS"),
    "a load counts less than nothing": ("UPDATE load SET corrected = -1 WHERE k = 2", "LOAD_COUNTS"),
    "a load's time is none": ("UPDATE load SET at = 'yesterday' WHERE k = 2", "LOAD_TIME"),
    "a load's files are none": ("UPDATE load SET files = '{\"a.csv\": \"12\"}' WHERE k = 2", "LOAD_FILES"),
    # ends
    "an end is of a wrong kind": (f"UPDATE \"r_Holds\" SET s = {E.format('r-101')} WHERE n = 1", "WRONG_KIND"),
    "an end is nobody": ('UPDATE "r_Holds" SET s = 200 * 64 + 2 WHERE n = 1', "NO_END"),
    "an end is blank": ('UPDATE "r_Holds" SET s = 0 WHERE n = 1', "WRONG_KIND"),
    "a further end is nobody": ('UPDATE "r_Teaches" SET x_room = 200 * 64 + 8 WHERE n = 1', "NO_END"),
    "a further end is of a wrong kind": (f"UPDATE \"r_Teaches\" SET x_room = {E.format('s-wu')} WHERE n = 1", "WRONG_KIND"),
    "a pair of kinds is not joined": (f"UPDATE \"r_UnitOf\" SET s = {E.format('c-logic')} WHERE n = 4", "WRONG_PAIR"),
    "two hold one chair at once": (f"UPDATE \"r_Holds\" SET o = {E.format('c-optics')} WHERE n = 1", "TWO_AT_ONCE"),
    # citations
    "a set of citations is gone": ("DELETE FROM cite WHERE c = 7", "NO_CITATION"),
    "a set has no text": ("DELETE FROM cited WHERE c = 7", "ORPHAN"),
    "a set's text is another": ("UPDATE cited SET text = '[[\"chronicle\",\"99\"]]' WHERE c = 7", "CITATION"),
    "a citation's place is another": ("UPDATE cite SET para = '99' WHERE c = 7", "CITATION"),
    "a citation is of no source": (f"UPDATE cite SET s = {E.format('s-wu')} WHERE c = 7", "NO_SOURCE"),
    "a version cites a set that never was": ('UPDATE "r_Holds" SET c = 99 WHERE n = 4', "NO_CITATION"),
    # figures and marks
    "a figure is another": ("UPDATE fan_out SET mean = mean + 1 WHERE name = 'Dean' AND role = 'object'", "FIGURE"),
    "a fact is not true": ("INSERT INTO fact VALUES('Nobody', 'present')", "FACT"),
    "the epoch of facts is another": ("UPDATE meta SET value = 'x' WHERE name = 'epoch'", "FACT"),
    "a figure is gone": ("DELETE FROM fan_out WHERE name = 'Chair'", "FIGURE"),
    "a figure is foreign": ("INSERT INTO fan_out VALUES('Nobody', '', 1)", "FIGURE"),
    "a purge has no reason": (MARK.format("'', 1"), "PURGE_MARK"),
    "a purge is not finished": (MARK.format("'why', 0"), "PURGE_UNFINISHED"),
}  # fmt: skip
CIRCLE: dict[str, str | bytes] = {
    "Below.csv": "key,lower,upper,from,until,source\nb1,o1,o2,2001,2010,reg\nb2,o2,o1,2012,,reg\n",
}


def damaged(sound: Path, folder: Path, sql: str) -> Path:
    """A copy of a store after one statement."""
    path = folder / "damaged.db"
    shutil.copy(sound, path)
    connection = apsw.Connection(str(path))
    connection.pragma("writable_schema", "on")
    connection.execute(sql)
    assert connection.total_changes() or not sql.startswith(("UPDATE", "DELETE", "INSERT")), "the statement did nothing"
    connection.close()
    return path


def codes(report: CheckReport) -> set[str]:
    return {problem.code for problem in report.problems.kept}


def of_code(report: CheckReport, code: str) -> Problem:
    return next(problem for problem in report.problems.kept if problem.code == code)


def test_there_are_enough_damages() -> None:
    assert len(DAMAGES) >= 60


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damage_is_found(name: str, store_of: Callable[[str], Path], tmp_path: Path) -> None:
    sql, code = DAMAGES[name]
    report = check(damaged(store_of("university"), tmp_path, sql), lambda model: _sdl(model.name))
    assert code in codes(report), [str(problem) for problem in report.problems.kept]
    assert all(problem.mend and problem.message for problem in report.problems.kept)


_SDL: dict[str, str] = {}


def _sdl(name: str) -> str:
    """Made once for all damages: it takes seconds."""
    if name not in _SDL:
        from orggraph.model import load_model
        from tests.conftest import MODELS

        _SDL[name] = sdl(load_model(MODELS[name][0]))
    return _SDL[name]


@pytest.mark.parametrize("name", ["university", "minimal", "changji"])
def test_nothing_is_found_in_a_sound_store(name: str, store_of: Callable[[str], Path]) -> None:
    report = check(store_of(name), sdl)
    assert not report.problems, [str(problem) for problem in report.problems.kept]
    assert not report.warnings, [str(problem) for problem in report.warnings.kept]
    assert report.versions > 0


def test_a_store_that_was_corrected_and_completed_is_sound(tmp_path: Path) -> None:
    store = tmp_path / "small.db"
    loads: list[dict[str, str | bytes]] = [
        dict(FILES),
        {"office.csv": "key,name,from,staff\no1,水利局,2010,12\no1,水务局,,30\n"},
        {"office.csv": "key,from,withdrawn\no1,2010,yes\n", "Chief.csv": "key,until,source\nc1,2017-06,doc\n"},
        {"office.csv": "key,name,from,until\no1,水利局,2010,2012\no1,水务局,2015,\n"},
        CIRCLE | {"Chief.csv": "key,withdrawn\nc2,1\n"},
    ]
    for number, files in enumerate(loads):
        load(store, put(tmp_path / f"in{number}", files))
    report = check(store, lambda _: "")
    assert not report.problems, [str(problem) for problem in report.problems.kept]
    assert report.loads == 5


def test_a_circle_is_one_only_where_its_days_meet(tmp_path: Path) -> None:
    store = tmp_path / "small.db"
    load(store, put(tmp_path / "in", FILES | CIRCLE))
    assert not check(store, lambda _: "").problems
    broken = damaged(store, tmp_path, "UPDATE r_Below SET w_from = '2009', f0 = 733408, f1 = 733772 WHERE n = 2")
    message = of_code(check(broken, lambda _: ""), "CIRCLE").message
    assert message in ("goes in a circle: o1 → o2 → o1", "goes in a circle: o2 → o1 → o2")


def test_a_record_partly_outside_the_life_of_an_end_is_warned_of(tmp_path: Path) -> None:
    offices = "key,name,from,until\no1,水务局,2016,\no2,林草局,,\n"
    load(tmp_path / "small.db", put(tmp_path / "in", FILES | {"office.csv": offices}))
    report = check(tmp_path / "small.db", lambda _: "")
    assert not report.problems
    (warning,) = report.warnings.kept
    assert (warning.code, warning.file, warning.column) == ("OUTSIDE_LIFE", "r_Chief", "office")
    assert "c1 lies partly outside the life of o1" in warning.message


def test_a_store_of_another_format_says_so(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    path = damaged(store_of("minimal"), tmp_path, "UPDATE meta SET value = 1 WHERE name = 'format'")
    with pytest.raises(StoreError, match=r"has format 1; this orggraph reads \d+; load its files into a new store"):
        check(path, sdl)
    path = damaged(store_of("minimal"), tmp_path, "UPDATE meta SET value = 99 WHERE name = 'format'")
    with pytest.raises(StoreError, match="or a later one"):
        check(path, sdl)


def test_bytes_that_are_broken_are_told_by_their_page(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    path = damaged(store_of("university"), tmp_path, "SELECT 1")
    connection = connect(path)
    page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'r_Holds'").get
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 200)
    report = check(path, sdl)
    assert {"INTEGRITY", "UNREADABLE"} <= codes(report)


@pytest.mark.parametrize("seed", range(40))
def test_bytes_changed_anywhere_are_found_or_were_nobodys(
    seed: int, store_of: Callable[[str], Path], tmp_path: Path
) -> None:
    sound, path, rng = store_of("university"), tmp_path / "damaged.db", Random(seed)
    changed = bytearray(sound.read_bytes())
    at, number = rng.randrange(len(changed)), rng.choice((1, 4, 64, 4096))
    changed[at : at + number] = rng.randbytes(len(changed[at : at + number]))
    path.write_bytes(changed)
    try:
        found = bool(check(path, lambda model: _sdl(model.name)).problems)
    except StoreError:
        found = True
    assert found or content(path) == content(sound)


def test_only_the_first_thousand_of_a_kind_are_told(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    path = damaged(store_of("changji"), tmp_path, "UPDATE k_Person SET name__s = 'x'")
    report = check(path, lambda _: "")
    assert len(report.problems.kept) == 1_000
    assert report.problems.counts["VALUE"] > 1_000
