"""``/export/graph.nq``, ``.nt``, ``.ttl``, ``.trig``, ``.jsonld``: one published load as RDF. In: a GET. Out: a reply piece by piece.

The next piece is made when the one before has gone to the client, in a thread, and by a store of its own; who leaves ends it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl

from orggraph.errors import OrggraphError, StoreError
from orggraph.rdf.asked import Asked
from orggraph.rdf.export import Exported, Form, pieces
from orggraph.service.refusing import Refused
from orggraph.service.reply import Reply
from orggraph.service.request import Left, Request
from orggraph.service.routes import Handler, Route
from orggraph.service.settings import ServiceSettings
from orggraph.service.unready import unavailable

KINDS = {
    "nq": (Form.NQUADS, b"application/n-quads"),
    "nt": (Form.NTRIPLES, b"application/n-triples"),
    "ttl": (Form.TURTLE, b"text/turtle; charset=utf-8"),
    "trig": (Form.TRIG, b"application/trig"),
    "jsonld": (Form.JSONLD, b"application/ld+json"),
}
PARAMETERS = ("at", "during", "knownAt", "load", "certainty", "history")
FRESH = (b"cache-control", b"no-cache")


def export_routes(settings: ServiceSettings) -> Iterator[Route]:
    exports = Exports(settings)
    for ending, (form, kind) in KINDS.items():
        yield Route(f"/export/graph.{ending}", {"GET": exports.handler(ending, form, kind)})


class Exports:
    """``under_way``: how many there are now."""

    def __init__(self, settings: ServiceSettings) -> None:
        self.settings, self.under_way = settings, 0
        self._threads = ThreadPoolExecutor(settings.exports, "export")

    def handler(self, ending: str, form: Form, kind: bytes) -> Handler:
        named = (b"content-disposition", f'attachment; filename="graph.{ending}"'.encode())

        async def get(request: Request) -> Reply:
            asked = asked_of(request.query)
            if request.method == "HEAD":
                return Reply(200, kind=kind, headers=(named, FRESH))
            if self.under_way >= self.settings.exports:
                message = f"{self.under_way} exports are under way already; ask again later"
                raise unavailable("TOO_MANY_EXPORTS", message, 10)
            stream = self.stream(asked, form, request)
            first = await anext(stream, None)  # what cannot be is told before anything is sent
            if first is None:
                raise Left
            return Reply(200, kind=kind, headers=(named, FRESH), stream=_after(first, stream))

        return get

    async def stream(self, asked: Asked, form: Form, request: Request) -> AsyncGenerator[bytes]:
        """Raises Refused before the first piece."""
        loop, told = asyncio.get_running_loop(), Exported()
        made = pieces(self.settings.store, asked, form, told)
        left = asyncio.ensure_future(request.leaves())
        self.under_way += 1
        try:
            while not left.done():
                piece = await loop.run_in_executor(self._threads, next, made, None)
                if piece is None:
                    return
                yield piece
        except StoreError:
            raise
        except OrggraphError as error:
            raise Refused(400, error.code, error.message) from None
        finally:
            self.under_way -= 1
            left.cancel()
            self._threads.submit(made.close)


async def _after(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    try:
        yield first
        async for piece in rest:
            yield piece
    finally:
        await rest.aclose()


def asked_of(query: bytes) -> Asked:
    """``at=2020-03-31&certainty=CERTAIN``. Raises Refused."""
    found: dict[str, str] = {}
    for name, text in parse_qsl(query.decode("ascii", "replace"), max_num_fields=20):
        if name not in PARAMETERS or name in found:
            raise Refused(400, "BAD_QUERY", f"{name}: give each of {', '.join(PARAMETERS)} once at most")
        found[name] = text
    if found.get("certainty", "CERTAIN") not in ("CERTAIN", "POSSIBLE") or found.get("history", "true") not in (
        "true",
        "false",
    ):
        raise Refused(400, "BAD_QUERY", "certainty is CERTAIN or POSSIBLE, history true or false")
    load = found.get("load")
    if load is not None and not (load.isascii() and load.isdigit() and len(load) < 10):
        raise Refused(400, "BAD_QUERY", "load is the number of a load")
    number = None if load is None else int(load)
    certain, history = found.get("certainty") == "CERTAIN", found.get("history") == "true"
    return Asked(found.get("at"), found.get("during"), found.get("knownAt"), number, certain, history)
