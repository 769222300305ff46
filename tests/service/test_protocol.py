"""GraphQL over HTTP: which media types, which statuses, what a GET may ask, and what is no request."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.service.serving import MODERN, serving

NAMED = 'query Named($k: ID!) { at(date: "2019-06-15") { scholar(key: $k) { name } } }'
WANG = {"data": {"at": {"scholar": {"name": "王𠮷"}}}, "extensions": {"load": 2}}
TYPENAME = {"query": "{ __typename }"}
JSON, GRAPHQL = "application/json; charset=utf-8", "application/graphql-response+json; charset=utf-8"


@pytest.fixture(scope="module")
def base(store_of: Callable[[str], Path]) -> Iterator[str]:
    with serving(store_of("university"), body_bytes=20_000, body_seconds=0.5, url_bytes=4_000) as base:
        yield base


@pytest.fixture(scope="module")
def url(base: str) -> str:
    return f"{base}/graphql"


def code(answer: httpx.Response) -> str:
    body = answer.json()
    assert "data" not in body
    return str(body["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("application/graphql-response+json", GRAPHQL),
        ("APPLICATION/GraphQL-Response+JSON", GRAPHQL),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL),
        ("application/json, application/graphql-response+json", JSON),
        ("application/json;q=0.5, application/graphql-response+json;q=0.6", GRAPHQL),
        ("application/json;q=0, */*", GRAPHQL),
        ("application/graphql-response+json; charset=utf-8; q=1.0, */*;q=0.1", GRAPHQL),
        ("text/html, */*;q=0.8", JSON),
        ("text/html, application/xml;q=0.9", None),
        ("application/json;q=0", None),
        ("application/json;q=none", None),
        ("a/b, " * 5_000 + "application/graphql-response+json", GRAPHQL),
    ],
)
def test_the_answer_has_the_media_type_that_is_most_welcome(url: str, accept: str | None, expected: str | None) -> None:
    with httpx.Client() as client:
        client.headers.pop("accept")
        answer = client.post(url, json=TYPENAME, headers={"accept": accept} if accept else {})
    if expected is None:
        assert (answer.status_code, code(answer)) == (406, "NOT_ACCEPTABLE")
    else:
        assert (answer.status_code, answer.headers["content-type"]) == (200, expected)


def test_get_and_post_answer_the_same(url: str) -> None:
    variables = {"k": "s-wang"}
    posted = httpx.post(url, json={"query": NAMED, "variables": variables, "operationName": "Named"}, headers=MODERN)
    asked = {"query": NAMED, "variables": json.dumps(variables), "operationName": "Named", "extensions": "{}"}
    assert httpx.get(url, params=asked, headers=MODERN).json() == posted.json() == WANG


def test_chinese_goes_in_and_comes_out_by_get_and_post(url: str) -> None:
    document = "query($n: String!) { scholars(where: {name: {startsWith: $n}}) { totalCount } } # 查询：姓“王”的学者"
    variables = {"n": "王"}
    posted = httpx.post(url, json={"query": document, "variables": variables}).json()
    got = httpx.get(url, params={"query": document, "variables": json.dumps(variables, ensure_ascii=False)}).json()
    assert posted == got
    assert posted["data"]["scholars"]["totalCount"] > 0


def test_an_empty_parameter_is_not_given_and_unknown_ones_are_passed_over(url: str) -> None:
    asked = {"query": "{ __typename }", "variables": "", "operationName": "", "extensions": "", "utm": "x"}
    assert httpx.get(url, params=asked).json()["data"] == {"__typename": "Query"}
    for name in (None, ""):
        posted = {**TYPENAME, "variables": None, "operationName": name, "extensions": {"x": [1]}, "later": 1}
        assert httpx.post(url, json=posted).json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    ("query", "status", "expected"),
    [
        ("", 400, "NO_QUERY"),
        ("query=", 400, "NO_QUERY"),
        ("query=%7B__typename%7D&query=%7Bunits%7D", 400, "TWICE"),
        ("query=%7B__typename%7D&variables=%7B%7D&variables=%7B%7D", 400, "TWICE"),
        ("query=%ff", 400, "BAD_QUERY"),
        ("&".join(["a=1"] * 200), 400, "BAD_QUERY"),
        ("query=%7B__typename%7D&variables=[1]", 400, "BAD_REQUEST"),
        ("query=%7B__typename%7D&variables={", 400, "BAD_JSON"),
        ("query=%7B__typename%7D&extensions=1", 400, "BAD_REQUEST"),
        ("query=%7B", 400, "SYNTAX"),
        ("query=%7B__typename%7D&operationName=null", 400, "NO_OPERATION"),
        ("query=" + "a" * 5_000, 414, "URL_TOO_LONG"),
        ("documentId=sha256:00", 400, "PERSISTED_QUERY_NOT_SUPPORTED"),
    ],
)
def test_a_get_that_asks_nothing_is_told_why(url: str, query: str, status: int, expected: str) -> None:
    answer = httpx.get(f"{url}?{query}", headers=MODERN)
    assert (answer.status_code, code(answer)) == (status, expected)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "BAD_JSON"),
        (b"NONSENSE", "BAD_JSON"),
        (b'{"query": "{ __typename }"} {}', "BAD_JSON"),
        (b'{"query": "\xff"}', "BAD_JSON"),
        (b'\xef\xbb\xbf{"query": "{ __typename }"}', "BAD_JSON"),
        (b'{"query": "{ __typename }", "variables": {"a": NaN}}', "BAD_JSON"),
        (b'{"query": "{ __typename }", "variables": {"a": "\\ud800"}}', "BAD_JSON"),
        (b'{"query": "{ __typename }", "variables": {"a": 1e999}}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "variables": {"a": %s}}' % (b"9" * 5_000), "BAD_REQUEST"),
        (b'{"variables": ' + b'{"a":' * 3_000 + b"1" + b"}" * 3_000 + b"}", "TOO_DEEP"),
        (b"[]", "BATCH"),
        (b'[{"query": "{ __typename }"}]', "BATCH"),
        (b"null", "BAD_REQUEST"),
        (b'"{ __typename }"', "BAD_REQUEST"),
        (b"{}", "NO_QUERY"),
        (b'{"query": null}', "NO_QUERY"),
        (b'{"query": 1}', "BAD_REQUEST"),
        (b'{"query": ["{ __typename }"]}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "variables": "{}"}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "operationName": 1}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "extensions": []}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "extensions": {"persistedQuery": 1}}', "BAD_REQUEST"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
def test_a_body_that_is_no_request_is_told_why(url: str, body: bytes, expected: str, accept: str) -> None:
    answer = httpx.post(url, content=body, headers={"content-type": "application/json", "accept": accept})
    assert (answer.status_code, code(answer)) == (400, expected)
    assert answer.headers["content-type"].startswith(accept)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "MEDIA_TYPE"),
        ({"content-type": "text/plain"}, "MEDIA_TYPE"),
        ({"content-type": "application/x-www-form-urlencoded"}, "MEDIA_TYPE"),
        ({"content-type": "application/json; charset=gb18030"}, "CHARSET"),
        ({"content-type": "application/json", "content-encoding": "gzip"}, "CONTENT_ENCODING"),
    ],
)
def test_a_body_of_another_kind_is_refused(url: str, headers: dict[str, str], expected: str) -> None:
    answer = httpx.post(url, content=b'{"query": "{ __typename }"}', headers=headers)
    assert (answer.status_code, code(answer)) == (415, expected)


def test_a_charset_that_is_ours_may_be_said(url: str) -> None:
    headers = {"content-type": 'Application/JSON; Charset="UTF-8"'}
    assert httpx.post(url, content=b'{"query": "{ __typename }"}', headers=headers).status_code == 200


@pytest.mark.parametrize("refused", [{"query": "{"}, {"query": "{ nothing }"}, {"query": NAMED}])
def test_a_refused_operation_is_200_to_json_and_400_to_graphql_json(url: str, refused: dict[str, str]) -> None:
    for headers, status in (({}, 200), (MODERN, 400)):
        for answer in (httpx.post(url, json=refused, headers=headers), httpx.get(url, params=refused, headers=headers)):
            assert answer.status_code == status
            assert answer.json()["errors"]
            assert "etag" not in answer.headers
            assert answer.headers["cache-control"] == "no-store"


def test_a_mutation_is_refused_and_by_get_its_method(url: str) -> None:
    for headers in ({}, MODERN):
        got = httpx.get(url, params={"query": "mutation { __typename }"}, headers=headers)
        assert (got.status_code, got.headers["allow"], code(got)) == (405, "GET, HEAD, POST, OPTIONS", "READ_ONLY")
    posted = httpx.post(url, json={"query": "mutation { __typename }"}, headers=MODERN)
    assert (posted.status_code, code(posted)) == (400, "READ_ONLY")


def test_a_hash_without_its_document_is_told_so_that_clients_send_it(url: str) -> None:
    hashed = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "ab" * 32}}}
    error = httpx.post(url, json=hashed).json()["errors"][0]
    assert (error["message"], error["extensions"]["code"]) == (
        "PersistedQueryNotSupported",
        "PERSISTED_QUERY_NOT_SUPPORTED",
    )
    assert httpx.post(url, json={**TYPENAME, **hashed}).json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    ("path", "allow"), [("/graphql", "GET, HEAD, POST, OPTIONS"), ("/schema.graphql", "GET, HEAD, OPTIONS")]
)
def test_each_path_says_which_methods_it_takes(base: str, path: str, allow: str) -> None:
    asked = httpx.options(base + path)
    assert (asked.status_code, asked.headers["allow"], asked.content) == (204, allow, b"")
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "QUERY"):
        refused = httpx.request(method, base + path)
        assert (refused.status_code, refused.headers["allow"], code(refused)) == (405, allow, "METHOD")


def test_a_path_that_is_not_there_is_told_what_is(base: str) -> None:
    for path in ("/graph", "/graphql/", "/GRAPHQL", "/图"):
        answer = httpx.get(base + path)
        assert (answer.status_code, code(answer)) == (404, "NOT_FOUND")
        assert "/graphql" in answer.json()["errors"][0]["message"]


def test_head_is_get_without_its_body(url: str) -> None:
    asked = {"query": "{ __typename }"}
    with httpx.Client() as client:  # one connection: a body would be read as the next answer
        got, head, again = (client.request(method, url, params=asked) for method in ("GET", "HEAD", "GET"))
    assert (head.status_code, head.content) == (200, b"")
    assert again.content == got.content
    for name in ("content-length", "content-type", "etag", "cache-control", "vary"):
        assert head.headers[name] == got.headers[name]


def test_the_schema_is_there_as_text(base: str) -> None:
    answer = httpx.get(f"{base}/schema.graphql")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "type Query" in answer.text
    assert "学者" in answer.text
    held = httpx.get(f"{base}/schema.graphql", headers={"if-none-match": answer.headers["etag"]})
    assert (held.status_code, held.content) == (304, b"")


def test_a_url_has_a_bound_that_is_met_before_the_head_s(store_of: Callable[[str], Path]) -> None:
    with serving(store_of("university")) as base:
        answer = httpx.get(f"{base}/graphql?query=" + "a" * 33_000)
        assert (answer.status_code, code(answer)) == (414, "URL_TOO_LONG")


def test_what_is_too_large_is_refused_before_it_is_read(url: str) -> None:
    body = json.dumps({"query": "{ __typename }" + " " * 20_000}).encode()
    for content in (body, iter([body[:9_000], body[9_000:]])):  # with its length said before, and in pieces
        answer = httpx.post(url, content=content, headers={"content-type": "application/json"})
        assert (answer.status_code, code(answer)) == (413, "BODY_TOO_LARGE")


def spoken(base: str, text: bytes) -> bytes:
    """What a service says to what stands on the wire, until it is silent."""
    address = urlsplit(base)
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=5) as wire:
        wire.sendall(text)
        heard = b""
        try:
            while b"\r\n\r\n" not in heard or not heard.rstrip().endswith(b"}"):
                more = wire.recv(65536)
                if not more:
                    break
                heard += more
        except TimeoutError:
            pass
        return heard


def test_a_body_that_does_not_come_is_not_waited_for(base: str) -> None:
    head = b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 40\r\n\r\n"
    heard = spoken(base, head + b'{"query": "{')
    assert heard.startswith(b"HTTP/1.1 408 ")
    assert b"SLOW_BODY" in heard


def test_a_body_in_chunks_is_read(base: str) -> None:
    head = b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    heard = spoken(base, head + b'8\r\n{"query"\r\n11\r\n: "{__typename}"}\r\n0\r\n\r\n')
    assert b'{"data":{"__typename":"Query"}' in heard
