"""A load that leaves records at ends that are there no more is done, and says which."""

from __future__ import annotations

from pathlib import Path

import pytest

from orggraph.stores.sqlite.load import How, LoadReport
from orggraph.stores.sqlite.load import load as load_files
from tests.small_model import FILES, MODEL, load, put

PLAIN = How()
GONE: dict[str, str | bytes] = {"office.csv": "key,withdrawn\no1,是\n"}


def then(store: Path, files: dict[str, str | bytes], given: How = PLAIN) -> LoadReport:
    folder = put(store.parent / f"in{len(list(store.parent.iterdir()))}", files)
    (report,) = load_files(store, {"small.yaml": MODEL}, lambda _: "", [folder], given)
    return report


def told(report: LoadReport) -> list[tuple[str, str, int, str, str]]:
    assert report.warned == len(report.warnings)
    return [(one.code, Path(one.file).name, one.line, one.column, one.value) for one in report.warnings]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "small.db"
    (report,) = load(path, put(tmp_path / "first", FILES))
    assert told(report) == []
    return path


@pytest.mark.parametrize("dry", [True, False])
def test_the_records_that_a_withdrawn_entity_leaves_are_counted(store: Path, dry: bool) -> None:
    report = then(store, GONE, How(dry=dry))
    assert (report.withdrawn, told(report)) == (1, [("LEFT_RECORDS", "office.csv", 2, "withdrawn", "o1")])
    assert "2 records" in report.warnings[0].message


def test_with_its_records_it_goes_unsaid(store: Path) -> None:
    report = then(store, GONE | {"Chief.csv": "key,withdrawn\nc1,yes\nc2,yes\n"})
    assert (report.withdrawn, told(report)) == (3, [])


def test_one_of_several_states_leaves_none(store: Path) -> None:
    assert told(then(store, {"office.csv": "key,name,from,open\no1,水利局,2016,是\n"})) == []
    assert told(then(store, {"office.csv": "key,from,withdrawn\no1,2016,yes\n"})) == []
    assert [one[0] for one in told(then(store, GONE))] == ["LEFT_RECORDS"]


def test_a_record_that_comes_to_what_has_gone_is_told_and_one_beside_it_is_not(store: Path) -> None:
    then(store, GONE | {"Chief.csv": "key,withdrawn\nc1,yes\nc2,yes\n"})
    chiefs = "key,person,office,rank,from,source\nc3,p1,o1,高,2020,reg\nc4,p2,o2,高,2020,reg\n"
    assert told(then(store, {"Chief.csv": chiefs})) == [("GONE_END", "Chief.csv", 2, "office", "o1")]
    assert told(then(store, {"office.csv": "key,name\no1,水务局\n"})) == []


def test_what_a_complete_source_lacks_is_told_of_the_files(store: Path) -> None:
    cited: dict[str, str | bytes] = {"office.csv": "key,name,source\no1,水务局,reg\no2,林草局,reg\n"}
    assert told(then(store, cited)) == []
    report = then(store, {"office.csv": "key,name,source\no2,林草局,reg\n"}, How(complete="reg"))
    assert told(report) == [("LEFT_RECORDS", "office.csv", 0, "withdrawn", "o1")]
