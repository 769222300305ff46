"""Traces as a collector gets them: a served process with ``--traces``, OTLP over HTTP, read by OpenTelemetry's own messages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.service.processes import running

ASKED = {"query": "query Named($name: String) { scholars(where: {name: {contains: $name}}) { nodes { name } } }"}
NAME = "王"


def test_a_collector_is_told_of_each_request_when_the_service_stops(
    store_of: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    got: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.server_port}")
        monkeypatch.setenv("OTEL_SERVICE_NAME", "任职图谱")
        with running(store_of("university"), tmp_path, "--traces") as service:
            reply = httpx.post(f"{service.url}/graphql", json={**ASKED, "variables": {"name": NAME}})
            assert "data" in reply.json()
            assert service.stop() == 0
        collector.shutdown()
    assert {path for path, _ in got} == {"/v1/traces"}
    (resource,) = [one for _, body in got for one in ExportTraceServiceRequest.FromString(body).resource_spans]
    assert {one.key: one.value.string_value for one in resource.resource.attributes}["service.name"] == "任职图谱"
    spans = {span.name: span for scope in resource.scope_spans for span in scope.spans}
    assert set(spans) == {"POST /graphql", "read", "statement"}
    assert spans["statement"].parent_span_id == spans["POST /graphql"].span_id
    assert not any(NAME.encode() in body for _, body in got)
