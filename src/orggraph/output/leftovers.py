"""What is not whole yet lies beside what it will be, under a name of its process. In: a path. Out: such a name for this process; what
processes that were killed have left for the same path is taken away.

A number of a process says something only where it was given: so the name also says on which machine, and among which processes
(a container has its own). What cannot be told to be dead stays.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

End = Literal["part", "files", "old"]
"""What is being written, what it is made of, what was there before."""
LOGS = ("-wal", "-shm", "-journal")
"""What SQLite has beside a file that it writes."""


def beside(path: Path, end: End) -> Path:
    """Nothing is there by this name."""
    mine = path.with_name(f".{path.name}.{_here()}.{os.getpid()}.{end}")
    for left in (mine, *logs(mine), *_left(path)):
        with suppress(OSError):
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()
    return mine


def logs(path: Path) -> tuple[Path, ...]:
    """What SQLite may have beside a file."""
    return tuple(path.with_name(f"{path.name}{end}") for end in LOGS)


def _left(path: Path) -> Iterator[Path]:
    """Of dead processes; what was there before only if something is there now: else it may be all that there is."""
    named = re.compile(rf"\.{re.escape(path.name)}\.{_here()}\.([0-9]{{1,9}})\.(part|files|old)(?:{'|'.join(LOGS)})?")
    found = [match for name in os.listdir(path.parent) if (match := named.fullmatch(name))]
    for match in found:
        if not _is_alive(int(match[1])) and (match[2] != "old" or path.exists()):
            yield path.with_name(match[0])


def _is_alive(process: int) -> bool:
    if os.name != "posix":
        return True  # there is no asking without ending it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@cache
def _here() -> str:
    try:
        among = os.readlink("/proc/self/ns/pid")
    except OSError:
        among = ""
    return sha256(f"{platform.node()} {among}".encode()).hexdigest()[:8]
