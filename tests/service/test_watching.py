"""What the layers around every request promise: ids, lines of log that cannot be forged, faults told whole only to the log,
counts that add up over workers."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from orggraph.service.account import Account
from orggraph.service.logs import Log, Records, text_line
from orggraph.service.metrics import Metrics
from orggraph.service.reply import Reply
from orggraph.service.request import Request
from orggraph.service.routes import Handler, Route, Routes
from orggraph.service.telling import told
from orggraph.service.watching import request_id, watched


async def nothing() -> Any:
    raise AssertionError("nobody reads a body here")


def asked(handler: Handler, log: Log, **headers: bytes) -> Reply:
    """The reply of a handler within the layers."""
    given = {name.replace("_", "-").encode(): value for name, value in headers.items()}
    request = Request("GET", "/here", b"", given, nothing, client="10.0.0.1")
    table = Routes([Route("/here", {"GET": handler})])
    metrics = Metrics(dict)
    answer = watched(told(handler), table, metrics, log)

    async def within() -> Reply:
        return await answer(request)

    reply = asyncio.run(within())
    log.flush()
    return reply


def test_a_fault_is_logged_whole_and_told_by_its_id_alone() -> None:
    stream = io.StringIO()
    log = Log("json", 1.0, stream)
    records = Records(log)
    logger = logging.getLogger("orggraph.service")
    logger.addHandler(records)

    async def fails(_: Request) -> Reply:
        raise RuntimeError("what nobody outside may read")

    try:
        reply = asked(fails, log, x_request_id=b"trace-7")
    finally:
        logger.removeHandler(records)
    error = json.loads(reply.body)["errors"][0]
    assert (reply.status, error["extensions"]) == (500, {"code": "FAULT", "requestId": "trace-7"})
    assert (b"x-request-id", b"trace-7") in reply.headers
    assert b"nobody" not in reply.body
    assert b"Traceback" not in reply.body
    fault, line = map(json.loads, stream.getvalue().splitlines())
    assert fault["level"] == "error"
    assert "trace-7" in fault["message"]
    assert "RuntimeError: what nobody outside may read" in fault["trace"]
    assert (line["event"], line["status"], line["code"], line["id"]) == ("request", 500, "FAULT", "trace-7")


@pytest.mark.parametrize("given", [b"", b"a b", b"x\r\ny: z", b"-first", "中".encode(), b"a" * 129, b'"'])
def test_an_id_that_is_not_sane_is_replaced(given: bytes) -> None:
    made, other = request_id(given), request_id(given)
    assert made.encode() != given
    assert made != other, "each request has its own"


def test_an_id_that_is_sane_is_kept() -> None:
    assert request_id(b"0af7651916cd43dd-8448eb211c80319c") == "0af7651916cd43dd-8448eb211c80319c"


def test_what_a_client_names_cannot_forge_a_line() -> None:
    line = text_line(
        {"at": "T", "level": "info", "event": "request", "path": '/a\n2026 error fault x="y"', "name": "机关"}
    )
    assert line.count("\n") == 1
    assert line == 'T info request path="/a\\n2026 error fault x=\\"y\\"" name=机关\n'


def test_counts_of_workers_add_up_and_outlive_them(tmp_path: Path) -> None:
    first, second = Metrics(dict, tmp_path, 1), Metrics(dict, tmp_path, 2)
    for metrics, times in ((first, 3), (second, 4)):
        for _ in range(times):
            metrics.request("/graphql", "POST", Reply(200, b"abc"), 0.0015, Account(price=50.0, ran=(1.0, 1.25)))
        metrics.keep()
    again = Metrics(dict, tmp_path, 1)
    again.request("/graphql", "POST", Reply(503, code="BUSY"), 0.001, Account())
    again.keep()
    for one in (again, second):
        text = one.text("")[0].decode()
        assert 'orggraph_requests_total{method="POST",route="/graphql",status="200"} 7.0' in text
        assert 'orggraph_refusals_total{code="BUSY"} 1.0' in text
        assert 'orggraph_request_seconds_bucket{le="0.001",route="/graphql"} 1.0' in text
        assert 'orggraph_request_seconds_bucket{le="0.002",route="/graphql"} 8.0' in text
        assert "orggraph_statement_seconds_sum 1.75" in text
        assert 'orggraph_requests_in_flight{worker="1"} 0.0' in text
        assert 'orggraph_requests_in_flight{worker="2"} 0.0' in text
