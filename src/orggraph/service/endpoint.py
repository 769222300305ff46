"""``/graphql``, by GraphQL over HTTP. In: a request. Out: the engine's bytes, unparsed.

POST and GET ask the same. What GET gives is tagged, so that whoever has the answer is told so (304) without a statement being run.
"""

from __future__ import annotations

from orggraph.graphql.engine import RequestErrors
from orggraph.service.answering import Answering
from orggraph.service.documents import Documents
from orggraph.service.media import answer_kind, wants_html
from orggraph.service.operation import from_body, from_query
from orggraph.service.packing import NEGOTIATED
from orggraph.service.refusing import Refused
from orggraph.service.reply import TEXT, Reply
from orggraph.service.request import Request
from orggraph.service.routes import Handler, Route
from orggraph.service.settings import ServiceSettings
from orggraph.service.tagging import LASTS, has, tag_of

VARY = (b"vary", b"Accept")
POST_HEADERS = (VARY,)
TO_PAGE = Reply(303, b"", TEXT, ((b"location", b"./"), VARY))
"""To a browser that asks nothing: the page to ask in, wherever a proxy has put it."""


def graphql_route(settings: ServiceSettings, answering: Answering, documents: Documents) -> Route:
    """GraphQL over HTTP."""
    return Route(
        "/graphql", {"GET": _get(settings, answering, documents), "POST": _post(settings, answering, documents)}
    )


def _post(settings: ServiceSettings, answering: Answering, documents: Documents) -> Handler:
    async def post(request: Request) -> Reply:
        kind = answer_kind(request)
        body = await request.body(settings.body_bytes, settings.body_seconds)
        document, variables, name = documents.operation(from_body(request, body))
        asked = await answering.question(document, variables, name, request.account)
        return Reply(200, await answering.answer(asked, request), kind, POST_HEADERS)

    return post


def _get(settings: ServiceSettings, answering: Answering, documents: Documents) -> Handler:
    async def get(request: Request) -> Reply:
        if settings.shows_page and not request.query and wants_html(request):
            return TO_PAGE
        kind = answer_kind(request)
        if len(request.query) > settings.url_bytes:
            raise Refused(
                414, "URL_TOO_LONG", f"a URL may have {settings.url_bytes} bytes; send the operation with POST"
            )
        document, variables, name = documents.operation(from_query(request.query))
        try:
            asked = await answering.question(document, variables, name, request.account)
        except RequestErrors as refused:
            if refused.code == "READ_ONLY":
                raise Refused(405, refused.code, refused.message, ((b"allow", b"GET, HEAD, POST, OPTIONS"),)) from None
            raise
        tag = tag_of(asked.question, asked.edition.engine.store, document, name, kind)
        held = request.headers.get(b"if-none-match")
        if held is not None and (known := has(held, tag)):
            return Reply(304, headers=((b"etag", known), LASTS, VARY, NEGOTIATED))
        headers = ((b"etag", tag), LASTS, VARY)
        return Reply(200, await answering.answer(asked, request), kind, headers)

    return get
