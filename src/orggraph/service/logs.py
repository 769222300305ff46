"""Lines of log: one for each request, one for each slow statement, one for whatever else happens. In: requests and the
standard library's records. Out: text or JSON lines on one stream.

No line has values of variables or text of a document, only its hash; a fault is told whole. Lines of requests are gathered
for a tenth of a second, for writing each by itself costs as much as a small answer.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TextIO

import msgspec

from orggraph.service.reply import Reply
from orggraph.service.request import Request

ENCODER = msgspec.json.Encoder()
FORMS = ("text", "json", "off")
GATHERED = 0.1
MOST_LINES = 1_000
LONGEST = 200
"""Characters of what a client has named."""
Fields = Mapping[str, Any]


class Log:
    """``form``: text, json, or off (then only what is worth a warning). ``slow``: seconds of a statement that is told of."""

    def __init__(self, form: str, slow: float, stream: TextIO | None = None) -> None:
        self._requests = form != "off"
        self._line = json_line if form == "json" else text_line
        self._slow = slow
        self._stream = stream
        self._lines: list[str] = []
        self._second, self._stamp = 0, ""
        self._due = False
        self._lock = threading.Lock()

    def request(self, request: Request, reply: Reply, seconds: float) -> None:
        """A line for a request that was replied to, and another if its statement was slow."""
        account = request.account
        ran = account.ran
        if ran is not None and ran[1] - ran[0] >= self._slow:
            self._write(request_fields(request, reply, seconds, "slow", "warning", self._now()))
        elif self._requests:
            self._write(request_fields(request, reply, seconds, "request", "info", self._now()))

    def refused(self, client: str, status: int, code: str, id: str) -> None:
        """A line for what was refused before it became a request."""
        if self._requests:
            fields = {"at": self._now(), "level": "info", "event": "refused", "id": id, "client": client}
            self._write({**fields, "status": status, "code": code})

    def event(self, level: str, event: str, **fields: Any) -> None:
        """Whatever else happens; at once."""
        self._write({"at": self._now(), "level": level, "event": event, **fields})
        self.flush()

    def flush(self) -> None:
        with self._lock:
            lines, self._lines, self._due = self._lines, [], False
            if lines:
                stream = self._stream or sys.stderr
                with suppress(OSError, ValueError):  # who read the log has gone; requests are answered all the same
                    stream.write("".join(lines))
                    stream.flush()

    def _write(self, fields: Fields) -> None:
        line = self._line(fields)
        with self._lock:
            self._lines.append(line)
            due, self._due = self._due and len(self._lines) < MOST_LINES, True
        if not due:
            try:
                asyncio.get_running_loop().call_later(GATHERED if len(self._lines) < MOST_LINES else 0, self.flush)
            except RuntimeError:  # not in the event loop: nobody would come by later
                self.flush()

    def _now(self) -> str:
        now = time.time()
        second = int(now)
        if second != self._second:
            self._second, self._stamp = second, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        return f"{self._stamp}.{int((now - second) * 1000):03d}Z"


def request_fields(request: Request, reply: Reply, seconds: float, event: str, level: str, at: str) -> dict[str, Any]:
    """What is told of a request."""
    account = request.account
    fields = {
        "at": at,
        "level": level,
        "event": event,
        "id": request.id,
        "client": request.client,
        "method": request.method[:LONGEST],
        "path": request.path[:LONGEST],
        "status": reply.status,
        "ms": round(seconds * 1e3, 3),
        "bytes": len(reply.body),
    }
    if reply.code:
        fields["code"] = reply.code
    if request.who:
        fields["who"] = request.who
    if account.document:
        fields["document"] = account.document
    if account.operation:
        fields["operation"] = account.operation[:LONGEST]
    if account.price is not None:
        fields["price"] = round(account.price)
    if account.ran is not None:
        fields["statement_ms"] = round((account.ran[1] - account.ran[0]) * 1e3, 3)
    return fields


def json_line(fields: Fields) -> str:
    return str(ENCODER.encode(fields), "utf-8") + "\n"


def text_line(fields: Fields) -> str:
    """``AT LEVEL EVENT name=value …``; what has blanks, quotes or line ends in it is quoted. A trace follows on lines of its
    own."""
    found = dict(fields)
    trace = str(found.pop("trace", ""))
    head = f"{found.pop('at')} {found.pop('level')} {found.pop('event')}"
    return " ".join([head, *(f"{name}={_shown(value)}" for name, value in found.items())]) + "\n" + trace


def _shown(value: Any) -> str:
    text = str(value)
    return text if text.isprintable() and not set(text) & {" ", '"', "="} else json.dumps(text, ensure_ascii=False)


class Records(logging.Handler):
    """The standard library's records on the same stream, in the same form."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.INFO)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        more = {"trace": trace} if trace else {}
        self._log.event(record.levelname.lower(), record.name, message=record.getMessage(), **more)


def log_all(log: Log) -> None:
    """From now on all that this process logs goes there."""
    logging.basicConfig(handlers=[Records(log)], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
