"""What goes wrong around a store, told so that its user can mend it: full disks, locks, permissions, damage.

In: what SQLite or the system reports. Out: StoreError with a stable code, what is wrong and what to do. Faults of our own
statements are none of these and stay as they are.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from orggraph.errors import StoreError

AS_BEFORE = "the store is as it was"
FAULTS: dict[type[apsw.Error], tuple[str, str]] = {
    apsw.BusyError: ("BUSY", "another process is writing it; wait until that is done, then do it again"),
    apsw.LockedError: ("BUSY", "another process is writing it; wait until that is done, then do it again"),
    apsw.ReadOnlyError: (
        "READ_ONLY",
        "cannot be written; look at the permissions of the file and of its folder, and whether the disk is read-only",
    ),
    apsw.PermissionsError: ("READ_ONLY", "cannot be written; look at the permissions of the file and of its folder"),
    apsw.CantOpenError: ("CANNOT_OPEN", "cannot be opened; look at the path and at the permissions of its folder"),
    apsw.NotADBError: ("NOT_A_STORE", "is no store of orggraph"),
    apsw.CorruptError: ("DAMAGED", "is damaged; restore a backup"),
}

BROKEN_OFF = ("BROKEN_OFF", "a load into it was broken off; load the files again, which clears up what it left")


@contextmanager
def faults_told(path: Path) -> Iterator[None]:
    """Raises what happens inside as StoreError, if it is a fault around the store at ``path``."""
    try:
        yield
    except apsw.Error as error:
        raise fault(path, error) from None
    except OSError as error:
        raise StoreError(f"{path}: {error.filename or ''} {error.strerror or error}; {AS_BEFORE}", "SYSTEM") from None


def fault(path: Path, error: apsw.Error) -> StoreError | apsw.Error:
    """What to raise for what SQLite reports: StoreError, if it is a fault around the store at ``path``."""
    if isinstance(error, apsw.FullError | apsw.IOError):
        return StoreError(f"{path}: {_no_room(path, error)}; {AS_BEFORE}", "DISK_FULL")
    if getattr(error, "extendedresult", 0) == apsw.SQLITE_READONLY_ROLLBACK:
        return StoreError(f"{path}: {BROKEN_OFF[1]}", BROKEN_OFF[0])
    for kind, (code, what) in FAULTS.items():
        if isinstance(error, kind):
            return StoreError(f"{path}: {what}", code)
    return error


def read_fault(path: Path, error: apsw.Error) -> StoreError | apsw.Error:
    """The same where the store is only read: nobody has to be told of room on the disk."""
    if isinstance(error, apsw.IOError):
        return StoreError(f"{path}: cannot be read ({error}); look at the disk", "UNREADABLE")
    return fault(path, error)


def _no_room(path: Path, error: apsw.Error) -> str:
    """SQLite does not say which of its files it could not write; so both places are named with what they have left."""
    temporary = Path(os.environ.get("SQLITE_TMPDIR") or tempfile.gettempdir())
    what = "no room is left" if isinstance(error, apsw.FullError) else f"could not be written ({error})"
    places = " and ".join(
        f"{_free(folder)} in {folder}" for folder in dict.fromkeys((path.absolute().parent, temporary))
    )
    return f"{what}: there is {places}; make room, or name another folder for temporary files with SQLITE_TMPDIR"


def _free(folder: Path) -> str:
    try:
        return f"{shutil.disk_usage(folder).free / 2**20:,.0f} MB"
    except OSError:
        return "nothing that can be used"
