"""``/id/KEY``: what is said of one thing, as the client likes it best: a page, Turtle or JSON-LD. In: a GET. Out: one reply."""

from __future__ import annotations

from functools import partial

from orggraph.rdf.export import Form
from orggraph.rdf.one import about
from orggraph.service.headers import welcome
from orggraph.service.lanes import Lane
from orggraph.service.refusing import Refused
from orggraph.service.reply import HTML, Reply
from orggraph.service.request import Request
from orggraph.service.routes import Route
from orggraph.service.settings import ServiceSettings

START = "/id/"
KINDS: dict[str, tuple[Form | None, bytes]] = {
    "text/turtle": (Form.TURTLE, b"text/turtle; charset=utf-8"),
    "application/ld+json": (Form.JSONLD, b"application/ld+json"),
    "text/html": (None, HTML),
    "application/n-triples": (Form.NTRIPLES, b"application/n-triples"),
}
HEADERS = ((b"vary", b"Accept"), (b"cache-control", b"no-cache"))


def thing_route(settings: ServiceSettings, lane: Lane) -> Route:
    async def get(request: Request) -> Reply:
        form, kind = chosen(request.headers.get(b"accept", b"*/*"))
        key = request.path.removeprefix(START)
        body = await lane.run(partial(about, settings.store, key, form))
        if body is None:
            raise Refused(404, "NOT_FOUND", "nothing has this key")
        return Reply(200, body, kind, HEADERS)

    return Route(f"{START}*", {"GET": get})


def chosen(accept: bytes) -> tuple[Form | None, bytes]:
    """The form and media type that the client likes best. Raises Refused."""
    ranges = welcome(accept)
    for name, quality in sorted(ranges, key=lambda one: -one[1]):
        for ours, found in KINDS.items():
            if quality > 0 and name in (ours, f"{ours.partition('/')[0]}/*", "*/*"):
                return found
    raise Refused(406, "NOT_ACCEPTABLE", f"a thing is told as {', '.join(KINDS)}; send one of them as Accept, or */*")
