"""An opened SQLite store as ``stores/contract.py`` wants it: plans become SQL, statements become finished answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from time import monotonic
from typing import Any

import apsw

from orggraph.errors import OperationError
from orggraph.model.model import Model
from orggraph.plan.nodes import Answer
from orggraph.stores.contract import Limits, Statement
from orggraph.stores.sqlite.asking import rows
from orggraph.stores.sqlite.binding import Binder, binder
from orggraph.stores.sqlite.compile import compile_answer
from orggraph.stores.sqlite.refusals import PAST

OPCODES_BETWEEN_LOOKS = 1_000
UNLESS_SAID = Limits()
TOO_COMPLEX = (
    "Expression tree is too large",
    "too many",
    "parser stack overflow",
    "at most",
    "too many terms",
    "too deep",
)


@dataclass(frozen=True)
class SqliteStatement:
    """SQL, and how its parameters come from variables. ``past``: the same for cursors that are of an earlier load."""

    text: str
    parameters: Binder
    make_past: Callable[[], SqliteStatement]

    @cached_property
    def past(self) -> SqliteStatement:
        return self.make_past()


class SqliteStore:
    """Reads one SQLite file through one connection."""

    def __init__(self, connection: apsw.Connection, model: Model, sdl: str, limits: Limits = UNLESS_SAID) -> None:
        self.connection = connection
        self.model = model
        self.sdl = sdl
        self.limits = limits
        self._until = 0.0
        self._rows = 0
        self._cursor = connection.cursor()
        means = rows(connection, "SELECT name, role, mean FROM fan_out")
        self._fan_outs: dict[tuple[str, str], float] = {(name, role): mean for name, role, mean in means}
        connection.set_progress_handler(self._too_late, OPCODES_BETWEEN_LOOKS)
        connection.create_scalar_function("listed", self._listed, 1)
        connection.limit(apsw.SQLITE_LIMIT_LENGTH, limits.answer_bytes)

    def compile(self, answer: Answer) -> SqliteStatement:
        return self._compile(answer, False)

    def _compile(self, answer: Answer, past: bool) -> SqliteStatement:
        written = compile_answer(self.model, answer, self.limits.list_rows, past)
        parameters = binder(written.binds, self.model.timezone, self.limits)
        return SqliteStatement(written.sql, parameters, partial(self._compile, answer, True))

    def answer(self, statement: Statement, variables: Mapping[str, Any]) -> bytes:
        assert isinstance(statement, SqliteStatement)
        try:
            return self._answer(statement, variables)
        except OperationError as refused:
            if refused.code != PAST:
                raise
            return self._answer(statement.past, variables)

    def _answer(self, statement: SqliteStatement, variables: Mapping[str, Any]) -> bytes:
        self._until, self._rows = monotonic() + self.limits.seconds, 0
        try:
            for (text,) in self._cursor.execute(statement.text, statement.parameters(variables)):
                return bytes(text)
        except apsw.InterruptError:
            message = f"the answer took longer than {self.limits.seconds:g} s; ask for less"
            raise OperationError(message, "TIMEOUT") from None
        except apsw.SQLError as error:
            if not any(words in str(error) for words in TOO_COMPLEX):
                raise
            message = "the operation is nested too deeply, or asks for too much side by side; ask for less at once"
            raise OperationError(message, "TOO_COMPLEX") from None
        except apsw.TooBigError:
            message = f"the answer has more than {self.limits.answer_bytes} bytes; ask for fewer with first: or where:"
            raise OperationError(message, "TOO_LARGE") from None
        raise AssertionError("a statement gives one row")

    def interrupt(self) -> None:
        self.connection.interrupt()

    def explain(self, statement: Statement, variables: Mapping[str, Any]) -> str:
        assert isinstance(statement, SqliteStatement)
        self._until = monotonic() + self.limits.seconds
        depth = {0: -1}
        lines = []
        steps = self.connection.execute(f"EXPLAIN QUERY PLAN {statement.text}", statement.parameters(variables))
        for number, parent, _, what in steps:
            depth[number] = depth.get(parent, 0) + 1
            lines.append("  " * depth[number] + what)
        return "\n".join(lines)

    def fan_out(self, relation: str, role: str) -> float:
        return self._fan_outs.get((relation, role), 1.0)

    def count(self, kind: str) -> int:
        return int(self._fan_outs.get((kind, ""), 0))

    def records(self, relation: str) -> int:
        return int(self._fan_outs.get((relation, ""), 0))

    def close(self) -> None:
        self.connection.close()

    def _listed(self, *counted: Any) -> str:
        """Called by the statement for each list, with its number of rows; prints nothing."""
        rows: int = counted[0]
        if rows > self.limits.list_rows:
            message = f"a list has more than {self.limits.list_rows} rows; page through it with first: and after:"
            raise OperationError(message, "TOO_MANY")
        self._rows += rows
        if self._rows > self.limits.operation_rows:
            message = f"the lists have more than {self.limits.operation_rows} rows in all; page with first: and after:"
            raise OperationError(message, "TOO_MANY")
        return ""

    def _too_late(self) -> bool:
        return monotonic() > self._until
