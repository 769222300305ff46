"""A real service on a free port of this machine, for as long as a test wants it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn

from orggraph.service.app import Service, create_app
from orggraph.service.settings import ServiceSettings

MODERN = {"accept": "application/graphql-response+json"}


class Url(str):
    """Where a service is, and the service."""

    service: Service

    def __new__(cls, text: str, service: Service) -> Url:
        url = super().__new__(cls, text)
        url.service = service
        return url


@contextmanager
def serving(store: Path, **settings: Any) -> Iterator[Url]:
    """Serves a store with these settings; gives ``http://127.0.0.1:PORT``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create_app(replace(ServiceSettings(store, port=port, log="off"), **settings))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.started
        yield Url(f"http://127.0.0.1:{port}", app)
    finally:
        server.should_exit = True
        thread.join(10)
