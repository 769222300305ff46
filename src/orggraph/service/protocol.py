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
            self._refuse(431, "HEAD_TOO_LARGE", f"the head of a request may have {self._bounds.head_bytes} bytes")
            return
        waits = self._rest_is_left or (self._in_head and self._head_bytes > 0)
        if waits != (self._head_timer is not None):
            self._set_head_timer(waits)

    def on_headers_complete(self) -> None:
        self._in_head, self._head_bytes = False, 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        if not self.cycle.response_complete:
            self._body_bytes += len(body)
            self._bounds.bodies += len(body)

    def on_message_complete(self) -> None:
        self._in_head, self._rest_is_left = True, False
        super().on_message_complete()

    def on_response_complete(self) -> None:
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
        if self._head_bytes == 0 and not self.transport.is_closing():
            self.transport.close()
        elif not self.transport.is_closing():
            seconds = self._bounds.head_seconds
            self._refuse(408, "SLOW_HEAD", f"the head of the request did not come within {seconds:g} s")

    def _let_go_of_body(self) -> None:
        self._bounds.bodies -= self._body_bytes
        self._body_bytes = 0

    def _refuse(self, status: int, code: str, message: str, again: bool = False) -> None:
        """Answers for the application, and ends the connection."""
        self._refused = True
        self._set_head_timer(False)
        self._bounds.refused(code)
        if (
            self.cycle is None or self.cycle.response_complete
        ):  # else an answer is on its way, and this would be in its midst
            error = {"errors": [{"message": message, "extensions": {"code": code}}]}
            self.transport.write(_reply(status, json.dumps(error).encode(), again))
        self.transport.close()

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
            self._bounds.refused("SLOW_READER")
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


def _reply(status: int, body: bytes, again: bool) -> bytes:
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        "content-type: application/json; charset=utf-8",
        f"content-length: {len(body)}",
        *(["retry-after: 1"] if again else []),
        "connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body
