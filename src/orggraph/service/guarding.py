"""Who may ask. In: a request's Host, Origin and token. Out: the request goes on, or is Refused."""

from __future__ import annotations

from orggraph.service.reply import Reply
from orggraph.service.request import Request
from orggraph.service.routes import Handler
from orggraph.service.settings import ServiceSettings


def guarded(handler: Handler, settings: ServiceSettings) -> Handler:  # noqa: ARG001  not yet
    """The same handler for those who may ask."""

    async def answer(request: Request) -> Reply:
        return await handler(request)

    return answer
