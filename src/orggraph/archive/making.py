"""A store → a bag (BagIt 1.0). In: a store's path, a target. Out: a folder or a ZIP that is there wholly or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from orggraph.archive.contents import TAGS, Contents, manifest
from orggraph.archive.counts import Counts
from orggraph.archive.packing import pack
from orggraph.errors import OrggraphError
from orggraph.output.placing import placed, there
from orggraph.stores.sqlite.holding import uncollected
from orggraph.watch import Watch


def make_bag(store: Path, target: Path, force: bool = False, watch: Watch = lambda _step, _rows: None) -> Counts:
    """Raises OrggraphError; then nothing is left but what was there."""
    try:
        return _made(store, target, force, watch)
    except OSError as error:
        raise OrggraphError(f"{target}: {error.strerror or error}; nothing was written", "SYSTEM") from None


def _made(store: Path, target: Path, force: bool, watch: Watch) -> Counts:
    if target.suffix.lower() == ".zip":
        with placed(target, force) as part, tempfile.TemporaryDirectory(dir=part.parent, prefix=".bag") as folder:
            counts = fill(store, Path(folder), watch)
            with part.open("wb") as file:
                pack(Path(folder), counts.model, file)
        return counts
    with _placed_whole(target, force) as part:
        return fill(store, part, watch)


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
    beside = target.absolute().parent
    part, old = (beside / f".{target.name}.{os.getpid()}.{end}" for end in ("part", "old"))
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    try:
        yield part
        if target.is_dir():
            target.rename(old)
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
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
