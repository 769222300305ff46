"""``POST /graphql`` as a client meets it: a real uvicorn on loopback, real requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.service.serving import serving

JSON = {"content-type": "application/json"}
MODERN = {**JSON, "accept": "application/graphql-response+json"}


@pytest.fixture(scope="module")
def url(store_of: Callable[[str], Path]) -> Iterator[str]:
    """The endpoint of a service."""
    with serving(store_of("university")) as base:
        yield f"{base}/graphql"


def test_an_operation_is_answered(url: str) -> None:
    document = 'query($k: ID!) { at(date: "2019-06-15") { scholar(key: $k) { name } } }'
    answer = httpx.post(url, json={"query": document, "variables": {"k": "s-wang"}}, headers=MODERN)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/graphql-response+json")
    assert answer.json() == {"data": {"at": {"scholar": {"name": "王𠮷"}}}, "extensions": {"load": 2}}


def test_a_refused_operation_has_errors_and_no_data(url: str) -> None:
    modern = httpx.post(url, json={"query": "{ nothing }"}, headers=MODERN)
    legacy = httpx.post(url, json={"query": "{ nothing }"})
    assert (modern.status_code, legacy.status_code) == (400, 200)
    for answer in (modern.json(), legacy.json()):
        assert "data" not in answer
        assert answer["errors"][0]["extensions"]["code"] == "INVALID_DOCUMENT"


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status", "code"),
    [
        ("POST", "", JSON, b"{", 400, "BAD_JSON"),
        ("POST", "", JSON, b"\xff\xfe", 400, "BAD_JSON"),
        ("POST", "", JSON, b"[1]", 400, "BATCH"),
        ("POST", "", JSON, b"[" * 100_000, 400, "BATCH"),
        ("POST", "", JSON, b'{"query": "{ __typename }", "variables": []}', 400, "BAD_REQUEST"),
        ("POST", "", JSON, b'{"query": "{ __typename }", "variables": [1]}', 400, "BAD_REQUEST"),
        ("POST", "", JSON, b'{"query": "{ __typename }", "operationName": 1}', 400, "BAD_REQUEST"),
        ("POST", "", {"content-type": "text/plain"}, b'{"query": "{ __typename }"}', 415, "MEDIA_TYPE"),
        ("PUT", "", JSON, b"{}", 405, "METHOD"),
        ("POST", "/else", JSON, b"{}", 404, "NOT_FOUND"),
        ("POST", "", JSON, b" " * (1024 * 1024 + 1), 413, "BODY_TOO_LARGE"),
    ],
)
def test_what_is_no_request_is_refused_in_words(
    url: str, method: str, path: str, headers: dict[str, str], body: bytes, status: int, code: str
) -> None:
    answer = httpx.request(method, url + path, headers=headers, content=body)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["extensions"]["code"] == code


def test_a_lone_surrogate_is_refused_not_crashed_on(url: str) -> None:
    body = json.dumps(
        {
            "query": "query($n: String) { scholars(where: {name: {eq: $n}}) { nodes { name } } }",
            "variables": {"n": "\ud800"},
        }
    )
    answer = httpx.post(url, content=body.encode(), headers=MODERN)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_JSON"
