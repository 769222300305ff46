"""What a service is told when it starts. In: the command line. Out: one frozen ``ServiceSettings``, which every part reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from orggraph.settings import Bounds


@dataclass(frozen=True)
class ServiceSettings:
    """``hosts``: names that the service is called by, besides those of this machine and addresses (``*``: any). ``origins``:
    other sites whose pages may ask (``*``: any). ``tokens``: the file of those who may ask. ``behind_proxy``: a proxy
    guards it. ``documents``: the folder of the only documents that are answered. ``compress_from``: bytes of a body that is packed
    for who accepts it; less is one packet of the network as it is."""

    store: Path
    bounds: Bounds = field(default_factory=Bounds)
    host: str = "127.0.0.1"
    port: int = 8000
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    tokens: Path | None = None
    behind_proxy: bool = False
    documents: Path | None = None
    introspection: bool = True
    pages: bool = True
    body_bytes: int = 1024 * 1024
    body_seconds: float = 30.0
    url_bytes: int = 64 * 1024
    compress_from: int = 1_400
