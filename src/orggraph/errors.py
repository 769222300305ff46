"""The errors that orggraph tells its user.

OrggraphError            code, message; never carries a trace outside
├── ModelError           problems of a model: file, line, what, mend
├── LoadError            problems of files: file, line, column, value, what, mend
├── StoreError           a store that cannot be opened, is not ours, or has another model
└── OperationError       a GraphQL operation that is refused or stopped
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

CELL = "]!"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong at one place. ``line`` is 1-based (0: the whole file); ``mend`` says how to put it right. ``file`` may
    be a cell of a workbook, ``book.xlsx[sheet]!C17``, which says the line too."""

    file: str
    line: int
    column: str
    code: str
    value: str
    message: str
    mend: str = ""

    @property
    def place(self) -> str:
        """``people.csv:17``, ``book.xlsx[people]!C17``."""
        return f"{self.file}:{self.line}" if self.line and CELL not in self.file else self.file

    def __str__(self) -> str:
        what = f"{self.column}: {self.message}" if self.column else self.message
        return f"{self.place} {what}" + (f" ({self.mend})" if self.mend else "")


@dataclass(frozen=True, order=True)
class Conflict(Problem):
    """What several rows make wrong together, none by itself: to take out any one of these ``keys`` mends it."""

    keys: tuple[str, ...] = ()


class Problems:
    """Problems as they are found: the first so many in full, of all of them the number per kind (``code``)."""

    MOST = 1_000

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self._known: set[Problem] = set()
        self.counts: Counter[str] = Counter()

    def add(self, problem: Problem) -> None:
        """Once each: a file may be read twice."""
        if problem in self._known:
            return
        self.counts[problem.code] += 1
        if len(self.kept) < self.MOST:
            self.kept.append(problem)
            self._known.add(problem)

    def add_all(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.add(problem)

    def more(self, code: str, number: int) -> None:
        """So many problems more of a kind, which are only counted."""
        self.counts[code] += number

    def __bool__(self) -> bool:
        return bool(self.counts)


class OrggraphError(Exception):
    """The root of all errors that are told to a user; ``code`` is stable, the text is for people."""

    code = "ERROR"

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class ProblemsError(OrggraphError):
    """Several problems, each with its place; nothing was done. ``counts``: how many of each kind, told or not."""

    def __init__(self, problems: Iterable[Problem] | Problems) -> None:
        if not isinstance(problems, Problems):
            found, problems = problems, Problems()
            problems.add_all(found)
        self.problems = sorted(problems.kept, key=lambda one: (one.file.partition(CELL)[0], one.line, one.column))
        self.counts = dict(problems.counts)
        super().__init__("\n".join([*map(str, self.problems), *self._untold()]))

    def _untold(self) -> list[str]:
        """What is only counted, a line for each kind."""
        told = Counter(problem.code for problem in self.problems)
        more = {code: number - told[code] for code, number in self.counts.items() if number > told[code]}
        return [f"and {number} more of the kind {code}" for code, number in sorted(more.items())]


class ModelError(ProblemsError):
    code = "MODEL"


class LoadError(ProblemsError):
    """``done``: what earlier loads of the same command did; they stay."""

    code = "LOAD"
    done: tuple[Any, ...] = ()


class StoreError(OrggraphError):
    code = "STORE"


class OperationError(OrggraphError):
    """A GraphQL operation refused before it ran, or stopped while it ran. ``at``: the node of its document that is refused, if
    it is one."""

    code = "OPERATION"

    def __init__(self, message: str, code: str | None = None, at: object = None) -> None:
        super().__init__(message, code)
        self.at = at
