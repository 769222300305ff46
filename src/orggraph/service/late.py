"""Parts of the service that are imported when one of their paths is first asked. In: what they need. Out: their routes.

A service should be there at once, and hold nothing that nobody uses: what these need is a third of all that is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator

from orggraph.service.answering import Answering
from orggraph.service.piecewise import Piecewise
from orggraph.service.reply import Reply
from orggraph.service.request import Request
from orggraph.service.routes import Route, Routes
from orggraph.service.settings import ServiceSettings

CACHES = ("/clients/apollo.js", "/clients/apollo.json", "/clients/urql.json")
EXPORTS = ("/export/graph.nq", "/export/graph.nt", "/export/graph.ttl", "/export/graph.trig", "/export/graph.jsonld")
QUESTIONS = ("/questions", "/questions.json", "/questions/*")
SCRIPT = "/questions.js"
THING = "/id/*"


def caches(answering: Answering) -> Iterator[Route]:
    def made() -> Iterable[Route]:
        from orggraph.service.caches import cache_routes

        return cache_routes(answering)

    return later(CACHES, made)


def exports(settings: ServiceSettings, piecewise: Piecewise) -> Iterator[Route]:
    def made() -> Iterable[Route]:
        from orggraph.service.exports import export_routes

        return export_routes(settings, piecewise)

    return later(EXPORTS, made)


def questions(settings: ServiceSettings, answering: Answering, piecewise: Piecewise) -> Iterator[Route]:
    """None where the service has no questions."""
    folder = settings.questions
    if folder is None:
        return

    def made() -> Iterable[Route]:
        from orggraph.service.questions import question_routes
        from orggraph.service.shelf import Shelf

        return question_routes(settings, answering, Shelf(folder, answering), piecewise)

    yield from later((*QUESTIONS, SCRIPT) if settings.pages else QUESTIONS, made, (SCRIPT,))


def thing(settings: ServiceSettings, answering: Answering) -> Iterator[Route]:
    def made() -> Iterable[Route]:
        from orggraph.service.things import thing_route

        yield thing_route(settings, answering.some)

    return later((THING,), made)


def later(
    paths: Iterable[str], made: Callable[[], Iterable[Route]], open_to_all: Container[str] = ()
) -> Iterator[Route]:
    """Routes for GET at these paths; what answers there is ``made`` once, when it is first asked."""
    table: list[Routes] = []

    async def get(request: Request) -> Reply:
        if not table:
            table.append(Routes(made()))
        return await table[0].answer(request)

    for path in paths:
        yield Route(path, {"GET": get}, path in open_to_all)
