"""Which rows a source has: the tables, how they hang together, when they hold. Semantics.md sections 3, 5 and 8.

In: a plan's source and the entity at hand. Out: ``Rows``, from which lists, counts and conditions are written. Example:
over ``deputyHeads`` from ``a1.e`` → ``r_DeputyHead r2 WHERE r2.o=a1.e AND r2.k1=… AND r2.f0<=?1 AND r2.u1>?1``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orggraph.model.model import OBJECT, SUBJECT, Hop, Model, Relation
from orggraph.plan.filters import ANYTHING, AllOf, Along, AnyRecords, Climb, Filter, Over, RecordsOf, Source
from orggraph.stores.sqlite.window import Window
from orggraph.stores.sqlite.writing import Writer, conjunction


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
    """``near``: where the rows come from, ``far``: where they lead (None for roots; for the records of a relation).
    ``records``: in the chain's declared order. ``passed``: entities that must be there besides the near and far one.
    ``tests``: the model's own conditions on spots. ``climb``: the alias of a chain of any length, which stands in
    ``records`` as one record with the chain's numbers (see climbing.py)."""

    near: Spot | None
    tables: str
    joined: tuple[str, ...]
    records: tuple[Record, ...]
    passed: tuple[Spot, ...]
    tests: tuple[tuple[Spot, Filter], ...]
    far: Spot | None
    climb: str = ""


@dataclass(frozen=True)
class Names:
    """What the compiler needs of the model: kinds' numbers and tables."""

    model: Model

    def number(self, kind: str) -> int:
        return self.model.kinds[kind].number

    def all_kinds(self, record: Record, role: str) -> tuple[str, ...]:
        return record.relation.end(role).kinds


def relation_number(model: Model, relation: str) -> int:
    """1 … 1023, in the order of the model; the low bits of its records' numbers."""
    return list(model.relations).index(relation) + 1


def end_column(role: str) -> str:
    """``subject`` → ``s``, ``object`` → ``o``, a further end → its own column."""
    return {SUBJECT: "s", OBJECT: "o"}.get(role, f'"x_{role}"')


def rows_of(names: Names, writer: Writer, source: Source, near: Spot | None, window: Window) -> Rows:
    """The rows of a source; ``near`` is the entity at hand (None for roots), ``window`` the days that it is seen on."""
    match source:
        case AllOf(_, kinds):
            alias = writer.alias("a")
            spot = Spot(f"{alias}.e", kinds)
            return Rows(None, f"entity {alias}", (kind_is(names, spot.entity, kinds),), (), (), (), spot)
        case RecordsOf(relation):
            return rows_of_record(Record(writer.alias("r"), relation))
        case AnyRecords():
            return _any_records(writer, source, near if source.here else None)
        case Over(hop):
            assert near is not None
            return _over(names, writer, source, hop, near)
        case Along():
            assert near is not None
            return _along(names, writer, source, near)
        case Climb():
            assert near is not None
            return _climb(names, writer, source, near, window)


def rows_of_record(record: Record) -> Rows:
    """A record by itself: it holds where it and both its ends do."""
    return Rows(None, f'"r_{record.relation.name}" {record.alias}', (), (record,), _ends(record), (), None)


SHARED = "n,r,s,o,f0,f1,u0,u1,k0,k1,w_from,w_until,w_through,w_attested,c,syn"
"""The columns that the records of every relation have."""


def _any_records(writer: Writer, source: AnyRecords, near: Spot | None) -> Rows:
    """Records of many relations, all of them or those in which the entity at hand stands; each is there once."""
    record = Record(writer.alias("r"), source.any)
    parts = []
    for relation in source.relations:
        select = f"SELECT {SHARED},'{relation.name}' t FROM \"r_{relation.name}\""
        if near is None:
            parts.append(select)
            continue
        before: list[str] = []
        for end in relation.ends:
            if set(end.kinds) & set(near.kinds):
                column = end_column(end.role)
                at = conjunction([f"{column}={near.entity}", *(f"{one} IS NOT {near.entity}" for one in before)])
                parts.append(f"{select} WHERE {at}")
                before.append(column)
    nothing = f"SELECT {','.join(f'0 {one}' for one in SHARED.split(','))},'' t WHERE 0"
    union = " UNION ALL ".join(parts) or nothing
    return Rows(near, f"({union}) {record.alias}", (), (record,), _ends(record), (), None)


def _ends(record: Record) -> tuple[Spot, ...]:
    relation = record.relation
    return tuple(Spot(record.end(end.role), end.kinds, record) for end in (relation.subject, relation.object))


def _over(names: Names, writer: Writer, source: Over, hop: Hop, near: Spot) -> Rows:
    record = Record(writer.alias("r"), names.model.relations[hop.relation])
    joined = [f"{record.end(hop.origin)}={near.entity}"]
    far = Spot(record.end(hop.target), source.kinds, record)
    if source.kinds != names.all_kinds(record, hop.target):
        joined.append(kind_is(names, far.entity, source.kinds))
    passed = _other_ends(record, hop)
    return Rows(near, f'"r_{hop.relation}" {record.alias}', tuple(joined), (record,), passed, (), far)


def _other_ends(record: Record, hop: Hop) -> tuple[Spot, ...]:
    """The ends of a record that a hop neither starts from nor leads to, but that must be there for it to hold."""
    return tuple(spot for spot in _ends(record) if spot.entity not in (record.end(hop.origin), record.end(hop.target)))


def _along(names: Names, writer: Writer, source: Along, near: Spot) -> Rows:
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
    joined.insert(0, f"{start if forward else end}={near.entity}")
    far_record = records[-1] if forward else records[0]
    far = Spot(end if forward else start, source.kinds, far_record)
    if not forward and source.kinds != names.all_kinds(records[0], source.steps[0].hop.origin):
        joined.append(kind_is(names, start, source.kinds))
    order = records if forward else records[::-1]
    tables = " CROSS JOIN ".join(f'"r_{record.relation.name}" {record.alias}' for record in order)
    return Rows(near, tables, tuple(joined), tuple(records), tuple(passed), tuple(tests), far)


def _climb(names: Names, writer: Writer, source: Climb, near: Spot, window: Window) -> Rows:
    """Chains of any length over a hierarchy, one row each.

    ``e`` far end, ``path`` entities from the near one on, ``ns`` versions of its records from below to above, ``f0 … u1``
    what they share, ``t`` whether each certainly meets the window and all others, ``syn``. On a day the entities are
    looked at on the way; in a range only what all records leave can tell (``Conditions.rows_hold``).
    """
    c, v, u = writer.alias("c"), writer.alias("v"), writer.alias("u")
    start, end = ("s", "o") if source.link.forward else ("o", "s")
    arrival = Spot(f"{v}.{end}", source.relation.end(OBJECT if source.link.forward else SUBJECT).kinds)
    meets, certain = f"{window.known(v)} AND {window.record_meets(v, False)}", window.record_meets(v, True)
    together, surely = "", ""
    if window.day is None:
        together = f" AND {v}.f0<{u}.u1 AND {v}.u1>{u}.f0"
        surely = f" AND {v}.f1<{u}.u0 AND {v}.u0>{u}.f1"
    else:
        meets += f" AND {there(names, writer, arrival, window, False)}"
        certain += f" AND {there(names, writer, arrival, window, True)}"
    ns = f"{u}.ns||','||{v}.n" if source.link.forward else f"{v}.n||','||{u}.ns"
    table = f'"r_{source.relation.name}" {v}'
    tables = (
        f"(WITH RECURSIVE w(e,path,ns,f0,f1,u0,u1,t,syn) AS (SELECT {v}.{end},','||{v}.{start}||','||{v}.{end}||',',"
        f"{v}.n,{v}.f0,{v}.f1,{v}.u0,{v}.u1,{certain},{v}.syn FROM {table} WHERE {v}.{start}={near.entity} AND {meets} "
        f"UNION ALL SELECT {v}.{end},{u}.path||{v}.{end}||',',{ns},max({u}.f0,{v}.f0),max({u}.f1,{v}.f1),"
        f"min({u}.u0,{v}.u0),min({u}.u1,{v}.u1),{u}.t AND {certain}{surely},{u}.syn OR {v}.syn "
        f"FROM w {u} CROSS JOIN {table} WHERE {v}.{start}={u}.e AND {meets}{together} "
        f"AND instr({u}.path,','||{v}.{end}||',')=0) SELECT * FROM w) {c}"
    )
    far = Spot(f"{c}.e", source.kinds)
    return Rows(near, tables, (), (Record(c, source.relation),), (), (), far, climb=c)


def path_of(rows: Rows) -> str:
    """The entities of a climb, as rows for ``FROM``."""
    return f"json_each('['||trim({rows.climb}.path,',')||']')"


def kind_is(names: Names, entity: str, kinds: Sequence[str]) -> str:
    """That an entity is of one of these kinds: its number says it."""
    numbers = ",".join(str(names.number(kind)) for kind in kinds)
    return f"({entity}&63)={numbers}" if len(kinds) == 1 else f"({entity}&63) IN ({numbers})"


def holds(record: Record, window: Window, certain: bool) -> str:
    """That the known version of a record meets the window; what is certain is possible, and that way indexed."""
    r = record.alias
    possible = f"{window.known(r)} AND {window.record_meets(r, False)}"
    return f"{possible} AND {window.record_meets(r, True)}" if certain else possible


def there(names: Names, writer: Writer, spot: Spot, window: Window, certain: bool) -> str:
    """That an entity is there: some state (at CERTAIN: some life) of it meets the window."""

    def exists(kind: str) -> str:
        z = writer.alias("z")
        meets = f"{window.state_meets(z)} AND {window.life_meets(z)}" if certain else window.state_meets(z)
        return f'EXISTS(SELECT 1 FROM "k_{kind}" {z} WHERE {z}.e={spot.entity} AND {window.known(z)} AND {meets})'

    return by_kind(names, spot, {kind: exists(kind) for kind in spot.kinds}, "0")


def printed_state(state: str, entity: str, window: Window) -> str:
    """That a row is the state of an entity that is printed."""
    return f"{state}.e={entity} AND {window.known(state)} AND {window.printed(state)}"


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
