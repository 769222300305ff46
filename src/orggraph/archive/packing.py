"""A folder as a ZIP, always in the same bytes. In: a folder, where it is to go. Out: an archive without times, in the order of names.

Files are stored as they are: what any version of any packer would make of them is no part of the bytes, and one that is damaged
does not take others along.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterable
from io import RawIOBase
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

AT_ONCE = 1024 * 1024
FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def pack(folder: Path, top: str, target: BinaryIO) -> None:
    """``top``: the one folder in the archive, in which all is."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    sizes = {name: (folder / name).stat().st_size for name in names}
    write(top, sizes.items(), lambda name: (folder / name).open("rb"), target)


def write(top: str, sizes: Iterable[tuple[str, int]], source: Callable[[str], IO[bytes]], target: BinaryIO) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, size in sizes:
            info = zipfile.ZipInfo(f"{top}/{name}", FIRST_DAY)
            info.create_system, info.external_attr, info.file_size = 3, 0o100644 << 16, size
            with source(name) as file, archive.open(info, "w") as into:
                shutil.copyfileobj(file, into, AT_ONCE)


class Same(RawIOBase):
    """Takes what is written and compares it with a file, in place of writing it. Short pieces may be written again (a header, once
    the checksum is known): of these the last counts."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.place, self.same = file, 0, True
        self.short: dict[int, bytes] = {}
        self.end = 0

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.place

    def seek(self, place: int, whence: int = 0) -> int:
        self.place = place if whence == 0 else (self.place if whence == 1 else self.end) + place
        return self.place

    def write(self, piece: Any) -> int:
        if len(piece) < AT_ONCE // 8:
            self.short[self.place] = bytes(piece)
        else:
            self._compare(self.place, bytes(piece))
        self.place += len(piece)
        self.end = max(self.end, self.place)
        return len(piece)

    def _compare(self, place: int, piece: bytes) -> None:
        self.file.seek(place)
        self.same = self.same and self.file.read(len(piece)) == piece

    def whole(self) -> bool:
        """Whether it was the file's bytes, all of them."""
        for place, piece in self.short.items():
            self._compare(place, piece)
        self.file.seek(self.end)
        return self.same and not self.file.read(1)


def is_packed_so(path: Path, top: str, sizes: dict[str, int], source: Callable[[str], IO[bytes]]) -> bool:
    """Whether an archive is what ``pack`` makes of its files, to the last bit."""
    with path.open("rb") as file:
        same = Same(file)
        write(top, sorted(sizes.items()), source, cast(BinaryIO, same))
        return same.whole()
