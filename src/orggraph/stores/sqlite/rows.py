"""Which rows a source has: the tables, how they hang together, when they hold. Semantics.md sections 3, 5 and 8.

In: a plan's source and the entity at hand. Out: ``Rows``, from which lists, counts and conditions are written. Example:
over ``deputyHeads`` from ``a1.e`` → ``r_DeputyHead r2 WHERE r2.o=a1.e AND r2.k1=… AND r2.f0<=?1 AND r2.u1>?1``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orggraph.model.model import OBJECT, SUBJECT, Hop, Model, Relation
from orggraph.plan.nodes import ANYTHING, Along, AllOf, Filter, Over, RecordsOf, Source
from orggraph.stores.sqlite.writing import CURRENT, Writer, conjunction


@dataclass(frozen=True)
class Record:
    """A record's row: its alias and relation."""

    alias: str
    relation: Relation

    def end(self, role: str) -> str:
        return f"{self.alias}.{end_column(role)}"


@dataclass(frozen=True)
class Spot:
    """An entity that a row leads to or passes: the SQL of its number, the kinds it may be of, and its record's row."""

    entity: str
    kinds: tuple[str, ...]
    record: Record | None = None


@dataclass(frozen=True)
class Rows:
    """``records``: in the chain's declared order. ``passed``: entities that must be there besides the near and far one.
    ``tests``: the model's own conditions on spots. ``far``: where the rows lead (None for records of a relation)."""

    tables: str
    joined: tuple[str, ...]
    records: tuple[Record, ...]
    passed: tuple[Spot, ...]
    tests: tuple[tuple[Spot, Filter], ...]
    far: Spot | None


@dataclass(frozen=True)
class Names:
    """What the compiler needs of the model: kinds' numbers and tables."""

    model: Model

    def number(self, kind: str) -> int:
        return self.model.kinds[kind].number

    def all_kinds(self, record: Record, role: str) -> tuple[str, ...]:
        return record.relation.end(role).kinds


def end_column(role: str) -> str:
    """``subject`` → ``s``, ``object`` → ``o``, a further end → its own column."""
    return {SUBJECT: "s", OBJECT: "o"}.get(role, f'"x_{role}"')


def rows_of(names: Names, writer: Writer, source: Source, near: str) -> Rows:
    """The rows of a source; ``near`` is the SQL of the entity at hand ("" for roots)."""
    match source:
        case AllOf(kinds):
            alias = writer.alias("a")
            return Rows(
                f"entity {alias}", (kind_is(names, f"{alias}.e", kinds),), (), (), (), Spot(f"{alias}.e", kinds)
            )
        case RecordsOf(relation):
            record = Record(writer.alias("r"), relation)
            return Rows(f'"r_{relation.name}" {record.alias}', (), (record,), _ends(record), (), None)
        case Over(hop):
            return _over(names, writer, source, hop, near)
        case Along():
            return _along(names, writer, source, near)


def _ends(record: Record) -> tuple[Spot, ...]:
    relation = record.relation
    return tuple(Spot(record.end(end.role), end.kinds, record) for end in (relation.subject, relation.object))


def _over(names: Names, writer: Writer, source: Over, hop: Hop, near: str) -> Rows:
    record = Record(writer.alias("r"), names.model.relations[hop.relation])
    joined = [f"{record.end(hop.origin)}={near}"]
    far = Spot(record.end(hop.target), source.kinds, record)
    if source.kinds != names.all_kinds(record, hop.target):
        joined.append(kind_is(names, far.entity, source.kinds))
    passed = _other_ends(record, hop)
    return Rows(f'"r_{hop.relation}" {record.alias}', tuple(joined), (record,), passed, (), far)


def _other_ends(record: Record, hop: Hop) -> tuple[Spot, ...]:
    """The ends of a record that a hop neither starts from nor leads to, but that must be there for it to hold."""
    return tuple(spot for spot in _ends(record) if spot.entity not in (record.end(hop.origin), record.end(hop.target)))


def _along(names: Names, writer: Writer, source: Along, near: str) -> Rows:
    forward = source.link.forward
    records = [Record(writer.alias("r"), names.model.relations[step.hop.relation]) for step in source.steps]
    joined: list[str] = []
    passed: list[Spot] = []
    tests: list[tuple[Spot, Filter]] = []
    last = len(records) - 1
    for i, (step, record) in enumerate(zip(source.steps, records, strict=True)):
        arrival = Spot(record.end(step.hop.target), step.kinds, record)
        if i < last:
            joined.append(f"{records[i + 1].end(source.steps[i + 1].hop.origin)}={arrival.entity}")
            passed.append(arrival)
        if step.kinds != names.all_kinds(record, step.hop.target):
            joined.append(kind_is(names, arrival.entity, step.kinds))
        if step.where != ANYTHING:
            tests.append((arrival, step.where))
        passed += _other_ends(record, step.hop)
        joined += [f"{record.alias}.r<>{other.alias}.r" for other in records[:i] if other.relation == record.relation]
    start, end = records[0].end(source.steps[0].hop.origin), records[-1].end(source.steps[-1].hop.target)
    joined.insert(0, f"{start if forward else end}={near}")
    far_record = records[-1] if forward else records[0]
    far = Spot(end if forward else start, source.kinds, far_record)
    if not forward and source.kinds != names.all_kinds(records[0], source.steps[0].hop.origin):
        joined.append(kind_is(names, start, source.kinds))
    order = records if forward else records[::-1]
    tables = " CROSS JOIN ".join(f'"r_{record.relation.name}" {record.alias}' for record in order)
    return Rows(tables, tuple(joined), tuple(records), tuple(passed), tuple(tests), far)


def kind_is(names: Names, entity: str, kinds: Sequence[str]) -> str:
    """That an entity is of one of these kinds: its number says it."""
    numbers = ",".join(str(names.number(kind)) for kind in kinds)
    return f"({entity}&63)={numbers}" if len(kinds) == 1 else f"({entity}&63) IN ({numbers})"


def holds(record: Record, day: str, certain: bool) -> str:
    """That a record meets the day; the current version of it."""
    r = record.alias
    possible = f"{r}.k1={CURRENT} AND {r}.f0<={day} AND {r}.u1>{day}"
    return f"{possible} AND {certainly_holds(record, day)}" if certain else possible


def certainly_holds(record: Record, day: str) -> str:
    return f"{record.alias}.f1<={day} AND {record.alias}.u0>{day}"


def state_meets(state: str, day: str, certain: bool) -> str:
    """That a state (at CERTAIN: the life it is of) meets the day."""
    possible = f"{state}.k1={CURRENT} AND {state}.f0<={day} AND {state}.u1>{day}"
    return f"{possible} AND {state}.g1<={day} AND {state}.v0>{day}" if certain else possible


def printed_state(state: str, entity: str, day: str, certain: bool) -> str:
    """That a row is the state that is printed: the last that may have begun; on a day its life decides certainty."""
    return f"{state}.e={entity} AND {state_meets(state, day, certain)} AND {state}.n0>{day}"


def there(names: Names, writer: Writer, spot: Spot, day: str, certain: bool) -> str:
    """That an entity is there."""

    def exists(kind: str) -> str:
        z = writer.alias("z")
        return f'EXISTS(SELECT 1 FROM "k_{kind}" {z} WHERE {z}.e={spot.entity} AND {state_meets(z, day, certain)})'

    return by_kind(names, spot, {kind: exists(kind) for kind in spot.kinds}, "0")


def by_kind(names: Names, spot: Spot, cases: dict[str, str], otherwise: str) -> str:
    """SQL that depends on the kind of the entity at a spot; one that only one kind can be at needs no test."""
    if len(spot.kinds) == 1 and spot.kinds[0] in cases:
        return cases[spot.kinds[0]]
    if not cases:
        return otherwise
    whens = " ".join(f"WHEN {names.number(kind)} THEN {case}" for kind, case in cases.items())
    return f"CASE {spot.entity}&63 {whens} ELSE {otherwise} END"


def select_where(rows: Rows, conditions: Sequence[str]) -> str:
    return f"{rows.tables} WHERE {conjunction(conditions)}"
