"""What all connections of a worker hold, and how much each may. In: settings; what ``protocol.py`` counts. Out: bytes that are
held, for whoever would add to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


class Sends(Protocol):
    """A connection whose client reads slowly."""

    def unsent(self) -> int:
        """Bytes that it has not read yet."""


@dataclass
class Connections:
    """``most`` at once. ``bodies``: bytes of requests that are not replied to yet. ``slow``: connections whose clients read
    slower than is written, with what was left when it was looked at last. ``refused``: told of each refusal the client, status and
    code; gives the id under which it is logged."""

    most: int
    head_bytes: int
    head_seconds: float
    send_seconds: float
    refused: Callable[[str, int, str], str]
    bodies: int = 0
    slow: dict[Sends, int] = field(default_factory=dict)

    def held(self) -> int:
        """Bytes of bodies that came, and of replies that were not read yet."""
        if not self.slow:
            return self.bodies
        return self.bodies + sum(one.unsent() for one in self.slow)
