"""Who may ask. In: a request's Host, Origin and token. Out: the request goes on, or is Refused with how to be let in.

    Host    a name of this service: else another's name leads here, by which a page of theirs would read us (DNS rebinding)
    Origin  a page of this service, or one that ``--allow-origin`` names: else a page of another site asks through a visitor
            (browsers send it, or Sec-Fetch-Site)
    token   one of the file's, where there is a file; not for what is open to all

Addresses are no names that somebody else could have led here, so a Host that is an address is let in.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection

from orggraph.errors import OrggraphError
from orggraph.service.headers import read_once
from orggraph.service.names import ANY, host_names, is_address, is_local, name_of, origins
from orggraph.service.refusing import Refused
from orggraph.service.reply import Reply
from orggraph.service.request import Request
from orggraph.service.routes import Handler, Routes
from orggraph.service.settings import ServiceSettings
from orggraph.service.tokens import Tokens

FOREIGN = frozenset({b"cross-site", b"same-site"})
"""What browsers say of requests that a page of another origin makes, where they send no Origin."""


def check_guarded(settings: ServiceSettings) -> None:
    """Raises OrggraphError where others could ask and nothing was said of who may."""
    if is_local(settings.host) or settings.tokens or settings.behind_proxy:
        return
    raise OrggraphError(
        f"{settings.host} can be reached from other machines, and nothing guards it. Either say who may ask: "
        "--tokens FILE (make one: orggraph token NAME --tokens FILE); or say that a proxy in front of it does: "
        "--behind-proxy. Without --host only this machine can ask.",
        "UNGUARDED",
    )


def guarded(handler: Handler, routes: Routes, settings: ServiceSettings, tokens: Tokens | None) -> Handler:
    """The same handler for those who may ask."""
    check_host, allowed = host_check(settings), origins(settings.origins)

    async def answer(request: Request) -> Reply:
        host = request.headers.get(b"host")
        if host is not None:
            check_host(host)
        elif request.http_version != "1.0":
            raise Refused(400, "NO_HOST", "HTTP/1.1 wants a Host header")
        origin = request.headers.get(b"origin")
        if origin is not None:
            if not same_site(origin, host):
                check_origin(origin, allowed)
        elif request.headers.get(b"sec-fetch-site", b"none") in FOREIGN:
            check_fetch(request)
        if tokens is not None:
            route = routes.find(request.path)
            if route is None or not route.open_to_all:
                request.who = tokens.check(request.headers.get(b"authorization", b""))
        return await handler(request)

    return answer


def host_check(settings: ServiceSettings) -> Callable[[bytes], None]:
    """A function that raises Refused for a Host header that is no name of this service."""
    names = {"localhost", socket.gethostname().lower(), settings.host.lower(), *host_names(settings.hosts)}

    @read_once
    def check(host: bytes) -> None:
        name = name_of(host.decode("latin-1"))
        if name is None:
            raise Refused(400, "BAD_HOST", "the Host header is no name with a port, or comes twice")
        if ANY not in names and name not in names and not is_address(name):
            message = f"this service is not called {name}; if it is, start it with --allow-host {name}"
            raise Refused(421, "HOST_NOT_ALLOWED", message)

    return check


def same_site(origin: bytes, host: bytes | None) -> bool:
    """Whether a page of this service asks: by its address, for a proxy may have spoken https for us."""
    return host is not None and origin.partition(b"://")[2] == host


def check_origin(origin: bytes, allowed: Collection[str]) -> None:
    """Raises Refused for a page of another site, unless it is allowed."""
    name = origin.decode("latin-1")
    if ANY not in allowed and name not in allowed:
        message = f"pages of {name} may not ask here; if they may, start the service with --allow-origin {name}"
        raise Refused(403, "ORIGIN_NOT_ALLOWED", message)


def check_fetch(request: Request) -> None:
    """Raises Refused where a page of another site fetches what it could not read, by how long it takes to tell what is there;
    who follows a link from there is let in."""
    if request.headers.get(b"sec-fetch-mode") != b"navigate":
        message = "pages of other sites may not ask here, unless they are allowed (--allow-origin) and ask by CORS"
        raise Refused(403, "ORIGIN_NOT_ALLOWED", message)
