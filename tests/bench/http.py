"""The service against the least that answers over HTTP, both as processes: with logs, counts and limits on.

What is compared is the servers' processor time per request, by turns: the clock would tell of whoever else uses the machine.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.measuring import Figure
from tests.bench.shape import DAY
from tests.bench.shapes.flagship import DOCUMENT
from tests.bench.stores import store

SCALE = 100
SIZES = {1: {1: 0.5, 20: 0.7}, SCALE: {20: 0.7, 100: 0.7, 1000: 0.7}}
"""By scale of the store: rows that are asked for, and the goal."""
CONNECTIONS, ROUNDS, SECONDS = 8, 7, 0.6
STARTS = 5
TICK = os.sysconf("SC_CLK_TCK")
OURS = ("-m", "orggraph", "serve", "--port", "0", "--log", "json", "--store")
BARE = ("-m", "tests.bench.bare")


@dataclass
class Server:
    pid: int
    port: int
    connections: list[socket.socket]

    def seconds(self) -> float:
        """Processor time of the process and its workers."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return sum(_seconds(pid) for pid in (str(self.pid), *children))

    def resident(self) -> float:
        """MB."""
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        assert found
        return int(found[1]) / 1024


def _seconds(pid: str) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


@contextmanager
def served(*command: str, connections: int = CONNECTIONS) -> Iterator[Server]:
    quick = {
        name: told for name, told in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }  # as wherever one serves
    process = subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=quick
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stdout.readline())
        assert found
        port = int(found[1])
        opened = [connected(port) for _ in range(connections)]
        yield Server(process.pid, port, opened)
        for one in opened:
            one.close()
    finally:
        process.terminate()
        process.wait()


def connected(port: int) -> socket.socket:
    """A connection, as soon as somebody listens."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.002)


def request(n: int) -> bytes:
    body = json.dumps({"query": DOCUMENT, "variables": {"first": n, "date": DAY}, "operationName": "Flagship"}).encode()
    return (
        b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\naccept: application/json\r\n"
        b"content-length: %d\r\n\r\n%s" % (len(body), body)
    )


def answer(connection: socket.socket) -> bytes:
    """The body of the next reply."""
    found = b""
    while b"\r\n\r\n" not in found:
        found += connection.recv(262_144)
    head, _, body = found.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), found
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(262_144)
    return body


def asked(server: Server, n: int, seconds: float) -> tuple[float, float]:
    """Processor time per request, and requests per second, while all connections ask."""
    text = request(n)
    requests = 0
    before, began = server.seconds(), time.monotonic()
    while time.monotonic() < began + seconds or server.seconds() < before + 0.1:
        for connection in server.connections:
            connection.sendall(text)
        for connection in server.connections:
            answer(connection)
        requests += len(server.connections)
    return (server.seconds() - before) / requests, requests / (time.monotonic() - began)


def figures() -> Iterator[Figure]:
    for scale, sizes in SIZES.items():
        yield from against_bare(scale, sizes)
    path = str(store(SCALE))
    yield from starts(path)
    yield workers(path)


def against_bare(scale: int, sizes: Mapping[int, float]) -> Iterator[Figure]:
    path = str(store(scale))
    with served(*OURS, path) as ours, served(*BARE, path) as bare:
        for n, goal in sizes.items():
            for server in (ours, bare):
                server.connections[0].sendall(request(n))
            assert answer(ours.connections[0]) == answer(bare.connections[0])
            rounds = [(asked(ours, n, SECONDS), asked(bare, n, SECONDS)) for _ in range(ROUNDS)]
            mine, theirs = (median(one[side][0] for one in rounds) for side in (0, 1))
            rates = [median(one[side][1] for one in rounds) for side in (0, 1)]
            print(f"  http, scale {scale}, N {n}: ours {mine * 1e6:.0f} µs a request and {rates[0]:.0f}/s, bare {theirs * 1e6:.0f} µs and "
                  f"{rates[1]:.0f}/s", file=sys.stderr)  # fmt: skip
            yield Figure("http: bare uvicorn with the statement by hand / ours", scale, n, theirs / mine, goal)
        yield Figure("http: MB while serving (at most)", scale, 0, ours.resident(), 120.0, True)


def starts(path: str) -> Iterator[Figure]:
    """From the command to the first answer, by the clock and by processor time."""
    found = []
    for _ in range(STARTS):
        began = time.monotonic()
        with served(*OURS, path, connections=1) as server:
            server.connections[0].sendall(request(1))
            answer(server.connections[0])
            found.append((time.monotonic() - began, server.seconds()))
    yield Figure(
        "http: seconds from start to first answer (at most)", SCALE, 1, median(one[0] for one in found), 0.5, True
    )
    yield Figure("http: the same in processor time (at most)", SCALE, 1, median(one[1] for one in found), 0.5, True)


def workers(path: str) -> Figure:
    """How much dearer a request is with two workers."""
    with served(*OURS, path) as one, served(*OURS, path, "--workers", "2") as two:
        rounds = [(asked(one, 20, SECONDS)[0], asked(two, 20, SECONDS)[0]) for _ in range(ROUNDS)]
        ratio = median(pair[1] for pair in rounds) / median(pair[0] for pair in rounds)
    return Figure("http: processor time of a request, two workers / one (at most)", SCALE, 20, ratio, 1.15, True)
