"""How many of what. In: a number, a word for one. Out: words."""

from __future__ import annotations


def counted(number: int, one: str) -> str:
    """``1 row``, ``2 rows``."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"
