"""A service from its start to its end, as a process: it is lean, tells what it does, stops when it has finished, and replaces
workers that die."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from orggraph.service.app import KEEP
from tests.graphql.hostile import ALL
from tests.service.processes import Running, post, reply, running

UNITS = "query Units($name: String) { units(where: {name: {contains: $name}}, first: 1) { nodes { name } } }"
SLOW = next(one for one in ALL if one.code == "TIMEOUT").document
NEVER_SERVED = ("strawberry", "neo4j", "pypinyin", "networkx", "rdflib", "rich", "opentelemetry", "prometheus_client")


@pytest.fixture(scope="module")
def store(store_of: Callable[[str], Path]) -> Path:
    return store_of("changji")


def metric(text: str, name: str, **labels: str) -> float:
    """The sum of a metric's samples that have these labels."""
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


@pytest.mark.parametrize(
    ("text", "status", "refused"),
    [
        (b"NONSENSE\r\n\r\n", 400, "BAD_HTTP"),
        (b"GET / HTTP/1.1\r\n", 408, "SLOW_HEAD"),
        (b"GET / HTTP/1.1\r\nx: " + b"a" * 3_000, 431, "HEAD_TOO_LARGE"),
        (b"GET / HTTP/1.1\r\nx: " + b"a" * 3_000 + b"\r\n\r\n", 431, "HEAD_TOO_LARGE"),
        (post({"query": "{ __typename }"}, x_long="a" * 3_000), 431, "HEAD_TOO_LARGE"),
        (b"GET /graphql?query=" + b"a" * 40_000 + b" HTTP/1.1\r\nhost: localhost\r\n\r\n", 431, "HEAD_TOO_LARGE"),
    ],
)
def test_what_never_became_a_request_is_told_counted_and_logged_under_one_id(
    store: Path, tmp_path: Path, text: bytes, status: int, refused: str
) -> None:
    with running(store, tmp_path, "--bound", "header_bytes=2000", "--bound", "header_seconds=0.2") as service:
        with service.connected() as connection:
            connection.sendall(text)
            found, headers, body = reply(connection)
        assert (found, json.loads(body)["errors"][0]["extensions"]["code"]) == (status, refused)
        assert metric(httpx.get(service.url + "/metrics").text, "orggraph_refusals_total", code=refused) == 1
        large = post({"query": "{ __typename }" + " " * 5_000})  # the bound is on heads alone
        with service.connected() as connection:
            connection.sendall(large)
            assert reply(connection)[0] == 200
        service.stop()
        (line,) = service.lines("refused")
        assert (line["id"], line["status"], line["code"]) == (headers["x-request-id"], status, refused)


def test_a_serving_process_imports_only_what_it_uses() -> None:
    code = (
        "import sys; from orggraph.cli import command_line; command_line('serve'); import orggraph.service.running;"
        f"print([one for one in {NEVER_SERVED} if one in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_health_counts_ids_and_logs_tell_of_a_request(store: Path, tmp_path: Path) -> None:
    with running(store, tmp_path, "--slow", "0.0001") as service:
        body = {"query": UNITS, "variables": {"name": "局"}, "operationName": "Units"}
        answer = httpx.post(f"{service.url}/graphql", json=body, headers={"x-request-id": "mine-1"})
        assert answer.headers["x-request-id"] == "mine-1"
        odd = httpx.post(f"{service.url}/graphql", json={"query": "{ nothing }"}, headers={"x-request-id": "no {good}"})
        assert odd.headers["x-request-id"] != "no {good}"
        assert httpx.get(f"{service.url}/health/live").json()["live"] is True
        ready = httpx.get(f"{service.url}/health/ready").json()
        assert (ready["ready"], ready["load"]["number"], ready["model"]) == (True, 2, "changji")
        told = httpx.get(f"{service.url}/metrics")
        assert told.headers["content-type"].startswith("text/plain")
        assert metric(told.text, "orggraph_requests_total", route="/graphql", status="200") == 2
        assert metric(told.text, "orggraph_refusals_total", code="INVALID_DOCUMENT") == 1
        assert metric(told.text, "orggraph_statement_seconds_count") == 1
        assert metric(told.text, "orggraph_load_number") == 2
        assert metric(told.text, "process_resident_memory_bytes") > 1e6
        assert service.stop() == 0
        log = service.log.read_text("utf-8")
        slow = next(one for one in service.lines("slow") if one["id"] == "mine-1")
        assert slow["operation"] == "Units"
        assert len(slow["document"]) == 64
        assert {"price", "statement_ms", "ms", "bytes"} <= slow.keys()
        refused = next(one for one in service.lines("request") if one.get("code") == "INVALID_DOCUMENT")
        assert refused["id"] == odd.headers["x-request-id"]
        assert "局" not in log
        assert "contains" not in log
        assert "nothing" not in log


def test_what_is_under_way_is_finished_and_kept_connections_are_told(store: Path, tmp_path: Path) -> None:
    with running(store, tmp_path, "--bound", "seconds=3") as service:
        with service.connected() as busy, service.connected() as kept:
            kept.sendall(post({"query": UNITS}))
            assert reply(kept)[0] == 200
            busy.sendall(post({"query": SLOW}))
            wait_for(service, "orggraph_queue_running", 1)
            service.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            kept.sendall(post({"query": UNITS}))
            status, headers, body = reply(kept)
            assert (status, headers["connection"]) == (503, "close")
            assert json.loads(body)["errors"][0]["extensions"]["code"] == "STOPPING"
            assert int(headers["retry-after"]) > 0
            status, headers, body = reply(busy)
            assert status in (200, 400), "it is answered, or stopped by its own bound"
            assert json.loads(body).get("data") or json.loads(body)["errors"][0]["extensions"]["code"] in (
                "TIMEOUT",
                "TOO_MANY",
            )
            assert headers["connection"] == "close"
        assert service.process.wait(30) == 0


def test_what_takes_too_long_is_stopped_and_told(store: Path, tmp_path: Path) -> None:
    with running(store, tmp_path, "--bound", "seconds=60", "--bound", "stop_seconds=0.5", "--bound", "list_rows=10000000",
                 "--bound", "operation_rows=100000000") as service, service.connected() as busy:  # fmt: skip
        busy.sendall(post({"query": SLOW}))
        wait_for(service, "orggraph_queue_running", 1)
        began = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        status, _, body = reply(busy)
        assert status == 503
        assert json.loads(body)["errors"][0]["extensions"]["code"] == "STOPPING"
        assert service.process.wait(30) == 0
        assert time.monotonic() - began < 20


def test_workers_share_the_work_count_together_and_are_replaced(store: Path, tmp_path: Path) -> None:
    with running(store, tmp_path, "--workers", "2") as service:

        def ask(_: int) -> int:
            return httpx.post(f"{service.url}/graphql", json={"query": UNITS}, timeout=30).status_code

        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(ask, range(60))) == {200}
        wait_for(service, "orggraph_requests_total", 60, route="/graphql", status="200")
        workers = children(service.process.pid)
        assert len(workers) == 2
        time.sleep(4 * KEEP)  # a worker that is killed takes along what it has not written down yet
        os.kill(workers[0], signal.SIGKILL)
        deadline = time.monotonic() + 20
        while workers[0] in (now := children(service.process.pid)) or len(now) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(ask, range(20))) == {200}
        wait_for(service, "orggraph_requests_total", 80, route="/graphql", status="200")
        assert any("another takes its place" in one["message"] for one in service.lines("worker"))
        assert service.stop() == 0
        assert not any(alive(pid) for pid in workers)


def wait_for(service: Running, name: str, wanted: float, **labels: str) -> None:
    """Until a metric has that value."""
    deadline = time.monotonic() + 20
    while (found := metric(httpx.get(f"{service.url}/metrics").text, name, **labels)) < wanted:
        assert time.monotonic() < deadline, f"{name} is {found}"
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split() if alive(int(one))]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--bound", "waitin=3"], "did you mean waiting?"),
        (["--bound", "threads=0"], "above 0"),
        (["--host", "256.0.0.1", "--behind-proxy"], "cannot be listened on"),
    ],
)
def test_what_cannot_be_served_is_told_in_a_line(store: Path, options: list[str], message: str) -> None:
    command = [sys.executable, "-m", "orggraph", "serve", "--store", str(store), "--port", "0", *options]
    found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert found.returncode in (1, 2)
    assert message in found.stderr
    assert "Traceback" not in found.stderr
