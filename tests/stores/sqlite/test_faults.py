"""Full disks, locks and permissions: a clear error that says what to do, the store as before, nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import apsw
import pytest

from orggraph.errors import StoreError
from tests.small_model import FILES, MODEL, load, put
from tests.stores.sqlite.processes import DONE, FORKS, REFUSED, content, few_pages, files, start

OFFICES = 3_000
ROOT = Path(__file__).parents[3]


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A file system of its own at a folder; skips where that is not allowed."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[str, str], Path]]:
    """Makes small disks."""
    with ExitStack() as disks:
        yield lambda name, options: disks.enter_context(mounted(tmp_path / name, options))


def command(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real command line, in a process of its own with caches of a few pages."""
    code = "from tests.stores.sqlite.processes import few_pages; few_pages(20); from orggraph.cli import main; import sys; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True, text=True, check=False, cwd=ROOT, env=os.environ | environment,
    )  # fmt: skip


def load_command(folder: Path, store: Path, model: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return command("load", folder, "--store", store, "--model", model, **environment)


def is_told(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """One line that has the words, no trace, and the status of what is refused."""
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    for word in words:
        assert word in line


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return put(tmp_path / "model", {"small.yaml": MODEL})


def test_a_first_load_that_fills_the_disk_leaves_nothing(
    tmp_path: Path, model: Path, disk: Callable[[str, str], Path]
) -> None:
    small, folder = disk("disk", "size=1m"), files(tmp_path / "in", OFFICES, 1)
    is_told(load_command(folder, small / "s.db", model), "no room is left", f"in {small}", "the store is as it was")
    assert list(small.iterdir()) == []


def test_a_correction_that_fills_the_disk_leaves_the_store_as_before(
    tmp_path: Path, model: Path, disk: Callable[[str, str], Path]
) -> None:
    small = disk("disk", "size=8m")
    store = small / "s.db"
    load(store, files(tmp_path / "old", OFFICES, 1))
    before = content(store)
    assert (small / "s.db").stat().st_size > 1.5 * 2**20
    is_told(
        load_command(files(tmp_path / "new", OFFICES, 2), store, model), "no room is left", "the store is as it was"
    )
    assert content(store) == before
    assert load(store, put(tmp_path / "less", {"Office.csv": "key,staff\no1,5\n"}))[0].corrected == 1, "it works again"


def test_a_full_folder_of_temporary_files_leaves_the_store_as_before(
    tmp_path: Path, model: Path, disk: Callable[[str, str], Path]
) -> None:
    temporary, store = disk("temporary", "size=128k"), tmp_path / "s.db"
    load(store, put(tmp_path / "old", FILES))
    before = content(store)
    folder = files(tmp_path / "new", OFFICES, 2)
    is_told(load_command(folder, store, model, SQLITE_TMPDIR=str(temporary)), f"in {temporary}", "SQLITE_TMPDIR")
    assert list(temporary.iterdir()) == []
    assert content(store) == before


@pytest.mark.parametrize("most", [60, 100, 250])
def test_a_store_that_may_not_grow_is_as_before(most: int, tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    load(store, files(tmp_path / "old", 100, 1))
    before = content(store)
    telling, told = FORKS.Pipe()
    process = FORKS.Process(target=_grow, args=(store, files(tmp_path / "new", OFFICES, 2), most, telling))
    process.start()
    code, message = told.recv()
    process.join()
    assert (code, "make room" in message) == ("DISK_FULL", True)
    assert content(store) == before


def _grow(store: Path, folder: Path, most: int, telling: Connection) -> None:
    few_pages(20, most)
    try:
        load(store, folder)
    except StoreError as error:
        telling.send((error.code, error.message))


def test_a_load_waits_for_another_and_then_says_that_it_is_busy(tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    load(store, put(tmp_path / "old", FILES))
    before, other = content(store), apsw.Connection(str(store))
    other.execute("BEGIN IMMEDIATE")
    folder = put(tmp_path / "new", {"人员.csv": "键,姓名\np3,欧阳𠮷\n"})
    said, (code, message) = start(store, folder, 0.3).result()
    assert (said, code) == (REFUSED, "BUSY")
    assert "another process is writing it; wait" in message
    waits = start(store, folder)
    assert next(waits.events())[0] == "starting"
    other.execute("ROLLBACK")
    other.close()
    assert waits.result() == (DONE, 2)
    assert len(content(store)["entity"]) == 1 + len(before["entity"])


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing in a folder can be written; root may write whatever permissions say, so that it takes a mount."""
    if os.geteuid():
        folder.chmod(0o500)
        yield
        folder.chmod(0o700)
        return
    mounts: list[list[str | Path]] = [["mount", "--bind", folder, folder], ["mount", "-o", "remount,ro,bind", folder]]
    if any(subprocess.run(one, capture_output=True, check=False).returncode for one in mounts):
        pytest.skip("mounting is not allowed here")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def refused(store: Path, folder: Path) -> tuple[str, str]:
    with pytest.raises(StoreError) as told:
        load(store, folder)
    return told.value.code, told.value.message


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    folder, there = put(tmp_path / "in", FILES), tmp_path / "there"
    there.mkdir()
    load(there / "s.db", folder)
    before = content(there / "s.db")
    new = put(tmp_path / "new", {"人员.csv": "键,姓名\np3,欧阳𠮷\n"})
    with read_only(there):
        code, message = refused(there / "s.db", new)
        assert (code, "permissions" in message) in {("READ_ONLY", True), ("CANNOT_OPEN", True)}
        code, message = refused(there / "new.db", new)
        assert (code, "permissions" in message) in {("READ_ONLY", True), ("CANNOT_OPEN", True)}
    assert content(there / "s.db") == before


@pytest.mark.parametrize(
    ("make", "code", "words"),
    [
        (lambda path: path.mkdir(), "NOT_A_STORE", "is a folder"),
        (lambda path: path.write_bytes(b"key,name\n" * 1000), "NOT_A_STORE", "no store of orggraph"),
        (lambda path: path.symlink_to(path), "CANNOT_OPEN", "look at the path"),
        (lambda path: apsw.Connection(str(path)).execute("CREATE TABLE t(x)"), "NOT_A_STORE", "no store of orggraph"),
    ],
    ids=["a folder", "a table", "a link to itself", "another database"],
)
def test_what_is_no_store_is_told_and_left_alone(
    make: Callable[[Path], object], code: str, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "s.db"
    make(path)
    kept = path.read_bytes() if path.is_file() else None
    told, message = refused(path, put(tmp_path / "in", FILES))
    assert (told, words in message) == (code, True), message
    assert kept is None or path.read_bytes() == kept


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    code, message = refused(tmp_path / "no" / "s.db", put(tmp_path / "in", FILES))
    assert (code, message.endswith("make it first")) == ("NO_FOLDER", True)
