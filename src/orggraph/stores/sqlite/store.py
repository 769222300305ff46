"""An opened SQLite store as ``stores/contract.py`` wants it: plans become SQL, statements become finished answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

import apsw
from msgspec import Struct

from orggraph.errors import OperationError, StoreError
from orggraph.model.model import Model, Relation
from orggraph.model.values import Kept
from orggraph.plan.drawn import Drawn
from orggraph.plan.nodes import Answer
from orggraph.plan.scope import Scope
from orggraph.records.files import Table
from orggraph.stores.contract import LOADS, VERSIONS, Limits, Measures, Statement
from orggraph.stores.sqlite.asking import rows, value
from orggraph.stores.sqlite.binding import Binder, binder, reads_today
from orggraph.stores.sqlite.compile import compile_answer
from orggraph.stores.sqlite.facts import Facts, read_facts
from orggraph.stores.sqlite.faults import faults_told, read_fault
from orggraph.stores.sqlite.marking import read_mark
from orggraph.stores.sqlite.paging import stamp_of
from orggraph.stores.sqlite.pathfinding import find_paths
from orggraph.stores.sqlite.ranking import RankedTable
from orggraph.stores.sqlite.refusals import MESSAGES, PAST, STALE

OPCODES_BETWEEN_LOOKS = 10_000  # a fraction of a millisecond; a short answer is never looked at
OTHER = ("MODEL_CHANGED", "has become a store of another model while it was read; open it again")
TRIES = 5
NEVER = float("inf")
NOTHING = (0, 0, None)
"""As if it were a load, where there is none: its number, its stamp, when it was published."""
UNLESS_SAID = Limits()
TOO_COMPLEX = (
    "Expression tree is too large",
    "too many",
    "parser stack overflow",
    "at most",
    "too many terms",
    "too deep",
)


class Written(Struct, frozen=True):
    """SQL, how its parameters come from variables, and how long an answer may be that surely has not too many rows;
    ``today``: whether a parameter is the day it is; ``stamped``: whether it prints cursors of the newest load."""

    text: str
    parameters: Binder
    sure: int
    today: bool
    stamped: bool


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
        self.model = facts.model
        first = write(facts, PLAIN)
        self.text, self.today = first.text, first.today
        self.kept = (facts.epoch, {PLAIN: first})

    def now(self, facts: Facts, form: Form = PLAIN) -> Written:
        """Stores of several threads ask, maybe of two epochs at once: each gets what is written for its own."""
        epoch, written = self.kept
        if facts.epoch != epoch:
            if facts.model != self.model:
                raise StoreError(f"the store {OTHER[1]}", OTHER[0])
            epoch, written = self.kept = (facts.epoch, {})
        found = written.get(form)
        if found is None:
            found = written[form] = self.write(facts, form)
        return found


class SqliteStore:
    """Reads one SQLite file through one connection."""

    def __init__(self, connection: apsw.Connection, model: Model, sdl: str, limits: Limits = UNLESS_SAID) -> None:
        self.connection = connection
        self.model = model
        self.sdl = sdl
        self.limits = limits
        self._rows = 0
        self._newest, self._stamp, self._published = NOTHING
        self._until = NEVER
        self._version = 0
        self._path = Path(connection.filename)
        self._cursor = connection.cursor()
        self._zone = ZoneInfo(model.timezone)
        self._mark, self._changes = "", None
        with connection:
            self.facts = self._read_facts()
            self.measures = self.measured()
        self.changed()
        connection.set_progress_handler(self._too_late, OPCODES_BETWEEN_LOOKS)
        connection.create_scalar_function("paths", partial(find_paths, connection, model, {}), 13)
        connection.create_module(
            "ranked",
            cast("apsw.VTModule", RankedTable(connection, model)),
            eponymous=True,
            eponymous_only=True,
            read_only=True,
        )
        connection.create_scalar_function("listed", self._listed, 1)
        connection.limit(apsw.SQLITE_LIMIT_LENGTH, limits.answer_bytes)

    def compile(self, answer: Answer) -> SqliteStatement:
        return SqliteStatement(partial(self._write, answer), self.facts)

    def _write(self, answer: Answer, facts: Facts, form: Form) -> Written:
        written = compile_answer(self.model, answer, facts, self.measures, self.limits.list_rows, *form)
        sure = self.limits.answer_bytes if form.counting else written.least * self.limits.operation_rows
        parameters = binder(written.binds, written.unused, self.model.timezone, self.limits)
        return Written(
            written.sql, parameters, sure, any(reads_today(bind.value) for bind in written.binds), written.stamped
        )

    def answer(self, statement: Statement, variables: Mapping[str, Any], seconds: float | None = None) -> bytes:
        assert isinstance(statement, SqliteStatement)
        self._until = monotonic() + (self.limits.seconds if seconds is None else seconds)
        try:
            return self._tried(statement, variables)
        finally:
            self._until = NEVER

    def _tried(self, statement: SqliteStatement, variables: Mapping[str, Any]) -> bytes:
        """The answer, if need be by a statement of another form, or that is written anew."""
        form, left = PLAIN, TRIES
        while left:
            left -= 1
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
                self.facts = self._facts_of_model()
        raise OperationError(MESSAGES[STALE], STALE)

    def _facts_of_model(self) -> Facts:
        """What is true now. Raises StoreError if the store has become one of another model: nothing that was made from
        the former may run."""
        facts = self._read_facts()
        if facts.model != self.facts.model:
            raise StoreError(f"{self._path}: {OTHER[1]}", OTHER[0])
        return facts

    def _read_facts(self) -> Facts:
        """What is true of the rows, and which load is the newest: what each statement asserts."""
        facts = read_facts(self.connection)
        newest = f"SELECT k, {stamp_of('newest.k')}, at FROM load newest ORDER BY k DESC LIMIT 1"
        self._newest, self._stamp, self._published = value(self.connection, newest) or NOTHING
        return facts

    def _parameters(self, statement: Written, variables: Mapping[str, Any]) -> tuple[Any, ...]:
        if statement.stamped:
            return (self._newest, self._stamp, self._published, *statement.parameters(variables))
        return (self._newest, *statement.parameters(variables))

    def _answer(self, statement: Written, variables: Mapping[str, Any]) -> bytes:
        self._rows = 0
        try:
            ((text,),) = self._cursor.execute(statement.text, self._parameters(statement, variables)).fetchall()
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
        except apsw.Error as error:
            raise read_fault(self._path, error) from None

    def mark(self, statement: Statement) -> str:
        assert isinstance(statement, SqliteStatement)
        with faults_told(self._path):
            changes = self.connection.pragma("data_version")
            if changes != self._changes:
                self._mark, self._changes = read_mark(self.connection), changes
        if not statement.today:
            return self._mark
        return f"{self._mark} {datetime.now(self._zone).date()}"

    def interrupt(self) -> None:
        self.connection.interrupt()

    def changed(self) -> bool:
        before = self._version
        with faults_told(self._path):
            self._version = value(self.connection, "PRAGMA data_version")
        return self._version != before

    def last_load(self) -> tuple[int, str]:
        with faults_told(self._path):
            return value(self.connection, "SELECT k, at FROM load ORDER BY k DESC LIMIT 1") or (0, "")

    def measured(self) -> Measures:
        with faults_told(self._path), self.connection:
            self._facts_of_model()
            means = rows(self.connection, "SELECT name, role, mean FROM fan_out")
            found = {(name, role): mean for name, role, mean in means}
            for name in self.model.relations:
                found[name, VERSIONS] = self._versions(name)
        return found | {LOADS: float(self._newest)}

    def _versions(self, relation: str) -> float:
        """How many there have been of its records; none where the index is of before and cannot tell which a load took back."""
        indexed = f"SELECT count(*)=2 FROM pragma_index_info('r_{relation}_went')"
        return float(value(self.connection, f'SELECT coalesce(max(n),0)*({indexed}) FROM "r_{relation}"'))

    def explain(self, statement: Statement, variables: Mapping[str, Any]) -> str:
        assert isinstance(statement, SqliteStatement)
        self._until = monotonic() + self.limits.seconds
        depth = {0: -1}
        lines = []
        written = statement.now(self.facts)
        steps = self.connection.execute(f"EXPLAIN QUERY PLAN {written.text}", self._parameters(written, variables))
        for number, parent, _, what in steps:
            depth[number] = depth.get(parent, 0) + 1
            lines.append("  " * depth[number] + what)
        return "\n".join(lines)

    def fan_out(self, relation: str, role: str) -> float:
        return self.measures.get((relation, role), 1.0)

    def count(self, kind: str) -> int:
        return int(self.measures.get((kind, ""), 0))

    def records(self, relation: str) -> int:
        return int(self.measures.get((relation, ""), 0))

    def written(
        self, tables: Sequence[Table], scope: Scope, keys: Collection[str] | None = None
    ) -> Iterator[tuple[Table, Iterator[Sequence[Kept]]]]:
        from orggraph.stores.sqlite.exporting import written  # only here: who serves does not write tables

        return written(self.connection, self.model, tables, scope, keys)

    def drawn(self, relations: Sequence[Relation] | None, scope: Scope) -> Drawn:
        from orggraph.stores.sqlite.drawing import drawn

        return drawn(self.connection, self.model, relations, scope)

    def close(self) -> None:
        self.connection.close()

    def _listed(self, *counted: Any) -> str:
        """Called by a statement for a list, with its number of rows; prints nothing."""
        rows: int = counted[0]
        if rows > self.limits.list_rows:
            most = self.limits.list_rows
            message = f"a list has more than {most} rows; page through it with after:, and first: {most} at most"
            raise OperationError(message, "TOO_MANY")
        self._rows += rows
        if self._rows > self.limits.operation_rows:
            message = f"the lists have more than {self.limits.operation_rows} rows in all; page with first: and after:"
            raise OperationError(message, "TOO_MANY")
        return ""

    def _too_late(self) -> bool:
        return monotonic() > self._until
