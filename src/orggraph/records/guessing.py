"""What a word may have been meant to be. In: a word, those that are known. Out: the nearest, if one is near."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

LONGEST = 64
"""Comparing takes the square of the length."""


def nearest(word: str, known: Sequence[str]) -> str | None:
    """Chinese words are short: of two characters one may be wrong."""
    if len(word) > LONGEST:
        return None
    found = get_close_matches(word, known, 1, 0.6 if word.isascii() else 0.5)
    return found[0] if found else None
