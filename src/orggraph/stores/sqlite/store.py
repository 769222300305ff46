"""An opened SQLite store as ``stores/contract.py`` wants it: plans become SQL, statements become finished answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

import apsw

from orggraph.errors import OperationError
from orggraph.model.model import Model
from orggraph.plan.nodes import Answer
from orggraph.stores.contract import Statement
from orggraph.stores.sqlite.asking import rows
from orggraph.stores.sqlite.binding import Binder, binder
from orggraph.stores.sqlite.compile import compile_answer

OPCODES_BETWEEN_LOOKS = 1_000
TOO_COMPLEX = ("Expression tree is too large", "too many", "parser stack overflow", "at most", "too many terms")


@dataclass(frozen=True)
class SqliteStatement:
    """SQL, and how its parameters come from variables."""

    text: str
    parameters: Binder


class SqliteStore:
    """Reads one SQLite file through one connection. ``seconds``: how long a statement may run."""

    def __init__(self, connection: apsw.Connection, model: Model, sdl: str, seconds: float = 5.0) -> None:
        self.connection = connection
        self.model = model
        self.sdl = sdl
        self.seconds = seconds
        self._until = 0.0
        self._cursor = connection.cursor()
        means = rows(connection, "SELECT name, role, mean FROM fan_out")
        self._fan_outs: dict[tuple[str, str], float] = {(name, role): mean for name, role, mean in means}
        connection.set_progress_handler(self._too_late, OPCODES_BETWEEN_LOOKS)

    def compile(self, answer: Answer) -> SqliteStatement:
        written = compile_answer(self.model, answer)
        return SqliteStatement(written.sql, binder(written.binds, self.model.timezone))

    def answer(self, statement: Statement, variables: Mapping[str, Any]) -> bytes:
        assert isinstance(statement, SqliteStatement)
        self._until = monotonic() + self.seconds
        try:
            for (text,) in self._cursor.execute(statement.text, statement.parameters(variables)):
                return bytes(text)
        except apsw.InterruptError:
            raise OperationError(f"the answer took longer than {self.seconds:g} s; ask for less", "TIMEOUT") from None
        except apsw.SQLError as error:
            if not any(words in str(error) for words in TOO_COMPLEX):
                raise
            message = "the operation is nested too deeply, or asks for too much side by side; ask for less at once"
            raise OperationError(message, "TOO_COMPLEX") from None
        except apsw.TooBigError:
            raise OperationError("the answer is too large; ask for fewer with first: or where:", "TOO_LARGE") from None
        raise AssertionError("a statement gives one row")

    def explain(self, statement: Statement, variables: Mapping[str, Any]) -> str:
        assert isinstance(statement, SqliteStatement)
        self._until = monotonic() + self.seconds
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

    def _too_late(self) -> bool:
        return monotonic() > self._until
