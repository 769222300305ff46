"""What a check has found so far, and how its rules ask the store. Out: problems and warnings, each with table and version.

A problem's ``file`` is a table, its ``line`` the number of a version there (0: the table itself).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import apsw

from orggraph.errors import Problem, Problems
from orggraph.model.model import Kind, Model, Relation
from orggraph.watch import Watch

Table = Kind | Relation
RESTORE = "restore a backup, or take it back and load it anew"


@dataclass
class Checking:
    """``newest``: the number of the last load. ``opened``, ``begun``, ``closed``: by load, the versions that it wrote, those
    of them that follow no other, and those that it ended with none to follow. ``purged``: what was purged may lack."""

    connection: apsw.Connection
    model: Model
    watch: Watch
    newest: int = 0
    purged: bool = False
    problems: Problems = field(default_factory=Problems)
    warnings: Problems = field(default_factory=Problems)
    opened: Counter[int] = field(default_factory=Counter)
    begun: Counter[int] = field(default_factory=Counter)
    closed: Counter[int] = field(default_factory=Counter)
    versions: int = 0

    def problem(
        self, table: str, n: int, column: str, code: str, message: str, mend: str = RESTORE, value: Any = ""
    ) -> None:
        shown = "" if value is None else str(value)[:100]
        self.problems.add(Problem(table, n, column, code, shown, message, mend))

    def warn(self, table: str, n: int, column: str, code: str, message: str, mend: str) -> None:
        self.warnings.add(Problem(table, n, column, code, "", message, mend))

    def every(self, sql: str) -> Iterator[Any]:
        """The rows of a statement as they come."""
        return iter(self.connection.cursor().execute(sql))

    @contextmanager
    def reading(self, table: str) -> Iterator[None]:
        """What cannot be read is a problem of its table, and the rest is looked at."""
        try:
            yield
        except (apsw.Error, UnicodeDecodeError) as error:
            self.problem(table, 0, "", "UNREADABLE", f"cannot be read: {error}")


def table_of(table: Table) -> str:
    """``k_Person``, ``r_Chief``."""
    return ("k_" if isinstance(table, Kind) else "r_") + table.name
