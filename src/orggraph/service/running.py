"""How a service runs from its start to its end, in one process or in several. In: ``ServiceSettings``. Out: the exit status."""

from __future__ import annotations

import gc
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

from orggraph.errors import OrggraphError
from orggraph.service.app import Service
from orggraph.service.logs import Log, log_all
from orggraph.service.server import listen, serve
from orggraph.service.settings import ServiceSettings
from orggraph.service.workers import Workers


def run(settings: ServiceSettings, tell: Callable[[str], None]) -> int:
    """Serves until it is told to stop; ``tell`` is given the URL once it listens. Raises OrggraphError."""
    gc.disable()  # what is made now stays
    log = Log(settings.log, settings.slow_seconds)
    log_all(log)
    if settings.workers == 1:
        service = Service(settings, log)
        _serve(service, _listening(settings, tell))
        return 0
    with tempfile.TemporaryDirectory(prefix="orggraph-") as counts:
        service = Service(settings, log, Path(counts))
        listening = _listening(settings, tell)

        def work(worker: int) -> None:
            service.be(worker)
            _serve(service, listening)

        return Workers(settings.workers, work, listening.close, settings.stop_seconds, log).run()


def _serve(service: Service, listening: socket.socket) -> None:
    """One process, from its start to its end."""
    end = _no_traces
    if service.settings.traces:
        from orggraph.service.tracing import export  # an optional extra

        end = export()
    serve(service, listening)
    end()


def _no_traces() -> None:
    pass


def _listening(settings: ServiceSettings, tell: Callable[[str], None]) -> socket.socket:
    """A socket to serve, when all else is made. Looking through that for garbage again and again took a tenth of a second, and
    would make a copy of it for each worker."""
    try:
        listening = listen(settings.host, settings.port)
    except OSError as error:
        message = (
            f"{settings.host}:{settings.port} cannot be listened on: {error.strerror}; name another with --host, --port"
        )
        raise OrggraphError(message, "CANNOT_LISTEN") from None
    gc.freeze()
    gc.enable()
    host, port, *_ = listening.getsockname()
    tell(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
    return listening
