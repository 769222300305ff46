"""Rows that stand for links: their tables, how they hang together, when they hold. Semantics.md sections 3 and 8.

Out: ``Rows``, from which lists, counts and conditions are written; which rows a source has says ``sources.py``. Example:
over ``deputyHeads`` from ``a1.e`` → ``r_DeputyHead r2 WHERE r2.o=a1.e AND r2.k1=… AND r2.f0<=?1 AND r2.u1>?1``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from orggraph.model.model import Model, Relation
from orggraph.plan.filters import Along, Filter, Over, Source
from orggraph.plan.reads import leads_to_records
from orggraph.plan.ways import Way
from orggraph.stores.contract import LOADS, VERSIONS, Measures
from orggraph.stores.sqlite.ddl import end_column
from orggraph.stores.sqlite.facts import AT_ENDS, ENDLESS, PRESENT, SAME, SOLE, STEADY, SUCCESSIVE, WITHIN, Facts
from orggraph.stores.sqlite.window import Window
from orggraph.stores.sqlite.writing import Writer, conjunction

NOT_MEASURED: Measures = {}
SEEK = 5
"""Versions that an index passes over in the time in which it finds one (45 and 250 ns measured)."""


class Record(Struct, frozen=True):
    """A record's row: its alias and relation."""

    alias: str
    relation: Relation

    def end(self, role: str) -> str:
        return f"{self.alias}.{end_column(role)}"


class Spot(Struct, frozen=True):
    """An entity that a row leads to or passes: the SQL of its number, the kinds it may be of, and its record's row. ``many``:
    it is one after the other of all of these kinds."""

    entity: str
    kinds: tuple[str, ...]
    record: Record | None = None
    many: bool = False

    @property
    def optional(self) -> bool:
        """Whether it is at an end of its record that may be blank."""
        record = self.record
        if record is None:
            return False
        return any(not end.required and record.end(end.role) == self.entity for end in record.relation.ends)


class Part(Struct, frozen=True):
    """Of a link the records that come about in one of some ways: the columns of the way's number and (with a number behind)
    of their versions, and of each way the relations."""

    way: str
    versions: str
    ways: tuple[tuple[Relation, ...], ...]


class Bundle(Struct, frozen=True):
    """A table of links that come about in several ways, or are counted (bundles.py): its alias, what makes up its links."""

    alias: str
    parts: tuple[Part, ...]
    grouped: bool


class Rows(Struct, frozen=True):
    """``near``: where the rows come from; ``start``: the SQL of the rows' own end there. ``far``: where they lead (None for
    roots; for the records of a relation). ``records``: in the chain's declared order. ``passed``: entities that must be
    there besides the near and far one. ``tests``: the model's own conditions on spots. ``holding``: the tables have only
    rows that possibly hold. ``climb``: the alias of a chain of any length, which stands in ``records`` as one record with
    the chain's numbers. ``bundle``: where links are rows of one table, which stands in ``records`` as one record with their
    numbers (of grouped ones, which have none, there is no record). ``few``: a root's rows that are looked up by number."""

    near: Spot | None
    tables: str
    joined: tuple[str, ...]
    records: tuple[Record, ...]
    passed: tuple[Spot, ...]
    tests: tuple[tuple[Spot, Filter], ...]
    far: Spot | None
    start: str = ""
    holding: bool = False
    climb: str = ""
    few: bool = False
    bundle: Bundle | None = None

    @property
    def begun(self) -> Spot:
        """The near entity, as the end of the record that begins there, where one does."""
        assert self.near is not None
        own = [record for record in self.records if self.start.startswith(f"{record.alias}.")]
        return Spot(self.start, self.near.kinds, own[0]) if own else self.near

    @property
    def number(self) -> str:
        """A number that each row has, in whichever index it is found. What reads nothing of a row, SQL would count in the select
        around: ``count(iif(?1>7,1,NULL))`` is of no rows here, ``count(iif(?1>7,r1.f0,NULL))`` is of these."""
        assert self.records or self.far is not None
        return f"{self.records[0].alias}.f0" if self.records or self.far is None else self.far.entity

    @property
    def backwards(self) -> str:
        """The tables from the far end on."""
        return " CROSS JOIN ".join(reversed(self.tables.split(" CROSS JOIN ")))


class Names(Struct, frozen=True):
    """What the compiler needs of the model, kinds' numbers and tables, what is true of the store's rows, and how many there were
    of them (``measures``: by which it chooses between ways to the same answer)."""

    model: Model
    facts: Facts
    measures: Measures = NOT_MEASURED

    def count(self, kinds: Iterable[str]) -> float:
        """Entities of some kinds."""
        return sum(self.measures.get((kind, ""), 0.0) for kind in kinds)

    def records(self, relation: str) -> float:
        """Records of a relation."""
        return self.measures.get((relation, ""), 0.0)

    def often_corrected(self, record: Record, start: str) -> bool:
        """Whether an entity has so many corrected versions of its records, which begin at it, that looking each load up in the
        index is cheaper than passing over them."""
        name, versions = record.relation.name, self.measures.get((record.relation.name, VERSIONS), 0.0)
        for end in record.relation.ends:
            if record.end(end.role) == start and (records := self.records(name)):
                corrected = (versions - records) * self.measures.get((name, end.role), 0.0) / records
                return corrected > SEEK * self.measures.get(LOADS, 0.0)
        return False

    def number(self, kind: str) -> int:
        return self.model.kinds[kind].number

    def always_there(self, kind: str, spot: Spot, window: Window) -> bool:
        """Whether an entity of a kind at a spot is there on every day, at the load that is looked at."""
        if spot.record is not None:
            return self.facts.say(kind, AT_ENDS, window.load is not None)
        return window.load is None and self.facts.say(kind, PRESENT, ever=False)

    def lies_within(self, spot: Spot, window: Window, certain: bool) -> bool:
        """Whether the entity at an end of a record is there because the record holds."""
        return not spot.optional and self.within_a_life(spot, window, certain)

    def within_a_life(self, spot: Spot, window: Window, certain: bool) -> bool:
        """Whether whoever is at an end of a record is there because the record holds, in the window that the record leaves: it
        lies within a life of the entity, where there is no day between two states.

        That it certainly is follows too on a day, and in a range whose bounds were known before: a life that lasts from f0 to
        u1 at least begins before a range whose end is after f0. Where records before have narrowed it to unknown days,
        it would follow only of a record that certainly holds.
        """
        record = spot.record
        if record is None or record.alias not in window.hopped or window.load is not None:
            return False
        roles = [end.role for end in record.relation.ends if record.end(end.role) == spot.entity]
        if not any(self.facts.say(record.relation.name, WITHIN + role, ever=False) for role in roles):
            return False
        return not certain or window.day is not None or window.without(record.alias).exact

    def plain(self, kind: str, window: Window) -> bool:
        """Whether an entity of a kind that is known is there on every day, in one and the same state."""
        ever = window.load is not None
        return self.facts.say(kind, ENDLESS, ever) and self.facts.say(kind, STEADY, ever)

    def settled(self, kind: str, fields: Collection[str], window: Window) -> bool:
        """Whether these fields are the same in all states of an entity of a kind."""
        same = all(self.facts.say(kind, SAME + field, window.load is not None) for field in fields)
        return same or self.plain(kind, window)

    def alone(self, relation: str, role: str, window: Window) -> bool:
        """Whether an entity at an end has at most one record in a window."""
        what = SOLE if window.day is None else SUCCESSIVE
        return self.facts.say(relation, what + role, window.load is not None)

    def leads_to_one(self, source: Source, window: Window, backwards: bool = False) -> bool:
        """Whether from one near end there is at most one link; ``backwards``: to one far end."""
        match source:
            case Over(hop):
                hops, forward = [hop], True
            case Along(link, plain=Way() as way):
                hops, forward = [strand.hop for strand in way.strands], link.forward
            case _:
                return False
        return all(self.alone(hop.relation, hop.target if forward is backwards else hop.origin, window) for hop in hops)

    def all_kinds(self, record: Record, role: str) -> tuple[str, ...]:
        return record.relation.end(role).kinds


def relation_number(model: Model, relation: str) -> int:
    """1 … 1023: the low bits of its records' numbers."""
    return model.relations[relation].number


def ends_of(record: Record) -> tuple[Spot, ...]:
    relation = record.relation
    return tuple(Spot(record.end(end.role), end.kinds, record) for end in (relation.subject, relation.object))


def interval(rows: Rows) -> tuple[str, ...]:
    """The four numbers that the records of a row share, as SQL; none where there are no records."""
    if not rows.records:
        return ()
    return tuple(
        one if len(found) == 1 else f"{bound}({','.join(found)})"
        for bound, number in (("max", "f0"), ("max", "f1"), ("min", "u0"), ("min", "u1"))
        if (found := [f"{record.alias}.{number}" for record in rows.records])
        for one in found[:1]
    )


def record_of(rows: Rows) -> Record | None:
    """The record hopped over; a counted link, whose numbers are tested and ordered by as a record's."""
    if rows.bundle is not None:
        return rows.far.record if rows.bundle.grouped and rows.far is not None else None
    return rows.records[0] if len(rows.records) == 1 and not rows.climb else None


def path_of(rows: Rows) -> str:
    """The entities of a climb, as rows for ``FROM``."""
    return f"json_each('['||trim({rows.climb}.path,',')||']')"


def kind_is(names: Names, entity: str, kinds: Sequence[str]) -> str:
    """That an entity is of one of these kinds: its number says it."""
    numbers = ",".join(str(names.number(kind)) for kind in kinds)
    return f"({entity}&63)={numbers}" if len(kinds) == 1 else f"({entity}&63) IN ({numbers})"


def holds(record: Record, window: Window, certain: bool, corrected: bool = False) -> str:
    """That the known version of a record meets the window; what is certain is possible, and that way indexed. ``corrected``: it
    is looked for among many that were corrected."""
    r = record.alias
    known = window.known_of_many(r, f'"r_{record.relation.name}"') if corrected else window.known(r)
    possible = f"{known} AND {window.record_meets(r, False)}"
    return f"{possible} AND {window.record_meets(r, True)}" if certain else possible


def there(names: Names, writer: Writer, spot: Spot, window: Window, certain: bool) -> str:
    """That an entity is there: some state (at CERTAIN: some life) of it meets the window. At an end that may be blank nobody is,
    whatever is true of those who are."""
    told = _there(names, writer, spot, window, certain)
    return conjunction([f"{spot.entity} IS NOT NULL", told]) if spot.optional and spot.entity not in told else told


def _there(names: Names, writer: Writer, spot: Spot, window: Window, certain: bool) -> str:
    if names.within_a_life(spot, window, certain):
        return window.always_meets() if certain else "1"  # a record may have ended before every day

    def exists(kind: str) -> str:
        if names.always_there(kind, spot, window):
            return window.always_meets() if certain else "1"  # a record that is known at a load has ends that are
        z = writer.alias("z")
        meets = f"{window.state_meets(z)} AND {window.life_meets(z)}" if certain else window.state_meets(z)
        return f'EXISTS(SELECT 1 FROM "k_{kind}" {z} WHERE {z}.e={spot.entity} AND {window.known(z)} AND {meets})'

    return by_kind(names, spot, {kind: exists(kind) for kind in spot.kinds}, "0")


def printed_state(names: Names, state: str, spot: Spot, window: Window) -> str:
    """That a row is the printed state of an entity, which is of one kind."""
    found = f"{state}.e={spot.entity} AND {window.known(state)}"
    return found if names.plain(spot.kinds[0], window) else f"{found} AND {window.printed(state)}"


def by_kind(names: Names, spot: Spot, cases: dict[str, str], otherwise: str) -> str:
    """SQL that depends on the kind of the entity at a spot; one that only one kind can be at needs no test."""
    if len(spot.kinds) == 1 and spot.kinds[0] in cases:
        return cases[spot.kinds[0]]
    if set(cases) == set(spot.kinds) and len(set(cases.values())) == 1:
        return cases[spot.kinds[0]]
    if not cases:
        return otherwise
    if len(cases) == 1 and otherwise == "0":
        ((kind, case),) = cases.items()
        return f"(({spot.entity}&63)={names.number(kind)} AND {case})"
    whens = " ".join(f"WHEN {names.number(kind)} THEN {case}" for kind, case in cases.items())
    return f"CASE {spot.entity}&63 {whens} ELSE {otherwise} END"


def among(rows: Rows, few: str) -> Rows:
    """Those rows of a root that are of a select of entities: looked up by number, not walked by kind."""
    assert rows.far is not None
    far, joined = replace(rows.far, many=False), (f"{rows.far.entity} IN ({few})", *rows.joined)
    return replace(rows, tables=f"{rows.tables} NOT INDEXED", joined=joined, far=far, few=True)


def select_where(rows: Rows, conditions: Sequence[str]) -> str:
    return f"{rows.tables} WHERE {conjunction(conditions)}"


def told_apart(source: Source, rows: Rows) -> str:
    """What tells the things apart that rows lead to."""
    return f"{rows.records[0].alias}.r" if rows.far is None or leads_to_records(source) else rows.far.entity
