"""The graph over HTTP: one load, piece by piece, so many at once; one thing as its reader likes it."""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from orggraph.rdf.asked import EVERYTHING, Asked
from orggraph.rdf.export import Form
from tests.rdf.test_canonical import exported
from tests.service.serving import Url, serving


@pytest.fixture(scope="module")
def small(store_of: Callable[[str], Path]) -> Iterator[Url]:
    with serving(store_of("university")) as url:
        yield url


@pytest.fixture(scope="module")
def large(store_of: Callable[[str], Path]) -> Iterator[Url]:
    with serving(store_of("changji"), exports=1, send_seconds=60.0) as url:
        yield url


@pytest.mark.parametrize(
    ("path", "kind", "asked", "form"),
    [
        ("graph.nq", "application/n-quads", EVERYTHING, Form.NQUADS),
        ("graph.nq?history=true", "application/n-quads", Asked(history=True), Form.NQUADS),
        (
            "graph.ttl?at=2019-06-15&certainty=CERTAIN",
            "text/turtle; charset=utf-8",
            Asked("2019-06-15", certain=True),
            Form.TURTLE,
        ),
        ("graph.jsonld?load=1", "application/ld+json", Asked(load=1), Form.JSONLD),
    ],
)
def test_what_comes_is_what_the_command_writes(
    small: Url, store_of: Callable[[str], Path], path: str, kind: str, asked: Asked, form: Form
) -> None:
    answer = httpx.get(f"{small}/export/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.content == exported(store_of("university"), asked, form)
    head = httpx.head(f"{small}/export/{path}")
    assert (head.status_code, head.headers["content-type"], head.content) == (200, kind, b"")


@pytest.mark.parametrize(
    "query", ["at=2019-13", "day=2019", "load=x", "certainty=SURE", "at=2019-01-01&at=2019-01-02", "load=99"]
)
def test_what_cannot_be_is_refused_before_anything_is_sent(small: Url, query: str) -> None:
    answer = httpx.get(f"{small}/export/graph.nq?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"]


def test_one_waits_for_its_reader_and_others_are_refused_until_it_ends(large: Url) -> None:
    with httpx.stream("GET", f"{large}/export/graph.nq", headers=UNPACKED) as slow:
        reading = slow.iter_raw()
        first = next(reading)
        refused = httpx.get(f"{large}/export/graph.nq")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
        assert refused.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_EXPORTS"
        assert len(first) < 4_000_000
        assert httpx.get(f"{large}/health/ready").status_code == 200
    deadline = time.monotonic() + 60  # it left without reading on
    while httpx.get(f"{large}/export/graph.nt?at=0001-01-01").status_code == 503:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("application/ld+json;q=0.9, text/html;q=0.1", "application/ld+json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("*/*", "text/turtle; charset=utf-8"),
    ],
)
def test_a_thing_is_told_as_its_reader_likes_it(small: Url, accept: str, kind: str) -> None:
    answer = httpx.get(f"{small}/id/s-wang", headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert "王𠮷" in answer.text
    if kind.startswith("text/turtle"):
        named = {
            str(one.subject).rpartition("/")[2].partition("#")[0].strip("<>")
            for one in ox.parse(answer.content, format=ox.RdfFormat.TURTLE)
        }
        assert named == {"s-wang"}


def test_what_is_not_there_or_not_told_so(small: Url) -> None:
    assert httpx.get(f"{small}/id/nobody").status_code == 404
    assert httpx.get(f"{small}/id/x'%20OR%201").status_code == 404
    assert httpx.get(f"{small}/id/s-wang", headers={"accept": "image/png"}).status_code == 406


UNPACKED = {"accept-encoding": "identity"}
"""Packed, the whole graph would go into the buffers on the way, and the export have ended before its reader has looked."""


def processes() -> list[int]:
    """Exports that this process has under way: the children of its threads that live. (Their command lines may read as empty.)"""
    children = [int(one) for file in Path("/proc/self/task").glob("*/children") for one in file.read_text().split()]
    return [one for one in children if _state(one) not in ("", "Z", "X")]


def _state(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:  # it has ended meanwhile
        return ""


def until_none() -> None:
    deadline = time.monotonic() + 60
    while processes():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_an_export_ends_with_its_reader(large: Url) -> None:
    with httpx.stream("GET", f"{large}/export/graph.nq", headers=UNPACKED) as slow:
        next(slow.iter_raw())
        assert len(processes()) == 1
    until_none()


def test_an_export_ends_with_its_service(store_of: Callable[[str], Path]) -> None:
    with (
        serving(store_of("changji"), stop_seconds=0.2) as url,
        httpx.stream("GET", f"{url}/export/graph.nq", headers=UNPACKED) as slow,
    ):
        next(slow.iter_raw())
        assert processes()
    until_none()


def test_a_part_is_not_taken_for_the_whole(large: Url) -> None:
    until_none()
    with httpx.stream("GET", f"{large}/export/graph.nq", headers=UNPACKED) as slow:
        reading = slow.iter_raw()
        next(reading)
        os.kill(processes()[0], signal.SIGKILL)
        with pytest.raises(httpx.RemoteProtocolError):
            deque(reading, 0)
    until_none()
    assert httpx.get(f"{large}/export/graph.nt?at=0001-01-01").status_code == 200
