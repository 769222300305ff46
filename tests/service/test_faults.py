"""Clients that are slow, broken, too big or gone, all at once: others are answered, nothing breaks, and nothing is left behind.

Times are judged against the same service when it was idle, in the same run: the machine may be busy with other tests, so that a
fixed limit would measure these. What must not be is that a few hundred bad clients make good ones wait for long.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.graphql.hostile import ALL
from tests.service.processes import Running, post, reply, running

CHEAP = {"query": "{ units(first: 1) { nodes { name } } }"}
DEAR = {"query": "{ persons { nodes { name records { totalCount } } } }"}
SLOW = {"query": next(one for one in ALL if one.code == "TIMEOUT").document}
OPTIONS = tuple(
    part
    for one in (
        "seconds=1",
        "header_seconds=2",
        "body_seconds=2",
        "send_seconds=2",
        "waiting_seconds=2",
        "connections=400",
    )
    for part in ("--bound", one)
)
PROMISED = frozenset({"QUEUE_FULL", "QUEUE_SLOW", "TOO_BUSY", "TOO_MANY_CONNECTIONS"})
WITHIN = 1.0
"""Seconds, beyond ten times what the slowest took when the service was idle."""
MEMORY = 100 * 1024 * 1024


@pytest.fixture(scope="module")
def service(store_of: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(store_of("changji"), tmp_path_factory.mktemp("faults"), *OPTIONS) as service:
        for question in (CHEAP, DEAR):
            assert asked(service, question) == 200
        yield service


def asked(service: Running, question: object) -> int:
    with service.connected() as connection:
        connection.sendall(post(question, accept="application/graphql-response+json"))
        return reply(connection)[0]


def memory(service: Running, what: str) -> int:
    found = re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{service.process.pid}/status").read_text())
    assert found
    return int(found[1]) * 1024


class Others:
    """Somebody who asks what is cheap, again and again, and how long each answer took."""

    def __init__(self, service: Running) -> None:
        self.waited: list[float] = []
        self.wrong: list[int] = []
        self._service, self._done = service, threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Others:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _ask(self) -> None:
        with self._service.connected() as connection:
            while True:  # at least once, however short what is done to the service is
                began = time.monotonic()
                connection.sendall(post(CHEAP))
                status = reply(connection)[0]
                self.waited.append(time.monotonic() - began)
                if status != 200:
                    self.wrong.append(status)
                    return
                if self._done.wait(0.02):
                    return


Statuses = Counter[int]


async def sent(service: Running, parts: list[bytes], pause: float = 0.0, read: bool = True) -> int:
    """Sends parts, with pauses; the status of what comes back (0: the connection ended, or was left)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        if not read:
            return 0
        line = await asyncio.wait_for(reader.readline(), 30)
        return int(line.split()[1]) if line else 0
    except ConnectionError:
        return 0
    finally:
        writer.close()


async def all_at_once(*clients: asyncio.Future[int] | asyncio.Task[int]) -> Statuses:
    return Counter(await asyncio.gather(*clients))


def task(service: Running, parts: list[bytes], pause: float = 0.0, read: bool = True) -> asyncio.Task[int]:
    return asyncio.ensure_future(sent(service, parts, pause, read))


# ---------------------------------------------------------------- what they do


async def slow_clients(service: Running) -> Statuses:
    """200 that send a byte of their head now and then."""
    whole = post(CHEAP)
    parts = [whole[at : at + 1] for at in range(30)]
    return await all_at_once(*(task(service, parts, 0.1) for _ in range(200)))


async def half_bodies(service: Running) -> Statuses:
    """100 whose body never comes to its end: half of them stay, half of them leave."""
    whole = post({"query": "{ units { nodes { name } } }" + " " * 5_000})
    return await all_at_once(*(task(service, [whole[: len(whole) // 2]], 0.2, stays) for stays in (True, False) * 50))


async def large_bodies(service: Running) -> Statuses:
    """10 MB, told before it comes, and not told."""
    body = json.dumps({"query": CHEAP["query"], "variables": {"a": "城" * 3_500_000}}, ensure_ascii=False).encode()
    head = b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    chunks = [body[at : at + 65_536] for at in range(0, len(body), 65_536)]
    chunked = [
        head + b"transfer-encoding: chunked\r\n\r\n",
        *(b"%x\r\n%s\r\n" % (len(one), one) for one in chunks),
        b"0\r\n\r\n",
    ]
    told = [post(body)]
    return await all_at_once(*(task(service, parts) for parts in (told, chunked) * 10))


async def wrong_requests(service: Running) -> Statuses:
    """What is no text, no JSON, of no known type, several at once, no HTTP."""
    each = [
        post(b'{"query": "{ units { nodes { n\xff } } }"}'),
        post(b'{"query": "\xc3\x28"}'),
        post([CHEAP, CHEAP]),
        post(CHEAP, content_type="text/plain"),
        post(CHEAP, content_type="multipart/form-data; boundary=x"),
        post(CHEAP, accept="image/png"),
        post(b"\x00" * 1_000),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
        b"GET /graphql HTTP/9.9\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: -5\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: localhost\r\nx: " + b"a" * 200_000,
    ]
    return await all_at_once(*(task(service, [one]) for one in each * 5))


async def random_leavers(service: Running) -> Statuses:
    """200 that leave at some moment, with and without a word; of dear, slow and cheap questions."""
    chance = random.Random(7)

    async def leave() -> int:
        whole = post(chance.choice((CHEAP, DEAR, SLOW)))
        part = whole[: chance.randint(1, len(whole))] if chance.random() < 0.5 else whole
        _, writer = await asyncio.open_connection("127.0.0.1", service.port)
        writer.write(part)
        await asyncio.sleep(chance.random() * 0.5)
        if chance.random() < 0.5:  # with a reset instead of an end
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.close()
        return 0

    return await all_at_once(*(asyncio.ensure_future(leave()) for _ in range(200)))


async def deaf_clients(service: Running) -> Statuses:
    """20 that ask for much and read nothing of it."""
    raw: list[socket.socket] = []
    for _ in range(20):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", service.port))
        connection.sendall(post(DEAR))
        raw.append(connection)
    await asyncio.sleep(5)  # longer than send_seconds twice
    for connection in raw:
        with suppress(OSError):
            connection.close()
    return Counter()


@pytest.mark.parametrize(
    ("attack", "statuses"),
    [
        (slow_clients, {0, 408}),  # who still sends when he is refused may see the connection's end first
        (half_bodies, {0, 408}),
        (large_bodies, {0, 413}),
        (wrong_requests, {400, 406, 415, 431}),
        (random_leavers, {0}),
        (deaf_clients, set()),
    ],
)
def test_others_are_answered_meanwhile(
    service: Running, attack: Callable[[Running], Coroutine[None, None, Statuses]], statuses: set[int]
) -> None:
    with Others(service) as idle:
        time.sleep(0.5)
    before = memory(service, "VmRSS")
    known = len(service.lines())
    with Others(service) as others:
        found = asyncio.run(attack(service))
    assert set(found) <= statuses
    if statuses - {0}:
        assert set(found) & statuses - {0}, found
    assert not others.wrong
    assert max(others.waited) < WITHIN + 10 * max(idle.waited), (max(others.waited), max(idle.waited))
    assert memory(service, "VmRSS") - before < MEMORY
    for line in service.lines()[known:]:
        assert line["level"] != "error", line
        assert line.get("status", 0) < 500 or line["code"] in PROMISED, line


def test_after_all_of_it_nothing_is_left(service: Running) -> None:
    deadline = time.monotonic() + 20
    wanted = {"orggraph_held_bytes": 0.0, "orggraph_queue_waiting": 0.0, "orggraph_queue_running": 0.0}
    while (found := gauges(service, wanted)) != wanted:
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    assert asked(service, DEAR) == 200


def gauges(service: Running, names: dict[str, float]) -> dict[str, float]:
    with service.connected() as connection:
        connection.sendall(b"GET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n")
        text = reply(connection)[2].decode()
    return {name: float(re.findall(rf"^{name}{{.*}} (\S+)$", text, re.M)[0]) for name in names}


def test_pipelined_requests_are_answered_in_their_order(service: Running) -> None:
    numbers = list(range(1, 31))
    with service.connected() as connection:
        connection.sendall(
            b"".join(
                post({"query": f"{{ n{number}: units(first: {number}) {{ nodes {{ name }} }} }}"}) for number in numbers
            )
        )
        stream = connection.makefile("rb")
        for number in numbers:
            head = b"".join(iter(stream.readline, b"\r\n")).decode("latin-1")
            assert head.startswith("HTTP/1.1 200")
            length = int(re.findall(r"content-length: (\d+)", head)[0])
            assert f"n{number}" in json.loads(stream.read(length))["data"]


def test_a_queue_that_is_full_says_so_and_the_cheap_go_on(service: Running) -> None:
    with Others(service) as others:
        found = asyncio.run(all_at_once_asked(service))
    assert found[503] > 0
    assert set(found) <= {400, 503}
    assert not others.wrong
    refused = {line["code"] for line in service.lines() if line.get("status") == 503}
    assert refused <= PROMISED
    assert refused & {"QUEUE_FULL", "QUEUE_SLOW"}


async def all_at_once_asked(service: Running) -> Statuses:
    whole = post(SLOW, accept="application/graphql-response+json")
    return await all_at_once(*(task(service, [whole]) for _ in range(60)))


def test_a_connection_too_many_is_told_so(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    with running(store_of("university"), tmp_path, "--bound", "connections=3") as service:
        kept = [service.connected() for _ in range(3)]
        for connection in kept:
            connection.sendall(post({"query": "{ __typename }"}))
            assert reply(connection)[0] == 200
        with service.connected() as one_more:
            status, headers, body = reply(one_more)
        assert (status, json.loads(body)["errors"][0]["extensions"]["code"]) == (503, "TOO_MANY_CONNECTIONS")
        assert int(headers["retry-after"]) > 0
        for connection in kept:
            connection.close()
        deadline = time.monotonic() + 10
        while asked(service, {"query": "{ __typename }"}) != 200:
            assert time.monotonic() < deadline
