"""Where a bag lies: a folder, or a ZIP that is read without being unpacked. In: a path. Out: its files by name, with sizes.

Nothing outside is ever opened: links are told and not followed, names that lead elsewhere are told and left out, an archive that
would swell to a multiple of itself is not read at all.
"""

from __future__ import annotations

import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from orggraph.bags.found import Found

SWOLLEN, SMALL = 200, 256 * 1024 * 1024
"""An archive that holds more than so many times its own size is refused, once that is more than so many bytes."""
LONGEST_NAME = 32_767
UNREADABLE = (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)


class Place(Protocol):
    """``sizes``: bytes of each file by its name from the bag's top, with slashes. ``folders``: names likewise."""

    sizes: dict[str, int]
    folders: set[str]

    def open(self, name: str) -> IO[bytes]: ...


@dataclass
class Folder:
    top: Path
    sizes: dict[str, int] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)

    def open(self, name: str) -> IO[bytes]:
        """Never through a link that has come in the meantime."""
        return open(os.open(self.top / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb")


@dataclass
class Zipped:
    archive: zipfile.ZipFile
    infos: dict[str, zipfile.ZipInfo] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)

    def open(self, name: str) -> IO[bytes]:
        return self.archive.open(self.infos[name])


@contextmanager
def opened(path: Path, found: Found) -> Iterator[Place | None]:
    """None, and a problem that says why, where there is nothing to judge."""
    with ExitStack() as stack:
        yield _folder(path, found) if path.is_dir() else _archive(path, stack, found)


def _archive(path: Path, stack: ExitStack, found: Found) -> Zipped | None:
    try:
        return _zipped(path, stack.enter_context(zipfile.ZipFile(path)), found)
    except FileNotFoundError:
        found.problem(str(path), "NO_BAG", "there is no such folder or file", "name a bag: a folder, or a .zip")
    except zipfile.BadZipFile:
        found.problem(str(path), "NO_BAG", "is no folder and no readable ZIP archive", "copy it again from its source")
    except UNREADABLE as error:
        found.problem(str(path), "UNREADABLE", f"cannot be read: {error}", "look at its permissions, or copy it again")
    return None


def _folder(top: Path, found: Found) -> Folder:
    place = Folder(top)
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(top / folder) as entries:
                listed = sorted(entries, key=lambda one: one.name)
        except OSError as error:
            found.problem(folder or str(top), "UNREADABLE", f"cannot be read: {error.strerror}", "mend its permissions")
            continue
        for entry in listed:
            name = f"{folder}/{entry.name}" if folder else entry.name
            if _take(place, name, entry, found):
                waiting.append(name)
    return place


def _take(place: Folder, name: str, entry: os.DirEntry[str], found: Found) -> bool:
    """Notes a file; whether it is a folder."""
    try:
        about = entry.stat(follow_symlinks=False)
    except OSError as error:
        found.problem(name, "UNREADABLE", f"cannot be read: {error.strerror}", "mend its permissions")
        return False
    if stat.S_ISDIR(about.st_mode):
        place.folders.add(name)
        return True
    if stat.S_ISLNK(about.st_mode):
        found.problem(name, "LINK", "is a link; what it leads to is no part of the bag", "put the file itself there")
    elif not stat.S_ISREG(about.st_mode):
        found.problem(name, "NO_FILE", "is a device, pipe or socket", "take it out of the bag")
    elif not _is_text(name):
        found.problem(name, "NAME", "its name is not UTF-8", "rename the file, and list it by its new name")
    else:
        place.sizes[name] = about.st_size
    return False


def _is_text(name: str) -> bool:
    return not any("\ud800" <= one <= "\udfff" for one in name)


def _zipped(path: Path, archive: zipfile.ZipFile, found: Found) -> Zipped | None:
    infos = archive.infolist()
    total, own = sum(one.file_size for one in infos), path.stat().st_size
    if total > SMALL and total > SWOLLEN * own:
        message = f"holds {total} bytes in {own}: more than {SWOLLEN} times its size; it was not read"
        found.problem(str(path), "SWOLLEN", message, "unpack it where there is room, and check the folder")
        return None
    place = Zipped(archive)
    for info in infos:
        _take_zipped(place, info, found)
    top = _top(place)
    if top is None:
        found.problem(str(path), "NO_BAG", "has several things at its top and no bagit.txt", "put one bag into it")
        return None
    place.infos = {name.removeprefix(top): info for name, info in place.infos.items()}
    place.sizes = {name: info.file_size for name, info in place.infos.items()}
    place.folders = {name.removeprefix(top) for name in place.folders}
    return place


def _take_zipped(place: Zipped, info: zipfile.ZipInfo, found: Found) -> None:
    name = info.filename.rstrip("/")
    if info.orig_filename != info.filename or not is_inside(name) or len(name) > LONGEST_NAME:
        found.problem(info.orig_filename, "OUTSIDE", "its name leads out of the archive", "take it out of the archive")
    elif info.is_dir():
        place.folders.add(name)
    elif stat.S_ISLNK(info.external_attr >> 16):
        found.problem(name, "LINK", "is a link; what it leads to is no part of the bag", "put the file itself there")
    elif info.flag_bits & 1:
        found.problem(name, "ENCRYPTED", "is encrypted", "pack it again without a password")
    elif name in place.infos:
        found.problem(name, "TWICE", "is in the archive twice", "pack it again, with one of them")
    else:
        place.infos[name] = info
        place.folders |= {name[:at] for at, one in enumerate(name) if one == "/"}


def _top(place: Zipped) -> str | None:
    """What all names begin with: nothing, or the bag's folder."""
    if "bagit.txt" in place.infos:
        return ""
    tops = {name.partition("/")[0] for name in (*place.infos, *place.folders)}
    return f"{tops.pop()}/" if len(tops) == 1 else None


def is_inside(name: str) -> bool:
    """Whether a name with slashes stays below the folder that it is read in, on every system."""
    parts = name.replace("\\", "/").split("/")
    return not (any(part in ("", "..") for part in parts) or name[0] in "~\\" or name[1:2] == ":" or "\0" in name)
