"""Why there is no answer now, though the question may be good. In: a fault of the store. Out: 503 with its code, in words that
name no path of the machine; the log has them whole."""

from __future__ import annotations

from orggraph.errors import StoreError
from orggraph.service.refusing import Refused

RENEWED = "RENEWED"
"""The store was opened anew while a statement ran: it is asked again, and nobody is told."""
WHY = {
    "NO_STORE": "the store's file is not there; it is opened by itself when it is back",
    "CANNOT_OPEN": "the store's file cannot be opened; look at its permissions and its folder's",
    "BUSY": "another process holds the store locked; ask again soon",
    "NOT_A_STORE": "the store's file is no store of orggraph; put a store in its place, or restore a backup",
    "OTHER_FORMAT": "the store's file is of another format than this orggraph reads",
    "NO_MODEL": "the store holds no model that can be read; restore a backup",
    "DAMAGED": "the store is damaged; restore a backup, and the service goes on by itself",
    "UNREADABLE": "the store cannot be read; look at the disk",
    "FOREIGN_LOG": "the store's file was replaced, but the log beside it is of the former file; remove its -wal and -shm files, "
    "or bring stores back with orggraph restore",
    RENEWED: "the store is being opened anew; ask again soon",
}


def reason(fault: StoreError | None) -> tuple[str, str]:
    """Code and words."""
    code = RENEWED if fault is None else fault.code
    return code, WHY.get(code, "the store cannot be answered from; the log of the service says why")


def unready(fault: StoreError | None) -> Refused:
    return unavailable(*reason(fault))


def unavailable(code: str, message: str, after: int = 1) -> Refused:
    """``after``: seconds after which it is worth while to ask again."""
    return Refused(503, code, message, ((b"retry-after", str(after).encode()),))


STOPPING = ("STOPPING", "the service is being stopped; ask again soon")
