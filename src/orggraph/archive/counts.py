"""How many there are of everything in a bag, as it says itself."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Counts:
    """What is in a bag, as its ``orggraph.json`` says. ``load`` and ``at``: the newest load, 0 and blank if there is none."""

    model: str
    load: int = 0
    at: str = ""
    quads: int = 0
    entities: int = 0
    pages: int = 0
    tables: dict[str, int] = field(default_factory=dict)
