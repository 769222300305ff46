"""Named questions over HTTP as they were known at an earlier load, and with keys: files, pages, tags, refusals."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook

from orggraph.graphql.keyed import KEY
from orggraph.graphql.schema import sdl
from orggraph.stores.sqlite.load import load
from tests.conftest import ROOT
from tests.questions import test_paged
from tests.questions.folders import DOCUMENT, ENTRY, put
from tests.service.serving import Url, serving
from tests.service.test_questions import HTML, code

DATA = ROOT / "tests" / "models" / "minimal" / "data"
OF_ITS_OWN = (
    DOCUMENT.replace("$day: Date,", "$day: Date, $knownAt: DateTime,").replace("date: $day,", "date: $day, knownAt: $knownAt,"),
    ENTRY.replace("parameters:\n", "parameters:\n  knownAt: {zh: 所知时刻, en: known at}\n"),
)  # fmt: skip
LISTS = (
    "{ clubs { edges { node { name } } } players { edges { node { name } } } }",
    "title: {zh: 名录, en: names}\nanswers: {zh: 甲, en: a}\nrows: [clubs.edges, players.edges]\n"
    "columns:\n  name: {zh: 名称, en: name}\n",
)


TAKEN = (
    f"{{ clubs {{ nodes {{ {KEY}: name }} }} }}",
    "title: {zh: 名录, en: names}\nanswers: {zh: 甲, en: a}\n"
    f"columns:\n  name: {{zh: 名称, en: name, path: {KEY}}}\n",
)
"""It calls something else as keys are called."""


def corrected(store: Path, fee: int) -> None:
    """One load more: the fee that was 120 is this one."""
    text = (DATA / "member.csv").read_text("utf-8")
    file = store.parent / "member.csv"
    file.write_text(text.replace("2023-04,,120", f"2023-05,,{fee}"), "utf-8")
    load(store, None, sdl, [file])


@pytest.fixture(scope="module")
def known(store_of: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store of two loads, and a moment between them."""
    path = tmp_path_factory.mktemp("known") / "chess.db"
    shutil.copy(store_of("minimal"), path)
    between = datetime.now(UTC).isoformat()
    corrected(path, 90)
    return path, between


@pytest.fixture(scope="module")
def store(known: tuple[Path, str]) -> Path:
    return known[0]


@pytest.fixture(scope="module")
def between(known: tuple[Path, str]) -> str:
    return known[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    queries = put(tmp_path_factory.mktemp("questions"))
    put(queries, "02-own", *OF_ITS_OWN)
    put(queries, "03-lists", *LISTS)
    put(queries, "05-taken", *TAKEN)
    return put(queries, "04-everybody", test_paged.DOCUMENT, test_paged.ENTRY)


@pytest.fixture(scope="module")
def url(store: Path, folder: Path) -> Iterator[Url]:
    with serving(store, questions=folder) as base:
        yield base


def told(url: str, **query: str) -> Any:
    return httpx.get(f"{url}/questions/members.json", params=query).raise_for_status().json()


def test_an_answer_is_of_the_load_or_the_moment_that_is_asked(url: Url, between: str) -> None:
    asked: list[dict[str, str]] = [{}, {"load": "1"}, {"knownAt": between}, {"load": "2"}, {"load": "0"}, {"load": ""}]
    answers = [told(url, **one) for one in asked]
    assert [answer["load"] for answer in answers] == [2, 1, 1, 2, 0, 2]
    assert [[row["fee"] for row in answer["rows"]][:1] for answer in answers] == [[90], [120], [120], [90], [], [90]]
    book = CalamineWorkbook.from_object(io.BytesIO(httpx.get(f"{url}/questions/members.xlsx?load=1").content))
    assert ["装载号", 1.0] in book.get_sheet_by_index(1).to_python()


def test_keys_stand_beside_names(url: Url) -> None:
    text = httpx.get(f"{url}/questions/members.csv?keys=true&load=1").content.decode("utf-8-sig")
    head, first, *_ = csv.reader(io.StringIO(text))
    assert head == ["社团", "社团编号", "会员", "会员编号", "会费", "会费：记录编号", "确定程度", "任期"]
    assert first[:6] == ["东城棋社", "c1", "李雷", "p1", "120", "m1"]
    assert "clubKey" not in told(url, keys="false")["rows"][0]


def test_an_answer_of_then_is_never_taken_for_one_of_now(url: Url, between: str) -> None:
    asked = ["", "?load=1", "?load=2", f"?knownAt={between.replace('+', '%2B')}", "?keys=true", "?keys=true&load=1"]
    with httpx.Client(base_url=f"{url}/questions/") as client:
        for path, headers in (("members.json", {}), ("members", HTML)):
            tags = [client.get(f"{path}{query}", headers=headers).headers["etag"] for query in asked]
            assert len(set(tags)) == len(asked)
            for query, tag in zip(asked, tags, strict=True):
                held = {**headers, "if-none-match": tag}
                found = [client.get(f"{path}{one}", headers=held).status_code for one in asked]
                assert found == [304 if one == query else 200 for one in asked]


@pytest.mark.parametrize(
    ("path", "code_", "zh", "en"),
    [
        ("members.json?load=9", "NO_SUCH_LOAD", "没有第 9 次装载；最新的是第 2 次", "there is no load 9; the newest is 2"),
        ("members.csv?load=latest", "BAD_PARAMETER", "latest", "latest is not the number of a load"),
        ("members.xlsx?load=-1", "BAD_PARAMETER", "装载号", "-1 is not"),
        ("members.json?load=１", "BAD_PARAMETER", "装载号", "１ is not"),
        ("members.json?knownAt=2024-13-01", "BAD_PARAMETER", "时区", "2024-13-01 is no time"),
        ("members.json?knownAt=2024-01-01T12:00", "BAD_PARAMETER", "时区", "with its offset"),
        ("members.json?knownAt=2024-01-01T12:00%2B08:00&load=1", "BAD_PARAMETER", "只能给一个", "either load or knownAt"),
        ("members.json?keys=yes", "BAD_PARAMETER", "true 或 false", "neither true nor false"),
        ("lists.json?keys=true", "NO_KEYS", "请去掉 keys", "leave keys out"),
        ("taken.json?keys=true", "BAD_QUESTION", "请去掉 keys", "leave keys out: 05-taken/query.graphql"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_the_language_asked(url: Url, path: str, code_: str, zh: str, en: str) -> None:
    for lang, words in (("zh", zh), ("en", en)):
        answer = httpx.get(f"{url}/questions/{path}&lang={lang}")
        assert code(answer) == (400, code_)
        assert words in answer.json()["errors"][0]["message"]


def test_a_parameter_of_the_questions_own_is_its_own(url: Url, between: str) -> None:
    def asked(**query: str) -> Any:
        return httpx.get(f"{url}/questions/own.json", params=query).raise_for_status().json()

    own = asked(knownAt=between)
    assert (own["parameters"]["knownAt"], own["rows"][0]["fee"], own["load"]) == (between, 120, 2)
    assert asked(load="1")["rows"][0]["fee"] == 120
    page = httpx.get(f"{url}/questions/own", params={"knownAt": between, "load": "2"}, headers=HTML).text
    assert f'name="knownAt" value="{between}"' in page


def test_the_page_says_of_which_load_it_is_and_leads_back_to_now(url: Url, between: str) -> None:
    def page(**query: str) -> str:
        return httpx.get(f"{url}/questions/members", params=query, headers=HTML).text

    now, then = page(), page(knownAt=between, keys="true", sort="clubKey")
    assert "<caption>2 行，第 2 次装载</caption>" in now
    assert 'name="load" min="0" value=""' in now
    assert "按第 1 次装载时所知 · <a" in then
    assert 'href="members?keys=true&amp;sort=clubKey">按现在所知</a>' in then
    assert 'name="load" min="0" value="1"' in then
    assert 'name="keys" value="true" checked' in then
    assert "There is nothing of the kind (as known at load 0 · <a" in page(load="0", lang="en")
    wrong = httpx.get(f"{url}/questions/members?load=9&lang=en", headers=HTML)
    assert wrong.status_code == 400
    assert 'role="alert">there is no load 9' in wrong.text
    assert 'name="load" min="0" value="9"' in wrong.text


def test_all_pages_of_an_answer_and_after_a_later_load_are_of_the_load_asked(
    store: Path, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "grows.db"
    shutil.copy(store, path)
    with serving(path, questions=folder) as url:
        asked = f"{url}/questions/everybody.json?load=1&size=1&keys=true"
        then = httpx.get(asked)
        assert [(row["playerKey"], row["fee"]) for row in then.json()["rows"]] == [
            ("p1", 120),
            ("p2", 100),
            ("p3", None),
        ]
        corrected(path, 80)
        assert httpx.get(asked).content == then.content
        assert [told(url)["load"], told(url)["rows"][0]["fee"], told(url, load="3")["load"]] == [3, 80, 3]
        assert told(url, load="2")["rows"][0]["fee"] == 90
