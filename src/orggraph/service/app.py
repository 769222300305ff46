"""``POST /graphql`` as a bare ASGI application. In: requests. Out: the engine's bytes, unparsed.

``create_app(engine, another)`` gives what uvicorn serves. A request that cannot be read is told why in the words of GraphQL over
HTTP: status 4xx, ``errors`` with a code, no ``data``.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from orggraph.graphql.engine import Engine, RequestErrors
from orggraph.service.answering import Answering, Left
from orggraph.stores.contract import Store

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOG = logging.getLogger("orggraph.service")
MOST_BODY_BYTES = 1024 * 1024
GRAPHQL_JSON = b"application/graphql-response+json; charset=utf-8"
PLAIN_JSON = b"application/json; charset=utf-8"


class Refused(Exception):
    """A request that is not answered: the HTTP status, a code and what to do."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def create_app(engine: Engine, another: Callable[[], Store]) -> App:
    """An ASGI application that answers from one engine; ``another`` opens its store once more, for a thread."""
    answering = Answering(engine, another)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            answering.close()
        elif scope["type"] == "http":
            status, kind, body = await _respond(answering, scope, receive)
            await _send(send, status, kind, body)

    return app


async def _respond(answering: Answering, scope: Scope, receive: Receive) -> tuple[int, bytes, bytes]:
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    modern = "application/graphql-response+json" in headers.get(b"accept", "")
    kind = GRAPHQL_JSON if modern else PLAIN_JSON
    try:
        request = _request(scope, headers, await _body(receive))
        return 200, kind, await answering.answer(*request, lambda: _leaves(receive))
    except Left:
        return 499, kind, _errors([{"message": "the client left", "extensions": {"code": "DISCONNECTED"}}])
    except Refused as refused:
        return refused.status, kind, _errors([{"message": refused.message, "extensions": {"code": refused.code}}])
    except RequestErrors as refused:
        return 400 if modern else 200, kind, _errors(refused.errors)
    except Exception:
        LOG.exception("a request failed")
        return (
            500,
            kind,
            _errors([{"message": "the service failed; its log says how", "extensions": {"code": "FAULT"}}]),
        )


def _request(scope: Scope, headers: dict[bytes, str], body: bytes) -> tuple[str, dict[str, Any], str | None]:
    """Document, variables and operation name."""
    if scope["path"] != "/graphql":
        raise Refused(404, "NOT_FOUND", "there is only /graphql here")
    if scope["method"] != "POST":
        raise Refused(405, "METHOD", "send the operation with POST")
    if headers.get(b"content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refused(415, "MEDIA_TYPE", "send the operation as application/json")
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "BAD_JSON", "the body is no JSON") from None
    if not isinstance(request, dict) or not isinstance(request.get("query"), str):
        raise Refused(400, "BAD_REQUEST", 'the body is no object with a "query" text')
    variables, name = request.get("variables"), request.get("operationName")
    variables = {} if variables is None else variables
    if not isinstance(variables, dict):
        raise Refused(400, "BAD_REQUEST", '"variables" is no object')
    if name is not None and not isinstance(name, str):
        raise Refused(400, "BAD_REQUEST", '"operationName" is no text')
    return request["query"], variables, name


async def _body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "DISCONNECTED", "the client left before its request was whole")
        body += bytes(message.get("body", b""))
        if len(body) > MOST_BODY_BYTES:
            raise Refused(413, "TOO_LARGE", f"a request may have {MOST_BODY_BYTES} bytes")
        if not message.get("more_body"):
            return body


async def _leaves(receive: Receive) -> None:
    """Returns when the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _errors(errors: list[dict[str, Any]]) -> bytes:
    text: str = json.dumps({"errors": errors}, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


async def _send(send: Send, status: int, kind: bytes, body: bytes) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    if status == 405:
        headers.append((b"allow", b"POST"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
