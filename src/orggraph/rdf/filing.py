"""A file that is there wholly or not at all, packed as its name says. In: a path, bytes. Out: the file, under its name at the
end and in one step; until then what was there before. The same bytes make the same file: no time, no name is in it."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from orggraph.output.placing import placed

Write = Callable[[bytes], object]


@contextmanager
def whole_file(path: Path, force: bool = False) -> Iterator[Write]:
    """What writes into it. Whatever goes wrong, nothing half is left; nothing is overwritten without ``force``."""
    with placed(path, force) as part, part.open("wb") as file, ExitStack() as stack:
        yield _packed(path, file, stack)


def _packed(path: Path, file: BinaryIO, stack: ExitStack) -> Write:
    match path.suffix:
        case ".gz":
            packed = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0)
            return stack.enter_context(packed).write
        case ".zst":
            import zstandard  # only here: it is large, and few want it

            return cast(
                BinaryIO, stack.enter_context(zstandard.ZstdCompressor(9).stream_writer(file, closefd=False))
            ).write
    return file.write
