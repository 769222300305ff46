"""What OpenTelemetry is told of requests, as its own in-memory exporter sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.service.serving import MODERN, serving

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
UNITS = "query Units($name: String) { units(where: {name: {contains: $name}}) { nodes { name } } }"


@pytest.fixture(scope="module")
def exporter() -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


@pytest.fixture
def url(store_of: Callable[[str], Path], exporter: InMemorySpanExporter) -> Iterator[str]:
    exporter.clear()
    with serving(store_of("university"), traces=True) as base:
        yield base


def named(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {one.name: one for one in exporter.get_finished_spans()}


def test_a_request_is_a_span_with_its_reading_and_its_statement(url: str, exporter: InMemorySpanExporter) -> None:
    body = {"query": UNITS.replace("units", "scholars"), "variables": {"name": "王"}, "operationName": "Units"}
    answer = httpx.post(f"{url}/graphql", json=body, headers={**MODERN, "traceparent": PARENT})
    assert answer.status_code == 200
    spans = named(exporter)
    assert spans.keys() == {"POST /graphql", "read", "statement"}
    whole = spans["POST /graphql"]
    assert whole.context is not None
    assert whole.parent is not None
    assert f"{whole.context.trace_id:032x}" == PARENT.split("-")[1]
    assert f"{whole.parent.span_id:016x}" == PARENT.split("-")[2]
    for part in (spans["read"], spans["statement"]):
        assert part.parent is not None
        assert part.parent.span_id == whole.context.span_id
        assert whole.start_time is not None
        assert whole.end_time is not None
        assert whole.start_time <= (part.start_time or 0) <= (part.end_time or 0) <= whole.end_time
    told = dict(whole.attributes or {})
    assert told["orggraph.request_id"] == answer.headers["x-request-id"]
    assert told["http.response.status_code"] == 200
    assert told["graphql.operation.name"] == "Units"
    assert len(str(told["graphql.document.hash"])) == 64
    everything = repr([dict(one.attributes or {}) for one in spans.values()])
    assert "王" not in everything
    assert "scholars" not in everything


def test_a_refusal_is_a_span_with_its_code(url: str, exporter: InMemorySpanExporter) -> None:
    httpx.post(f"{url}/graphql", json={"query": "{ nothing }"}, headers=MODERN)
    spans = named(exporter)
    assert dict(spans["POST /graphql"].attributes or {})["orggraph.code"] == "INVALID_DOCUMENT"
    assert "statement" not in spans
