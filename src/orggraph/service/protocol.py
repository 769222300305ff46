"""One connection, within bounds. In: bytes from a client. Out: requests for the application; or a refusal in a few words, with
its code, and the end of the connection.

uvicorn's own protocol reads heads without end and waits for them, and for clients that do not read their answer, for ever. Here a
head has a time and a size, a connection that comes too late for its number is told so, and who stops reading is let go.
Timers are made only for what does not come at once.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from orggraph.service.connections import Connections

HEAD, INTERIM = b"HTTP/1.1 ", b"HTTP/1.1 1"
LINGERS = 2.0
"""Seconds in which a client that was refused may read why."""


class Connection(HttpToolsProtocol):
    """``bounds``: of this connection, and what all connections hold."""

    def __init__(self, *args: Any, bounds: Connections, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bounds = bounds
        self._head_bytes = 0
        self._in_head = True
        self._rest_is_left = False
        self._body_bytes = 0
        self._refused = False
        self._head_timer: asyncio.TimerHandle | None = None
        self._send_timer: asyncio.TimerHandle | None = None

    # ------------------------------------------------------------ begin and end

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._joined = Joined(transport)
        if len(self.connections) > self._bounds.most:
            self._refuse(503, "TOO_MANY_CONNECTIONS", "too many are connected; ask again soon", True)
        else:
            self._head_timer = self.loop.call_later(self._bounds.head_seconds, self._slow_head)

    def connection_lost(self, exc: Exception | None) -> None:
        self._set_head_timer(False)
        self._not_sending()
        self._let_go_of_body()
        super().connection_lost(exc)

    # ------------------------------------------------------------ what comes in

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._refused or self.transport.is_closing():
            return
        if self._in_head and self._head_bytes > self._bounds.head_bytes:
            self._large_head()
            return
        waits = self._rest_is_left or (self._in_head and self._head_bytes > 0)
        if waits != (self._head_timer is not None):
            self._set_head_timer(waits)

    def on_headers_complete(self) -> None:
        if self._head_bytes > self._bounds.head_bytes and self._size_of_head() > self._bounds.head_bytes:
            self._large_head()
            raise ValueError("refused")  # which ends the parsing of what else has come
        self._in_head, self._head_bytes = False, 0
        super().on_headers_complete()
        self.cycle.transport = self._joined  # type: ignore[assignment]  # as much of one as a reply uses

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        if not self.cycle.response_complete:
            self._body_bytes += len(body)
            self._bounds.bodies += len(body)

    def on_message_complete(self) -> None:
        self._in_head, self._rest_is_left = True, False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self._joined.write(b"")  # a head alone has waited for it
        self._let_go_of_body()
        if self.cycle.more_body:  # what is replied to before it has come is thrown away as it comes, but not for ever
            self._rest_is_left = True
            self._set_head_timer(True)
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP."""
        if not self._refused:
            self._refuse(400, "BAD_HTTP", msg)

    def _set_head_timer(self, wanted: bool) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
        if wanted:
            self._head_timer = self.loop.call_later(self._bounds.head_seconds, self._slow_head)

    def _slow_head(self) -> None:
        self._head_timer = None
        if self.cycle is not None and not self.cycle.response_complete and not self._rest_is_left:
            self._set_head_timer(True)  # the one before is still worked on
        elif self._head_bytes == 0 and not self.transport.is_closing():
            self.transport.close()
        elif not self.transport.is_closing():
            seconds = self._bounds.head_seconds
            self._refuse(408, "SLOW_HEAD", f"the head of the request did not come within {seconds:g} s")

    def _size_of_head(self) -> int:
        """In bytes, without what of a body came with it."""
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _large_head(self) -> None:
        self._refuse(431, "HEAD_TOO_LARGE", f"the head of a request may have {self._bounds.head_bytes} bytes")

    def _let_go_of_body(self) -> None:
        self._bounds.bodies -= self._body_bytes
        self._body_bytes = 0

    def _refuse(self, status: int, code: str, message: str, again: bool = False) -> None:
        """Answers for the application, and ends the connection: a moment later, for a client that still sends would lose the
        answer if it ended before."""
        self._refused = True
        self._set_head_timer(False)
        id = self._turned_away(status, code)
        if (
            self.cycle is None or self.cycle.response_complete
        ):  # else an answer is on its way, and this would be in its midst
            error = {"errors": [{"message": message, "extensions": {"code": code}}]}
            self.transport.write(_reply(status, json.dumps(error).encode(), id, again))
            self.transport.write_eof()
            self._head_timer = self.loop.call_later(LINGERS, self.transport.close)
        else:
            self.transport.close()

    def _turned_away(self, status: int, code: str) -> str:
        return self._bounds.refused(self.client[0] if self.client else "", status, code)

    # ------------------------------------------------------------ what goes out

    def pause_writing(self) -> None:
        super().pause_writing()
        self._bounds.slow[self] = self.unsent()
        if self._send_timer is None:
            self._send_timer = self.loop.call_later(self._bounds.send_seconds, self._look_at_sending)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._not_sending()

    def _look_at_sending(self) -> None:
        """Lets go of a client that has not read anything since the last look."""
        left = self.unsent()
        if left >= self._bounds.slow.get(self, 0):
            self._turned_away(200, "SLOW_READER")
            self.transport.abort()
            return
        self._bounds.slow[self] = left
        self._send_timer = self.loop.call_later(self._bounds.send_seconds, self._look_at_sending)

    def unsent(self) -> int:
        return self.transport.get_write_buffer_size()

    def _not_sending(self) -> None:
        self._bounds.slow.pop(self, None)
        if self._send_timer is not None:
            self._send_timer.cancel()
            self._send_timer = None


class Joined:
    """Writes the head of a reply together with what follows it, which spares the system half of its work."""

    __slots__ = ("_head", "_transport", "is_closing")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        self.is_closing = transport.is_closing

    def write(self, data: bytes) -> None:
        if self._head:
            self._transport.writelines((self._head, data))
            self._head = b""
        elif data.startswith(HEAD) and not data.startswith(INTERIM):
            self._head = data
        elif data:
            self._transport.write(data)

    def close(self) -> None:
        self.write(b"")
        self._transport.close()


def _reply(status: int, body: bytes, id: str, again: bool) -> bytes:
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        "content-type: application/json; charset=utf-8",
        f"content-length: {len(body)}",
        f"x-request-id: {id}",
        *(["retry-after: 1"] if again else []),
        "connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body
