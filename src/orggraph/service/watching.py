"""What is seen of every request: its id, its counts, its line in the log. In: a handler. Out: the same, watched.

An id that the client sends is taken if it is sane, so that a request can be followed through several services.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from secrets import token_hex
from time import perf_counter

from orggraph.service.logs import Log
from orggraph.service.metrics import Metrics
from orggraph.service.reply import Reply
from orggraph.service.request import Request
from orggraph.service.routes import Handler, Routes

SANE = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._:/+=@-]{0,127}")
NUMBERS = count(1)
STEM: list[str] = []


def watched(handler: Handler, table: Routes, metrics: Metrics, log: Log) -> Handler:
    """The same handler; it gets every request, and gives every reply, refusals included."""

    async def answer(request: Request) -> Reply:
        began = perf_counter()
        request.id = request_id(request.headers.get(b"x-request-id"))
        metrics.in_flight += 1
        try:
            reply = await handler(request)
        finally:
            metrics.in_flight -= 1
        route = table.find(request.path)
        seconds = perf_counter() - began
        metrics.request(route.path if route else "other", request.method, reply, seconds, request.account)
        log.request(request, reply, seconds)
        return reply.also((b"x-request-id", request.id.encode()))

    return answer


def turned_away(metrics: Metrics, log: Log) -> Callable[[str, int, str], str]:
    """What is done where a connection refuses what has not become a request; it gives the id that its line has in the log."""

    def refused(client: str, status: int, code: str) -> str:
        id = request_id(None)
        metrics.refused(code)
        log.refused(client, status, code, id)
        return id

    return refused


def request_id(given: bytes | None) -> str:
    """The client's, or a new one: unique in this process by its number, among processes by chance."""
    if given is not None and SANE.fullmatch(given):
        return given.decode("ascii")
    if not STEM:
        STEM.append(token_hex(8))
    return f"{STEM[0]}-{next(NUMBERS):x}"
