"""Is what is made now what was written then? In: pieces as they are made, a bag whose files should say the same. Out: what is wrong,
with the first line in which it does not; nothing is held."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import repeat
from typing import IO

from orggraph import __version__
from orggraph.archive.contents import COUNTS, GRAPH, MODEL
from orggraph.archive.failing import AGAIN
from orggraph.bags.judging import Judged
from orggraph.bags.places import Place
from orggraph.rdf.lines import number_of_lines

AT_ONCE = 1024 * 1024
SAME_IN_ALL = ("data/graph.nq", "data/tables/", "data/orggraph.json", "manifest-", "tagmanifest-", "bagit.txt")
"""What every version of orggraph writes alike."""
REWORDED: dict[str, tuple[str, ...]] = {__version__: (), "0.1.0": ("README.",)}
"""What versions that are known here wrote otherwise than this one."""


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


@dataclass
class Comparing:
    """``version``: of the orggraph that made the bag. What another one words otherwise is told, and is no problem, unless only what is
    proved will do (``own``)."""

    place: Place
    judged: Judged
    version: str
    own: bool
    seen: set[str] = field(default_factory=set)

    def file(self, name: str, pieces: Iterable[bytes]) -> None:
        """Takes all of the pieces, also of what is not the same."""
        self.seen.add(name)
        if name not in self.place.sizes:
            deque(pieces, 0)
            self.tell(name, "MISSING", f"is missing, and follows from {GRAPH}", 0)
        elif line := self.differs(name, pieces):
            code, message = _wrong(name)
            self.tell(
                name,
                code,
                f"{message}; line {line} is the first that differs",
                line,
            )

    def differs(self, name: str, pieces: Iterable[bytes]) -> int:
        """The first line that is not the same; 0 if all are."""
        with self.place.open(name) as there:
            compared = Compared(there)
            for piece in pieces:
                compared.take(piece)
            return 0 if compared.whole() else compared.line()

    def model(self, files: Mapping[str, str]) -> None:
        """``files``: what follows from the model alone. If several of them say otherwise, the model accuses them, and they accuse
        the model."""
        there = {name: text for name, text in files.items() if name in self.place.sizes and not self.reworded(name)}
        lines = {name: self.differs(name, (text.encode(),)) for name, text in there.items()}
        other = [f"{name}:{line}" for name, line in lines.items() if line]
        if len(other) > 1:
            of = [name for name in self.place.sizes if name.startswith(MODEL)]
            message = (
                f"does not say what {', '.join(other)} say, which follow from it: it is not as it was, or they are not"
            )
            self.judged.found.problem(of[0] if len(of) == 1 else MODEL, "MODEL", message, AGAIN)

    def no_other(self) -> None:
        for name in sorted(self.place.sizes.keys() - self.seen):
            self.tell(name, "UNKNOWN", f"is no file of this bag: it does not follow from {GRAPH}", 0)

    def tell(self, name: str, code: str, message: str, line: int) -> None:
        wrong = not self.reworded(name)
        same = wrong and self.version == __version__
        of = "" if same else f" (the bag is of orggraph {self.version}, this is {__version__})"
        self.judged.unproved += not wrong
        self.judged.found.either(wrong, name, code, message + of, AGAIN, line)

    def reworded(self, name: str) -> bool:
        """Whether the version that the bag is of may have written a file otherwise."""
        if self.own:
            return False
        if self.version in REWORDED:
            return name.startswith(REWORDED[self.version])
        return not name.startswith(SAME_IN_ALL)


def _wrong(name: str) -> tuple[str, str]:
    """What it means that a file is not the same."""
    if name == GRAPH:
        return (
            "NOT_WHOLE",
            "brought back and exported again it is not the same: it is not in canonical form, or not whole, or a line was changed"
            " (it may stand further on) and what follows from it was not",
        )
    if name == COUNTS:
        return "COUNTS", "says other numbers than there are"
    if name.startswith("data/"):
        return "NOT_THE_GRAPH", f"does not say what {GRAPH} and {MODEL} say"
    return "CHANGED", "is not as it was written"
