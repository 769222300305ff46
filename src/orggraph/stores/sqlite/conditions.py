"""Filters as SQL conditions, at one certainty. Semantics.md section 3: ``not``, ``none``, upper bounds read the other one.

In: a plan's filter and the thing at hand. Out: an SQL condition that is never null.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

from orggraph.model.model import Field
from orggraph.model.values import Value as FieldType
from orggraph.plan.nodes import (
    ANYTHING,
    AllTrue,
    AnyTrue,
    Compare,
    CountIs,
    EndCompare,
    Every,
    Filter,
    Missing,
    Negation,
    OfEnd,
    OfKind,
    OfRecord,
    Op,
    Over,
    RecordsOf,
    SeenOn,
    Some,
    Source,
)
from orggraph.plan.scope import Value
from orggraph.stores.sqlite.rows import (
    Names,
    Record,
    Rows,
    Spot,
    by_kind,
    holds,
    rows_of,
    select_where,
    there,
)
from orggraph.stores.sqlite.window import Window, window_of
from orggraph.stores.sqlite.writing import Writer, conjunction

SYMBOLS = {Op.EQ: "=", Op.GT: ">", Op.GTE: ">=", Op.LT: "<", Op.LTE: "<="}


@dataclass(frozen=True)
class Hand:
    """The thing that a filter is on: an entity (and one state's alias, once its kind is known), the record hopped over."""

    spot: Spot | None = None
    state: str = ""
    record: Record | None = None


@dataclass(frozen=True)
class Conditions:
    """Writes conditions in one window."""

    names: Names
    writer: Writer
    window: Window

    # ------------------------------------------------------------ rows

    def below(self, rows: Rows) -> Conditions:
        """Conditions in the window that the rows' records leave."""
        window = self.window
        for record in rows.records:
            window = window.narrowed(record.alias)
        return replace(self, window=window)

    def rows_hold(self, rows: Rows, certain: bool) -> list[str]:
        """That a link holds, but for its far end: every record in turn, then what lies between, in what they leave."""
        found = list(rows.joined)
        window = self.window
        for record in rows.records:
            found.append(holds(record, window, certain))
            window = window.narrowed(record.alias)
        below = replace(self, window=window)
        tested = set() if certain else {spot.entity for spot, where in rows.tests if reads_state(where)}
        between = rows.passed if window.day is not None or rows.near is None else (rows.near, *rows.passed)
        found += [below.there(spot, certain) for spot in between if spot.entity not in tested]
        return found + [below.passes(where, spot, certain) for spot, where in rows.tests]

    def certainly(self, rows: Rows) -> list[str]:
        """What must be added to rows that possibly hold for them to hold certainly, but for their far end."""
        found = []
        window = self.window
        for record in rows.records:
            found.append(window.record_meets(record.alias, True))
            window = window.narrowed(record.alias)
        below = replace(self, window=window)
        between = rows.passed if window.day is not None or rows.near is None else (rows.near, *rows.passed)
        found += [below.there(spot, True) for spot in between]
        return found + [below.passes(where, spot, True) for spot, where in rows.tests]

    def there(self, spot: Spot, certain: bool) -> str:
        return there(self.names, self.writer, spot, self.window, certain)

    def links(self, source: Source, near: Spot | None, where: Filter, certain: bool, negated: bool = False) -> str:
        """``FROM`` and ``WHERE`` of the links of a source whose far end passes (or does not pass) a filter."""
        rows = rows_of(self.names, self.writer, source, near)
        below = self.below(rows)
        conditions = self.rows_hold(rows, certain)
        if negated:
            conditions.append(f"NOT ({below.row_passes(source, rows, where, not certain)})")
        elif where != ANYTHING:
            conditions.append(below.row_passes(source, rows, where, certain))
        # last, since a filter that fails is the commoner reason to leave a row out
        told = reads_state(where) and not (certain or negated or leads_to_records(source))
        if rows.far is not None and not told:
            conditions.append(below.there(rows.far, certain))
        return select_where(rows, conditions)

    def row_passes(self, source: Source, rows: Rows, where: Filter, certain: bool) -> str:
        """That what a row leads to passes a filter: its far end, or the record itself."""
        if rows.far is None or leads_to_records(source):
            return self.condition(where, Hand(record=rows.records[0]), certain)
        return self.passes(where, rows.far, certain)

    # ------------------------------------------------------------ entities

    def passes(self, where: Filter, spot: Spot, certain: bool) -> str:
        """That an entity passes a filter: some state that it may have (at CERTAIN: every one) does."""
        if not reads_state(where):
            return self.condition(where, Hand(spot, record=spot.record), certain)
        return by_kind(
            self.names, spot, {kind: self.state_passes(where, spot, kind, certain) for kind in spot.kinds}, "0"
        )

    def state_passes(self, where: Filter, spot: Spot, kind: str, certain: bool) -> str:
        z = self.writer.alias("z")
        condition = self.condition(where, Hand(replace(spot, kinds=(kind,)), z, spot.record), certain)
        state = f"{z}.e={spot.entity} AND {self.window.known(z)} AND {self.window.may_show(z)}"
        may_show = f'SELECT 1 FROM "k_{kind}" {z} WHERE {state}'
        if certain:
            return f"NOT EXISTS({may_show} AND NOT ({condition}))"
        return f"EXISTS({may_show} AND {condition})"

    # ------------------------------------------------------------ filters

    def condition(self, where: Filter, hand: Hand, certain: bool) -> str:
        match where:
            case Compare(field, op, value):
                return self.compare(field, op, value, hand, certain)
            case Missing(field):
                return f"{column(field, hand)} IS NULL"
            case EndCompare(end, op, value):
                assert hand.record is not None
                low, high = ("f0", "f1") if end == "from" else ("u0", "u1")
                return self.dated(f"{hand.record.alias}.{low}", f"{hand.record.alias}.{high}", op, value, certain)
            case AllTrue(filters):
                return conjunction([f"({self.condition(one, hand, certain)})" for one in filters])
            case AnyTrue(filters):
                return "(" + " OR ".join(f"({self.condition(one, hand, certain)})" for one in filters) + ")"
            case Negation(inner):
                return f"NOT ({self.condition(inner, hand, not certain)})"
            case Some(source, inner):
                return f"EXISTS(SELECT 1 FROM {self.links(source, hand.spot, inner, certain)})"
            case Every(source, inner):
                return f"NOT EXISTS(SELECT 1 FROM {self.links(source, hand.spot, inner, not certain, negated=True)})"
            case CountIs(source, inner, op, value):
                return self.count(source, inner, op, value, hand, certain)
            case OfRecord(inner):
                return self.condition(inner, Hand(record=hand.record), certain)
            case OfEnd(_, role, inner):
                return self.of_end(role, inner, hand, certain)
            case OfKind(cases):
                found = [
                    self.condition(inner, hand, certain)
                    for kind, inner in cases
                    if hand.spot and (kind,) == hand.spot.kinds
                ]
                return found[0] if found else "0"
            case SeenOn(dates, inner):
                assert hand.spot is not None
                there = self if dates is None else replace(self, window=self.window.on(window_of(dates, self.writer)))
                return f"{there.there(hand.spot, certain)} AND {there.passes(inner, replace(hand.spot, record=None), certain)}"
            case _:
                assert_never(where)

    def of_end(self, role: str, inner: Filter, hand: Hand, certain: bool) -> str:
        assert hand.record is not None
        spot = Spot(hand.record.end(role), hand.record.relation.end(role).kinds, hand.record)
        passes = self.passes(inner, spot, certain)
        return passes if role in ("subject", "object") else f"{self.there(spot, certain)} AND {passes}"

    def count(self, source: Source, where: Filter, op: Op, value: Value, hand: Hand, certain: bool) -> str:
        """Bounds on a number of links: at CERTAIN the lower number must reach a lower bound, the upper keep an upper."""
        bound = self.writer.bind(value, "int")
        at_least = {Op.GTE: bound, Op.GT: f"{bound}+1", Op.EQ: bound}.get(op)
        at_most = {Op.LTE: bound, Op.LT: f"{bound}-1", Op.EQ: bound}.get(op)
        found = []
        if at_least is not None:
            links = self.links(source, hand.spot, where, certain)
            found.append(f"({at_least}<=0 OR EXISTS(SELECT 1 FROM {links} LIMIT 1 OFFSET {at_least}-1))")
        if at_most is not None:
            links = self.links(source, hand.spot, where, not certain)
            found.append(f"({at_most}>=0 AND NOT EXISTS(SELECT 1 FROM {links} LIMIT 1 OFFSET {at_most}))")
        return conjunction(found)

    def compare(self, field: Field | str, op: Op, value: Value, hand: Hand, certain: bool) -> str:
        if isinstance(field, Field) and field.type is FieldType.DATE:
            low, high = (f'{owner(field, hand)}."_{field.name}__{i}"' for i in (0, 1))
            return f"({self.dated(low, high, op, value, certain)}) IS TRUE"
        text = column(field, hand)
        form = (
            "flag"
            if field == "synthetic" or (isinstance(field, Field) and field.type is FieldType.BOOLEAN)
            else "plain"
        )
        match op:
            case Op.IN:
                return f"({text} IN (SELECT value FROM json_each({self.writer.bind(value, 'list')}))) IS TRUE"
            case Op.CONTAINS:
                return f"(instr({text},{self.writer.bind(value, form)})>0) IS TRUE"
            case Op.STARTS:
                start = self.writer.bind(value, form)
                return f"(substr({text},1,length({start}))={start}) IS TRUE"
        return f"({text}{SYMBOLS[op]}{self.writer.bind(value, form)}) IS TRUE"

    def dated(self, low: str, high: str, op: Op, value: Value, certain: bool) -> str:
        """A day between ``low`` and ``high`` against a partial date: gte and lt by its first day, gt and lte by its last."""
        first, last = self.writer.bind(value, "first"), self.writer.bind(value, "last")
        match op:
            case Op.GTE:
                return f"{low if certain else high}>={first}"
            case Op.GT:
                return f"{low if certain else high}>{last}"
            case Op.LT:
                return f"{high if certain else low}<{first}"
            case Op.LTE:
                return f"{high if certain else low}<={last}"
            case Op.EQ:
                inner, outer = (low, high) if certain else (high, low)
                return f"{inner}>={first} AND {outer}<={last}"
        raise AssertionError(op)


def leads_to_records(source: Source) -> bool:
    return isinstance(source, RecordsOf) or (isinstance(source, Over) and source.records)


def owner(field: Field | str, hand: Hand) -> str:
    """The alias of the row that has a field: the state, or the record where there is no entity at hand."""
    if hand.state:
        return hand.state
    assert hand.record is not None, field
    return hand.record.alias


def column(field: Field | str, hand: Hand) -> str:
    match field:
        case Field(name=name):
            return f'{owner(field, hand)}."_{name}"'
        case "key" if hand.spot:
            return f"(SELECT key FROM entity WHERE e={hand.spot.entity})"
        case "key":
            assert hand.record is not None
            return f"(SELECT key FROM record WHERE r={hand.record.alias}.r)"
        case "synthetic":
            return f"{owner(field, hand)}.syn"
    return f"{owner(field, hand)}.{field}"


def reads_state(where: Filter) -> bool:
    """Whether a filter on an entity needs its states (or its kind)."""
    match where:
        case Compare(field) | Missing(field):
            return field != "key"
        case AllTrue(filters) | AnyTrue(filters):
            return any(map(reads_state, filters))
        case Negation(inner):
            return reads_state(inner)
        case OfKind():
            return True
    return False
