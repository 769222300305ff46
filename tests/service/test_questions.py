"""Named questions over HTTP: pages, JSON, CSV and workbooks, as a client meets them."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest
from python_calamine import CalamineWorkbook

from orggraph.service.tokens import add_token
from tests.questions.folders import DOCUMENT, ENTRY, put
from tests.service.serving import Url, serving

HTML = {"accept": "text/html"}
OVER_TIME = """query($from: Date!, $until: Date!) {
  each(from: $from, until: $until, step: "P1M") {
    scope { day: date }
    members: memberRecords { least: totalCount(certainty: CERTAIN) most: totalCount }
  }
}"""
CURVE = """title: {zh: 会员数, en: Members over time}
answers: {zh: 逐月的会员数。, en: Members month by month.}
parameters:
  from: {zh: 起, en: from, default: 2021-01-01}
  until: {zh: 止, en: until, default: 2024-06-01}
rows: each
columns:
  day: {zh: 日期, en: day}
  least: {zh: 至少, en: at least}
  most: {zh: 至多, en: at most}
curve: {x: day, y: [least, most]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return put(put(tmp_path / "queries"), "02-over-time", OVER_TIME, CURVE)


@pytest.fixture
def url(store_of: Callable[[str], Path], folder: Path) -> Iterator[Url]:
    with serving(store_of("minimal"), questions=folder) as base:
        yield base


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["extensions"]["code"]


def test_the_list_is_a_page_to_browsers_and_json_to_others(url: Url) -> None:
    listed = httpx.get(f"{url}/questions").json()["questions"]
    assert [(one["number"], one["name"]) for one in listed] == [("01", "members"), ("02", "over-time")]
    assert [(one["name"], one["type"], one["default"]) for one in listed[0]["parameters"]] == [
        ("day", "Date", "2024-05-01"), ("certainty", "Certainty", None), ("fee", "Int", None),
    ]  # fmt: skip
    assert listed[0]["parameters"][1]["choices"] == ["CERTAIN", "POSSIBLE"]
    page = httpx.get(f"{url}/questions", headers=HTML)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "谁是会员" in page.text
    assert 'href="questions/members?lang=zh"' in page.text
    assert "Who is a member" in httpx.get(f"{url}/questions", headers={**HTML, "accept-language": "en-GB"}).text
    assert httpx.get(f"{url}/questions.json", headers=HTML).json()["questions"] == listed


def test_an_answer_comes_as_json_csv_and_a_workbook(url: Url) -> None:
    told = httpx.get(f"{url}/questions/members.json", params={"day": "2023-04-15", "fee": "110"})
    assert told.headers["content-type"] == "application/json; charset=utf-8"
    assert told.json()["rows"][0]["player"] == "李雷"
    assert httpx.get(f"{url}/questions/1", params={"day": "2023-04-15", "fee": "110"}).json() == told.json()
    text = httpx.get(f"{url}/questions/members.csv?lang=en&day=2023-04-15")
    assert text.content.startswith(b"\xef\xbb\xbf")
    assert text.headers["content-disposition"] == 'attachment; filename="members.csv"'
    assert list(csv.reader(io.StringIO(text.content.decode("utf-8-sig")))) == [
        ["club", "member", "fee", "certainty", "term"],
        ["东城棋社", "李雷", "120", "possible", "since April 2023"],
        ["东城棋社", "韩梅梅", "100", "certain", "2021 to 31 August 2023"],
    ]
    book = CalamineWorkbook.from_object(io.BytesIO(httpx.get(f"{url}/questions/members.xlsx?day=2023-04-15").content))
    assert book.sheet_names == ["谁是会员", "#说明"]
    assert book.get_sheet_by_index(0).to_python()[1][:4] == ["东城棋社", "李雷", 120.0, "可能"]
    assert ["日期", "2023-04-15"] in book.get_sheet_by_index(1).to_python()


def test_who_has_an_answer_is_told_so(url: Url, folder: Path) -> None:
    for path in ("members.json?fee=1", "members.csv?fee=1", "members.xlsx?fee=1"):
        first = httpx.get(f"{url}/questions/{path}")
        tag = first.headers["etag"]
        again = httpx.get(f"{url}/questions/{path}", headers={"if-none-match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        other = httpx.get(f"{url}/questions/{path.replace('fee=1', 'fee=2')}", headers={"if-none-match": tag})
        assert other.status_code == 200
    page = httpx.get(f"{url}/questions/members", headers=HTML)
    held = {**HTML, "if-none-match": page.headers["etag"]}
    assert httpx.get(f"{url}/questions/members", headers=held).status_code == 304
    assert httpx.get(f"{url}/questions/members?sort=fee", headers=held).status_code == 200
    put(folder, entry=ENTRY.replace("社团", "棋社"))
    time.sleep(0.6)
    changed = httpx.get(f"{url}/questions/members", headers=held)
    assert (changed.status_code, "棋社</a>" in changed.text) == (200, True)


def test_a_question_is_there_as_soon_as_its_folder_is(url: Url, folder: Path) -> None:
    assert code(httpx.get(f"{url}/questions/late.json")) == (404, "NO_SUCH_QUESTION")
    put(folder, "03-late")
    put(folder, "04-broken", DOCUMENT.replace("clubs", "clbus"))
    time.sleep(0.6)
    assert httpx.get(f"{url}/questions/late.json").status_code == 200
    assert code(httpx.get(f"{url}/questions/broken.json")) == (404, "NO_SUCH_QUESTION")
    assert "orggraph check --questions" in httpx.get(f"{url}/questions", headers=HTML).text


@pytest.mark.parametrize(
    ("path", "status", "code_", "words"),
    [
        ("members.json?dya=2024-05-01", 400, "BAD_PARAMETER", "it has day (Date, 2024-05-01)"),
        ("members.csv?fee=dear", 400, "BAD_PARAMETER", "dear is no whole number"),
        ("members.xlsx?day=2024-02-30", 400, "BAD_VARIABLE", "2024-02-30"),
        ("members.json?day=1&day=2", 400, "TWICE", "day"),
        ("members.json?lang=fr", 400, "BAD_PARAMETER", "zh, en"),
        ("membrs.json", 404, "NO_SUCH_QUESTION", "did you mean members"),
        ("members.pdf", 404, "NO_SUCH_QUESTION", "members.pdf"),
        ("members.json?%ff", 400, "BAD_QUERY", "UTF-8"),
    ],
)
def test_what_is_wrong_is_said(url: Url, path: str, status: int, code_: str, words: str) -> None:
    answer = httpx.get(f"{url}/questions/{path}")
    assert code(answer) == (status, code_)
    assert words in answer.json()["errors"][0]["message"]


def test_the_page_says_what_is_wrong_beside_its_form(url: Url) -> None:
    answer = httpx.get(f"{url}/questions/members?fee=dear", headers=HTML)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert 'name="fee" value="dear"' in answer.text
    assert "<table" not in answer.text


def test_text_of_the_graph_and_of_the_url_stays_text(url: Url) -> None:
    answer = httpx.get(f"{url}/questions/members", params={"<script>": '"><script>alert(1)</script>'}, headers=HTML)
    assert "<script>alert" not in answer.text
    assert "no parameter <script>" in unescape(answer.text)
    assert "'unsafe-eval'" not in answer.headers["content-security-policy"]
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_the_table_sorts_by_links(url: Url) -> None:
    def players(query: str) -> list[str]:
        page = httpx.get(f"{url}/questions/members?day=2023-04-15&{query}", headers=HTML).text
        return re.findall(r"<tr><td>[^<]*</td><td>([^<]*)</td>", page)

    assert players("sort=fee") == ["韩梅梅", "李雷"]
    assert players("sort=-fee") == ["李雷", "韩梅梅"]
    assert players("sort=player") == ["韩梅梅", "李雷"]  # by pinyin: han, li
    page = httpx.get(f"{url}/questions/members?sort=fee", headers=HTML).text
    assert 'aria-sort="ascending"' in page
    assert 'href="members?sort=-fee"' in page


def test_numbers_over_time_are_drawn(url: Url) -> None:
    page = httpx.get(f"{url}/questions/over-time?lang=en", headers=HTML).text
    assert page.count("<path ") == 2
    assert "2021-01-01</text>" in page
    assert "Members over time" in page
    assert "<svg" not in httpx.get(f"{url}/questions/over-time?until=2021-01-31", headers=HTML).text


def test_without_a_folder_or_pages_there_are_none(store_of: Callable[[str], Path], folder: Path) -> None:
    with serving(store_of("minimal")) as base:
        assert httpx.get(f"{base}/questions").status_code == 404
    with serving(store_of("minimal"), questions=folder, pages=False) as base:
        assert httpx.get(f"{base}/questions/members", headers=HTML).json()["question"] == "members"
        assert httpx.get(f"{base}/questions.js").status_code == 404


def test_answers_want_a_token_where_tokens_are_wanted(
    store_of: Callable[[str], Path], folder: Path, tmp_path: Path
) -> None:
    token = add_token(tmp_path / "tokens.txt", "alice", None)
    with serving(store_of("minimal"), questions=folder, tokens=tmp_path / "tokens.txt") as base:
        assert code(httpx.get(f"{base}/questions/members.json")) == (401, "TOKEN_MISSING")
        bearer = {"authorization": f"Bearer {token}"}
        assert httpx.get(f"{base}/questions/members.json", headers=bearer).status_code == 200
