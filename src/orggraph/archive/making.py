"""A store → a bag (BagIt 1.0). In: a store's path, a target. Out: a folder or a ZIP that is there wholly or not at all."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from orggraph.archive.contents import TAGS, Contents, manifest
from orggraph.archive.counts import Counts
from orggraph.archive.packing import pack
from orggraph.bags.found import Found
from orggraph.bags.places import opened
from orggraph.errors import OrggraphError
from orggraph.output.leftovers import beside
from orggraph.output.placing import placed, there
from orggraph.stores.sqlite.holding import uncollected
from orggraph.watch import Watch

OTHER = ["7z", "bz2", "gz", "lz", "lzma", "rar", "tar", "tbz", "tbz2", "tgz", "txz", "tzst", "xz", "z", "zipx", "zst"]
"""Archives that are none of ours."""


def make_bag(store: Path, target: Path, force: bool = False, watch: Watch = lambda _step, _rows: None) -> Counts:
    """Raises OrggraphError; then nothing is left but what was there."""
    try:
        return _made(store, target, force, watch)
    except OSError as error:
        raise OrggraphError(f"{target}: {error.strerror or error}; nothing was written", "SYSTEM") from None


def _made(store: Path, target: Path, force: bool, watch: Watch) -> Counts:
    suffix = target.suffix.lower()
    if suffix.removeprefix(".") in OTHER:
        message = (
            f"{target}: a bag is a folder or a file .zip, and no {suffix}; name such a one, and pack a folder yourself"
        )
        raise OrggraphError(message, "FORMAT")
    if suffix != ".zip":
        with _placed_whole(target, force) as part:
            return fill(store, part, watch)
    if force and target.is_file():
        _refuse_other(target)
    with placed(target, force) as part, _folder_beside(target) as folder:
        counts = fill(store, folder, watch)
        with part.open("wb") as file:
            pack(folder, counts.model, file)
    return counts


def _refuse_other(target: Path) -> None:
    """Whatever is no bag may be dear to somebody."""
    with opened(target, Found()) as place:
        if place is None or "bagit.txt" not in place.sizes:
            raise OrggraphError(f"{target}: is no bag, so it is not overwritten; name another file", "EXISTS")


@contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """Where a ZIP's files are made; never left."""
    folder = beside(target.resolve(), "files")
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _placed_whole(target: Path, force: bool) -> Iterator[Path]:
    """A folder to fill, which then is ``target``; with ``force`` in place of a bag that is there, and of nothing else."""
    if target.exists() and not target.is_dir():
        raise OrggraphError(f"{target}: is a file; name a folder, or a file .zip", "NO_FOLDER")
    if not target.absolute().parent.is_dir():
        raise OrggraphError(f"{target}: there is no folder {target.parent}; make it first", "NO_FOLDER")
    filled = target.is_dir() and any(target.iterdir())
    if filled and not force:
        raise OrggraphError(there(target, "--force puts the new bag in its place"), "EXISTS")
    if filled and not (target / "bagit.txt").is_file():
        raise OrggraphError(f"{target}: is no bag, so it is not overwritten; name another folder", "EXISTS")
    whole = target.resolve()
    part, old = beside(whole, "part"), beside(whole, "old")
    part.mkdir()
    try:
        yield part
        _swap(part, whole, old)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _swap(part: Path, whole: Path, old: Path) -> None:
    """What was there is taken away once the new one has its name, and not before."""
    if whole.is_dir():
        whole.rename(old)
    try:
        part.rename(whole)
    except OSError:
        if old.is_dir():
            old.rename(whole)
        raise
    shutil.rmtree(old, ignore_errors=True)


def fill(store: Path, top: Path, watch: Watch) -> Counts:
    """A whole bag in an empty folder."""
    contents = Contents(store)
    with uncollected():
        for name, pieces in contents.payload(watch):
            contents.sums[name] = _write(top / name, pieces)
    tags = contents.tags()
    sums = {name: _write(top / name, (text.encode(),))[0] for name, text in tags.items()}
    _write(top / TAGS, (manifest(sums).encode(),))
    return contents.counts


def _write(path: Path, pieces: Iterable[bytes]) -> tuple[str, int]:
    """The checksum, summed up while it is written, and the number of bytes."""
    digest = hashlib.sha512()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
        return digest.hexdigest(), file.tell()
