"""What is known of one request when its reply goes out: for its line in the log, for counts, for traces. In: those who did the
work, each its part. Out: numbers and names; never values of variables, never a document's text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

KEPT_LENGTH = 4_096


@dataclass(slots=True)
class Account:
    """``document``: SHA-256 of its text, by which persisted documents go too. ``price``: rows that the statement was
    expected to look at (None: there was none). ``read``, ``ran``: from when until when (``perf_counter``) the document was
    read and planned, and the statement ran."""

    document: str = ""
    operation: str = ""
    price: float | None = None
    read: tuple[float, float] | None = None
    ran: tuple[float, float] | None = None

    @property
    def statement(self) -> float | None:
        """Seconds of the statement."""
        return None if self.ran is None else self.ran[1] - self.ran[0]


def document_hash(document: str) -> str:
    return _kept_hash(document) if len(document) <= KEPT_LENGTH else _hash(document)


def _hash(document: str) -> str:
    return hashlib.sha256(document.encode("utf-8", "surrogatepass")).hexdigest()


_kept_hash = lru_cache(1_000)(_hash)
