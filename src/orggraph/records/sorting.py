"""What text is sorted by, the same in every store. In: text. Out: its sort key, compared by code points.

A Han character becomes its pinyin with the number of its tone, then itself, so that people of one surname stay together;
all else is as it is. Example: ``张三`` → ``zhang1张san1三``.
"""

from __future__ import annotations


class _Characters(dict[int, str]):
    """A sort key for each character met so far, by its code point; pypinyin is large, and asked for only where there is Han."""

    def __missing__(self, code: int) -> str:
        found = chr(code) if code < 0x2E80 else _with_pinyin(chr(code))
        self[code] = found
        return found


def _with_pinyin(character: str) -> str:
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.TONE3, neutral_tone_with_five=True, errors="ignore")
    return found[0][0] + character if found else character


_KEYS = _Characters()


def sort_key(text: str) -> str:
    """The sort key of a text."""
    return text if text.isascii() else text.translate(_KEYS)
