"""A file that is there wholly or not at all. In: a path. Out: a temporary path beside it, which then gets the name.

Nothing that is there is overwritten without ``force``. A pipe or a device is written to as it is: nothing of it can be lost.
What a process that was killed has left is taken away by the next that writes to the same path (``leftovers``).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orggraph.errors import OrggraphError
from orggraph.output.leftovers import beside


@contextmanager
def placed(path: Path, force: bool = False) -> Iterator[Path]:
    """Where to write what shall be at ``path``: a link leads to where it points. Raises OrggraphError; then nothing was written."""
    refuse(path, force)
    if is_stream(path):
        yield path
        return
    whole = path.resolve()
    part = beside(whole, "part")
    try:
        yield part
        _keep(part)
        give_name(part, whole, force)
    except OSError as error:
        raise OrggraphError(f"{path}: {error.strerror or error}; nothing was written", "SYSTEM") from None
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def placed_folder(path: Path, force: bool = False) -> Iterator[Path]:
    """A folder in which to write what shall be in the folder ``path``, in folders or not: a new one, or one that is there and has
    no file of these names, or (``force``) has them overwritten; its other files stay."""
    if path.exists() and not path.is_dir():
        raise OrggraphError(f"{path}: is no folder; name another", "NO_FOLDER")
    _refuse_nowhere(path)
    part = beside(path.absolute(), "part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    try:
        yield part
        written = sorted(one.relative_to(part) for one in part.rglob("*") if one.is_file())
        for one in written:
            _keep(part / one)
        if path.is_dir():
            for one in written:
                (path / one).parent.mkdir(parents=True, exist_ok=True)
                refuse(path / one, force)
            for one in written:
                give_name(part / one, path / one, force)
        else:
            part.rename(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def refuse(path: Path, force: bool) -> None:
    """Raises OrggraphError where a file cannot go, or where something stands that is not to be overwritten: to be asked before
    there is work."""
    if path.is_dir():
        raise OrggraphError(f"{path}: is a folder; name a file", "IS_FOLDER")
    _refuse_nowhere(path)
    if path.is_file() and not force:
        raise OrggraphError(there(path), "EXISTS")


def there(path: Path, mend: str = "--force overwrites it", zh: str = "加 --force 覆盖") -> str:
    """That something is there: the same words wherever a command writes."""
    return f"{path}: is there already; {mend} · 已存在，{zh}"


def is_stream(path: Path) -> bool:
    """A pipe or a device."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _refuse_nowhere(path: Path) -> None:
    if not path.absolute().parent.is_dir():
        raise OrggraphError(f"{path}: there is no folder {path.parent}; make it first", "NO_FOLDER")


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
        raise OrggraphError(there(path), "EXISTS") from None
    except OSError:  # a file system without links: the file may appear between these two steps
        refuse(path, force)
        part.replace(path)
