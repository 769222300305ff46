"""Citations, interned as sets of (source, para). In: what rows cite. Out: the number of each set, and the date of its first
source, which decides about blanks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import apsw

from orggraph.errors import Problem
from orggraph.model.model import Model
from orggraph.records.cells import Citing
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.writing import CURRENT

MOST_READY = 100_000
Interned = tuple[str, int]


@dataclass
class Citations:
    """``first``: where each source is cited first (file, line); ``dated``: what a source's date says of blanks, as
    ``register 2020-03-31``."""

    connection: apsw.Connection
    model: Model
    numbers: dict[str, int] = field(default_factory=dict)
    dated: dict[str, str] = field(default_factory=dict)
    first: dict[str, tuple[int, int]] = field(default_factory=dict)
    ready: dict[Citing, Interned] = field(default_factory=dict)

    def read_sources(self) -> None:
        """Every source that the store has, those of this load too once they are numbered."""
        found = rows(
            self.connection,
            f"""SELECT a.key, a.e, z._nature, z._date FROM entity a LEFT JOIN "k_Source" z
            ON z.e = a.e AND z.k1 = {CURRENT} AND z.n0 = {CURRENT} WHERE a.e & 63 = {self.model.kinds["Source"].number}""",
        )
        for key, e, nature, date in found:
            self.numbers[key] = e
            self.dated[key] = f"{nature} {date}" if date else ""
        self.ready.clear()

    def all(self, citings: Sequence[Citing], file: int, lines: Sequence[int]) -> list[tuple[str, int]]:
        """What each row's citing is: its first source's date, and the number of its set (0 for none)."""
        ready = self.ready.get
        return [ready(one) or self.interned(one, file, line) for one, line in zip(citings, lines, strict=True)]

    def interned(self, citing: Citing, file: int, line: int) -> Interned:
        found = self.ready.get(citing)
        if found is None:
            for source, _ in citing.sources:
                self.first.setdefault(source, (file, line))
            if len(self.ready) >= MOST_READY:
                self.ready.clear()
            found = self.ready[citing] = self._intern(citing)
        return found

    def _intern(self, citing: Citing) -> Interned:
        if not citing.sources or any(source not in self.numbers for source, _ in citing.sources):
            return self.dated.get(citing.sources[0][0], "") if citing.sources else "", 0
        text = json.dumps(citing.sources, ensure_ascii=False, separators=(",", ":"))
        number = value(self.connection, "SELECT c FROM cited WHERE text = ?", (text,))
        if number is None:
            self.connection.execute("INSERT INTO cited(text) VALUES(?)", (text,))
            number = self.connection.last_insert_rowid()
            parts = [(number, i, self.numbers[source], para) for i, (source, para) in enumerate(citing.sources)]
            self.connection.executemany("INSERT INTO cite VALUES(?, ?, ?, ?)", parts)
        return self.dated[citing.sources[0][0]], int(number)

    def first_source(self, c: int) -> int | None:
        """The source that a set cites first."""
        found: int | None = value(self.connection, "SELECT s FROM cite WHERE c = ? AND i = 0", (c,))
        return found

    def same_sources(self, one: int, other: int) -> bool:
        """Whether two sets cite the same sources in the same order, wherever in them."""
        sql = "SELECT group_concat(s) FROM (SELECT s FROM cite WHERE c = ? ORDER BY i)"
        return bool(value(self.connection, sql, (one,)) == value(self.connection, sql, (other,)))

    def unknown(self) -> list[tuple[str, int, int]]:
        """Sources that are cited and not there, with the file and line where first."""
        return [(source, *place) for source, place in self.first.items() if source not in self.numbers]


def unknown_source(shown: str, line: int, source: str, mend: str) -> Problem:
    return Problem(shown, line, "source", "UNKNOWN_SOURCE", source, f"{source} is no source", mend)
