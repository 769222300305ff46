"""The page and its files as an HTTP client sees them; ``test_browser.py`` sees them in a browser."""

from __future__ import annotations

import gzip
import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree, ignore_patterns

import brotli  # type: ignore[import-untyped]  # it has no types
import httpx
import pytest

import orggraph
from orggraph.service.bundle import KINDS
from tests.conftest import ROOT
from tests.service.serving import serving

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}
BUILT = Path(orggraph.__file__).parent / "service" / "graphiql" / "built"
FLAGSHIP = ROOT / "queries" / "01-unit-deputies-cover-communities" / "query.graphql"
PACKED = {"br": (".br", brotli.decompress), "gzip": (".gz", gzip.decompress)}


@pytest.fixture(scope="module")
def base(store_of: Callable[[str], Path]) -> Iterator[str]:
    with serving(store_of("changji")) as url:
        yield url


def opening(page: str) -> dict[str, str]:
    """What the page opens with."""
    found = re.search(r'<script type="application/json" id="opening">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, str] = json.loads(found[1])
    return data


def raw(base: str, path: str, *, headers: str = "") -> bytes:
    """The reply to a path that is sent as it stands, unlike by a client that mends it."""
    host, _, port = base.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 5) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}Connection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_browser_gets_the_page_in_both_languages_with_the_flagship(base: str) -> None:
    answer = httpx.get(base, headers=BROWSER)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<title>昌吉市基层治理 · grassroots governance of Changji</title>" in answer.text
    assert opening(answer.text)["document"] == FLAGSHIP.read_text("utf-8")
    assert json.loads(opening(answer.text)["variables"]) == {"date": "2020-03-31", "certainty": "POSSIBLE"}


def test_the_page_names_no_address_elsewhere_and_its_policy_lets_none_be_asked(base: str) -> None:
    answer = httpx.get(base, headers=BROWSER)
    addresses = re.findall(r'(?:src|href)="([^"]*)"', answer.text)
    assert len(addresses) >= 3
    assert all(address.startswith("pages/") for address in addresses)
    assert "//" not in answer.text.replace("//www.w3.org/2000/svg", "")
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["worker-src"] == policy["connect-src"] == "'self'"
    assert "'unsafe-eval'" not in str(policy)
    assert {answer.headers["x-content-type-options"], answer.headers["referrer-policy"]} == {"nosniff", "no-referrer"}


def test_who_has_the_page_is_told_so(base: str) -> None:
    answer = httpx.get(base, headers=BROWSER)
    again = httpx.get(base, headers={**BROWSER, "if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == answer.headers["etag"]
    assert "accept" in answer.headers["vary"].lower()


def test_whoever_takes_no_html_is_told_the_paths(base: str) -> None:
    answer = httpx.get(base)
    assert answer.headers["content-type"].startswith("text/plain")
    assert "昌吉市基层治理" in answer.text
    assert {"/graphql", "/schema.graphql", "/health/ready", "/metrics"} <= set(answer.text.splitlines())


def test_a_browser_that_asks_nothing_of_graphql_is_led_to_the_page(base: str) -> None:
    led = httpx.get(f"{base}/graphql", headers=BROWSER, follow_redirects=True)
    assert led.url.path == "/"
    assert led.headers["content-type"].startswith("text/html")
    asked = httpx.get(f"{base}/graphql", params={"query": "{ __typename }"}, headers=BROWSER)
    assert asked.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize("name", ["university", "minimal"])
def test_another_model_opens_with_a_question_that_it_answers(store_of: Callable[[str], Path], name: str) -> None:
    with serving(store_of(name)) as url:
        document = opening(httpx.get(url, headers=BROWSER).text)["document"]
        answer = httpx.post(f"{url}/graphql", json={"query": document}).json()
    assert document != FLAGSHIP.read_text("utf-8")
    assert "errors" not in answer
    assert next(iter(answer["data"].values()))["nodes"]


def test_where_only_kept_documents_are_answered_the_page_opens_with_one(
    store_of: Callable[[str], Path], tmp_path: Path
) -> None:
    document = '{ at(date: "2020-03-31") { streets { totalCount } } }\n'
    (tmp_path / "streets.graphql").write_text(document)
    with serving(store_of("changji"), documents=tmp_path) as url:
        assert opening(httpx.get(url, headers=BROWSER).text)["document"] == document


def test_where_the_schema_is_told_to_nobody_there_is_no_page(store_of: Callable[[str], Path]) -> None:
    with serving(store_of("minimal"), introspection=False) as url:
        assert httpx.get(url, headers=BROWSER).status_code == 404
        assert httpx.get(f"{url}/graphql", headers=BROWSER).status_code == 400


def test_every_file_comes_as_it_is_in_each_encoding_and_is_kept_for_ever(base: str) -> None:
    names = [path.name for path in BUILT.iterdir() if path.suffix in KINDS]
    assert len(names) > 20
    with httpx.Client(base_url=f"{base}/pages/") as client:
        for name in names:
            plain = client.get(name, headers={"accept-encoding": "identity"})
            assert plain.content == (BUILT / name).read_bytes()
            assert plain.headers["content-type"] == KINDS[Path(name).suffix].decode()
            assert "immutable" in plain.headers["cache-control"]
            tags = {plain.headers["etag"]}
            for encoding, (ending, unpack) in PACKED.items():
                if not (BUILT / f"{name}{ending}").exists():
                    continue
                with client.stream("GET", name, headers={"accept-encoding": encoding}) as reply:
                    assert unpack(b"".join(reply.iter_raw())) == plain.content
                    assert reply.headers["content-encoding"] == encoding
                tags.add(reply.headers["etag"])
            for tag in tags:
                assert client.get(name, headers={"if-none-match": tag}).status_code == 304
                assert len(set(tags)) == len(tags), "each encoding has a tag of its own"


def test_the_best_encoding_is_chosen_and_head_tells_its_size(base: str) -> None:
    script = next(path.name for path in BUILT.glob("main-*.js"))
    url = f"{base}/pages/{script}"
    head = httpx.head(url, headers={"accept-encoding": "gzip, br;q=0.9"})
    assert (head.headers["content-encoding"], head.content) == ("gzip", b"")
    assert int(head.headers["content-length"]) == (BUILT / f"{script}.gz").stat().st_size
    assert httpx.head(url, headers={"accept-encoding": "gzip, deflate, br"}).headers["content-encoding"] == "br"
    assert httpx.post(url).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/pages/",
        "/pages/manifest.json",
        "/pages/../pages.py",
        "/pages/..%2fpages.py",
        "/pages/%2e%2e/pages.py",
        "/pages/..\\pages.py",
        "/pages//etc/passwd",
        "/pages/%00",
        "/pages/main.jsx",
        "/pages/page.html",
    ],
)
def test_nothing_else_can_be_asked_for(base: str, path: str) -> None:
    reply = raw(base, path)
    assert reply.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400"))
    assert b"import " not in reply


def test_without_the_bundle_the_service_answers_and_says_what_is_missing(
    store_of: Callable[[str], Path], tmp_path: Path
) -> None:
    copytree(Path(orggraph.__file__).parent, tmp_path / "orggraph", ignore=ignore_patterns("built", "node_modules"))
    asks = """
import sys, httpx
from tests.service.serving import serving
from pathlib import Path
import orggraph
assert orggraph.__file__.startswith(sys.argv[2]), orggraph.__file__
with serving(Path(sys.argv[1])) as url:
    page = httpx.get(url, headers={"accept": "text/html"})
    answer = httpx.post(url + "/graphql", json={"query": "{ __typename }"})
    print(page.status_code, page.headers["content-type"], answer.json())
    print(page.text)
"""
    done = subprocess.run(
        [sys.executable, "-c", asks, str(store_of("minimal")), str(tmp_path)],
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.startswith("200 text/html; charset=utf-8 {'data': {'__typename': 'Query'}")
    assert "make pages" in done.stdout
    assert "缺的是查询页面" in done.stdout
