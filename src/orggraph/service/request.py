"""One HTTP request. In: what the ASGI server gives. Out: its parts, each read once; its body, within bounds.

Headers that come twice are joined by commas, as HTTP has it; names are in lower case.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from orggraph.service.account import Account
from orggraph.service.refusing import Refused

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Left(Exception):
    """The client has gone; nobody waits for the answer."""


@dataclass(slots=True)
class Request:
    """``query``: what follows the question mark, as it came. ``client``: the address that it came from. ``id``: what the logs
    and the client call it by. ``who``: the name of the token that it brought. ``account``: what is known of it for the logs."""

    method: str
    path: str
    query: bytes
    headers: dict[bytes, bytes]
    receive: Receive
    http_version: str = "1.1"
    client: str = ""
    id: str = ""
    who: str = ""
    account: Account = field(default_factory=Account)

    def header(self, name: bytes) -> str:
        """A header as text; empty where there is none."""
        return self.headers.get(name, b"").decode("latin-1")

    async def body(self, most: int, seconds: float) -> bytes:
        """The whole body. Raises Refused above ``most`` bytes, or when it has not come in that time; Left."""
        told = self.headers.get(b"content-length")
        if told is not None and told.isdigit() and int(told) > most:
            raise too_large(most)
        try:
            async with asyncio.timeout(seconds):
                return await self._whole(most)
        except TimeoutError:
            raise Refused(408, "SLOW_BODY", f"the body did not come within {seconds:g} s") from None

    async def _whole(self, most: int) -> bytes:
        parts: list[bytes] = []
        size = 0
        while (message := await self.receive())["type"] != "http.disconnect":
            parts.append(bytes(message.get("body", b"")))
            size += len(parts[-1])
            if size > most:
                raise too_large(most)
            if not message.get("more_body"):
                return parts[0] if len(parts) == 1 else b"".join(parts)
        raise Left

    async def leaves(self) -> None:
        """Returns when the client has gone; the body has been read before."""
        while (await self.receive())["type"] != "http.disconnect":
            pass


def too_large(most: int) -> Refused:
    return Refused(413, "BODY_TOO_LARGE", f"a request's body may have {most} bytes")


def request_of(scope: Scope, receive: Receive) -> Request:
    """The request of an ASGI scope."""
    pairs: list[tuple[bytes, bytes]] = scope["headers"]
    headers = dict(pairs)
    if len(headers) != len(pairs):
        headers = {}
        for name, value in pairs:
            headers[name] = headers[name] + b", " + value if name in headers else value
    client = scope.get("client")
    return Request(
        scope["method"],
        scope["path"],
        scope["query_string"],
        headers,
        receive,
        scope["http_version"],
        client[0] if client else "",
    )
