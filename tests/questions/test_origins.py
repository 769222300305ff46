"""What an answer comes from, as tables: loaded back unchanged it takes no number, corrected it corrects."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orggraph.exporting import How, export_tables
from orggraph.graphql.engine import Engine
from orggraph.graphql.keyed import KEY, keyed
from orggraph.graphql.schema import sdl
from orggraph.opening import open_engine
from orggraph.questions.origins import origins
from orggraph.questions.reading import read_questions
from orggraph.settings import Bounds
from orggraph.stores.sqlite.load import How as Loading
from orggraph.stores.sqlite.load import load
from tests.cli.test_commands import run
from tests.conftest import ROOT
from tests.questions.folders import put

QUERIES = ROOT / "queries"
ASKED: dict[str, dict[str, str]] = {
    "communities-without-first-secretary": {},
    "cross-appointed": {},
    "part-time-members": {"date": "2019-06-15"},
    "four-level-tree": {},
    "what-a-source-says": {},
    "what-changed": {"since": "1"},
    "best-connected": {},
}


@pytest.fixture
def chess(store_of: Callable[[str], Path], tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(store_of("minimal"), tmp_path / "chess.db")
    engine = open_engine(tmp_path / "chess.db")
    yield engine
    engine.store.close()


def test_the_keys_of_what_is_printed_and_of_the_records_that_lead_there(chess: Engine, tmp_path: Path) -> None:
    folder = read_questions(put(tmp_path / "queries"))
    (asked,) = folder.questions
    assert asked.document.count(KEY) == 0
    assert f"{KEY}edges: edges" in keyed(chess.schema, asked.document)
    found = [
        set(_kinds(chess, origins(chess, folder, "members", {"day": day}))) for day in ("2023-04-15", "1990-01-01")
    ]
    assert found == [{"Club", "Player", "Member"}, {"Club"}]


def _kinds(engine: Engine, keys: frozenset[str]) -> Iterator[str]:
    for table, rows in engine.store.written(
        [*engine.store.model.concrete(), *engine.store.model.relations.values()], How().scope, keys
    ):
        yield from (table.name for _ in rows)


@pytest.mark.parametrize("name", ASKED)
def test_loaded_back_unchanged_it_takes_no_number(store_of: Callable[[str], Path], tmp_path: Path, name: str) -> None:
    engine = open_engine(store_of("changji"), Bounds(size=30_000, price=5e7))
    keys = origins(engine, read_questions(QUERIES), name, ASKED[name])
    exported = export_tables(engine.store, [], tmp_path / "out.xlsx", How(keys=keys))
    engine.store.close()
    assert sum(exported.rows.values()) > 0
    (report,) = load(store_of("changji"), None, sdl, [tmp_path / "out.xlsx"], Loading(dry=True))
    assert (report.added, report.corrected, report.withdrawn) == (0, 0, 0)


def test_corrected_it_corrects_and_nothing_else(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    """The two deputies of a unit, as first secretaries: their records alone are in the table."""
    store = tmp_path / "graph.db"
    shutil.copy(store_of("changji"), store)
    out = tmp_path / "FirstSecretary.csv"
    command = ("export", "tables", "FirstSecretary", "--ask", "1", "-v", "date=2020-03-31", "-v", "certainty=CERTAIN")
    run(*command, "-o", str(out), "--store", str(store))
    header, *rows = csv.reader(out.read_text("utf-8-sig").splitlines())
    assert len(rows) == 70
    for row in rows[:2]:
        row[header.index("from")] = "2017-11"
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    (report,) = load(store, None, sdl, [out], Loading())
    assert (report.added, report.corrected, report.withdrawn) == (0, 2, 0)


def test_what_cannot_be_asked_is_refused(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    store, out = str(store_of("changji")), str(tmp_path / "out.xlsx")
    for code, words, given in (
        (1, "there is no question nobody", ("--ask", "nobody")),
        (1, "nothing to write", ("--ask", "first-secretaries-over-time")),
        (1, "has no parameter day", ("--ask", "1", "-v", "day=2020-03-31")),
        (2, "write NAME=VALUE", ("--ask", "1", "-v", "date")),
        (2, "say of which question", ("-v", "date=2020-03-31")),
    ):
        done = run("export", "tables", *given, "-o", out, "--store", store, status=code)
        assert words in " ".join(done.split())
    assert not Path(out).exists()
