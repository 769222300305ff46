"""What every store gives to those above it. A plan goes in, a statement comes out; a statement and variables go in,
the finished answer comes out, read from one published load."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct

from orggraph.model.model import Model, Relation
from orggraph.model.values import Kept
from orggraph.plan.drawn import Drawn
from orggraph.plan.nodes import Answer
from orggraph.plan.scope import Scope
from orggraph.records.files import Table


class Limits(Struct, frozen=True):
    """What one operation may take while it runs: ``seconds``, rows of one list and of all lists together, bytes of the
    answer, ids of ``nodes``, days of ``each``."""

    seconds: float = 5.0
    list_rows: int = 10_000
    operation_rows: int = 200_000
    answer_bytes: int = 32 * 1024 * 1024
    ids: int = 1_000
    days: int = 400


Measures = Mapping[tuple[str, str], float]
"""By kind, or relation and role of an end (blank: how many there are): how many records an entity has. Prices are made of it."""
VERSIONS = "of every load"
"""Beside a relation in ``Measures``, where a role has no blanks: how many versions of its records there have been."""
LOADS = ("", "")
"""In ``Measures``: how many loads there have been."""


class Statement(Protocol):
    """A compiled plan; opaque but for its text."""

    @property
    def text(self) -> str:
        """The statement in the store's own language."""


class Store(Protocol):
    """An opened store, for one thread at a time."""

    @property
    def model(self) -> Model:
        """The model that the store remembers."""

    @property
    def sdl(self) -> str:
        """The GraphQL schema made when the store took its model."""

    def compile(self, answer: Answer) -> Statement:
        """A plan's one statement."""

    measures: Measures
    """As they were when the store was opened, or what it was given since."""

    def answer(self, statement: Statement, variables: Mapping[str, Any], seconds: float | None = None) -> bytes:
        """The JSON text of the whole answer. Raises OperationError for values that cannot be bound, and where a bound
        on time (``seconds``: for this answer), rows or bytes stops it; StoreError where the store cannot be read, or is
        of another model by now."""

    def changed(self) -> bool:
        """Whether others have written since this was asked last. Raises StoreError."""

    def last_load(self) -> tuple[int, str]:
        """Number and time of the newest load. Raises StoreError."""

    def measured(self) -> Measures:
        """The measures of now. Raises StoreError."""

    def mark(self, statement: Statement) -> str:
        """What a statement's answer hangs on besides its variables: other whenever a load, a purge or another model changed
        what the store holds, and each day for a statement that reads which day it is."""

    def interrupt(self) -> None:
        """Stops the statement that another thread runs here; to that thread it looks like one that took too long."""

    def explain(self, statement: Statement, variables: Mapping[str, Any]) -> str:
        """The engine's own plan, as text."""

    def fan_out(self, relation: str, role: str) -> float:
        """Records of a relation per entity at one of its ends, as a mean over entities that have any."""

    def count(self, kind: str) -> int:
        """Entities of a concrete kind."""

    def records(self, relation: str) -> int:
        """Current records of a relation."""

    def written(
        self, tables: Sequence[Table], scope: Scope, keys: Collection[str] | None = None
    ) -> Iterator[tuple[Table, Iterator[Sequence[Kept]]]]:
        """Each table with its rows in the columns of ``records.written``, read as they are taken, all of one published load:
        those known at the scope's load and, where it has dates, that possibly hold in them; of these ``keys`` only. Raises
        StoreError."""

    def drawn(self, relations: Sequence[Relation] | None, scope: Scope) -> Drawn:
        """The entities and records of a scope, of one published load; with ``relations`` their records and what these join.
        Raises StoreError."""

    def close(self) -> None:
        """Lets go of files and connections."""
