"""What happens to a store under a service that runs: loads are seen at once and never mixed; a file that is gone, locked, cut,
damaged or another's is told as 503 with a code, and answered from again when it is back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import apsw
import httpx
import pytest

from orggraph.graphql.schema import sdl
from orggraph.stores.sqlite.copying import back_up, restore
from orggraph.stores.sqlite.load import load as load_files
from orggraph.stores.sqlite.migrating import migrate
from tests.service.serving import MODERN, serving
from tests.small_model import FILES, MODEL, put

SOON = 8.0
"""Seconds in which a service should have seen what happened to its file. It looks each 0.2 s; but the machine may be busy with
other tests, and what is damaged is proved before it is answered from."""
COUNT = "{ persons { totalCount } }"
MORE = MODEL.replace("kinds:\n", "kinds:\n  Ship: {label: {zh: 船, en: ship}, plural: ships}\n", 1)


def made(folder: Path, model: str = MODEL) -> Path:
    """A store of the small model with two persons."""
    path = folder / "small.db"
    folder.mkdir(exist_ok=True)
    load_files(path, {"small.yaml": model}, sdl, [put(folder / "in", FILES)])
    return path


def more(store: Path, number: int, persons: int = 1) -> None:
    """A load of more persons."""
    people = "".join(f"q{number}-{one},王芳{one}（示例）\n" for one in range(persons))
    load_files(store, None, sdl, [put(store.parent / f"more{number}", {"人员.csv": f"键,姓名\n{people}"})])


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return made(tmp_path / "store")


@pytest.fixture
def url(store: Path) -> Iterator[str]:
    with serving(store) as base:
        assert ask(base) == (200, 2)
        yield base


def ask(base: str, document: str = COUNT) -> tuple[int, Any]:
    """Status, and how many persons there are, or the code."""
    answer = httpx.post(f"{base}/graphql", json={"query": document}, headers=MODERN, timeout=20)
    told = answer.json()
    if answer.status_code == 200:
        return 200, told["data"]["persons"]["totalCount"]
    if answer.status_code == 503:
        assert int(answer.headers["retry-after"]) > 0
    return answer.status_code, told["errors"][0]["extensions"]["code"]


def ready(base: str) -> tuple[int, Any]:
    answer = httpx.get(f"{base}/health/ready")
    told = answer.json()
    return answer.status_code, told["load"]["number"] if told["ready"] else told["code"]


def becomes(ask: Callable[[], Any], wanted: Any, meanwhile: tuple[Any, ...] = ()) -> None:
    """Asks until the answer is what is wanted; until then it is one of ``meanwhile``."""
    deadline = time.monotonic() + SOON
    while (found := ask()) != wanted:
        assert found in meanwhile, found
        assert time.monotonic() < deadline, f"still {found}, not {wanted}"
        time.sleep(0.02)


def elsewhere(code: str, *arguments: object) -> None:
    """Runs code in another process: to open a store's file in this one would take away the locks of whoever serves it here."""
    subprocess.run([sys.executable, "-c", f"import os, sys; {code}", *map(str, arguments)], check=True)


# ---------------------------------------------------------------- loads


def test_a_thousand_loads_are_each_seen_whole_and_at_once(store: Path) -> None:
    """Each load adds one person, so an answer that mixed two loads would count others than its load has."""
    documents = (
        "{ persons { totalCount nodes { key chiefPosts { totalCount } } } }",
        "{ persons { totalCount } again: ever { persons { totalCount } } loads { totalCount } }",
    )
    wrong: list[Any] = []
    seen, done = [0, 0], threading.Event()

    def read(base: str, document: str) -> None:
        with httpx.Client(base_url=base, headers=MODERN, timeout=30) as client:
            while not done.is_set():
                answer = client.post("/graphql", json={"query": document})
                told = answer.json()
                if answer.status_code != 200:
                    wrong.append((answer.status_code, told))
                    return
                number, data = told["extensions"]["load"], told["data"]
                counts = {data["persons"]["totalCount"], len(data["persons"].get("nodes", ())) or number + 1}
                counts |= (
                    {data["again"]["persons"]["totalCount"], data["loads"]["totalCount"] + 1}
                    if "again" in data
                    else set()
                )
                if counts != {number + 1}:
                    wrong.append(told)
                seen[document is documents[1]] += 1
                time.sleep(0.01)

    with serving(store) as base, httpx.Client(base_url=base, headers=MODERN, timeout=30) as client:
        readers = [threading.Thread(target=read, args=(base, document)) for document in documents]
        for reader in readers:
            reader.start()
        for number in range(2, 1_002):
            more(store, number)
            if number % 20 == 0:
                answer = client.post("/graphql", json={"query": COUNT}).json()
                assert answer == {"data": {"persons": {"totalCount": number + 1}}, "extensions": {"load": number}}
        becomes(lambda: ready(base), (200, 1_001), tuple((200, one) for one in range(900, 1_001)))
        done.set()
        for reader in readers:
            reader.join(30)
    assert not wrong, wrong[:3]
    assert min(seen) > 50


def test_prices_follow_what_was_loaded(store: Path) -> None:
    with serving(store) as base:
        published = base.service.answering.published
        document = "{ persons { nodes { name } } }"
        before = published.engine.ask(document, {}).rows
        more(store, 2, persons=400)

        def price() -> bool:
            asked = published.engine.known(document, {})
            return asked is not None and asked.rows > before + 300

        becomes(price, True, (False,))


def test_a_model_that_grows_is_served(store: Path, url: str) -> None:
    assert ask(url, "{ persons { totalCount } ships { totalCount } }") == (400, "INVALID_DOCUMENT")
    migrate(store, {"small.yaml": MORE}, sdl)
    assert ask(url) == (200, 2), "who asks while the model changes waits for it"
    becomes(lambda: ask(url, "{ persons { totalCount } ships { totalCount } }"), (200, 2), ((400, "INVALID_DOCUMENT"),))
    assert "ships" in httpx.get(f"{url}/schema.graphql").text


def test_a_copy_that_is_restored_is_served_also_if_it_has_another_model(store: Path, url: str, tmp_path: Path) -> None:
    other = made(tmp_path / "other", MORE)
    more(other, 2, persons=7)
    back_up(other, tmp_path / "copy.db", force=False)
    restore(tmp_path / "copy.db", store, force=True)
    becomes(lambda: ask(url), (200, 9), ())
    assert ask(url, "{ persons { totalCount } ships { totalCount } }") == (200, 9)
    assert ready(url) == (200, 2)


# ---------------------------------------------------------------- faults


def test_a_file_that_is_removed_is_missed_and_welcome_back(store: Path, url: str, tmp_path: Path) -> None:
    aside = tmp_path / "aside.db"
    os.rename(store, aside)
    becomes(lambda: ask(url), (503, "NO_STORE"), ((200, 2),))
    assert ready(url) == (503, "NO_STORE")
    assert httpx.get(f"{url}/health/live").status_code == 200
    os.rename(aside, store)
    becomes(lambda: ask(url), (200, 2), ((503, "NO_STORE"),))
    assert ready(url) == (200, 1)


def test_a_file_in_the_place_of_another_is_served(store: Path, url: str, tmp_path: Path) -> None:
    other = made(tmp_path / "other")
    more(other, 2, persons=5)
    back_up(other, tmp_path / "copy.db", force=False)
    os.replace(tmp_path / "copy.db", store)
    becomes(lambda: ask(url), (200, 7), ((200, 2),))


def test_a_file_beside_the_log_of_another_is_not_believed(store: Path, url: str, tmp_path: Path) -> None:
    other = made(tmp_path / "other")
    back_up(other, tmp_path / "copy.db", force=False)
    more(store, 2, persons=5)
    assert Path(f"{store}-wal").stat().st_size > 0
    becomes(lambda: ready(url), (200, 2), ((200, 1),))
    os.replace(tmp_path / "copy.db", store)
    becomes(lambda: ask(url), (503, "FOREIGN_LOG"), ((200, 7),))
    for end in ("wal", "shm"):
        os.unlink(f"{store}-{end}")
    becomes(lambda: ask(url), (200, 2), ((503, "FOREIGN_LOG"),))


@pytest.mark.parametrize("left", [0.0, 0.5])
def test_a_file_that_is_cut_short_is_found_broken(store: Path, url: str, tmp_path: Path, left: float) -> None:
    shutil.copy(store, tmp_path / "good.db")
    elsewhere("os.truncate(sys.argv[1], int(sys.argv[2]))", store, int(store.stat().st_size * left))
    whole = "{ persons { totalCount nodes { name records { totalCount } } } entities { totalCount } records { totalCount } }"
    broken = ((503, "NOT_A_STORE"), (503, "DAMAGED"), (503, "UNREADABLE"))
    deadline = time.monotonic() + SOON
    while (found := ask(url, whole)) not in broken:
        assert found == (200, 2), found
        assert time.monotonic() < deadline
    assert ready(url)[0] == 503
    os.replace(tmp_path / "good.db", store)
    becomes(lambda: ask(url, whole), (200, 2), broken)


def test_damage_is_met_told_and_healed(store: Path, url: str, tmp_path: Path) -> None:
    shutil.copy(store, tmp_path / "good.db")
    garbage = (
        "f = open(sys.argv[1], 'r+b'); n = os.path.getsize(sys.argv[1]); f.seek(8192); f.write(b'\\x5a' * (n - 8192))"
    )
    elsewhere(garbage, store)
    whole = "{ persons { totalCount nodes { name records { totalCount } } } }"
    becomes(lambda: ask(url, whole), (503, "DAMAGED"), ((200, 2),))
    assert ask(url)[0] == 503, "nothing is answered from a store in which damage was met"
    assert ready(url) == (503, "DAMAGED")
    os.replace(tmp_path / "good.db", store)
    becomes(lambda: ask(url), (200, 2), ((503, "DAMAGED"),))


def test_a_lock_is_waited_for_a_moment_and_told(store: Path, tmp_path: Path) -> None:
    """Only a store without a log can be locked so: a copy that backup made."""
    back_up(store, tmp_path / "copy.db", force=False)
    with serving(tmp_path / "copy.db") as base:
        assert ask(base) == (200, 2)
        other = apsw.Connection(str(tmp_path / "copy.db"))
        other.execute("BEGIN EXCLUSIVE")
        becomes(lambda: ask(base), (503, "BUSY"), ((200, 2),))
        becomes(lambda: ready(base), (503, "BUSY"), ((200, 1),))
        other.execute("ROLLBACK")
        becomes(lambda: ask(base), (200, 2), ((503, "BUSY"),))
