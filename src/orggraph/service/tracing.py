"""Traces by OpenTelemetry, an optional extra (``pip install 'orggraph[otel]'``). In: requests as they end, with what is known of
them. Out: a span for each, and below it one for reading and planning and one for the statement.

Spans are made when the reply is there, from the times that were noted: nothing on the way knows of them. A ``traceparent`` that
came with the request is the parent. No span has values of variables or text of a document.
"""

from __future__ import annotations

from time import perf_counter, time_ns

from orggraph.errors import OrggraphError
from orggraph.service.reply import Reply
from orggraph.service.request import Request
from orggraph.service.routes import Handler

try:
    from opentelemetry import context, trace
    from opentelemetry.propagate import extract
except ImportError:  # an optional extra
    trace = None  # type: ignore[assignment]  # which is asked before it is used

NAME = "orggraph"


def traced(handler: Handler) -> Handler:
    """The same handler, of which traces are told. Raises OrggraphError where the library is not there."""
    if trace is None:
        raise OrggraphError("--traces wants OpenTelemetry: pip install 'orggraph[otel]'", "NO_TRACES")
    tracer = trace.get_tracer(NAME)

    async def answer(request: Request) -> Reply:
        moment = time_ns() - int(perf_counter() * 1e9)
        began = perf_counter()
        reply = await handler(request)
        _tell(tracer, request, reply, moment, began)
        return reply

    return answer


def _tell(tracer: trace.Tracer, request: Request, reply: Reply, moment: int, began: float) -> None:
    """``moment``: what makes nanoseconds since 1970 of the times that were noted."""

    def at(seconds: float) -> int:
        return moment + int(seconds * 1e9)

    account = request.account
    carrier = {name: request.header(name.encode()) for name in ("traceparent", "tracestate")}
    span = tracer.start_span(
        f"{request.method} {request.path}", extract(carrier), trace.SpanKind.SERVER, start_time=at(began)
    )
    span.set_attributes({
        "http.request.method": request.method,
        "url.path": request.path,
        "http.response.status_code": reply.status,
        "http.response.body.size": len(reply.body),
        "orggraph.request_id": request.id,
        "orggraph.code": reply.code,
        "graphql.document.hash": account.document,
        "graphql.operation.name": account.operation,
    })  # fmt: skip
    if reply.status >= 500:
        span.set_status(trace.StatusCode.ERROR, reply.code)
    inside = trace.set_span_in_context(span, context.Context())
    for name, times in (("read", account.read), ("statement", account.ran)):
        if times is not None:
            part = tracer.start_span(name, inside, start_time=at(times[0]))
            if account.price is not None:
                part.set_attribute("orggraph.price", account.price)
            part.end(at(times[1]))
    span.end(at(perf_counter()))


def export() -> None:
    """Sends traces to where OpenTelemetry's own variables say (``OTEL_EXPORTER_OTLP_ENDPOINT``, ``OTEL_SERVICE_NAME``, …).
    Raises OrggraphError where the library is not there."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise OrggraphError("--traces wants OpenTelemetry: pip install 'orggraph[otel]'", "NO_TRACES") from None
    provider = TracerProvider(resource=Resource.create({"service.name": NAME}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
