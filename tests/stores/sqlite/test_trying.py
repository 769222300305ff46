"""A load that is only tried, one that completes a source, and loads that meet."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orggraph.cli import command_line
from orggraph.errors import LoadError
from orggraph.stores.sqlite.asking import rows
from orggraph.stores.sqlite.load import How, LoadReport
from orggraph.stores.sqlite.load import load as load_files
from orggraph.stores.sqlite.opening import connect
from tests.small_model import CHIEFS, FILES, MODEL, load, put

CURRENT = 8388607


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "small.db"
    load(path, put(tmp_path / "first", FILES))
    return path


def how(store: Path, files: dict[str, str | bytes], given: How) -> LoadReport:
    folder = put(store.parent / f"in{len(list(store.parent.iterdir()))}", files)
    (report,) = load_files(store, {"small.yaml": MODEL}, lambda _: "", [folder], given)
    return report


def current(store: Path, table: str) -> list[str]:
    connection = connect(store)
    registry, thing = ("record", "r") if table.startswith("r_") else ("entity", "e")
    sql = f'SELECT q.key FROM "{table}" v JOIN {registry} q ON q.{thing} = v.{thing} WHERE v.k1 = {CURRENT} ORDER BY 1'
    found = [key for (key,) in rows(connection, sql)]
    connection.close()
    return found


def test_a_load_that_is_tried_tells_what_would_change_and_changes_nothing(store: Path) -> None:
    before = store.read_bytes()
    changed: dict[str, str | bytes] = {
        "Chief.csv": "key,rank,withdrawn,source\nc1,低,,reg\nc2,,yes,\n",
        "人员.csv": "键,姓名\np3,欧阳𠮷\n",
    }
    report = how(store, changed, How(dry=True))
    assert (report.number, report.added, report.corrected, report.withdrawn) == (None, 1, 1, 1)
    told = {(one.what, one.table, one.key): one.cells for one in report.changes}
    assert told["corrected", "Chief", "c1"] == {"rank": ("high", "low")}
    assert told["added", "Person", "p3"] == {"name": (None, "欧阳𠮷")}
    assert told["withdrawn", "Chief", "c2"]["person"] == ("p2", None)
    assert store.read_bytes() == before


def test_a_tried_first_load_leaves_no_store(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", FILES)
    load_files(tmp_path / "small.db", {"small.yaml": MODEL}, lambda _: "", [folder], How(dry=True))
    assert not (tmp_path / "small.db").exists()


def test_what_a_complete_source_has_not_any_more_is_withdrawn(store: Path) -> None:
    head, first, _ = CHIEFS.splitlines()
    report = how(store, {"Chief.csv": f"{head}\n{first}\n"}, How(complete="reg"))
    assert (report.added, report.corrected, report.withdrawn) == (0, 0, 1)
    assert current(store, "r_Chief") == ["c1"]
    assert current(store, "k_Office") == ["o1", "o2"], "what cites another source, or none, stays"


def test_a_complete_source_that_is_unknown_or_not_cited_is_refused(store: Path) -> None:
    with pytest.raises(LoadError, match="did you mean reg"):
        how(store, {"Chief.csv": CHIEFS}, How(complete="regg"))
    with pytest.raises(LoadError, match="all of it would be withdrawn"):
        how(store, {"人员.csv": "键,姓名\np1,王芳\n"}, How(complete="doc"))
    assert current(store, "r_Chief") == ["c1", "c2"]


def test_two_first_loads_at_once_make_one_store(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", FILES)
    found: list[object] = []

    def run() -> None:
        try:
            found.append(load(tmp_path / "small.db", folder)[0].number)
        except Exception as error:  # told below
            found.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, found)) == ["1", "None"]
    assert current(tmp_path / "small.db", "r_Chief") == ["c1", "c2"]


def test_problems_come_as_json_where_asked(store: Path, tmp_path: Path) -> None:
    bad = put(tmp_path / "bad", {"Chief.csv": CHIEFS.replace("p1,o1", "p11,o1")})
    result = CliRunner().invoke(command_line(), ["load", str(bad), "--store", str(store), "--format", "json"])
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    (problem,) = answer["problems"]
    assert (problem["line"], problem["column"], problem["code"], problem["value"]) == (
        2,
        "person",
        "UNKNOWN_KEY",
        "p11",
    )
    assert answer["counts"] == {"UNKNOWN_KEY": 1}


def test_the_first_thousand_problems_are_told_and_the_rest_counted(store: Path) -> None:
    lines = "".join(f"c{i},p1,o1,高,2019-02-30,,reg\n" for i in range(10, 1510))
    with pytest.raises(LoadError) as refused:
        how(store, {"Chief.csv": CHIEFS.splitlines()[0] + "\n" + lines}, How())
    assert len(refused.value.problems) == 1000
    assert refused.value.counts == {"DATE": 1500}
    assert "and 500 more of the kind DATE" in str(refused.value)


def test_files_that_were_loaded_before_others_correct_again(store: Path) -> None:
    other: dict[str, str | bytes] = {"Chief.csv": CHIEFS.replace("高", "低")}
    first: dict[str, str | bytes] = {"Chief.csv": CHIEFS}
    assert how(store, other, How()).number == 2
    assert how(store, other, How()).before == 2
    assert (how(store, first, How()).number, how(store, other, How()).number) == (3, 4)


def test_folders_that_a_store_was_made_of_are_not_loaded_again(tmp_path: Path) -> None:
    folder = tmp_path / "both"
    put(folder / "1", FILES)
    put(folder / "2", {"Chief.csv": "key,rank,source\nc1,低,reg\n"})
    assert [one.number for one in load(tmp_path / "small.db", folder)] == [1, 2]
    assert [(one.number, one.before) for one in load(tmp_path / "small.db", folder)] == [(None, 1), (None, 2)]
