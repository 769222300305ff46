"""Text as it is compared when names are searched: width, case, traditional characters and punctuation make no difference.

In: a name, or what somebody typed. Out: characters that count. Example: ``「ＡＢＣ」國 際`` → ``abc国际``.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Protocol, cast

DROPPED = frozenset("PZC")
"""Punctuation, spaces, control characters: what people leave out, or type in another width."""


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _simplifier() -> _Converter:
    """OpenCC's own table of characters, asked only where there is Han."""
    from opencc import OpenCC

    return cast(_Converter, OpenCC("t2s"))


class _Folded(dict[int, str]):
    """What each character met so far becomes, by its code point."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _folded(chr(code))
        return found


def _folded(character: str) -> str:
    text = unicodedata.normalize("NFKC", character).casefold()
    simple = "".join(_simplifier().convert(one) if ord(one) >= 0x2E80 else one for one in text)
    return "".join(one for one in simple.replace("ü", "v") if unicodedata.category(one)[0] not in DROPPED)


_FOLDED = _Folded()


def fold(text: str) -> str:
    """The characters of a text that count; may be none."""
    return unicodedata.normalize("NFKC", text).translate(_FOLDED)
