"""Keys for rows that have none. In: what a row is and its name. Out: a readable key that no other has.

An entity is called by its kind and its name in pinyin (``person-wangfang``), a record by its relation and a number
(``deputyhead-12``). The same rows in the same order get the same keys.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Container

from orggraph.model.model import Kind
from orggraph.records.files import Table
from orggraph.records.sorting import sort_key

LONGEST_STEM = 54
_NEITHER = re.compile("[^a-z0-9]+")


class Namer:
    """Gives keys; ``known``: those of the files, to which its own are added; ``taken``: whether the store has one."""

    def __init__(self, known: set[str], taken: Callable[[str], bool]) -> None:
        self.known, self.taken = known, taken
        self.last: Counter[str] = Counter()

    def key(self, table: Table, name: str) -> str:
        stem = _NEITHER.sub("-", table.name.lower()).strip("-") or "row"
        spelled = latin(name) if isinstance(table, Kind) else ""
        if spelled:
            stem = f"{stem}-{spelled}"[:LONGEST_STEM].rstrip("-")
        while True:
            self.last[stem] += 1
            number = self.last[stem]
            key = stem if spelled and number == 1 else f"{stem}-{number}"
            if not self._is_known(key):
                self.known.add(key)
                return key

    def _is_known(self, key: str) -> bool:
        known: Container[str] = self.known
        return key in known or self.taken(key)


def latin(name: str) -> str:
    """``张三（示例）`` → zhangsan-shili; letters without a Latin form are left out."""
    return _NEITHER.sub("-", "".join(map(_syllable, unicodedata.normalize("NFKC", name)))).strip("-")


def _syllable(character: str) -> str:
    if character.isascii():
        return character.lower()
    if character >= "㐀":
        return sort_key(character)[:-1].rstrip("12345")
    plain = unicodedata.normalize("NFD", character)[0].lower()
    return plain if plain.isascii() else ""
