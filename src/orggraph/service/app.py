"""The service as a bare ASGI application. In: ``ServiceSettings``. Out: what uvicorn serves.

    request ─▶ watched ─▶ shared ─▶ packed ─▶ told ─▶ guarded ─▶ routes ─▶ handler
    reply   ◀─ id, log,   CORS      gzip,    errors   Host,      path,
               counts               br       → reply  token      method

Each layer is a handler around the next; parts of the service add a route to the table, or do their work in a layer.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from orggraph.service.answering import Answering
from orggraph.service.changes import Followers
from orggraph.service.document_folder import read_documents
from orggraph.service.documents import AnyDocument, Documents
from orggraph.service.endpoint import graphql_route
from orggraph.service.guarding import check_guarded, guarded
from orggraph.service.health import health_routes
from orggraph.service.late import caches, exports, questions, thing
from orggraph.service.logs import Log
from orggraph.service.metrics import Metrics
from orggraph.service.packing import packed
from orggraph.service.pages import page_routes
from orggraph.service.piecewise import Piecewise
from orggraph.service.reply import Reply, send_reply
from orggraph.service.request import Receive, Request, Scope, Send, request_of
from orggraph.service.routes import Handler, Route, Routes
from orggraph.service.schema_text import schema_route
from orggraph.service.settings import ServiceSettings
from orggraph.service.sharing import shared
from orggraph.service.telling import told
from orggraph.service.tokens import Tokens
from orggraph.service.unready import STOPPING, reason, unavailable
from orggraph.service.watching import watched

KEEP = 0.25
"""Seconds between two times that a worker writes down its counts for the others."""


class Service:
    """An ASGI application that answers from one store. Made, it has read the store's model and schema, and holds nothing
    that a fork could not share; it begins in the process that serves."""

    def __init__(self, settings: ServiceSettings, log: Log | None = None, counts: Path | None = None) -> None:
        check_guarded(settings)
        self.settings = settings
        self.log = log or Log(settings.log, settings.slow_seconds)
        self.stopping = False
        self.connections: Callable[[], int] = lambda: 0
        self.answering = Answering(settings)
        self._documents = documents(settings, self.answering)
        self.followers = Followers(self.answering, settings, lambda: self.stopping)
        self._counts = counts
        self._begun = False
        self.be(1)

    def be(self, worker: int) -> None:
        """One of several workers, by its number."""
        self._parent = os.getppid()
        self.metrics = Metrics(self.gauges, self._counts, worker)
        self.piecewise = Piecewise(self.settings.exports)
        self._handler = self._layers()

    @property
    def busy(self) -> bool:
        """Whether a request is under way."""
        return self.metrics.in_flight > 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if not self._begun:
                self.begin()
            reply = await self._handler(request_of(scope, receive))
            if self.stopping:
                reply = reply.also((b"connection", b"close"))
            with self.metrics.under_way():
                await send_reply(reply, send, scope["method"] == "HEAD")
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)

    def begin(self) -> None:
        """Opens the store in this process."""
        self._begun = True
        self.answering.start()
        if self._counts is not None:
            self._keep()

    def _keep(self) -> None:
        """Also stops a worker whose parent has died, as nobody else would."""
        if os.getppid() != self._parent:
            os.kill(os.getpid(), signal.SIGTERM)
            return
        self.metrics.keep()
        asyncio.get_running_loop().call_later(KEEP, self._keep)

    def end(self) -> None:
        self.answering.close()
        self.metrics.keep()
        self.log.flush()

    def gauges(self) -> dict[str, float]:
        """What the service is like at the moment."""
        number, at = self.answering.published.load
        return {
            "orggraph_connections": self.connections(),
            "orggraph_queue_waiting": sum(lane.waiting for lane in self.answering.lanes),
            "orggraph_queue_running": sum(lane.running for lane in self.answering.lanes),
            "orggraph_followers": self.followers.number,
            "orggraph_held_bytes": self.answering.held(),
            "orggraph_store_ready": float(self.answering.published.ready),
            "orggraph_load_number": number,
            "orggraph_load_timestamp_seconds": datetime.fromisoformat(at).timestamp() if at else 0.0,
        }

    def _layers(self) -> Handler:
        settings = self.settings
        tokens = Tokens(settings.tokens) if settings.tokens else None
        table = Routes(self._routes(tokens))
        answer = told(guarded(table.answer, table, settings, tokens))
        if settings.traces:
            from orggraph.service.tracing import traced

            answer = traced(answer)
        return watched(shared(packed(self._unless_stopping(answer), settings), settings), table, self.metrics, self.log)

    def _routes(self, tokens: Tokens | None) -> Iterator[Route]:
        """The whole table."""
        asked = [
            graphql_route(self.settings, self.answering, self._documents),
            schema_route(self.answering),
            *caches(self.answering),
            *([] if self.settings.documents else [self.followers.route()]),
            *exports(self.settings, self.piecewise),
            *thing(self.settings, self.answering),
            *health_routes(self.answering, self.metrics, lambda: self._unready(tokens)),
            *questions(self.settings, self.answering, self.piecewise),
        ]
        yield from asked
        if self.settings.shows_page:
            yield from page_routes(self.answering, self._documents, [route.path for route in asked])

    def _unready(self, tokens: Tokens | None) -> tuple[str, str] | None:
        """Why no question is answered now, or None: code and words."""
        if self.stopping:
            return STOPPING
        published = self.answering.published
        if not published.ready:
            return reason(published.fault)
        return tokens.fault() if tokens else None

    def _unless_stopping(self, handler: Handler) -> Handler:
        """The same handler; once the service is to stop, only health is told."""

        async def refuse(_: Request) -> Reply:
            raise unavailable(*STOPPING)

        refused = told(refuse)

        async def answer(request: Request) -> Reply:
            if self.stopping and not request.path.startswith("/health/"):
                return await refused(request)
            return await handler(request)

        return answer

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        """Begins, says so, and ends when it is to stop."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.begin()
            else:
                self.end()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return


def documents(settings: ServiceSettings, answering: Answering) -> Documents:
    """What may be asked. Raises OrggraphError."""
    return read_documents(settings.documents, answering.published.engine) if settings.documents else AnyDocument()


def create_app(settings: ServiceSettings) -> Service:
    """The service, not begun yet. Raises OrggraphError."""
    return Service(settings)
