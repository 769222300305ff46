"""The flagship asked at a fixed rate, while nothing else runs and while the store is exported: by the service that answers, and by a
command beside it. By the clock, which is what a user waits by: on a machine that others use too, only the ratio says something,
and little. The two are measured by turns."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from statistics import median
from threading import Event

from tests.bench.http import OURS, Server, answer, connected, request, served
from tests.bench.measuring import Figure
from tests.bench.stores import store

RATE, ROWS, SECONDS, ROUNDS = 50, 20, 4.0, 5
MOST_DEARER = 1.2
Exporting = Callable[[], AbstractContextManager[None]]


def figures(scale: int = 10) -> Iterator[Figure]:
    path = store(scale)
    with served(*OURS, str(path), connections=1) as server:
        _latencies(server, 1.0)
        for name, exporting in (("by /export/graph.nq", _through(server)), ("by the command", _beside(path))):
            alone, meanwhile = [], []
            for _ in range(ROUNDS):
                alone += _latencies(server, SECONDS)
                with exporting():
                    meanwhile += _latencies(server, SECONDS)
            told = f"{median(alone) * 1e3:.2f} ms alone, {median(meanwhile) * 1e3:.2f} ms"
            print(f"  export_load, scale {scale}: {told} with an export {name}", file=sys.stderr)
            ratio = median(meanwhile) / median(alone)
            yield Figure(
                f"export_load: median with an export {name} / alone (at most)", scale, ROWS, ratio, MOST_DEARER, True
            )


def _latencies(server: Server, seconds: float) -> list[float]:
    """Of requests that are due every so often, from when each was due."""
    connection, text, found = server.connections[0], request(ROWS), []
    began = time.monotonic()
    for number in range(int(RATE * seconds)):
        due = began + number / RATE
        time.sleep(max(0.0, due - time.monotonic()))
        connection.sendall(text)
        answer(connection)
        found.append(time.monotonic() - due)
    return found


def _through(server: Server) -> Exporting:
    """The export over HTTP, read as fast as it comes."""

    def export(done: Event) -> None:
        with connected(server.port) as connection:
            connection.sendall(b"GET /export/graph.nq HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            assert connection.recv(1024).startswith(b"HTTP/1.1 200")
            while not done.is_set() and connection.recv(1024 * 1024):
                pass

    return _again_and_again(export)


def _beside(path: Path) -> Exporting:
    command = [sys.executable, "-m", "orggraph", "export", "rdf", "--store", str(path)]

    def export(done: Event) -> None:
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            while process.poll() is None and not done.wait(0.05):
                pass
            process.kill()
        assert done.is_set() or process.returncode == 0

    return _again_and_again(export)


def _again_and_again(export: Callable[[Event], None]) -> Exporting:
    """One export after the other, for as long as answers are waited for."""

    @contextmanager
    def exporting() -> Iterator[None]:
        done = Event()
        with ThreadPoolExecutor(1) as pool:
            exports = pool.submit(_until, done, export)
            time.sleep(0.3)
            try:
                yield
            finally:
                done.set()
            exports.result()

    return exporting


def _until(done: Event, export: Callable[[Event], None]) -> None:
    while not done.is_set():
        export(done)
