"""Foreign names and foreign pages are refused, in words that say how to let them in; pages of allowed sites can read."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from orggraph.errors import OrggraphError
from orggraph.service.app import create_app
from orggraph.service.names import host_names, is_local, origins
from orggraph.service.reply import HTML, Reply, send_reply
from orggraph.service.settings import ServiceSettings
from tests.service.serving import serving
from tests.service.test_protocol import code, spoken

ASKED = {"query": "{ __typename }"}
OURS, THEIRS = "https://xn--tn0ag.example", "https://evil.example"


@pytest.fixture(scope="module")
def base(store_of: Callable[[str], Path]) -> Iterator[str]:
    """Shut, as it is unless something else is said."""
    with serving(store_of("university")) as base:
        yield base


@pytest.fixture(scope="module")
def opened(store_of: Callable[[str], Path]) -> Iterator[str]:
    """A service that has a name, and a site whose pages may ask."""
    with serving(store_of("university"), hosts=("Graph.Example",), origins=("https://组织.example",)) as base:
        yield base


def asked(base: str, **headers: str) -> httpx.Response:
    return httpx.post(f"{base}/graphql", json=ASKED, headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "10.1.2.3", "[::1]:8000", "[fe80::1]", socket.gethostname()],
)
def test_names_of_this_machine_and_addresses_are_let_in(base: str, host: str) -> None:
    assert asked(base, host=host).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example"]
)
def test_another_name_is_refused_and_told_how_it_is_let_in(base: str, host: str) -> None:
    answer = asked(base, host=host)
    assert (answer.status_code, code(answer)) == (421, "HOST_NOT_ALLOWED")
    assert f"--allow-host {host.partition(':')[0]}" in answer.text


def test_a_name_that_is_given_is_let_in(opened: str) -> None:
    for host in ("graph.example", "GRAPH.example:443", "graph.example."):
        assert asked(opened, host=host).status_code == 200
    assert asked(opened, host="evil.example").status_code == 421


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        (b"", b"400"),
        (b"host: localhost\r\nhost: evil.example\r\n", b"400"),
        (b"host: local host\r\n", b"400"),
        (b"host: \r\n", b"400"),
        (b"host: " + b"a" * 5_000 + b"\r\n", b"400"),
    ],
)
def test_a_host_that_is_none_is_refused(base: str, hosts: bytes, expected: bytes) -> None:
    heard = spoken(base, b"GET /graphql?query={__typename} HTTP/1.1\r\n" + hosts + b"\r\n")
    assert heard.startswith(b"HTTP/1.1 " + expected)


def test_http_1_0_knows_no_host(base: str) -> None:
    assert b" 200 OK" in spoken(base, b"GET /graphql?query={__typename} HTTP/1.0\r\n\r\n")


def test_pages_of_other_sites_are_refused_and_told_how_they_are_let_in(base: str) -> None:
    for origin in (THEIRS, "null", "http://localhost:3000", "http://127.0.0.1"):
        answer = asked(base, origin=origin)
        assert (answer.status_code, code(answer)) == (403, "ORIGIN_NOT_ALLOWED")
        assert f"--allow-origin {origin}" in answer.text
        assert not [name for name in answer.headers if name.startswith("access-control")]
    preflight = {"origin": THEIRS, "access-control-request-method": "POST"}
    assert httpx.options(f"{base}/graphql", headers=preflight).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_pages_of_other_sites_may_link_here_but_not_fetch_blindly(base: str, site: str) -> None:
    url = f"{base}/graphql?query={{__typename}}"
    fetched = httpx.get(url, headers={"sec-fetch-site": site, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"})
    assert (fetched.status_code, code(fetched)) == (403, "ORIGIN_NOT_ALLOWED")
    followed = {"sec-fetch-site": site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert httpx.get(url, headers=followed).status_code == 200
    for own in ("same-origin", "none"):
        assert httpx.get(url, headers={"sec-fetch-site": own, "sec-fetch-mode": "cors"}).status_code == 200


def test_pages_of_its_own_may_ask(base: str) -> None:
    assert asked(base, origin=base).status_code == 200
    assert asked(base, host="localhost:8443", origin="https://localhost:8443").status_code == 200  # a proxy spoke https


def test_pages_of_an_allowed_site_may_ask_and_read(opened: str) -> None:
    answer = asked(opened, origin=OURS)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == OURS
    assert "Origin" in answer.headers["vary"]
    assert "ETag" in answer.headers["access-control-expose-headers"]
    refused = httpx.post(f"{opened}/graphql", content=b"{", headers={"origin": OURS})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (415, OURS)


def test_a_browser_that_asks_first_is_answered(opened: str) -> None:
    headers = {
        "origin": OURS,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    answer = httpx.options(f"{opened}/graphql", headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == OURS
    assert answer.headers["access-control-allow-headers"] == "authorization,content-type"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert int(answer.headers["access-control-max-age"]) > 0


def test_what_no_page_asked_says_that_it_would_differ(opened: str) -> None:
    answer = asked(opened)
    assert "Origin" in answer.headers["vary"]
    assert "access-control-allow-origin" not in answer.headers
    assert asked(opened, origin=THEIRS).status_code == 403


def test_every_reply_is_what_it_says_it_is(base: str) -> None:
    for path in ("/graphql?query={__typename}", "/schema.graphql", "/nothing"):
        assert httpx.get(base + path).headers["x-content-type-options"] == "nosniff"


def test_pages_run_only_what_is_ours_and_stand_in_no_other() -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(send_reply(Reply(200, b"<!doctype html>", HTML), send))
    headers = dict(sent[0]["headers"])
    policy = headers[b"content-security-policy"].decode()
    for part in (
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ):
        assert part in policy
    assert "unsafe-eval" not in policy
    assert headers[b"referrer-policy"] == b"no-referrer"
    assert headers[b"x-content-type-options"] == b"nosniff"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "graph.example"])
def test_what_others_reach_does_not_start_unguarded(store_of: Callable[[str], Path], host: str) -> None:
    with pytest.raises(OrggraphError) as refused:
        create_app(ServiceSettings(store_of("university"), host=host))
    assert refused.value.code == "UNGUARDED"
    assert "--tokens" in refused.value.message
    assert "--behind-proxy" in refused.value.message
    create_app(ServiceSettings(store_of("university"), host=host, behind_proxy=True))


def test_names_are_taken_as_people_write_them() -> None:
    assert host_names(("Graph.Example:8443", "组织.example", "*")) == {"graph.example", "xn--tn0ag.example", "*"}
    assert origins(("HTTPS://App.Example/", "https://组织.example:8443", "*")) == {
        "https://app.example",
        "https://xn--tn0ag.example:8443",
        "*",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"hosts": ("https://graph.example",)},
        {"hosts": ("",)},
        {"origins": ("app.example",)},
        {"origins": ("https://a.example/x",)},
    ],
)
def test_a_name_that_none_would_send_is_told_at_start(store_of: Callable[[str], Path], wrong: dict[str, Any]) -> None:
    with pytest.raises(OrggraphError, match=f"--allow-{next(iter(wrong)).removesuffix('s')} ") as refused:
        create_app(ServiceSettings(store_of("university"), **wrong))
    assert refused.value.code == "BAD_SETTING"


def test_what_is_local_is_known() -> None:
    assert all(map(is_local, ("127.0.0.1", "127.1.2.3", "::1", "localhost")))
    assert not any(map(is_local, ("0.0.0.0", "::", "192.168.0.1", "localhost.example")))
