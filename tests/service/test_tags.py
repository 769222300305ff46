"""ETags: the same for the same answer, another when anything that it hangs on is another; 304 without running a statement."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from orggraph.graphql.schema import sdl
from orggraph.service.tagging import has
from orggraph.settings import Bounds
from orggraph.stores.sqlite.load import load
from orggraph.stores.sqlite.purging import purge
from tests.service.serving import MODERN, serving

DATED = 'query($n: String) { at(date: "2019-06-15") { scholars(where: {name: {startsWith: $n}}) { nodes { name } } } }'
WANG, LI = {"n": "王"}, {"n": "李"}


@pytest.fixture
def store(store_of: Callable[[str], Path], tmp_path: Path) -> Path:
    """A store of one's own, to change."""
    return Path(shutil.copy(store_of("university"), tmp_path / "university.db"))


@pytest.fixture
def url(store: Path) -> Iterator[str]:
    with serving(store) as base:
        yield f"{base}/graphql"


def get(url: str, variables: dict[str, Any] = WANG, document: str = DATED, **headers: str) -> httpx.Response:
    asked = {"query": document, "variables": json.dumps(variables)}
    return httpx.get(
        url,
        params=asked,
        headers={"accept-encoding": "identity"} | {k.replace("_", "-"): v for k, v in headers.items()},
    )


def test_who_has_the_answer_is_told_so_without_it(url: str) -> None:
    first = get(url)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    assert get(url).headers["etag"] == tag
    for held in (tag, f"W/{tag}", f'"other", {tag}', "*", f'{tag[:-1]}-gzip"', f'{tag[:-1]}-br"'):
        again = get(url, if_none_match=held)
        assert (again.status_code, again.content) == (304, b"")
        assert tag[:-1] in again.headers["etag"]
        assert {"cache-control", "vary"} <= set(again.headers)
    assert get(url, if_none_match='"other"').content == first.content
    head = httpx.head(url, params={"query": DATED, "variables": json.dumps(WANG)}, headers={"if-none-match": tag})
    assert head.status_code == 304


def test_a_tag_is_of_all_that_the_answer_hangs_on(url: str) -> None:
    tags = [
        get(url).headers["etag"],
        get(url, LI).headers["etag"],
        get(url, document=DATED.replace("06-15", "06-16")).headers["etag"],
        get(
            url, document=f"{DATED} query Other {{ __typename }}".replace("query(", "query Named("), variables=WANG
        ).headers.get("etag"),
        get(url, accept=MODERN["accept"]).headers["etag"],
    ]
    assert tags.pop(3) is None  # two operations, and none is said: refused, and what is refused has no tag
    assert len(set(tags)) == len(tags)


def test_the_statement_is_not_run_for_who_has_its_answer(url: str, store: Path) -> None:
    document = '{ at(date: "2019-06-15") { scholars { nodes { name } } } }'
    held = get(url, {}, document).headers["etag"]
    with serving(store, bounds=Bounds(list_rows=1)) as base:  # where the statement runs, it is stopped
        assert get(f"{base}/graphql", {}, document).json()["errors"][0]["extensions"]["code"] == "TOO_MANY"
        assert get(f"{base}/graphql", {}, document, if_none_match=held).status_code == 304


def test_a_load_makes_other_tags(url: str, store: Path, tmp_path: Path) -> None:
    before = get(url).headers["etag"]
    assert get(url, if_none_match=before).status_code == 304
    (tmp_path / "Scholar.csv").write_text("key,name,source\ns-new,王新（示例）,roll\n", "utf-8")
    load(store, None, sdl, [tmp_path / "Scholar.csv"])
    after = get(url, if_none_match=before)
    assert (after.status_code, after.json()["extensions"]["load"]) == (200, 3)
    assert after.headers["etag"] != before


def test_a_purge_makes_other_tags_though_no_load_came(url: str, store: Path) -> None:
    before = get(url)
    purge(store, ["s-wang"], None, "误录")
    after = get(url, if_none_match=before.headers["etag"])
    assert after.status_code == 200
    assert "王𠮷" in before.text
    assert "王𠮷" not in after.text
    assert after.json()["extensions"] == before.json()["extensions"]


def test_the_day_it_is_counts_only_where_it_is_read(engine_of: Callable[[str], Any]) -> None:
    engine = engine_of("university")
    today = str(datetime.now(ZoneInfo(engine.store.model.timezone)).date())

    def mark(document: str) -> str:
        return str(engine.store.mark(engine.ask(document, {}).statement))

    read = (
        "{ records { totalCount } }",
        "{ scope { date } }",
        "{ at(certainty: CERTAIN) { records { nodes { key } } } }",
    )
    unread = (
        '{ at(date: "2019-06-15") { scholars { totalCount } } }',
        "{ ever { scholars { totalCount } } }",
        "{ __typename }",
    )
    assert all(mark(one).endswith(today) for one in read)
    assert not any(mark(one).endswith(today) for one in unread)


def test_post_is_not_tagged(url: str) -> None:
    assert "etag" not in httpx.post(url, json={"query": "{ __typename }"}).headers


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (b'"a"', b'"a"'),
        (b'W/"a"', b'"a"'),
        (b'"b" , "a-gzip"', b'"a-gzip"'),
        (b'"a-br"', b'"a-br"'),
        (b"*", b'"a"'),
        (b'"a-zstd"', None),
        (b"a", None),
        (b"", None),
    ],
)
def test_tags_are_compared_weakly_and_whatever_packing(held: bytes, expected: bytes | None) -> None:
    assert has(held, b'"a"') == expected
