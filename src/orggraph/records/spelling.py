"""A name → how it may be typed: its characters, each with the syllable that it is read as. Made when names are loaded.

A spelling is a row of cells of one width, ``/王wang  ``: a bar that no name has (``folding``), the character, its syllable in
six letters. What is no Han character is read as itself. A character that is often read in two ways (行 ``xing``, ``hang``) gives
two spellings. So many cells in a row are a snippet: names are found by the snippets that they have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import combinations, islice, product
from typing import NamedTuple

from orggraph.records.folding import fold

BAR = "/"
LETTERS = 6
"""Of the longest syllable (``zhuang``); the width of its place in a cell."""
WIDTH = 2 + LETTERS
CELLS = 3
"""Of a snippet; fewer at the end of a name."""
MOST_SPELLINGS = 6
OFTEN = 0.05
"""The share of the words with a character in which it is read in a second way, from which on that way is kept."""
HAN = 0x2E80
SURNAMES = {
    "仇": "qiu", "任": "ren", "华": "hua", "单": "shan", "区": "ou", "召": "shao", "员": "yun", "宿": "su", "尉": "yu", "折": "she",
    "曾": "zeng", "朴": "piao", "查": "zha", "柏": "bai", "洗": "xian", "燕": "yan", "盖": "ge", "种": "chong", "秘": "bi", "繁": "po",
    "纪": "ji", "缪": "miao", "翟": "zhai", "葛": "ge", "覃": "qin", "解": "xie", "阚": "kan", "隗": "wei", "黑": "he", "乐": "yue",
}  # fmt: skip
"""How characters are read as surnames, where words seldom or never read them so."""


def cell(character: str, syllable: str) -> str:
    """``/王wang  ``."""
    return f"{BAR}{character}{syllable:<{LETTERS}}"


def spellings(name: str) -> list[str]:
    """The ways to read a name."""
    characters = fold(name)
    if not characters:
        return []
    first, rest = readings(characters[0], True), characters[1:]
    usual = rest.translate(_CELLS)
    if len(first) == 1 and _SEVERAL.isdisjoint(rest):
        return [cell(characters[0], first[0]) + usual]
    read = [first, *(readings(one, False) for one in rest)]
    ways = islice(_ways(read), MOST_SPELLINGS)
    return ["".join(map(cell, characters, way)) for way in ways]


def snippets(spelled: str) -> list[str]:
    """A snippet from each cell on."""
    return [spelled[i : i + CELLS * WIDTH] for i in range(0, len(spelled), WIDTH)]


class Snippet(NamedTuple):
    """What may be typed of the cells of a snippet: its characters; their first letters; all their letters, as many as the longest
    syllable has."""

    characters: str
    initials: str
    letters: str


def snippet_of(text: str) -> Snippet:
    """Example: ``/王wang  /伟wei   `` → ``王伟``, ``ww``, ``wangwe``."""
    characters = text[1::WIDTH]
    syllables = [text[i + 2 : i + WIDTH].rstrip() or text[i + 1] for i in range(0, len(text), WIDTH)]
    return Snippet(characters, "".join(one[0] for one in syllables), "".join(syllables)[:LETTERS])


class _Cells(dict[int, str]):
    """The cell of each character met so far as it is usually read, by its code point."""

    def __missing__(self, code: int) -> str:
        read = readings(chr(code), False)
        if len(read) > 1:
            _SEVERAL.add(chr(code))
        found = self[code] = cell(chr(code), read[0])
        return found


_CELLS = _Cells()
_SEVERAL: set[str] = set()
"""Those of them that have several readings."""


def _ways(read: list[tuple[str, ...]]) -> Iterator[list[str]]:
    """One reading of each character: the usual ones, then such as differ from them in one, in two, … places."""
    usual = [ways[0] for ways in read]
    free = [place for place, ways in enumerate(read) if len(ways) > 1]
    for number in range(len(free) + 1):
        for places in combinations(free, number):
            for others in product(*(read[place][1:] for place in places)):
                changed = dict(zip(places, others, strict=True))
                yield [changed.get(place, one) for place, one in enumerate(usual)]


@cache
def readings(character: str, first: bool) -> tuple[str, ...]:
    """How a character is read, the usual way first; ``first``: it may be a surname."""
    if ord(character) < HAN:
        return (character if character.isascii() and character.isalpha() else "",)
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    ways = [way for way in (found[0] if found else []) if way.isascii() and way.isalpha() and len(way) <= LETTERS]
    if not ways:
        return ("",)
    usual = _in_words(character) if len(ways) > 1 else frozenset()
    named = {SURNAMES.get(character)} if first else set()
    return tuple(way for place, way in enumerate(ways) if place == 0 or way in usual | named)


def _in_words(character: str) -> frozenset[str]:
    """The ways in which a character is often read in words."""
    from pypinyin.contrib.tone_convert import to_normal

    read: Counter[str] = Counter()
    for toned, number in _words().get(character, {}).items():
        read[to_normal(toned)] += number
    return frozenset(way for way, number in read.items() if number >= OFTEN * read.total())


@cache
def _words() -> dict[str, Counter[str]]:
    """By character, in how many words it is read in which way."""
    from pypinyin.constants import PHRASES_DICT

    found: dict[str, Counter[str]] = {}
    for word, read in PHRASES_DICT.items():
        for character, ways in zip(word, read, strict=False):
            found.setdefault(character, Counter())[ways[0]] += 1
    return found
