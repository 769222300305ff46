"""A client's cursor → its parts. In: text that claims to be one, the mark that its list has. Out: what SQL is given.

Example: the hex of ``[117440513,737515,"9e52d89e","王"]p1`` → of load 7 (its stamp: ``paging.py``) and that day, with that mark; of the
row ``p1``, that is ordered by 王.
"""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import takewhile
from typing import Any

from orggraph.errors import OperationError

PARTS = ("head", "load", "a0", "a1", "b0", "b1", "mark")
MARK = PARTS.index("mark")
READ = json.JSONDecoder().raw_decode


def place_of(part: str) -> int:
    """Where a cursor has a part: ``head`` (as it begins, up to the mark), ``load``, ``a0`` … ``b1``, or the number of what
    follows these."""
    return PARTS.index(part) if part in PARTS else len(PARTS) + int(part)


def cursor_part(mark: str, place: int, text: Any) -> int | str | None:
    """What a cursor has at a place, if it is one of the list that has the mark. Raises OperationError."""
    parts = _parts(text if type(text) is str else str(text))
    if parts[MARK] != mark:
        raise OperationError("the cursor is of another list, order or certainty; begin again without it", "BAD_CURSOR")
    if place >= len(parts):
        raise _none()
    found: int | str | None = parts[place]
    return found


def scope_of(head: str) -> list[int]:
    """The load's stamp and the day, or the four numbers of a range, that a cursor's head has."""
    numbers: list[int] = json.loads(bytes.fromhex(head).decode() + "]")[:-1]
    return numbers


@lru_cache(4096)
def _parts(text: str) -> list[Any]:
    try:
        read = bytes.fromhex(text).decode("utf-8")
        listed, end = READ(read)
    except (ValueError, RecursionError):
        raise _none() from None
    if not isinstance(listed, list) or not all(map(_plain, listed)):
        raise _none()
    numbers = list(takewhile(lambda part: isinstance(part, int), listed))
    if len(numbers) not in (2, 5) or len(numbers) == len(listed):
        raise _none()
    mark, *keys = listed[len(numbers) :]
    head = json.dumps([*numbers, mark], ensure_ascii=False, separators=(",", ":"))[:-1].encode().hex().upper()
    of_range = numbers[2:] or [None] * 3
    own = [read[end:]] if end < len(read) else []
    return [head, *numbers[:2], *of_range, mark, *keys, *own]


def _plain(value: Any) -> bool:
    """What one of our own cursors may hold."""
    if isinstance(value, str):
        return value.isprintable() or not any(0xD800 <= ord(one) <= 0xDFFF for one in value)
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**62)


def _none() -> OperationError:
    return OperationError("that is no cursor; take one from edges { cursor } or pageInfo", "BAD_CURSOR")
