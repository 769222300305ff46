"""What is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """``ratio``: what is compared with ``goal`` (at least it, or at most where the name says so)."""

    name: str
    scale: int
    n: int
    ratio: float
    goal: float | None
    met: bool | None
