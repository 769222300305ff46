"""Loads that meet, and readers while a load is written: one after the other, and never half of one."""

from __future__ import annotations

import json
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from orggraph.graphql.schema import sdl
from orggraph.opening import open_engine
from orggraph.stores.sqlite.load import load as load_files
from tests.small_model import CHIEFS, FILES, MODEL, load, put
from tests.stores.sqlite.processes import DONE, FORKS, REFUSED, content, files, is_whole, start

READS = 1_000
LOADS = 12
READERS = 2
DOCUMENT = """{ at(date: "2016-01-01") { offices { nodes { name staff
  chiefs { nodes { name } edges { record { rank { code } } } } } } } }"""


@pytest.mark.parametrize("first", [True, False], ids=["first loads", "corrections"])
def test_two_loads_at_once_are_one_after_the_other(first: bool, tmp_path: Path) -> None:
    folders = [files(tmp_path / "a", 300, 1), files(tmp_path / "b", 300, 2)]
    orders: list[object] = []
    for name, order in (("ab", folders), ("ba", folders[::-1])):
        orders.append(_one_after_the_other(tmp_path / f"{name}.db", order, first))
    store = tmp_path / "s.db"
    if not first:
        load(store, put(tmp_path / "old", FILES))
    both = [start(store, folder) for folder in folders]
    assert sorted(one.result() for one in both) == ([(DONE, 1), (DONE, 2)] if first else [(DONE, 2), (DONE, 3)])
    assert content(store) in orders
    assert is_whole(store)


def _one_after_the_other(store: Path, folders: list[Path], first: bool) -> object:
    if not first:
        load(store, put(store.parent / "old", FILES))
    for folder in folders:
        load(store, folder)
    return content(store)


def test_a_refused_first_load_takes_no_file_from_under_another(tmp_path: Path) -> None:
    bad = put(tmp_path / "bad", FILES | {"Chief.csv": CHIEFS + "".join(f"c{i},p1,o9,高,,,\n" for i in range(9, 2000))})
    good, store = files(tmp_path / "good", 50, 1), tmp_path / "s.db"
    for _ in range(3):
        refused = start(store, bad)
        next(event for event in refused.events() if event[0] == "reading")
        done = start(store, good)
        assert refused.result()[0] == REFUSED
        assert done.result() == (DONE, 1)
        assert len(content(store)["k_Office"]) == 50
        store.unlink()


def test_readers_see_published_loads_only(tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    load_files(store, {"small.yaml": MODEL}, sdl, [files(tmp_path / "1", 60, 1)])
    answers, finished = {1: answer_of(store)}, FORKS.Event()
    pipes = [FORKS.Pipe(duplex=False) for _ in range(READERS)]
    for told, telling in pipes:
        FORKS.Process(target=_read, args=(store, finished, telling)).start()
        assert told.recv() == "reading"
    for number in range(2, LOADS + 1):
        load(store, files(tmp_path / str(number), 60, number))
        answers[number] = answer_of(store)
    finished.set()
    found = [told.recv() for told, _ in pipes]
    assert sum(reads for reads, _ in found) >= READS
    seen = set().union(*(read for _, read in found))
    for answer in seen:
        assert answer == answers[json.loads(answer)["extensions"]["load"]]
    assert len(seen) > 2, "there was reading between the loads"


def answer_of(store: Path) -> bytes:
    return open_engine(store).execute(DOCUMENT)


def _read(store: Path, finished: Event, telling: Connection) -> None:
    """Reads until loading is finished, and often enough."""
    engine, seen, reads = open_engine(store), set[bytes](), 0
    telling.send("reading")
    while reads < READS / READERS or not finished.is_set():
        seen.add(engine.execute(DOCUMENT))
        reads += 1
    telling.send((reads, seen))
