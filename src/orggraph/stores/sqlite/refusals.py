"""What only a statement can find out about a request, told as an error: SQL calls ``refuse(code)`` where it finds it."""

from __future__ import annotations

from typing import NoReturn

from orggraph.errors import OperationError

MESSAGES = {
    "NO_SUCH_LOAD": "there is no load of that number; loads { nodes { number at } } lists them",
}


def refuse(*code: object) -> NoReturn:
    """Stops the statement that runs; ``code`` is one word, ours."""
    raise OperationError(MESSAGES[str(code[0])], str(code[0]))
