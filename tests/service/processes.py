"""``orggraph serve`` as its users run it: a process of its own, its log in a file."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOG = ("--log", "json")


@dataclass
class Running:
    """``port``: where it listens. ``log``: its standard error."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def lines(self, event: str = "") -> list[dict[str, Any]]:
        """The lines of its log, of one event."""
        found = [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]
        return [one for one in found if not event or one["event"] == event]

    def connected(self) -> socket.socket:
        """A bare connection to it."""
        return socket.create_connection(("127.0.0.1", self.port), 30)

    def stop(self) -> int:
        """Asks it to stop; its exit status."""
        self.process.terminate()
        return self.process.wait(60)


@contextmanager
def running(store: Path, folder: Path, *options: str) -> Iterator[Running]:
    """Serves a store on a free port."""
    command = [sys.executable, "-m", "orggraph", "serve", "--store", str(store), "--port", "0", *LOG, *options]
    log = folder / "log"
    with log.open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", told)
        assert found, (told, log.read_text())
        yield Running(process, int(found[1]), log)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def post(body: object, path: str = "/graphql", **headers: str) -> bytes:
    """A POST as its bytes."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"host": "localhost", "content-type": "application/json", "content-length": str(len(text)), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + text


def reply(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the next reply; 0 if the connection ended."""
    buffer = b""
    while b"\r\n\r\n" not in buffer:
        try:
            more = connection.recv(65536)
        except ConnectionError:
            return 0, {}, b""
        if not more:
            return 0, {}, b""
        buffer += more
    head, _, body = buffer.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        more = connection.recv(65536)
        if not more:
            break
        body += more
    return int(status.split()[1]), headers, body
