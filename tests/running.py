"""A command that serves, as a process of its own, for as long as a test wants it."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx


def free_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextmanager
def running(
    command: Sequence[str | Path], url: str, said: Path, cwd: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a command until the test is done; ``url`` answers by then, ``said`` is where its output goes."""
    with said.open("wb") as out:
        process = subprocess.Popen(command, cwd=cwd, stdout=out, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 60
        while not _answers(url):
            ended = process.poll() is not None or time.monotonic() > deadline
            assert not ended, said.read_text("utf-8")
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _answers(url: str) -> bool:
    try:
        httpx.get(url, verify=False)
    except httpx.TransportError:
        return False
    return True
