"""Which path is answered by what. In: a table of routes. Out: one handler for all of them.

404, 405, HEAD and OPTIONS follow from the table: HEAD is GET without its body (``send_reply`` leaves it out), OPTIONS lists
the methods. A path that ends in ``/*`` stands for all below it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from orggraph.service.refusing import Refused
from orggraph.service.reply import Reply
from orggraph.service.request import Request

Handler = Callable[[Request], Awaitable[Reply]]
METHODS = ("GET", "HEAD", "POST", "OPTIONS")


@dataclass(frozen=True)
class Route:
    """``open_to_all``: needs no token (whether the service is there, and its pages, which hold no data)."""

    path: str
    methods: Mapping[str, Handler]
    open_to_all: bool = False
    allow: bytes = field(init=False)

    def __post_init__(self) -> None:
        taken = {"GET", "HEAD"} if "GET" in self.methods else set()
        named = [one for one in METHODS if one in taken or one in self.methods or one == "OPTIONS"]
        object.__setattr__(self, "allow", ", ".join(named).encode())


class Routes:
    """The table; ``find`` is one look-up for what has no star."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._exact: dict[str, Route] = {}
        self._below: list[tuple[str, Route]] = []
        for route in routes:
            if route.path.endswith("/*"):
                self._below.append((route.path[:-1], route))
            else:
                self._exact[route.path] = route

    def find(self, path: str) -> Route | None:
        """The route of a path."""
        return self._exact.get(path) or next((one for start, one in self._below if path.startswith(start)), None)

    async def answer(self, request: Request) -> Reply:
        """The reply of a path's handler. Raises Refused."""
        route = self._exact.get(request.path) or self.find(request.path)
        if route is None:
            there = ", ".join(self._exact)
            raise Refused(404, "NOT_FOUND", f"there is nothing at this path; there are {there}")
        method = request.method
        handler = route.methods.get("GET" if method == "HEAD" else method)
        if handler is not None:
            return await handler(request)
        if method == "OPTIONS":
            return Reply(204, headers=((b"allow", route.allow),))
        allowed = route.allow.decode()
        raise Refused(405, "METHOD", f"this path takes {allowed}", ((b"allow", route.allow),))
