"""One HTTP reply. In: status, headers and body from a handler. Out: what the ASGI server sends."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol

from orggraph.service.request import Send

Headers = tuple[tuple[bytes, bytes], ...]
JSON = b"application/json; charset=utf-8"
GRAPHQL_JSON = b"application/graphql-response+json; charset=utf-8"
TEXT = b"text/plain; charset=utf-8"
HTML = b"text/html; charset=utf-8"
BODILESS = frozenset({204, 304})
NOT_KEPT = (b"cache-control", b"no-store")
AS_TOLD = (b"x-content-type-options", b"nosniff")
"""On every reply: it is of the media type that it says."""
OF_PAGES = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        b"connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
"""On every page: it runs and loads nothing but our own files, stands in no other page, and tells no other where one came from.
The page itself may hold only what its editor writes: the place of each line as a style attribute, its colours in style
elements, the waves below mistakes as data: pictures."""


class Stream(Protocol):
    """Bytes as they come; ``aclose`` lets go of all that it holds."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Reply:
    """``kind``: the media type of the body. ``code``: the code of a refusal, for logs and counts. ``stream``: the body piece by
    piece in place of ``body``; each is asked for once the one before has gone."""

    status: int
    body: bytes = b""
    kind: bytes = JSON
    headers: Headers = ()
    code: str = ""
    stream: Stream | None = None

    def also(self, *headers: tuple[bytes, bytes]) -> Reply:
        """The same with more headers."""
        return Reply(self.status, self.body, self.kind, (*self.headers, *headers), self.code, self.stream)


async def send_reply(reply: Reply, send: Send, head: bool = False) -> None:
    """Sends a reply; to HEAD without its body, but with the headers it would have had."""
    headers: list[tuple[bytes, bytes]] = [*reply.headers, AS_TOLD]
    if reply.status not in BODILESS:
        headers.append((b"content-type", reply.kind))
        if reply.stream is None:
            headers.append((b"content-length", str(len(reply.body)).encode()))
    if reply.kind is HTML:
        headers += OF_PAGES
    start = {"type": "http.response.start", "status": reply.status, "headers": headers}
    if reply.stream is not None:
        await _send_pieces(start, reply.stream, send, head)
        return
    await send(start)
    await send({"type": "http.response.body", "body": b"" if head else reply.body})


async def _send_pieces(start: dict[str, Any], stream: Stream, send: Send, head: bool) -> None:
    """No faster than the client reads."""
    async with aclosing(stream) as pieces:
        await send(start)
        if not head:
            async for piece in pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def json_body(value: Any) -> bytes:
    """A value as JSON; a lone surrogate as its escape, for it has no UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def errors_reply(status: int, errors: Iterable[Mapping[str, Any]], kind: bytes = JSON, headers: Headers = ()) -> Reply:
    """GraphQL errors, without data. All refusals, of whatever path, look so; none is kept by a cache."""
    told = list(errors)
    return Reply(status, json_body({"errors": told}), kind, (*headers, NOT_KEPT), str(told[0]["extensions"]["code"]))
