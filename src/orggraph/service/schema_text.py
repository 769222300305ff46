"""``/schema.graphql``: the SDL that the store keeps."""

from __future__ import annotations

from orggraph.service.answering import Answering
from orggraph.service.refusing import Refused
from orggraph.service.reply import TEXT, Reply
from orggraph.service.request import Request
from orggraph.service.routes import Route


def schema_route(answering: Answering) -> Route:
    """The schema as text."""

    async def get(_: Request) -> Reply:
        if not answering.engine.introspection:
            raise Refused(403, "INTROSPECTION_OFF", "what the schema holds is not told here")
        return Reply(200, answering.engine.store.sdl.encode(), TEXT)

    return Route("/schema.graphql", {"GET": get})
