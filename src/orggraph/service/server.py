"""One process that serves: uvicorn with our connections, and our way to stop. In: a service, a socket. Out: nothing; it returns
when it has stopped.

uvicorn by itself would close kept connections at once on SIGTERM, so that a request that is just coming is lost, and die by the
signal. Here, when told to stop, it listens no more; what is under way is finished, for so many seconds at most; requests that
come on kept connections meanwhile are told 503 and to close; what is not finished by then is stopped and told so too.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Iterator
from functools import partial
from typing import Any

import uvicorn

from orggraph.service.app import Service
from orggraph.service.connections import Connections
from orggraph.service.protocol import Connection
from orggraph.service.watching import turned_away

LEAST = 0.3
"""Seconds in which kept connections are told, even if nothing is under way."""
SOON = 0.02
STOPPED = 1.0
"""Seconds in which what was stopped tells its client so."""


class Server(uvicorn.Server):
    """Stops as the service is told to."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        service, loop = self._service, asyncio.get_running_loop()
        service.stopping = True
        began = loop.time()
        until = began + service.settings.stop_seconds
        while not self.force_exit and loop.time() < until and (service.busy or loop.time() < began + LEAST):
            await asyncio.sleep(SOON)
        service.answering.stop()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn's would raise the signal anew at the end; who was asked to stop, and did, has done well (0)."""
        before = {one: signal.signal(one, self.handle_exit) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


def serve(service: Service, listening: socket.socket) -> None:
    """Serves until it is told to stop."""
    settings = service.settings
    bounds = Connections(
        settings.connections,
        settings.header_bytes,
        settings.header_seconds,
        settings.send_seconds,
        turned_away(service.metrics, service.log),
    )
    service.answering.held = bounds.held
    config = uvicorn.Config(
        service,
        http=connection(bounds),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.behind_proxy,
        forwarded_allow_ips="*" if settings.behind_proxy else None,
        timeout_keep_alive=settings.keep_alive_seconds,  # type: ignore[arg-type]  # handed to call_later, as it is
        timeout_graceful_shutdown=STOPPED,  # type: ignore[arg-type]  # handed to wait_for, as it is
    )
    server = Server(config, service)
    service.connections = lambda: len(server.server_state.connections)
    server.run([listening])


def connection(bounds: Connections) -> Any:
    """What uvicorn makes a protocol with, for each connection."""
    return partial(Connection, bounds=bounds)


def listen(host: str, port: int, backlog: int = 2048) -> socket.socket:
    """A socket that takes connections; several processes may share it. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    if found and not any(one[0] == family for one in found):
        family = found[0][0]
    address = next(one[4] for one in found if one[0] == family)
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(address)
    listening.listen(backlog)
    listening.set_inheritable(True)
    return listening
