"""What a service is told when it starts. In: the command line. Out: one frozen ``ServiceSettings``, which every part reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from orggraph.settings import Bounds, bound


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """How much a worker takes on at once, and how long it waits for whom; what is beyond is refused with a code."""

    body_bytes: int = bound(1024 * 1024, "BODY_TOO_LARGE", "bytes of a request's body")
    body_seconds: float = bound(30.0, "SLOW_BODY", "seconds in which a body must have come")
    url_bytes: int = bound(32 * 1024, "URL_TOO_LONG", "bytes of a URL's query")
    header_bytes: int = bound(64 * 1024, "HEAD_TOO_LARGE", "bytes of a request's head")
    header_seconds: float = bound(10.0, "SLOW_HEAD", "seconds in which a head must have come")
    connections: int = bound(1_000, "TOO_MANY_CONNECTIONS", "connections at once")
    threads: int = bound(
        2, "", "statements that run beside the event loop at once, of the dear and of the very dear each"
    )
    waiting: int = bound(32, "QUEUE_FULL", "operations that wait for one of these threads")
    waiting_seconds: float = bound(10.0, "QUEUE_SLOW", "seconds that one waits for it")
    held_bytes: int = bound(
        64 * 1024 * 1024, "TOO_BUSY", "bytes of bodies that come in and of replies that are read slowly"
    )
    send_seconds: float = bound(30.0, "SLOW_READER", "seconds in which who is sent a reply must have read some of it")
    exports: int = bound(2, "TOO_MANY_EXPORTS", "exports of the graph at once")
    keep_alive_seconds: float = bound(75.0, "", "seconds that a connection is kept with nothing asked")
    followers: int = bound(100, "TOO_MANY_FOLLOWERS", "clients that are sent changes at once")
    heartbeat_seconds: float = bound(15.0, "", "seconds after which who follows changes is told that there are none")
    stop_seconds: float = bound(
        20.0, "STOPPING", "seconds in which what is under way is finished when the service is to stop"
    )


@dataclass(frozen=True)
class ServiceSettings(Capacity):
    """``hosts``: names that the service is called by, besides those of this machine and addresses (``*``: any). ``origins``:
    other sites whose pages may ask (``*``: any). ``tokens``: the file of those who may ask. ``behind_proxy``: a proxy
    guards it. ``documents``: the folder of the only documents that are answered. ``questions``: the folder of those that
    have a name. ``compress_from``: bytes of a body that is packed
    for who accepts it; less is one packet of the network as it is. ``log``: text, json or off. ``slow_seconds``: of a
    statement that is logged as slow. ``traces``: OpenTelemetry is told of every request."""

    store: Path
    bounds: Bounds = field(default_factory=Bounds)
    host: str = "127.0.0.1"
    port: int = 8000
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    tokens: Path | None = None
    behind_proxy: bool = False
    documents: Path | None = None
    questions: Path | None = None
    introspection: bool = True
    pages: bool = True
    compress_from: int = 1_400
    workers: int = 1
    log: str = "text"
    slow_seconds: float = 1.0
    traces: bool = False

    @property
    def shows_page(self) -> bool:
        """Whether there is a page to ask in; it knows what can be asked by introspection."""
        return self.pages and self.introspection
