"""Whatever goes wrong → a reply. In: an exception of a handler. Out: its status, code and words; never a trace.

The table says it of each exception, once. What is not in it is a fault of ours: it is logged whole, and the client is told
a code and the request's id.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from orggraph.errors import StoreError
from orggraph.graphql.engine import RequestErrors
from orggraph.service.media import prefers_graphql
from orggraph.service.refusing import Refused
from orggraph.service.reply import GRAPHQL_JSON, JSON, Reply, errors_reply
from orggraph.service.request import Left, Request
from orggraph.service.routes import Handler
from orggraph.service.unready import unready

LOG = logging.getLogger("orggraph.service")


def told(handler: Handler) -> Handler:
    """The same handler, that raises nothing."""

    async def answer(request: Request) -> Reply:
        try:
            return await handler(request)
        except Exception as error:
            return reply_of(error, request)

    return answer


def reply_of(error: Exception, request: Request) -> Reply:
    """What a client is told of an exception."""
    modern = prefers_graphql(request)
    kind = GRAPHQL_JSON if modern else JSON
    for type_, tell in TABLE:
        if isinstance(error, type_):
            return tell(error, kind)
    LOG.error("request %s failed", request.id, exc_info=error)
    message = "the service failed; its log says how, under the id of this request"
    return errors_reply(500, [_error(message, "FAULT", requestId=request.id)], kind)


def _error(message: str, code: str, **more: str) -> dict[str, Any]:
    return {"message": message, "extensions": {"code": code, **more}}


def _refused(error: Any, kind: bytes) -> Reply:
    return errors_reply(error.status, [_error(error.message, error.code)], kind, error.headers)


def _request_errors(error: Any, kind: bytes) -> Reply:
    """A well-formed request whose operation is refused: to ``application/json`` the status is 200, which means only that."""
    return errors_reply(400 if kind is GRAPHQL_JSON else 200, error.errors, kind)


def _left(_: Any, kind: bytes) -> Reply:
    return errors_reply(499, [_error("the client left", "LEFT")], kind)


def _unavailable(error: Any, kind: bytes) -> Reply:
    return _refused(unready(error), kind)


TABLE: tuple[tuple[type[Exception], Callable[[Any, bytes], Reply]], ...] = (
    (Refused, _refused),
    (RequestErrors, _request_errors),
    (Left, _left),
    (StoreError, _unavailable),
)
