"""Which file a manifest means. In: the names that are there and those that are listed. Out: the file for a name, or none.

A bag travels: one system tells ``É`` from ``E`` with an accent, or ``a`` from ``A``, and the next does not. What is the same name
somewhere is told as a warning; that a name is spelled otherwise in the manifest than on disk is so only where Unicode says it is
the same text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from unicodedata import normalize

from orggraph.bags.found import Found, shown

SYSTEM = {".DS_Store", "Thumbs.db", "desktop.ini", "ehthumbs.db", ".Spotlight-V100", ".fseventsd", ".TemporaryItems"}


class Names:
    """``there``: names of files; ``listed``: names in any manifest."""

    def __init__(self, there: Iterable[str], listed: set[str]) -> None:
        self.there, self.listed = set(there), listed
        self.alike: defaultdict[str, list[str]] = defaultdict(list)
        for name in sorted(self.there):
            self.alike[_plain(name)].append(name)

    def file(self, name: str) -> str | None:
        if name in self.there:
            return name
        composed = normalize("NFC", name)
        for other in self.alike.get(_plain(name), ()):
            if normalize("NFC", other) == composed or other in self.listed:
                return other
        return None

    def warn(self, found: Found) -> None:
        """Of names that somewhere are one, and of files that systems leave behind."""
        alike: defaultdict[str, set[str]] = defaultdict(set)
        for name in self.there | self.listed:
            alike[_plain(name)].add(name)
            if is_system(name):
                found.warning(
                    name, "SYSTEM_FILE", "is a file that an operating system makes for itself", "leave it out"
                )
        for names in alike.values():
            if len(names) > 1:
                first, *others = sorted(names)
                code = "CASE" if len({normalize("NFC", one) for one in names}) > 1 else "NORMALIZATION"
                message = f"is the same name on some systems as {', '.join(map(shown, others[:5]))}"
                found.warning(first, code, message, "rename one of them")


def is_system(name: str) -> bool:
    return name.rpartition("/")[2] in SYSTEM


def _plain(name: str) -> str:
    return normalize("NFC", normalize("NFC", name).casefold())
