"""``serve``, ``token`` and ``query --url`` together, as who runs a service and who asks it meet them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.cli.test_commands import ORGGRAPH, run


@contextmanager
def served(*arguments: str | Path) -> Iterator[str]:
    """``orggraph serve`` as a process of its own; gives its endpoint."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [ORGGRAPH, "serve", "--port", str(port), *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )
    try:
        url = f"http://127.0.0.1:{port}/graphql"
        assert server.stdout is not None
        assert url in server.stdout.readline()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                httpx.options(url)
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield url
    finally:
        server.terminate()
        server.wait(20)


def test_a_token_is_made_and_asked_with(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    file = tmp_path / "tokens.txt"
    token = run("token", "爱丽丝", "--tokens", file, "--until", "2099-01-31").strip()
    assert "爱丽丝" in file.read_text("utf-8")
    assert token not in file.read_text("utf-8")
    assert "2020-01-31 is over" in run("token", "张三", "--tokens", file, "--until", "2020-01-31", status=2)
    assert "has a token 爱丽丝" in run("token", "爱丽丝", "--tokens", file, status=1)
    with served("--store", store_of("university"), "--tokens", file, "--host", "127.0.0.1") as url:
        refused = run("query", "{ __typename }", "--url", url, status=1)
        assert "TOKEN_MISSING" in refused
        assert "Authorization: Bearer" in refused
        answer = run("query", "{ __typename }", "--url", url, "--token", token)
        assert json.loads(answer)["data"] == {"__typename": "Query"}
        assert run("query", "{ __typename }", "--url", url.removesuffix("/graphql"), "--token", token) == answer
        elsewhere = run("query", "{ __typename }", "--url", url + "l", "--token", token, status=1)
        assert "/graphql" in elsewhere


def test_what_others_could_reach_is_not_served_unguarded(store_of: Callable[[str], Path]) -> None:
    told = run("serve", "--store", store_of("university"), "--host", "0.0.0.0", status=1)
    for part in ("0.0.0.0", "--tokens FILE", "orggraph token NAME", "--behind-proxy"):
        assert part in told


def test_the_closed_profile_wants_documents(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    assert "--documents DIR" in run("serve", "--store", store_of("university"), "--closed", status=2)
    (tmp_path / "错.graphql").write_text("{ nothing }", "utf-8")
    told = run("serve", "--store", store_of("university"), "--closed", "--documents", tmp_path, status=1)
    assert "错.graphql:1:3" in told
    (tmp_path / "错.graphql").write_text("query 计数 { __typename }".replace("计数", "Counts"), "utf-8")
    with served("--store", store_of("university"), "--closed", "--documents", tmp_path) as url:
        assert httpx.get(url, params={"documentId": "错"}).json()["data"] == {"__typename": "Query"}
        assert httpx.post(url, json={"query": "{ __schema { types { name } } }"}).status_code == 403


@pytest.mark.skipif(os.name != "posix", reason="permissions of files are told by their mode")
def test_a_file_of_tokens_that_others_can_read_is_warned_of(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    file = tmp_path / "tokens.txt"
    run("token", "alice", "--tokens", file, "--never")
    file.chmod(0o644)
    with socket.socket() as taken:  # so that it does not serve for ever
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        arguments: list[str | Path] = [
            "--store",
            store_of("university"),
            "--tokens",
            file,
            "--port",
            str(taken.getsockname()[1]),
        ]
        done = subprocess.run([ORGGRAPH, "serve", *arguments], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode != 0
    assert f"chmod 600 {file}" in done.stderr


def test_days_of_a_token_are_said_once(tmp_path: Path) -> None:
    assert "--never" in run("token", "a", "--tokens", tmp_path / "t", "--never", "--until", "2030-01-01", status=2)
