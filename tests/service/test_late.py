"""What is imported late: the paths that are told beforehand are those of its routes; a start does without it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from orggraph.graphql.caches import CACHES
from orggraph.service import late
from orggraph.service.answering import Answering
from orggraph.service.caches import cache_routes
from orggraph.service.exports import export_routes
from orggraph.service.piecewise import Piecewise
from orggraph.service.questions import question_routes
from orggraph.service.settings import ServiceSettings
from orggraph.service.shelf import Shelf
from orggraph.service.things import thing_route

LATE = (
    "orggraph.service.exports",
    "orggraph.service.questions",
    "orggraph.rdf",
    "orggraph.records.reading",
    "pydantic",
)


def test_the_paths_are_those_of_the_routes(store_of: Callable[[str], Path]) -> None:
    settings = ServiceSettings(store_of("university"), questions=Path("queries"))
    answering = Answering(settings)
    shelf = Shelf(Path("queries"), answering)
    pieces = Piecewise(1)
    made = [*cache_routes(answering), *export_routes(settings, pieces), thing_route(settings, answering.some)]
    made += question_routes(settings, answering, shelf, pieces)
    told = [*late.caches(answering), *late.exports(settings, pieces), *late.thing(settings, answering)]
    told += late.questions(settings, answering, pieces)
    assert [(one.path, one.open_to_all) for one in told] == [(one.path, one.open_to_all) for one in made]
    assert len(CACHES) == len(late.CACHES)


def test_a_start_does_without() -> None:
    told = "import sys, orggraph.cli.serve, orggraph.service.running; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split()
    assert "orggraph.service.app" in found
    assert not set(LATE) & set(found)
