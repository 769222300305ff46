"""``/schema.graphql``: the SDL that the store keeps."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from orggraph.service.answering import Answering
from orggraph.service.packing import NEGOTIATED
from orggraph.service.refusing import Refused
from orggraph.service.reply import TEXT, Reply
from orggraph.service.request import Request
from orggraph.service.routes import Route
from orggraph.service.tagging import LASTS, has


def schema_route(answering: Answering) -> Route:
    """The schema as text."""

    async def get(request: Request) -> Reply:
        if not answering.engine.introspection:
            raise Refused(403, "INTROSPECTION_OFF", "what the schema holds is not told here")
        body, tag = _told(answering.engine.store.sdl)
        held = has(request.headers.get(b"if-none-match", b""), tag)
        if held:
            return Reply(304, headers=((b"etag", held), LASTS, NEGOTIATED))
        return Reply(200, body, TEXT, ((b"etag", tag), LASTS))

    return Route("/schema.graphql", {"GET": get})


@lru_cache(1)
def _told(sdl: str) -> tuple[bytes, bytes]:
    """The text as it is sent, and its tag."""
    body = sdl.encode()
    return body, b'"' + hashlib.blake2b(body, digest_size=16).hexdigest().encode() + b'"'
