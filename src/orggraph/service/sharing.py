"""What pages of other sites may read (CORS). In: the origins that are allowed; none, unless it is said. Out: the headers by which
browsers let them, on refusals too; the answer to a browser that asks first."""

from __future__ import annotations

from orggraph.service.names import ANY, origins
from orggraph.service.reply import Reply
from orggraph.service.request import Request
from orggraph.service.routes import Handler
from orggraph.service.settings import ServiceSettings

EXPOSED = (b"access-control-expose-headers", b"ETag, X-Request-Id, Retry-After, WWW-Authenticate, Allow")
BY_ORIGIN = (b"vary", b"Origin")
ASKED_FIRST = (
    (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
    (b"access-control-max-age", b"7200"),
    (b"access-control-allow-private-network", b"true"),
    (b"vary", b"Access-Control-Request-Headers"),
)


def shared(handler: Handler, settings: ServiceSettings) -> Handler:
    """The same handler, whose replies the allowed pages may read."""
    may = origins(settings.origins)
    if not may:
        return handler

    async def answer(request: Request) -> Reply:
        origin = request.header(b"origin")
        allowed = origin in may or (ANY in may and origin != "")
        if not allowed:
            return (await handler(request)).also(BY_ORIGIN)
        mine = ((b"access-control-allow-origin", origin.encode("latin-1")), BY_ORIGIN)
        if request.method == "OPTIONS" and b"access-control-request-method" in request.headers:
            wanted = request.headers.get(b"access-control-request-headers", b"content-type")
            return Reply(204, headers=(*mine, *ASKED_FIRST, (b"access-control-allow-headers", wanted)))
        return (await handler(request)).also(*mine, EXPOSED)

    return answer
