"""Whether the service is there, whether it can answer, and what it counts. In: what is published, what was counted. Out:
``/health/live``, ``/health/ready``, ``/metrics``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

from orggraph import __version__
from orggraph.service.answering import Answering
from orggraph.service.metrics import Metrics
from orggraph.service.reply import Reply, json_body
from orggraph.service.request import Request
from orggraph.service.routes import Route

FRESH = ((b"cache-control", b"no-store"),)


def health_routes(
    answering: Answering, metrics: Metrics, unready: Callable[[], tuple[str, str] | None]
) -> Iterator[Route]:
    """Health is open to all: it tells no data, and what asks it has no token. Counts are for those who may ask. ``unready``:
    why nothing is answered, if it is so."""

    async def live(_: Request) -> Reply:
        return Reply(200, json_body({"live": True, "version": __version__}), headers=FRESH)

    async def ready(_: Request) -> Reply:
        published = answering.published
        if why := unready():
            code, message = why
            return Reply(503, json_body({"ready": False, "code": code, "message": message}), headers=FRESH, code=code)
        number, at = published.load
        told = {"ready": True, "load": {"number": number, "at": at}, "model": published.engine.store.model.name}
        return Reply(200, json_body(told), headers=FRESH)

    async def counts(request: Request) -> Reply:
        text, kind = await asyncio.to_thread(metrics.text, request.header(b"accept"))
        return Reply(200, text, kind.encode(), FRESH)

    yield Route("/health/live", {"GET": live}, open_to_all=True)
    yield Route("/health/ready", {"GET": ready}, open_to_all=True)
    yield Route("/metrics", {"GET": counts})
