"""gzip and br: for who accepts them, where it is worth it, and the same text when unpacked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from orggraph.service.packing import AT_ONCE, br, chosen, gzip
from tests.service.serving import serving

LONG = {"query": '{ __type(name: "Query") { name description fields { name description } } }'}
SHORT = {"query": "{ __typename }"}


@pytest.fixture(scope="module")
def url(store_of: Callable[[str], Path]) -> Iterator[str]:
    with serving(store_of("university")) as base:
        yield f"{base}/graphql"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("*", "br"),
        ("*;q=0.5, br;q=0", "gzip"),
        ("gzip;q=0, br;q=0", ""),
        ("gzip;q=0.5, identity", ""),
        ("deflate, zstd", ""),
        ("gzip;q=x", ""),
    ],
)
def test_the_packing_is_what_is_most_welcome(url: str, accept: str, expected: str) -> None:
    assert chosen(accept.encode()) == expected
    plain = httpx.post(url, json=LONG, headers={"accept-encoding": "identity"})
    answer = httpx.post(url, json=LONG, headers={"accept-encoding": accept})
    assert answer.headers.get("content-encoding", "") == expected
    assert answer.json() == plain.json()
    for one in (plain, answer):
        assert "Accept-Encoding" in one.headers["vary"]
    assert "content-encoding" not in plain.headers
    if expected:
        assert int(answer.headers["content-length"]) < int(plain.headers["content-length"]) / 2.5


def test_what_fits_in_a_packet_is_not_packed(url: str) -> None:
    assert "content-encoding" not in httpx.post(url, json=SHORT, headers={"accept-encoding": "gzip, br"}).headers


def test_each_packing_has_a_tag_of_its_own_and_each_is_known_again(url: str) -> None:
    tags = {}
    for packing in ("identity", "gzip", "br"):
        answer = httpx.get(url, params=LONG, headers={"accept-encoding": packing})
        tags[packing] = answer.headers["etag"]
        held = httpx.get(url, params=LONG, headers={"accept-encoding": packing, "if-none-match": tags[packing]})
        assert (held.status_code, held.headers["etag"]) == (304, tags[packing])
        assert "Accept-Encoding" in held.headers["vary"]
    assert len(set(tags.values())) == 3


def test_the_schema_is_packed(url: str) -> None:
    schema = httpx.get(url.replace("/graphql", "/schema.graphql"), headers={"accept-encoding": "gzip"})
    assert schema.headers["content-encoding"] == "gzip"
    assert "type Query" in schema.text


@pytest.mark.parametrize("size", [1_400, AT_ONCE, AT_ONCE + 1, 1_000_000])
def test_packing_is_the_same_each_time_and_loses_nothing(size: int) -> None:
    text = ("石桥西社区（示例）" * (size // 27 + 1)).encode()[:size]
    assert (gzip(text), br(text)) == (gzip(text), br(text))
    for name, pack in (("gzip", gzip), ("br", br)):
        assert httpx.Response(200, headers={"content-encoding": name}, content=pack(text)).content == text
