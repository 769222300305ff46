"""Is what is made now what was written then? In: pieces as they are made, a file that should say the same. Out: the first line in
which it does not; nothing is held."""

from __future__ import annotations

from typing import IO

from orggraph.rdf.lines import number_of_lines


class Compared:
    """``line``: of the first difference, once there is one."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.line, self.same = file, 1, True

    def take(self, piece: bytes) -> None:
        if not self.same:
            return
        there = self.file.read(len(piece))
        self.same = there == piece
        self.line += number_of_lines(piece if self.same else piece[: _alike(piece, there)])

    def whole(self) -> bool:
        """Whether it was all of the file; asked once, at the end."""
        self.same = self.same and not self.file.read(1)
        return self.same


def _alike(one: bytes, other: bytes) -> int:
    """How many bytes at the beginning are the same."""
    differ = (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differ, min(len(one), len(other)))
