"""The plain objects that truth is told about: entities in their states, records, as one load leaves them.

In: what is known of each, merged by ``ledger``. Out: a ``World`` per load.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orggraph.model.model import Kind, Model
from tests.oracle.spans import NEVER, Cells, Day, Span

FieldValue = str | int | bool | None
ENTITY = "Entity"
"""The kind above all kinds."""


@dataclass(frozen=True)
class Citation:
    source: str
    para: str | None


@dataclass(frozen=True)
class Statement:
    """What every row says besides its dates."""

    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    cells: Cells = field(default_factory=Cells)
    citations: tuple[Citation, ...] = ()
    synthetic: bool = False


@dataclass(frozen=True)
class State:
    """An entity between two changes. ``next_f0``, ``next_f1``: its next state's start; ``life``: its life's span."""

    name: str
    span: Span
    life: Span
    next_f0: Day
    next_f1: Day
    said: Statement


@dataclass(frozen=True)
class Entity:
    """States in order of start (none, if all are withdrawn); ``lives``: the spans of its runs of states without a gap."""

    key: str
    kind: str
    states: tuple[State, ...]
    lives: tuple[Span, ...]


@dataclass(frozen=True)
class Record:
    """``ends``: the entity's key by role ("subject", "object", further ends), None for a further end not given."""

    key: str
    relation: str
    ends: Mapping[str, str | None]
    span: Span
    said: Statement


@dataclass(frozen=True)
class World:
    """What is known at one load. ``walks``: what ``derivations`` found in it, by derived relation."""

    model: Model
    entities: Mapping[str, Entity]
    records: Mapping[str, Record]
    walks: dict[str, list[Any]] = field(default_factory=dict, compare=False, repr=False)

    def of_kinds(self, kind: str) -> list[Entity]:
        """The entities of a kind or of the kinds below it, by key."""
        below = [one.name for one in kinds_below(self.model, kind)]
        return [self.entities[key] for key in sorted(self.entities) if self.entities[key].kind in below]

    def of_relation(self, relation: str) -> list[Record]:
        """The records of a relation, by key."""
        return [record for record in self.all_records() if record.relation == relation]

    def all_records(self) -> list[Record]:
        return [self.records[key] for key in sorted(self.records)]


def kinds_below(model: Model, kind: str) -> list[Kind]:
    """The concrete kinds of a kind; all of them for the one that is above all."""
    return [one for one in model.concrete() if kind == ENTITY or one.name in model.kinds[kind].concrete]


def entity_of(key: str, kind: str, states: Sequence[tuple[str, Span, Statement]], gaps: Sequence[bool]) -> Entity:
    """An entity from its states in order of start, (name, span, statement), and after which of them there is a gap."""
    if not states:
        return Entity(key, kind, (), ())
    runs: list[list[Span]] = [[states[0][1]]]
    for (_, span, _), gap in zip(states[1:], gaps, strict=True):
        if gap:
            runs.append([])
        runs[-1].append(span)
    lives = [Span(run[0].f0, run[0].f1, run[-1].u0, run[-1].u1) for run in runs]
    life_of = [life for life, run in zip(lives, runs, strict=True) for _ in run]
    starts = [(span.f0, span.f1) for _, span, _ in states[1:]] + [(NEVER, NEVER)]
    made = [
        State(name, span, life, *start, said)
        for (name, span, said), life, start in zip(states, life_of, starts, strict=True)
    ]
    return Entity(key, kind, tuple(made), tuple(lives))
