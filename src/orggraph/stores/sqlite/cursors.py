"""A client's cursor → its parts. In: text that claims to be one, the mark that its list has. Out: what SQL is given."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from orggraph.errors import OperationError

PARTS = ("mark", "load", "a0", "a1", "b0", "b1")


def place_of(part: str) -> int:
    """Where a cursor has a part: ``load``, ``a0`` … ``b1``, or the number of a key."""
    return PARTS.index(part) if part in PARTS else len(PARTS) + int(part)


def cursor_part(mark: str, place: int, text: Any) -> int | str | None:
    """What a cursor has at a place, if it is one of the list that has the mark. Raises OperationError."""
    parts = _parts(str(text))
    if parts[0] != mark:
        raise OperationError("the cursor is of another list, order or certainty; begin again without it", "BAD_CURSOR")
    if place >= len(parts):
        raise _none()
    found: int | str | None = parts[place]
    return found


@lru_cache(4096)
def _parts(text: str) -> list[Any]:
    try:
        parts = json.loads(bytes.fromhex(text).decode("utf-8"))
    except (ValueError, RecursionError):
        raise _none() from None
    if not isinstance(parts, list) or len(parts) <= len(PARTS) or not all(map(_plain, parts)):
        raise _none()
    if not all(isinstance(number, int) for number in parts[1 : len(PARTS)]):
        raise _none()
    return parts


def _plain(value: Any) -> bool:
    """What one of our own cursors may hold."""
    if isinstance(value, str):
        return value.isprintable() or not any(0xD800 <= ord(one) <= 0xDFFF for one in value)
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**62)


def _none() -> OperationError:
    return OperationError("that is no cursor; take one from edges { cursor } or pageInfo", "BAD_CURSOR")
