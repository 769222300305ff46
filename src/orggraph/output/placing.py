"""A file that is there wholly or not at all. In: a path. Out: a temporary path beside it, which then gets the name.

Nothing that is there is overwritten without ``force``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orggraph.errors import OrggraphError


@contextmanager
def placed(path: Path, force: bool = False) -> Iterator[Path]:
    """Where to write what shall be at ``path``. Raises OrggraphError."""
    part = _beside(path)
    refuse(path, force)
    try:
        yield part
        _keep(part)
        give_name(part, path, force)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def placed_folder(path: Path, force: bool = False) -> Iterator[Path]:
    """A folder in which to write what shall be in the folder ``path``: a new one, or one that is there and has no file of these
    names, or (``force``) has them overwritten; its other files stay."""
    part = _beside(path)
    if path.exists() and not path.is_dir():
        raise OrggraphError(f"{path}: is no folder; name another", "NO_FOLDER")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    try:
        yield part
        written = sorted(part.iterdir())
        for one in written:
            _keep(one)
        if path.is_dir():
            for one in written:
                refuse(path / one.name, force)
            for one in written:
                give_name(one, path / one.name, force)
        else:
            part.rename(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def refuse(path: Path, force: bool) -> None:
    """Raises OrggraphError where something stands that is not to be overwritten."""
    if path.is_dir():
        raise OrggraphError(f"{path}: is a folder; name a file", "IS_FOLDER")
    if path.exists() and not force:
        raise OrggraphError(f"{path}: is there already; --force overwrites it", "EXISTS")


def _beside(path: Path) -> Path:
    folder = path.absolute().parent
    if not folder.is_dir():
        raise OrggraphError(f"{path}: there is no folder {path.parent}; make it first", "NO_FOLDER")
    return folder / f".{path.name}.{os.getpid()}.part"


def _keep(part: Path) -> None:
    with part.open("rb") as file:
        os.fsync(file.fileno())


def give_name(part: Path, path: Path, force: bool) -> None:
    """In one step; without ``force`` never the name of another file."""
    if force:
        part.replace(path)
        return
    try:
        os.link(part, path)
    except FileExistsError:
        refuse(path, force)
    except OSError:  # a file system without links: the file may appear between these two steps
        refuse(path, force)
        part.replace(path)
