"""Whether files stayed as they were while they were read. In: the files of a load. Out: their SHA-256; what has changed.

A file that another program writes meanwhile is neither what it was nor what it will be; so nothing of it is loaded.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from orggraph.errors import LoadError, Problem
from orggraph.records.files import InFile, loads
from orggraph.records.unpacking import Unreadable, open_file

AGAIN = "load again when nobody writes there"


def sha256s(files: Sequence[InFile]) -> dict[str, str]:
    """By the file's name; by how it was given where several have one name."""
    return {name: _sha256(file.path) or "" for name, file in _names(files)}


def _names(files: Sequence[InFile]) -> list[tuple[str, InFile]]:
    count = Counter(file.path.name for file in files)
    return [(file.path.name if count[file.path.name] == 1 else file.shown, file) for file in files]


def changed(files: Sequence[InFile], before: Mapping[str, str]) -> Iterator[Problem]:
    """What is not as it was when it was found and when ``before`` was taken: files, and what folders have."""
    now = sha256s(files)
    for name, file in _names(files):
        if before[name] != now[name] or file.now() != file:
            message = "has changed while it was read"
            yield Problem(file.shown, 0, "", "CHANGED_WHILE_READ", "", message, AGAIN)
    for top in dict.fromkeys(file.top for file in files if file.top is not None):
        mine = {file.path for file in files if file.top == top}
        if not any({file.path for file in group} == mine for group in _found(top)):
            message = "has other files than when reading began"
            yield Problem(str(top), 0, "", "CHANGED_WHILE_READ", "", message, AGAIN)


def _found(top: Path) -> list[list[InFile]]:
    try:
        return loads([top])
    except LoadError:
        return []


def _sha256(path: Path) -> str | None:
    try:
        with open_file(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (Unreadable, OSError):
        return None  # which is told when it is read
