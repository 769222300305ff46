"""An operation as a client sends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Operation:
    """``variables`` are JSON values by name."""

    document: str
    variables: dict[str, Any]
