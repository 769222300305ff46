"""What text is sorted by, the same in every store. In: text. Out: its sort key, compared by code points.

A Han character becomes its pinyin with the number of its tone, then itself, so that people of one surname stay together;
all else is as it is. Example: ``张三`` → ``zhang1张san1三``.
"""

from __future__ import annotations


class _Characters(dict[str, str]):
    """A sort key for each character met so far; pypinyin is large, and asked for only where there is Han."""

    def __missing__(self, character: str) -> str:
        found = character if character < "\u2e80" else _with_pinyin(character)
        self[character] = found
        return found


def _with_pinyin(character: str) -> str:
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.TONE3, neutral_tone_with_five=True, errors="ignore")
    return found[0][0] + character if found else character


_KEYS = _Characters()


def sort_key(text: str | None) -> str | None:
    """The sort key of a text; None for none."""
    if text is None or text.isascii():
        return text
    return "".join([_KEYS[character] for character in text])
