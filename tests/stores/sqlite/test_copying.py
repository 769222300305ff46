"""Copies of a store, made and put back while it is read and loaded into: proved, never half, never over what is not meant."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from orggraph.errors import StoreError
from orggraph.graphql.schema import sdl
from orggraph.opening import open_engine
from orggraph.stores.sqlite import copying
from orggraph.stores.sqlite.asking import value
from orggraph.stores.sqlite.checking import check
from orggraph.stores.sqlite.copying import Copied, back_up, restore
from orggraph.stores.sqlite.load import load as load_files
from tests.small_model import FILES, MODEL, put
from tests.stores.sqlite.processes import FORKS, content

HOW_MANY = "{ persons { totalCount } }"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "small.db"
    load_files(path, {"small.yaml": MODEL}, sdl, [put(tmp_path / "in", FILES)])
    return path


def more(store: Path, number: int) -> None:
    """A load of three people more."""
    people = "".join(f"q{number}-{i},王芳{i}（示例）\n" for i in range(3))
    load_files(store, None, sdl, [put(store.parent / f"more{number}", {"人员.csv": f"键,姓名\n{people}"})])


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


def test_a_copy_is_one_file_with_the_same_content(store: Path, tmp_path: Path) -> None:
    more(store, 1)
    reader = apsw.Connection(str(store))  # who has it open keeps its log from being written back
    reader.execute("SELECT count(*) FROM load").fetchall()
    copied = back_up(store, tmp_path / "copy.db", force=False)
    assert copied.load == 2
    assert content(tmp_path / "copy.db") == content(store)
    assert names(tmp_path) - {"small.db-wal", "small.db-shm"} == {"small.db", "copy.db"}
    assert not check(tmp_path / "copy.db", sdl).problems
    assert names(tmp_path) - {"small.db-wal", "small.db-shm"} == {"small.db", "copy.db"}, "reading it leaves nothing"
    assert restore(tmp_path / "copy.db", tmp_path / "again.db", force=False) == copied
    assert content(tmp_path / "again.db") == content(store)
    again = apsw.Connection(str(tmp_path / "again.db"))
    assert value(again, "PRAGMA journal_mode") == "wal"


def test_nothing_is_overwritten_unless_it_is_said(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    back_up(store, copy, force=False)
    before = copy.read_bytes()
    more(store, 1)
    with pytest.raises(StoreError, match="is there already; --force overwrites it"):
        back_up(store, copy, force=False)
    with pytest.raises(StoreError, match="is there already; --force overwrites it"):
        restore(copy, store, force=False)
    assert copy.read_bytes() == before
    assert back_up(store, copy, force=True).load == 2
    assert content(copy) == content(store)


def test_a_copy_is_not_laid_over_the_store_itself_or_one_that_is_open(store: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is the store itself"):
        back_up(store, store, force=True)
    other = tmp_path / "other.db"
    load_files(other, {"small.yaml": MODEL}, sdl, [tmp_path / "in"])
    reader = apsw.Connection(str(other))
    reader.execute("SELECT count(*) FROM load").fetchall()
    with pytest.raises(StoreError, match="is an open store, no copy"):
        back_up(store, other, force=True)
    assert not list(tmp_path.glob(".*part*"))


def test_what_cannot_be_copied_says_what_to_do(store: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no folder"):
        back_up(store, tmp_path / "nowhere" / "copy.db", force=False)
    with pytest.raises(StoreError, match="there is no store"):
        back_up(tmp_path / "none.db", tmp_path / "copy.db", force=False)
    (tmp_path / "text.db").write_text("no database")
    for broken in (tmp_path / "text.db", tmp_path / "none.db"):
        with pytest.raises(StoreError):
            restore(broken, store, force=True)


def test_a_broken_copy_is_refused_and_the_store_stays(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    back_up(store, copy, force=False)
    whole, before = copy.read_bytes(), content(store)
    connection = apsw.Connection(str(copy))
    page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'k_Person'").get
    connection.close()
    at = (page - 1) * 4096
    for broken in (whole[:at] + b"\xff" * 100 + whole[at + 100 :], whole[: len(whole) // 2], whole[:-1]):
        copy.write_bytes(broken)
        with pytest.raises(StoreError):
            restore(copy, store, force=True)
        with pytest.raises(StoreError):
            restore(copy, tmp_path / "new.db", force=False)
        assert content(store) == before
        assert not (tmp_path / "new.db").exists()


def test_copies_that_are_made_while_loads_go_on_are_of_one_load(store: Path, tmp_path: Path) -> None:
    stop, done = threading.Event(), []

    def loading() -> None:
        for number in range(100):
            if stop.is_set():
                return
            more(store, number)
            done.append(number)

    thread = threading.Thread(target=loading)
    thread.start()
    try:
        copies = [back_up(store, tmp_path / f"copy{i}.db", force=False) for i in range(8)]
    finally:
        stop.set()
        thread.join()
    assert len(done) > 1
    assert copies[0].load < copies[-1].load
    for i, copied in enumerate(copies):
        report = check(tmp_path / f"copy{i}.db", sdl)
        assert not report.problems
        assert report.loads == copied.load
        answer = json.loads(open_engine(tmp_path / f"copy{i}.db").execute(HOW_MANY, {}))
        assert answer["data"]["persons"]["totalCount"] == 2 + 3 * (copied.load - 1)


def test_who_reads_a_store_goes_on_while_it_is_restored(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    back_up(store, copy, force=False)
    wanted = content(store)
    more(store, 1)
    engine = open_engine(store)

    def count() -> int:
        return int(json.loads(engine.execute(HOW_MANY, {}))["data"]["persons"]["totalCount"])

    assert count() == 5
    assert restore(copy, store, force=True).load == 1
    assert count() == 2
    assert content(store) == wanted
    more(store, 2)
    assert count() == 5, "loads go on where the copy ended"
    assert not check(store, sdl).problems


def test_a_store_that_is_loaded_into_is_not_restored_meanwhile(store: Path, tmp_path: Path) -> None:
    copy, before = tmp_path / "copy.db", content(store)
    back_up(store, copy, force=False)
    other = apsw.Connection(str(store))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another process is writing it"):
        restore(copy, store, force=True, wait=0.1)
    other.execute("ROLLBACK")
    assert content(store) == before


def _killed(file: Path, store: Path, step: int, over: bool) -> None:
    """Copies page by page in a process that is killed at the so manieth step."""
    copying.PAGES = 1
    seen = 0

    def watch(_step: str, _pages: int) -> None:
        nonlocal seen
        seen += 1
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)

    if over:
        restore(file, store, True, watch)
    else:
        back_up(file, store, False, watch)


@pytest.mark.parametrize("over", [True, False])
def test_a_kill_at_any_page_leaves_the_old_or_the_whole_new(over: bool, store: Path, tmp_path: Path) -> None:
    copy, target = tmp_path / "copy.db", tmp_path / "target.db"
    back_up(store, copy, force=False)
    new = content(copy)
    more(store, 1)
    old = content(store)
    for step in range(1, 400, 23):
        for left in tmp_path.glob("target.db*"):
            left.unlink()
        if over:
            back_up(store, target, force=False)
        process = FORKS.Process(target=_killed, args=(copy, target, step, over))
        process.start()
        process.join()
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        assert content(target) in (old if over else {}, new)
    assert step > 20
    assert content(target) == new


@pytest.mark.parametrize("command", [back_up, restore])
def test_what_a_killed_copy_left_is_gone_with_the_next_and_what_lives_stays(
    command: Callable[..., Copied], store: Path, tmp_path: Path
) -> None:
    target = tmp_path / "备份.db"
    process = FORKS.Process(target=_killed_at, args=(command, store, target, "copying pages"))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    (part,) = tmp_path.glob(f".备份.db.*.{process.pid}.part")
    journal = part.with_name(f"{part.name}-journal")
    alive = [part.with_name(one.name.replace(f".{process.pid}.", f".{os.getppid()}.")) for one in (part, journal)]
    for one in (journal, *alive):
        one.write_text("x")
    command(store, target, force=False)
    assert {one for one in names(tmp_path) if "备份" in one} == {"备份.db", *(one.name for one in alive)}


def _killed_at(command: Callable[..., Copied], source: Path, target: Path, step: str) -> None:
    def watch(now: str, _pages: int) -> None:
        if now == step:
            os.kill(os.getpid(), signal.SIGKILL)

    command(source, target, False, watch)
