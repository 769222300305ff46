"""Persisted documents: only those of the folder are answered, by whatever they are called; what is wrong with any is told at start."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from orggraph.errors import OrggraphError
from orggraph.service.app import create_app
from orggraph.service.settings import ServiceSettings
from orggraph.settings import Bounds
from tests.service.serving import MODERN, serving
from tests.service.test_protocol import code

SCHOLAR = """# 查一位学者
query OneScholar($k: ID!) { at(date: "2019-06-15") { scholar(key: $k) { name } } }
"""
COUNTS = 'query Scholars { at(date: "2019-06-15") { scholars { totalCount } } } query Everybody { __typename }'
BY_CODEGEN = 'query ByCodegen { at(date: "2019-06-15") { scholars(first: 1) { nodes { name } } } }'
BY_APOLLO = "query ByApollo { __typename }"
WANG = {"k": "s-wang"}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    (folder / "学者.graphql").write_text(SCHOLAR, "utf-8")
    (folder / "02-counts").mkdir()
    (folder / "02-counts" / "query.graphql").write_text(COUNTS, "utf-8")
    (folder / "02-counts" / "variables.json").write_text("{}", "utf-8")
    (folder / "codegen.json").write_text(json.dumps({"f00d": BY_CODEGEN}), "utf-8")
    apollo = {
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": [{"id": "a1", "name": "ByApollo", "type": "query", "body": BY_APOLLO}],
    }
    (folder / "apollo.json").write_text(json.dumps(apollo), "utf-8")
    (folder / "README.md").write_text("not a document", "utf-8")
    return folder


@pytest.fixture(scope="module")
def url(store_of: Callable[[str], Path], folder: Path) -> Iterator[str]:
    """The closed profile."""
    with serving(store_of("university"), documents=folder, introspection=False) as base:
        yield f"{base}/graphql"


def post(url: str, **asked: Any) -> httpx.Response:
    return httpx.post(url, json=asked, headers=MODERN)


@pytest.mark.parametrize(
    "asked",
    [
        {"documentId": f"sha256:{sha256(SCHOLAR)}"},
        {"documentId": f"sha256:{sha256(SCHOLAR.strip())}"},
        {"documentId": sha256(SCHOLAR)},
        {"documentId": "学者"},
        {"documentId": "学者", "operationName": "OneScholar"},
        {"operationName": "OneScholar"},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256(SCHOLAR)}}},
        {"query": SCHOLAR},
        {"query": SCHOLAR.strip()},
    ],
)
def test_a_document_is_asked_by_any_of_its_names(url: str, asked: dict[str, Any]) -> None:
    expected = {"at": {"scholar": {"name": "王𠮷"}}}
    assert post(url, variables=WANG, **asked).json()["data"] == expected
    asked = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in asked.items()}
    got = httpx.get(url, params={**asked, "variables": json.dumps(WANG)}, headers=MODERN)
    assert got.json()["data"] == expected
    assert got.headers["etag"]


def test_one_of_several_operations_is_chosen_by_name(url: str) -> None:
    assert post(url, documentId="02-counts", operationName="Everybody").json()["data"] == {"__typename": "Query"}
    assert post(url, operationName="Scholars").json()["data"]["at"]["scholars"]["totalCount"] > 1
    assert code(post(url, documentId="02-counts")) == "NO_OPERATION"


def test_manifests_of_clients_are_read(url: str) -> None:
    assert post(url, documentId="f00d").json()["data"]["at"]["scholars"]["nodes"]
    for asked in ({"documentId": "a1"}, {"documentId": f"sha256:{sha256(BY_APOLLO)}"}, {"query": BY_APOLLO}):
        assert post(url, **asked).json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    ("asked", "status", "expected"),
    [
        ({"query": "{ __typename }"}, 403, "DOCUMENT_NOT_ALLOWED"),
        ({"query": SCHOLAR.replace("name", "key")}, 403, "DOCUMENT_NOT_ALLOWED"),
        ({"query": "{ __schema { types { name } } }"}, 403, "DOCUMENT_NOT_ALLOWED"),
        ({"query": "{"}, 403, "DOCUMENT_NOT_ALLOWED"),
        ({"documentId": "sha256:" + "0" * 64}, 404, "DOCUMENT_UNKNOWN"),
        ({"documentId": "../学者"}, 404, "DOCUMENT_UNKNOWN"),
        ({"operationName": "Nobody"}, 404, "DOCUMENT_UNKNOWN"),
        ({"extensions": {"persistedQuery": {"sha256Hash": "0" * 64}}}, 400, "PERSISTED_QUERY_NOT_FOUND"),
        ({}, 400, "NO_QUERY"),
        ({"documentId": 1}, 400, "BAD_REQUEST"),
        ({"documentId": "学者", "variables": {}}, 400, "BAD_VARIABLE"),
    ],
)
def test_nothing_else_is_answered(url: str, asked: dict[str, Any], status: int, expected: str) -> None:
    answer = post(url, **asked)
    assert (answer.status_code, code(answer)) == (status, expected)


def test_the_schema_is_told_to_nobody(url: str) -> None:
    schema = httpx.get(url.replace("/graphql", "/schema.graphql"))
    assert (schema.status_code, code(schema)) == (403, "INTROSPECTION_OFF")


def test_introspection_alone_can_be_shut(store_of: Callable[[str], Path]) -> None:
    with serving(store_of("university"), introspection=False) as base:
        url = f"{base}/graphql"
        assert code(post(url, query="{ __schema { types { name } } }")) == "INTROSPECTION_OFF"
        assert post(url, query="{ __typename scholars { totalCount } }").status_code == 200


def test_a_folder_alone_leaves_the_schema_open(store_of: Callable[[str], Path], folder: Path) -> None:
    with serving(store_of("university"), documents=folder) as base:
        assert httpx.get(f"{base}/schema.graphql").status_code == 200


def test_all_that_is_wrong_is_told_before_the_service_starts(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    for name, text in (
        ("good.graphql", "query Good { __typename }"),
        ("错误.graphql", "{ scholars(first: 1) { nodes {\n  nmae } } }"),
        ("half.graphql", "{ scholars {"),
        ("change.graphql", "mutation { __typename }"),
        ("dear.graphql", "{ scholars { nodes { name } } }"),
        ("other.graphql", "query Good { scholars(first: 1) { nodes { name } } }"),
        ("numbers.json", "[1]"),
        ("types.json", '{"a": 1}'),
    ):
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(OrggraphError) as refused:
        create_app(ServiceSettings(store_of("university"), Bounds(price=10), documents=tmp_path))
    told = refused.value.message
    for part in (
        "错误.graphql:2:3 Cannot query field 'nmae'",
        "half.graphql:1:13 Syntax Error",
        "(READ_ONLY)",
        "(TOO_COSTLY)",
        "has an operation Good",
        "numbers.json is no manifest",
        "types.json is no manifest",
    ):
        assert part in told
    assert "good.graphql:" not in told


def test_a_price_that_hangs_on_variables_is_told_when_they_are_there(
    store_of: Callable[[str], Path], tmp_path: Path
) -> None:
    document = "query Some($n: Int!) { scholars(first: $n) { nodes { name } } }"
    (tmp_path / "some.graphql").write_text(document, "utf-8")
    (tmp_path / "same.graphql").write_text(document, "utf-8")
    with serving(store_of("university"), documents=tmp_path, bounds=Bounds(price=8)) as base:
        assert post(f"{base}/graphql", documentId="some", variables={"n": 1}).status_code == 200
        assert code(post(f"{base}/graphql", documentId="same", variables={"n": 5_000})) == "TOO_COSTLY"


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_without_documents_is_no_service(store_of: Callable[[str], Path], tmp_path: Path, there: bool) -> None:
    folder = tmp_path if there else tmp_path / "none"
    with pytest.raises(OrggraphError, match=str(folder)):
        create_app(ServiceSettings(store_of("university"), documents=folder))
