"""``/changes`` is followed by real clients while a real loader loads: each change comes once; who leaves frees all; who stops says so."""

from __future__ import annotations

import http.client
import json
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import apsw
import pytest

from orggraph.graphql.schema import sdl
from orggraph.stores.sqlite.asking import rows as rows_of
from orggraph.stores.sqlite.copying import back_up, restore
from orggraph.stores.sqlite.load import load
from orggraph.stores.sqlite.purging import purge
from tests.conftest import ROOT
from tests.service.processes import running
from tests.service.serving import serving
from tests.small_model import MODEL, put

PERSONS = 40


def rows(first: int, last: int, name: str = "成员") -> str:
    return "key,name,source\n" + "".join(f"s-new{i},{name}{i},roll\n" for i in range(first, last))


@pytest.fixture
def store(tmp_path: Path, store_of: Callable[[str], Path]) -> Path:
    path = tmp_path / "store.db"
    path.write_bytes(store_of("university").read_bytes())
    return path


def lines(url: str, query: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{url}/changes?{query}", timeout=30) as reply:
        assert reply.headers["content-type"].startswith("application/x-ndjson")
        return [json.loads(line) for line in reply]


def refused(url: str, query: str) -> str:
    with pytest.raises(HTTPError) as error:
        urllib.request.urlopen(f"{url}/changes?{query}", timeout=30)
    code = json.load(error.value)["errors"][0]["extensions"]["code"]
    assert error.value.code in (400, 503)
    return str(code)


def add(store: Path, folder: Path, first: int, last: int, name: str = "成员") -> None:
    folder.mkdir()
    (folder / "scholar.csv").write_text(rows(first, last, name), "utf-8")
    load(store, None, sdl, [folder])


def events(url: str, query: str = "", last: str = "") -> Generator[tuple[str, str, Any], None, None]:
    """(event, id, data) as an EventSource gives them; heartbeats as ("", "", None)."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)
    headers = {"accept": "text/event-stream"} | ({"last-event-id": last} if last else {})
    connection.request("GET", f"/changes?{query}", headers=headers)
    reply = connection.getresponse()
    assert reply.status == 200, reply.read()
    assert reply.getheader("content-type", "").startswith("text/event-stream")
    fields: dict[str, str] = {}
    try:
        while line := reply.readline():
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name or value:
                fields[name] = value
                continue
            yield (
                fields.get("event", ""),
                fields.get("id", ""),
                json.loads(fields["data"]) if "data" in fields else None,
            )
            fields = {}
    finally:
        connection.close()


def test_all_from_the_beginning_and_on_from_a_cursor(store: Path, tmp_path: Path) -> None:
    with serving(store) as url:
        *changes, told = lines(url, "since=0")
        assert told == {"told": {"load": 2, "cursor": changes[-1]["cursor"]}}
        assert {one["what"] for one in changes if one["load"]["number"] == 1} == {"ADDED"}
        add(store, tmp_path / "more", 0, 3)
        *later, told = lines(url, f"after={told['told']['cursor']}")
        assert [one["key"] for one in later] == ["s-new0", "s-new1", "s-new2"]
        assert later[0]["after"]["name"] == "成员0"
        assert later[0]["before"] is None
        assert lines(url, f"after={told['told']['cursor']}") == [
            {"told": {"load": 3, "cursor": told["told"]["cursor"]}}
        ]


def test_what_is_wrong_is_refused_before_anything_is_sent(store: Path) -> None:
    with serving(store, followers=0) as url:
        assert refused(url, "since=0") == "TOO_MANY_FOLLOWERS"
    with serving(store) as url:
        found = [refused(url, query) for query in ("since=9", "since=x", "sinc=1", "after=00", "what=GONE", "follow=1")]
        assert found == ["NO_SUCH_LOAD", "BAD_VALUE", "BAD_PARAMETER", "BAD_CURSOR", "BAD_VALUE", "BAD_VALUE"]
        assert url.service.followers.number == 0


def test_a_store_that_was_brought_back_refuses_cursors_of_loads_it_lost(store: Path, tmp_path: Path) -> None:
    former = store.read_bytes()
    with serving(store) as url:
        add(store, tmp_path / "more", 0, 3)
        cursor = lines(url, "since=0")[-1]["told"]["cursor"]
    for left in store.parent.glob("store.db*"):
        left.unlink()
    store.write_bytes(former)
    with serving(store) as url:
        assert refused(url, f"after={cursor}") == "CURSOR_LOAD"


def test_who_was_told_nothing_goes_on_by_a_cursor_which_a_restored_store_refuses(store: Path, tmp_path: Path) -> None:
    nothing = "kind=Scholar&key=s-new3"
    back_up(store, tmp_path / "copy.db", force=False)
    with serving(store, heartbeat_seconds=0.2) as url:
        add(store, tmp_path / "one", 0, 3)
        (told,) = lines(url, f"since=0&{nothing}")
        cursor = told["told"]["cursor"]
        assert lines(url, f"after={cursor}&{nothing}") == [told]
        assert lines(url, f"after={cursor}") == [told]  # it is behind all
        following = events(url, f"since=3&{nothing}")
        assert next(following) == ("told", cursor, told["told"])
        restore(tmp_path / "copy.db", store, force=True)
        add(store, tmp_path / "other", 3, 4)  # again the third, and another
        assert [data["code"] for event, _, data in following if event == "error"] == ["CURSOR_LOAD"]
        add(store, tmp_path / "third", 4, 5)
        assert refused(url, f"after={cursor}&{nothing}") == "CURSOR_LOAD"
        assert lines(url, f"since=3&{nothing}")[0]["told"]["load"] == 4  # a number alone would miss the change
        change, told = lines(url, f"since=0&{nothing}")
        assert (change["key"], told["told"]["cursor"]) == ("s-new3", change["cursor"])


def test_a_store_that_holds_nothing_gives_a_cursor_too(tmp_path: Path) -> None:
    store = tmp_path / "empty.db"
    load(store, {"small.yaml": MODEL}, sdl, [put(tmp_path / "none", {"人员.csv": "键,姓名\n"})])
    with serving(store) as url:
        (told,) = lines(url, "since=0")
        assert told["told"]["load"] == 1
        load(store, None, sdl, [put(tmp_path / "one", {"人员.csv": "键,姓名\nq1,王芳（示例）\n"})])
        change, _ = lines(url, f"after={told['told']['cursor']}")
        assert change["after"]["name"] == "王芳（示例）"


def test_events_follow_loads_and_resume_by_the_last_id(store: Path, tmp_path: Path) -> None:
    with serving(store, heartbeat_seconds=0.2) as url:
        following = events(url, "since=2&kind=Scholar")
        event, place, told = next(following)
        assert (event, told) == ("told", {"load": 2, "cursor": place})
        assert next(following)[0] == ""  # a sign of life
        add(store, tmp_path / "more", 0, 3)
        found = [one for one in (next(following) for _ in range(30)) if one[0]][:2]
        assert [data["key"] for _, _, data in found] == ["s-new0", "s-new1"]
        following.close()
        again = events(url, "since=2&kind=Scholar", last=found[-1][1])
        assert next(again)[2]["key"] == "s-new2"
        again.close()
        until = time.monotonic() + 20
        while url.service.followers.number and time.monotonic() < until:
            time.sleep(0.05)
        assert url.service.followers.number == 0


def test_a_purge_is_told_to_who_follows(store: Path) -> None:
    with serving(store) as url:
        cursor = lines(url, "since=0")[-1]["told"]["cursor"]
        purge(store, ["s-wang"], "name", "a wish to be forgotten")
        mark, told = lines(url, f"after={cursor}")
        assert (mark["purge"]["table"], mark["purge"]["field"], mark["purge"]["number"]) == ("Scholar", "name", 1)
        assert told["told"]["load"] == 2
        assert all(
            "王" not in json.dumps(one, ensure_ascii=False)
            for one in lines(url, "since=0")
            if one.get("key") == "s-wang"
        )


def test_with_workers_a_follower_sees_each_change_once_while_loads_commit_and_is_told_when_it_ends(
    store: Path, tmp_path: Path
) -> None:
    with running(store, tmp_path, "--workers", "2", "--bound", "heartbeat_seconds=1") as service:
        following = events(service.url, "since=2")
        seen: list[str] = []
        for number in range(4):
            add(store, tmp_path / f"load{number}", number * PERSONS, (number + 1) * PERSONS)
            while len(seen) < (number + 1) * PERSONS:
                event, _, data = next(following)
                seen += [data["key"]] if event == "change" else []
        assert seen == [f"s-new{i}" for i in range(4 * PERSONS)]
        assert service.stop() == 0
        assert [event for event, _, _ in following][-1] == "stopping"


def test_the_program_that_keeps_a_copy_has_it_whole_at_once_after_loads_and_after_a_purge(
    store: Path, tmp_path: Path
) -> None:
    program = ROOT / "tests" / "clients" / "programs" / "copy_of_the_graph.py"

    def copied(url: str) -> int:
        command = [sys.executable, str(program), url, str(tmp_path / "copy.db")]
        return int(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.split()[-1])

    def known() -> int:
        with closing(apsw.Connection(str(store))) as connection:
            tables = rows_of(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB '[kr]_*'")
            return sum(
                rows_of(connection, f'SELECT count(*) FROM "{one}" WHERE k1 = 8388607')[0][0] for (one,) in tables
            )

    with serving(store) as url:
        assert copied(url) == known()
        assert copied(url) == known()
        add(store, tmp_path / "more", 0, 5)
        assert copied(url) == known()
        purge(store, ["s-new1"], None, "a wish to be forgotten")
        assert copied(url) == known()
        with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
            assert copy.execute("SELECT count(*) FROM thing WHERE key = 's-new1'").fetchone() == (0,)
