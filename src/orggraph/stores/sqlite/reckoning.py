"""Exact numbers with four decimals: shares and averages, rounded half away from zero, as whole numbers of ten-thousandths.

In: SQL of whole numbers. Out: SQL of a whole number, or its text as JSON. Nothing here is a floating number, so that every
store and every order of rows gives the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ONE = 10_000
"""Ten-thousandths in one."""


def share(part: str, whole: str) -> str:
    """A part of a whole, neither below nothing; null of nothing. Example: 2 of 3 → 6667."""
    return f"({part}*{2 * ONE}+{whole})/(2*{whole})"


def mean(total: str, number: str) -> str:
    """A sum of so many; null of none. Example: -7 of 2 → -35000."""
    rest = f"(abs({total})%{number}*{2 * ONE}+{number})/(2*{number})"
    return f"iif({total}<0,-1,1)*(abs({total})/{number}*{ONE}+{rest})"


def decimal(parts: str) -> str:
    """Ten-thousandths as JSON: 6667 → ``0.6667``, -35000 → ``-3.5``, 20000 → ``2``."""
    digits = f"format('%s%d.%04d',iif({parts}<0,'-',''),abs({parts})/{ONE},abs({parts})%{ONE})"
    return f"iif({parts} IS NULL,'null',rtrim(rtrim({digits},'0'),'.'))"


@dataclass
class Tally:
    """What is reckoned of each group's rows: (function, SQL of a row) → the name of the column."""

    columns: dict[tuple[str, str], str] = field(default_factory=dict)

    def of(self, function: str, value: str) -> str:
        """The column of ``function`` over the rows' values: ``count``, ``count(DISTINCT``, ``sum``, ``min``, ``max``."""
        return self.columns.setdefault((function, value), f"v{len(self.columns)}")

    def at_once(self, number: str = "1") -> list[str]:
        """The columns, where the rows are read in the same select. ``number``: of how many each stands for; then they are only
        counted."""
        if number != "1":
            return [f"sum({number}) {name}" for name in self.columns.values()]
        return [f"{_call(function, value)} {name}" for (function, value), name in self.columns.items()]

    def read(self) -> list[str]:
        """The rows' values as columns, where they are read in a select below."""
        return [f"{value} {name}" for (_, value), name in self.columns.items()]

    def unread(self) -> list[str]:
        """The same of rows that do not count."""
        return ["NULL"] * len(self.columns)

    def afterwards(self) -> list[str]:
        """The columns, over such a select."""
        return [f"{_call(function, name)} {name}" for (function, _), name in self.columns.items()]


def _call(function: str, value: str) -> str:
    return f"{function} {value})" if function.endswith("DISTINCT") else f"{function}({value})"
