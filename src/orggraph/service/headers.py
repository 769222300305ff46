"""What HTTP's headers say. In: their bytes. Out: what they list, by how welcome it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

Read = TypeVar("Read")
KEPT, SHORT = 1_000, 256
"""Headers of a kind that are kept as read, and the bytes of one: clients send the same ones again, and nobody fills us up."""


def read_once(read: Callable[[bytes], Read]) -> Callable[[bytes], Read]:
    """The same function, that reads each short header once. (A header that is refused is read each time.)"""
    kept = lru_cache(KEPT)(read)
    return lambda header: kept(header) if len(header) <= SHORT else read(header)


def welcome(header: bytes) -> list[tuple[str, float]]:
    """``a/b;q=0.5, */*`` → [("a/b", 0.5), ("*/*", 1.0)]. What is no number weighs nothing."""
    found = []
    for one in header.decode("latin-1").split(","):
        name, *parameters = (part.strip() for part in one.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                quality = _number(value.strip())
        if name:
            found.append((name.lower(), quality))
    return found


def _number(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        return 0.0
    return found if 0 <= found <= 1 else 0.0
