"""``/clients/apollo.js`` and the like: what clients' caches must know of the model that is served."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from orggraph.graphql.caches import CACHES
from orggraph.model.model import Model
from orggraph.service.answering import Answering
from orggraph.service.refusing import Refused
from orggraph.service.reply import JSON, Reply
from orggraph.service.request import Request
from orggraph.service.routes import Handler, Route

SCRIPT = b"text/javascript; charset=utf-8"


def cache_routes(answering: Answering) -> Iterator[Route]:
    """One for each file that we make for clients."""
    for name, make in CACHES.items():
        kind = SCRIPT if name.endswith(".js") else JSON
        yield Route(f"/clients/{name}", {"GET": _get(answering, make, kind)})


def _get(answering: Answering, make: Callable[[Model], str], kind: bytes) -> Handler:
    made: list[tuple[Model, bytes]] = []

    async def get(_: Request) -> Reply:
        if not answering.engine.introspection:
            raise Refused(
                403, "INTROSPECTION_OFF", "what the schema holds is not told here; orggraph model cache prints it"
            )
        model = answering.engine.store.model
        if not made or made[0][0] is not model:
            made[:] = [(model, make(model).encode())]
        return Reply(200, made[0][1], kind)

    return get
