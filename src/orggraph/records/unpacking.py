"""A file's bytes, unpacked and within bounds. In: a path. Out: a stream of bytes or lines of text; raises Unreadable.

Whatever stands in a file, reading it takes little memory and its time is bounded by its size: a packed file may grow by so
much and no more, and a line is only so long.
"""

from __future__ import annotations

import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

MOST_GROWTH = 200
"""Tables pack to a fifth or a twentieth; a file that grows two hundred times was made to fill a disk or memory."""
ALWAYS_ALLOWED = 64 * 2**20
LONGEST_LINE = 4_000_000
BLOCK = 2**18
"""Characters that are read at once."""


class Unreadable(Exception):
    """What is wrong with a file or a line of it, and how to mend it; ``code`` as in problems."""

    def __init__(self, code: str, message: str, mend: str, line: int = 0) -> None:
        super().__init__(message)
        self.code, self.message, self.mend, self.line = code, message, mend, line


def too_large(what: str = "unpacks to more than two hundred times its size") -> Unreadable:
    return Unreadable("TOO_LARGE", what, "split it, or look at where it comes from")


def open_file(path: Path) -> io.BufferedReader:
    """A regular file, open; a pipe or a device would never end."""
    try:
        # without NONBLOCK, opening a pipe that nobody writes to would wait for ever
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise Unreadable("NO_FILE", f"cannot be opened: {error.strerror}", "look at its permissions") from None
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise Unreadable("NO_FILE", "is no file but a pipe or a device", "write it into a file first")
    return os.fdopen(number, "rb")


def open_unpacked(path: Path) -> io.BufferedReader:
    """The bytes of a file, those of a .gz unpacked."""
    file = open_file(path)
    if path.suffix.lower() != ".gz":
        return file
    return io.BufferedReader(_Unpacked(file, growth(os.fstat(file.fileno()).st_size)), 2**16)


def growth(size: int) -> int:
    """How many bytes may come out of a packed file of so many."""
    return max(ALWAYS_ALLOWED, MOST_GROWTH * size)


class _Unpacked(io.RawIOBase):
    """A .gz as it is unpacked."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self.file, self.inner, self.left = file, gzip.GzipFile(fileobj=file), most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        try:
            found = self.inner.read(len(view))
        except (EOFError, OSError, zlib.error):
            raise Unreadable("GZIP", "is cut off, or no .gz", "make it anew, or unpack it") from None
        self.left -= len(found)
        if self.left < 0:
            raise too_large()
        view[: len(found)] = found
        return len(found)

    def close(self) -> None:
        self.inner.close()
        self.file.close()
        super().close()


def bounded_lines(text: io.TextIOBase) -> Iterator[str]:
    """Lines with their ends; raises Unreadable for one that is too long."""
    return chain.from_iterable(map(lines_of, bounded_blocks(text)))


def bounded_blocks(text: io.TextIOBase) -> Iterator[str]:
    """Some whole lines at a time; raises Unreadable for a line that is too long."""
    rest = ""
    while chunk := text.read(BLOCK):
        block = rest + chunk
        if len(block) >= LONGEST_LINE and len(next(lines_of(block))) >= LONGEST_LINE:
            raise Unreadable("TOO_LARGE", f"is a line of more than {LONGEST_LINE:,} characters", "look for a quote")
        # a \r that comes last may be half of a line's end
        end = 1 + (block.rfind("\n") if "\n" in block else block.rfind("\r", 0, -1))
        rest = block[end:]
        yield block[:end]
    yield rest


def lines_of(block: str) -> Iterator[str]:
    """Lines with their ends, which are \\n, \\r\\n or \\r."""
    return io.StringIO(block, newline="")
