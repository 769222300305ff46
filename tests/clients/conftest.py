"""What clients ask: real services of two models, and the TypeScript clients, compiled once a run."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import httpx
import pytest

from tests.node import node

HERE = Path(__file__).parent
COMMAND = Path(sys.prefix) / "bin" / "orggraph"
SERVED = ("changji", "university")


@contextmanager
def orggraph_serve(store: Path) -> Iterator[str]:
    """``orggraph serve`` on a free port; gives ``http://127.0.0.1:PORT``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen([COMMAND, "serve", "--store", store, "--port", str(port)])
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert running.poll() is None, "the service has stopped"
                assert time.monotonic() < deadline, "the service does not begin"
                time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(20)


@pytest.fixture(scope="session")
def service_of(store_of: Callable[[str], Path]) -> Iterator[Callable[[str], str]]:
    """The address of a model's service, by the model's name."""
    with ExitStack() as running:
        yield cache(lambda name: running.enter_context(orggraph_serve(store_of(name))))


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory, service_of: Callable[[str], str]) -> Path:
    """The folder in which the TypeScript clients are compiled; made by the first of the processes that run tests."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "clients"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "js").exists():
            _compile(folder, service_of)
    return folder


def _compile(folder: Path, service_of: Callable[[str], str]) -> None:
    """graphql-codegen, relay-compiler and ``tsc --strict``, each from the schema that is served and our documents."""
    shutil.copytree(
        HERE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py", "node_modules", "__pycache__")
    )
    (folder / "node_modules").symlink_to(HERE / "node_modules")
    (folder / "schemas").mkdir()
    for name in SERVED:
        (folder / "src" / name).mkdir(exist_ok=True)
        (folder / "schemas" / f"{name}.graphql").write_text(served(service_of(name), "/schema.graphql"), "utf-8")
        (folder / "src" / name / "apollo.js").write_text(served(service_of(name), "/clients/apollo.js"), "utf-8")
    node(folder, "node", "build.mjs", *SERVED)
    node(folder, "relay-compiler")
    node(folder, "tsc", "--project", ".")


def served(service: str, path: str) -> str:
    """What a service gives under a path."""
    reply = httpx.get(service + path)
    assert reply.status_code == 200, reply.text
    return reply.text
