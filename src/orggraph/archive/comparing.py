"""Is what is made now what was written then? In: pieces as they are made, a file that should say the same. Out: the first line in
which it does not; nothing is held."""

from __future__ import annotations

from itertools import repeat
from typing import IO

from orggraph.rdf.lines import number_of_lines

AT_ONCE = 1024 * 1024


class Compared:
    """``size``: how many bytes at the beginning are the same."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.size, self.same = file, 0, True

    def take(self, piece: bytes) -> None:
        if not self.same:
            return
        there = self.file.read(len(piece))
        self.same = there == piece
        self.size += len(piece) if self.same else _alike(piece, there)

    def whole(self) -> bool:
        """Whether it was all of the file; asked once, at the end."""
        self.same = self.same and not self.file.read(1)
        return self.same

    def line(self) -> int:
        """Of the first difference."""
        self.file.seek(0)
        whole, rest = divmod(self.size, AT_ONCE)
        sizes = [*repeat(AT_ONCE, whole), rest]
        return 1 + sum(number_of_lines(self.file.read(size)) for size in sizes)


def _alike(one: bytes, other: bytes) -> int:
    """How many bytes at the beginning are the same."""
    differ = (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differ, min(len(one), len(other)))
