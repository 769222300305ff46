"""The service as a bare ASGI application. In: ``ServiceSettings``. Out: what uvicorn serves.

    request ─▶ watched ─▶ shared ─▶ packed ─▶ told ─▶ guarded ─▶ routes ─▶ handler
    reply   ◀─ id, log,   CORS      gzip,    errors   Host,      path,
               counts               br       → reply  token      method

Each layer is a handler around the next; parts of the service add a route to the table, or do their work in a layer.
"""

from __future__ import annotations

from collections.abc import Iterator

from orggraph.opening import open_another, open_engine
from orggraph.service.answering import Answering
from orggraph.service.caches import cache_routes
from orggraph.service.document_folder import read_documents
from orggraph.service.documents import AnyDocument
from orggraph.service.endpoint import graphql_route
from orggraph.service.guarding import check_guarded, guarded
from orggraph.service.packing import packed
from orggraph.service.reply import send_reply
from orggraph.service.request import App, Receive, Scope, Send, request_of
from orggraph.service.routes import Route, Routes
from orggraph.service.schema_text import schema_route
from orggraph.service.settings import ServiceSettings
from orggraph.service.sharing import shared
from orggraph.service.telling import told
from orggraph.service.watching import watched


def create_app(settings: ServiceSettings) -> App:
    """An ASGI application that answers from one store. Raises OrggraphError."""
    check_guarded(settings)
    engine = open_engine(settings.store, settings.bounds, settings.introspection)
    answering = Answering(engine, lambda: open_another(settings.store, engine))
    table = Routes(routes(settings, answering))
    answer = told(guarded(table.answer, table, settings))
    handler = watched(shared(packed(answer, settings), settings), settings)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            reply = await handler(request_of(scope, receive))
            await send_reply(reply, send, scope["method"] == "HEAD")
        elif scope["type"] == "lifespan":
            await lifespan(receive, send)
            answering.close()

    return app


def routes(settings: ServiceSettings, answering: Answering) -> Iterator[Route]:
    """The whole table."""
    documents = read_documents(settings.documents, answering.engine) if settings.documents else AnyDocument()
    yield graphql_route(settings, answering, documents)
    yield schema_route(answering)
    yield from cache_routes(answering)


async def lifespan(receive: Receive, send: Send) -> None:
    """Says yes to the start, and returns when the service is to stop."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
