"""What only a statement can find out about a request, told as an error: SQL calls ``refuse(code)`` where it finds it."""

from __future__ import annotations

from typing import NoReturn

from orggraph.errors import OperationError
from orggraph.stores.sqlite.cursors import scope_of

PAST = "CURSOR_PAST"
"""The cursor is of an earlier load: no refusal, but to be asked again as such (``store.py``)."""
STALE = "STALE"
"""A load has changed what the statement relies on: no refusal, but to be written anew (``store.py``)."""
MESSAGES = {
    PAST: "the cursor is of an earlier load",
    STALE: "the store has changed too often while the question was asked; ask again",
    "CURSOR_SCOPE": "the cursor is of other days or another load than are asked for; begin again without it",
    "CURSOR_LOAD": "the cursor is of a load that this store does not have; begin again without it",
    "NO_SUCH_LOAD": "there is no load of that number; loads { nodes { number at } } lists them",
}


def refuse(*code: object) -> NoReturn:
    """Stops the statement that runs; ``code`` is one word, ours."""
    raise OperationError(MESSAGES[str(code[0])], str(code[0]))


def stray(*given: object) -> NoReturn:
    """Stops the statement that runs, for a cursor whose head is not that of its list: given that head and the list's
    day, or four numbers of a range. It is of another load if it is of the same days."""
    head, *numbers = given
    refuse(PAST if scope_of(str(head))[1:] == numbers else "CURSOR_SCOPE")
