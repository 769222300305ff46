"""``/graphql``. In: a request. Out: the engine's bytes, unparsed."""

from __future__ import annotations

from orggraph.service.answering import Answering
from orggraph.service.media import answer_kind
from orggraph.service.operation import from_body
from orggraph.service.reply import Reply
from orggraph.service.request import Request
from orggraph.service.routes import Handler, Route
from orggraph.service.settings import ServiceSettings


def graphql_route(settings: ServiceSettings, answering: Answering) -> Route:
    """GraphQL over HTTP."""
    return Route("/graphql", {"POST": _post(settings, answering)})


def _post(settings: ServiceSettings, answering: Answering) -> Handler:
    async def post(request: Request) -> Reply:
        kind = answer_kind(request)
        operation = from_body(request, await request.body(settings.body_bytes, settings.body_seconds))
        question = await answering.question(*operation)
        return Reply(200, await answering.answer(question, request.leaves), kind)

    return post
