"""What a service says no with."""

from __future__ import annotations


class Refused(Exception):
    """A request that is not answered: the HTTP status, a code, and what to do; headers that belong to it."""

    def __init__(self, status: int, code: str, message: str, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers
