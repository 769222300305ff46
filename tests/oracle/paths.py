"""``paths``, told plainly: every way of at most so many records that passes no entity twice, tried. In: a Scope, the field's
arguments. Out: views."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.oracle.parts import Arguments, ValidView
from tests.oracle.scope import Scope, key_of
from tests.oracle.spans import Span
from tests.oracle.truth import Pair, both, meets, there
from tests.oracle.views import EntityView, RecordView
from tests.oracle.world import Entity, Record

Steps = tuple[tuple[Record, Entity], ...]


@dataclass(frozen=True)
class PathView:
    """``steps``: each record, and the entity that it leads to."""

    scope: Scope
    start: Entity
    steps: Steps

    @property
    def records(self) -> list[Record]:
        return [record for record, _ in self.steps]

    @property
    def entities(self) -> list[Entity]:
        return [self.start, *(x for _, x in self.steps)]

    @property
    def below(self) -> Scope:
        """What all records leave."""
        scope = self.scope
        for record in self.records:
            scope = scope.within(record.span)
        return scope

    @property
    def holds(self) -> Pair:
        """Each record meets what those before it leave; all entities are there in what all leave."""
        found, scope = [], self.scope
        for record in self.records:
            found.append(meets(record.span, scope.n))
            scope = scope.within(record.span)
        return both([*found, *(there(x, scope.n) for x in self.entities)])

    @property
    def rank(self) -> tuple[int, bool, list[tuple[str, str]]]:
        return len(self.steps), not self.holds.certain, [(x.key, record.key) for record, x in self.steps]

    def field(self, name: str, _: Arguments) -> Any:
        match name:
            case "length":
                return len(self.steps)
            case "certainty":
                return "CERTAIN" if self.holds.certain else "POSSIBLE"
            case "valid":
                spans = [record.span for record in self.records]
                starts = max(s.f0 for s in spans), max(s.f1 for s in spans)
                return ValidView(Span(*starts, min(s.u0 for s in spans), min(s.u1 for s in spans)).tightened())
            case "nodes":
                return [EntityView(x, self.below) for x in self.entities]
            case "records":
                return [self.record(i) for i in range(len(self.steps))]
        raise KeyError(name)

    def record(self, i: int) -> RecordView:
        """Found in what all others leave; its ends stand in what all leave."""
        found = self.scope
        for record in (*self.records[:i], *self.records[i + 1 :]):
            found = found.within(record.span)
        return RecordView(self.records[i], found, self.below)


@dataclass(frozen=True)
class PathListView:
    scope: Scope
    args: Arguments

    def field(self, _: str, __: Arguments) -> list[PathView]:
        entities = self.scope.world.entities
        start, end = (entities.get(key_of(self.args[name])) for name in ("from", "to"))
        avoid = {key_of(one) for one in self.args.get("avoid") or ()}
        if start is None or end is None or start is end or {start.key, end.key} & avoid:
            return []
        found = [
            path
            for steps in self.ways(start, (), avoid)
            if steps[-1][1] is end and (path := PathView(self.scope, start, steps)).holds.at(self.scope.certain)
        ]
        return sorted(found, key=lambda path: path.rank)[: self.args["first"]]

    def ways(self, at: Entity, steps: Steps, avoid: set[str]) -> Iterator[Steps]:
        through = self.args.get("through")
        for record in self.scope.world.all_records():
            ends = [record.ends["subject"], record.ends["object"]]
            if len(steps) == self.args["maxLength"] or at.key not in ends:
                continue
            far = self.scope.world.entities[str(ends[1 - ends.index(at.key)])]
            if far.key in {at.key, *avoid} or (through is not None and record.relation not in through):
                continue
            onward = (*steps, (record, far))
            yield onward
            yield from self.ways(far, onward, avoid | {at.key})
