"""An opened SQLite store as ``stores/contract.py`` wants it: plans become SQL, statements become finished answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import apsw

from orggraph.errors import OperationError
from orggraph.model.model import Model
from orggraph.plan.nodes import Answer
from orggraph.stores.contract import Limits, Statement
from orggraph.stores.sqlite.asking import rows
from orggraph.stores.sqlite.binding import Binder, binder, reads_today
from orggraph.stores.sqlite.compile import compile_answer
from orggraph.stores.sqlite.facts import Facts, read_facts
from orggraph.stores.sqlite.marking import read_mark
from orggraph.stores.sqlite.refusals import MESSAGES, PAST, STALE

OPCODES_BETWEEN_LOOKS = 1_000
TRIES = 5
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
class Written:
    """SQL, how its parameters come from variables, and how long an answer may be that surely has not too many rows;
    ``today``: whether a parameter is the day it is."""

    text: str
    parameters: Binder
    sure: int
    today: bool


class Form(NamedTuple):
    """What a statement is written for: cursors of an earlier load, answers so long that their rows must be counted."""

    past: bool = False
    counting: bool = False


PLAIN = Form()


class SqliteStatement:
    """A plan's statement in each form, written when it is first wanted, and anew for each epoch of the facts that it relies
    on."""

    def __init__(self, write: Callable[[Facts, Form], Written], facts: Facts) -> None:
        self.write = write
        self.facts = facts
        self.written = {PLAIN: write(facts, PLAIN)}

    @property
    def text(self) -> str:
        return self.written[PLAIN].text

    def now(self, facts: Facts, form: Form = PLAIN) -> Written:
        if facts.epoch != self.facts.epoch:
            self.facts, self.written = facts, {}
        if form not in self.written:
            self.written[form] = self.write(self.facts, form)
        return self.written[form]


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
        self._zone = ZoneInfo(model.timezone)
        self._mark, self._changes = "", None
        means = rows(connection, "SELECT name, role, mean FROM fan_out")
        self._fan_outs: dict[tuple[str, str], float] = {(name, role): mean for name, role, mean in means}
        self.facts = read_facts(connection)
        connection.set_progress_handler(self._too_late, OPCODES_BETWEEN_LOOKS)
        connection.create_scalar_function("listed", self._listed, 1)
        connection.limit(apsw.SQLITE_LIMIT_LENGTH, limits.answer_bytes)

    def compile(self, answer: Answer) -> SqliteStatement:
        return SqliteStatement(partial(self._write, answer), self.facts)

    def _write(self, answer: Answer, facts: Facts, form: Form) -> Written:
        written = compile_answer(self.model, answer, facts, self.limits.list_rows, *form)
        sure = self.limits.answer_bytes if form.counting else written.least * self.limits.operation_rows
        parameters = binder(written.binds, written.unused, self.model.timezone, self.limits)
        return Written(written.sql, parameters, sure, any(reads_today(bind.value) for bind in written.binds))

    def answer(self, statement: Statement, variables: Mapping[str, Any]) -> bytes:
        assert isinstance(statement, SqliteStatement)
        form, self._until = PLAIN, monotonic() + self.limits.seconds
        for left in reversed(range(TRIES)):
            try:
                written = statement.now(self.facts, form)
                text = self._answer(written, variables)
                if len(text) <= written.sure:
                    return text
                form = form._replace(counting=True)
            except OperationError as refused:
                if refused.code not in (PAST, STALE) or not left:
                    raise
                form = form._replace(past=form.past or refused.code == PAST)
                self.facts = read_facts(self.connection)
        raise OperationError(MESSAGES[STALE], STALE)

    def _answer(self, statement: Written, variables: Mapping[str, Any]) -> bytes:
        self._rows = 0
        try:
            ((text,),) = self._cursor.execute(statement.text, statement.parameters(variables)).fetchall()
            return bytes(text)  # type: ignore[arg-type]  # a statement gives one blob
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

    def mark(self, statement: Statement) -> str:
        assert isinstance(statement, SqliteStatement)
        self._until = monotonic() + self.limits.seconds
        changes = self.connection.pragma("data_version")
        if changes != self._changes:
            self._mark, self._changes = read_mark(self.connection), changes
        if not statement.written[PLAIN].today:
            return self._mark
        return f"{self._mark} {datetime.now(self._zone).date()}"

    def interrupt(self) -> None:
        self.connection.interrupt()

    def explain(self, statement: Statement, variables: Mapping[str, Any]) -> str:
        assert isinstance(statement, SqliteStatement)
        self._until = monotonic() + self.limits.seconds
        depth = {0: -1}
        lines = []
        written = statement.now(self.facts)
        steps = self.connection.execute(f"EXPLAIN QUERY PLAN {written.text}", written.parameters(variables))
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
        """Called by a statement for a list, with its number of rows; prints nothing."""
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
