"""Filters as SQL conditions, at one certainty. Semantics.md section 3: ``not``, ``none``, upper bounds read the other one.

In: a plan's filter and the thing at hand. Out: an SQL condition that is never null.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from orggraph.plan.filters import (
    ANYTHING,
    AllOf,
    AllTrue,
    Along,
    AnyTrue,
    CitesOneOf,
    Compare,
    CountIs,
    EndCompare,
    EndMissing,
    Every,
    Filter,
    Lasts,
    LinkCountIs,
    Missing,
    Negation,
    OfEnd,
    OfKind,
    OfRecord,
    OfSomeEnd,
    Op,
    PrecisionIs,
    Same,
    SameBucket,
    SameEntity,
    SeenOn,
    Some,
    Source,
    Told,
)
from orggraph.plan.reads import decided, fields_read, leads_to_records, reads_state
from orggraph.plan.scope import Constant
from orggraph.plan.weights import DEAR, weight
from orggraph.stores.sqlite.alike import alike
from orggraph.stores.sqlite.beginning import begun
from orggraph.stores.sqlite.bundles import bundle
from orggraph.stores.sqlite.comparing import (
    Hand,
    as_precise,
    column,
    compare,
    dated,
    end_days,
    link_count,
    owner,
    said,
)
from orggraph.stores.sqlite.driving import Driving
from orggraph.stores.sqlite.in_turn import in_turn
from orggraph.stores.sqlite.rows import (
    Names,
    Rows,
    Spot,
    among,
    by_kind,
    holds,
    path_of,
    select_where,
    there,
    told_apart,
)
from orggraph.stores.sqlite.sources import rows_of
from orggraph.stores.sqlite.stretches import lasts
from orggraph.stores.sqlite.window import Window, window_of
from orggraph.stores.sqlite.writing import CURRENT, Writer, conjunction
from orggraph.time.days import NEG


class Conditions(Struct, frozen=True):
    """Writes conditions in one window."""

    names: Names
    writer: Writer
    window: Window

    # ------------------------------------------------------------ rows

    def rows(self, source: Source, near: Spot | None, printed: bool = True, within: Sequence[str] = ()) -> Rows:
        """The rows of a source; ``near`` is the entity at hand (None for roots); ``printed``: not only counted or tested;
        ``within``: between which keys."""
        if isinstance(source, Along) and source.plain is None:
            assert near is not None
            return bundle(self, source, near)
        return rows_of(self.names, self.writer, source, near, self.window, printed, within)

    def below(self, rows: Rows) -> Conditions:
        """Conditions in the window that the rows' records leave."""
        return replace(self, window=self.left(rows))

    def left(self, rows: Rows) -> Window:
        """The window that the rows' records leave."""
        return reduce(lambda window, record: window.narrowed(record.alias), rows.records, self.window)

    def rows_hold(self, rows: Rows, certain: bool) -> list[str]:
        """That a link holds, but for its far end: every record in turn, then what lies between, in what they leave."""
        if rows.holding:
            return self.certainly(rows) if certain else self.near_there(rows, False)
        found = list(rows.joined)
        if rows.near is not None and rows.near.entity:
            found.insert(0, f"{rows.start}={rows.near.entity}")
        window = self.window
        for record in rows.records:
            found.append(holds(record, window, certain, self.names.often_corrected(record, rows.start)))
            window = window.narrowed(record.alias)
        below, tested = replace(self, window=window), {spot.entity: where for spot, where in rows.tests}
        between = rows.passed if window.day is not None or rows.near is None else (rows.begun, *rows.passed)
        found += [below.there(spot, certain) for spot in between if spot.entity not in tested]
        passed = {spot.entity for spot in between}
        for spot, where in rows.tests:
            passes = below.stands if spot.entity in passed else below.passes
            found.append(passes(where, spot, certain))
        return found

    def near_there(self, rows: Rows, certain: bool) -> list[str]:
        """Of rows that possibly hold: in a range, that the entities which their making did not look at are there."""
        if self.window.day is not None or rows.bundle is not None:
            return []
        below = self.below(rows)
        if not rows.climb:
            return [] if rows.near is None else [below.there(rows.near, certain)]
        x, relation = self.writer.alias("x"), rows.records[0].relation
        kinds = tuple(dict.fromkeys((*relation.subject.kinds, *relation.object.kinds)))
        there = below.there(Spot(f"{x}.value", kinds), certain)
        return [f"NOT EXISTS(SELECT 1 FROM {path_of(rows)} {x} WHERE NOT {there})"]

    def certainly(self, rows: Rows) -> list[str]:
        """What must be added to rows that possibly hold for them to hold certainly, but for their far end."""
        if rows.bundle is not None:
            return [f"{rows.bundle.alias}.t"]
        if rows.climb:
            return [f"{rows.climb}.t", *self.near_there(rows, True)]
        found = []
        window = self.window
        for record in rows.records:
            found.append(window.record_meets(record.alias, True))
            window = window.narrowed(record.alias)
        below = replace(self, window=window)
        between = rows.passed if window.day is not None or rows.near is None else (rows.begun, *rows.passed)
        found += [below.there(spot, True) for spot in between]
        return found + [below.passes(where, spot, True) for spot, where in rows.tests if not self.told(where, spot)]

    def told(self, where: Filter, spot: Spot | None) -> bool:
        """Whether a filter that possibly passes certainly does: it reads no day, and what all states have the same."""
        if not decided(where):
            return False
        kinds = () if spot is None or not reads_state(where) else spot.kinds
        return all(self.names.settled(kind, fields_read(where, kind), self.window) for kind in kinds)

    def lies_within(self, spot: Spot) -> bool:
        """Whether an entity is there, as certainly as all records hold that lead to it."""
        return self.names.lies_within(spot, self.window, certain=False)

    def there(self, spot: Spot, certain: bool) -> str:
        return there(self.names, self.writer, spot, self.window, certain)

    def stands(self, where: Filter, spot: Spot, certain: bool) -> str:
        """That an entity is there and passes a filter, in one look at its states where one tells both."""
        if reads_state(where) and not certain:
            return self.passes(where, spot, certain)
        (kind, *others) = spot.kinds
        if not reads_state(where) or others or not self.told(where, spot) or self.names.plain(kind, self.window):
            return conjunction([self.passes(where, spot, certain), self.there(spot, certain)])
        z = self.writer.alias("z")
        state = f"{z}.e={spot.entity} AND {self.window.known(z)} AND {self.window.state_meets(z)}"
        condition = self.met(where, Hand(spot, z, spot.record), certain)
        return f'EXISTS(SELECT 1 FROM "k_{kind}" {z} WHERE {state} AND {self.window.life_meets(z)} AND {condition})'

    def links(self, source: Source, near: Spot | None, where: Filter, certain: bool, negated: bool = False) -> str:
        """``FROM`` and ``WHERE`` of the links of a source whose far end passes (or does not pass) a filter."""
        return self.far_links(source, near, where, certain, negated)[1]

    def far_links(
        self, source: Source, near: Spot | None, where: Filter, certain: bool, negated: bool = False
    ) -> tuple[str, str]:
        """The same, and before it what tells the far ends apart (where it leads to records, the records)."""
        rows, links = self.linked(source, near, where, certain, negated)
        return told_apart(source, rows), links

    def linked(
        self, source: Source, near: Spot | None, where: Filter, certain: bool, negated: bool = False
    ) -> tuple[Rows, str]:
        """The same, and before it the rows that they are."""
        rows = self.rows(source, near, printed=False)
        if not negated:
            rows, where = self.driven(rows, source, where, certain)
        below = self.below(rows)
        conditions = self.rows_hold(rows, certain)
        if negated:
            conditions.append(f"NOT ({below.row_passes(source, rows, where, not certain)})")
        elif where != ANYTHING and (rows.far is None or leads_to_records(source)):
            conditions.append(below.row_passes(source, rows, where, certain))
        if rows.far is not None and (where == ANYTHING or negated or leads_to_records(source)):
            conditions.append(below.there(rows.far, certain))
        elif rows.far is not None:
            conditions.append(below.stands(where, rows.far, certain))
        return rows, select_where(rows, conditions)

    def driven(
        self, rows: Rows, source: Source, where: Filter, certain: bool, whole: bool = True
    ) -> tuple[Rows, Filter]:
        """Rows of a root, begun from the few entities that can pass its filter, where that tells them (or, where the list is
        asked for as a ``whole``, where records do), and what of it is still to be asked."""
        if not isinstance(source, AllOf) or rows.far is None:
            return rows, where
        few = Driving(self, certain).entities(where, source.kinds)
        if few is not None:
            return among(rows, few.select), few.rest
        return (self.fewest(rows, source, where) if whole else rows), where

    def fewest(self, rows: Rows, source: Source, where: Filter) -> Rows:
        """Rows of a root, of those entities alone at which the links can begin that they must have to pass."""
        if not isinstance(source, AllOf) or rows.far is None:
            return rows
        parts = where.filters if isinstance(where, AllTrue) else (where,)
        found = [one for part in parts if isinstance(part, Some) and (one := begun(self, part.source, rows.far))]
        return among(rows, min(found, key=lambda one: one.records).select) if found else rows

    def tallied(self, source: Source, near: Spot | None, where: Filter) -> tuple[str, str, str, str]:
        """The far end of links that possibly are in a list, a number that each has, that one certainly is, and their ``FROM``
        and ``WHERE``."""
        rows, certain, links = self.maybe_linked(source, near, where)
        return told_apart(source, rows), rows.number, certain, links

    def maybe_linked(self, source: Source, near: Spot | None, where: Filter) -> tuple[Rows, str, str]:
        """The rows of links that possibly are in a list, that one certainly is, and their ``FROM`` and ``WHERE``."""
        rows = self.fewest(self.rows(source, near, printed=False), source, where)
        below, records = self.below(rows), leads_to_records(source)
        possible, certain = self.rows_hold(rows, False), self.certainly(rows)
        if where != ANYTHING:
            possible.append(below.row_passes(source, rows, where, False))
            if not below.told(where, None if records else rows.far):
                certain.append(below.row_passes(source, rows, where, True))
        if rows.far is not None:
            if not reads_state(where) or records:
                possible.append(below.there(rows.far, False))
            certain.append(below.there(rows.far, True))
        return rows, conjunction(certain), select_where(rows, possible)

    def shown_passes(self, where: Filter, spot: Spot, state: str, certain: bool) -> str:
        """That an entity passes whose printed state is in a row: that state does, if all have the same of what is asked."""
        (kind,) = spot.kinds
        if not reads_state(where) or not self.names.settled(kind, fields_read(where, kind), self.window):
            return self.passes(where, spot, certain)
        found = replace(
            spot, entity=f"{state}.e"
        )  # what hangs on nothing but the state is asked where the state is found
        return self.condition(where, Hand(found, state, spot.record), certain)

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
        passes = {kind: self.state_passes(where, spot, kind, certain) for kind in spot.kinds}
        return by_kind(self.names, spot, {kind: one for kind, one in passes.items() if one != "0"}, "0")

    def state_passes(self, where: Filter, spot: Spot, kind: str, certain: bool) -> str:
        z = self.writer.alias("z")
        hand = Hand(replace(spot, kinds=(kind,)), z, spot.record)
        state = f"{z}.e={spot.entity} AND {self.window.known(z)}"
        if self.names.plain(kind, self.window):
            return f'EXISTS(SELECT 1 FROM "k_{kind}" {z} WHERE {state} AND {self.met(where, hand, certain)})'
        may_show = f'SELECT 1 FROM "k_{kind}" {z} WHERE {state} AND {self.window.may_show(z)}'
        if certain:
            return f"NOT EXISTS({may_show} AND NOT ({self.condition(where, hand, certain)}))"
        met = self.met(where, hand, certain)
        return "0" if met == "0" else f"EXISTS({may_show} AND {met})"

    # ------------------------------------------------------------ filters

    def met(self, where: Filter, hand: Hand, certain: bool) -> str:
        """A condition where null does as well as false, which spares SQLite the difference."""
        match where:
            case Compare(field, op, value):
                return compare(self.writer, field, op, value, hand, certain)
            case AllTrue(filters):
                return in_turn(filters, lambda one: self.met(one, hand, certain))
        return self.condition(where, hand, certain)

    def condition(self, where: Filter, hand: Hand, certain: bool) -> str:
        match where:
            case Compare("relation" | "turn" as field, _, Constant(value)) if known := said(field, hand):
                return str(int(known in value if isinstance(value, tuple) else known == value))
            case Compare(field, op, value):
                return f"({compare(self.writer, field, op, value, hand, certain)}) IS TRUE"
            case Missing(field):
                return f"{column(field, hand)} IS NULL"
            case EndCompare(end, op, value):
                return dated(self.writer, *end_days(end, hand), op, value, certain)
            case AllTrue(filters):
                return in_turn(filters, lambda one: self.condition(one, hand, certain))
            case AnyTrue(filters):
                return "(" + " OR ".join(f"({self.condition(one, hand, certain)})" for one in filters) + ")"
            case Negation(inner):
                return f"NOT ({self.condition(inner, hand, not certain)})"
            case Some(source, inner):
                some = f"EXISTS(SELECT 1 FROM {self.links(source, hand.spot, inner, certain)})"
                few = begun(self, source, hand.spot) if hand.spot and weight(where) >= DEAR else None
                return some if few is None or hand.spot is None else f"{hand.spot.entity} IN ({few.select}) AND {some}"
            case Every(source, inner):
                return f"NOT EXISTS(SELECT 1 FROM {self.links(source, hand.spot, inner, not certain, negated=True)})"
            case EndMissing(end):
                assert hand.record is not None
                column_, infinite = (("f1", "f0"), NEG) if end == "from" else (("u0", "u1"), CURRENT)
                return f"{hand.record.alias}.{column_[not certain]}={infinite}"
            case PrecisionIs(field, precision):
                return as_precise(field, precision, hand)
            case CitesOneOf(keys):
                sources = (
                    f"SELECT e FROM entity WHERE key IN (SELECT value FROM json_each({self.writer.bind(keys, 'keys')}))"
                )
                return f"EXISTS(SELECT 1 FROM cite WHERE c={owner('c', hand)}.c AND s IN ({sources}))"
            case CountIs():
                return self.count(where, hand, certain)
            case LinkCountIs(op, value):
                return link_count(self.writer, op, value, hand, certain)
            case Lasts():
                return lasts(self, where, hand.spot, certain)
            case OfRecord(inner):
                return self.condition(inner, Hand(record=hand.record), certain)
            case OfEnd(_, role, inner):
                return self.of_end(role, inner, hand, certain)
            case OfSomeEnd(inner):
                assert hand.record is not None
                ends = [self.of_end(end.role, inner, hand, certain) for end in hand.record.relation.ends]
                return f"({' OR '.join(f'({one})' for one in ends if one != '0') or '0'})"
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
            case Same() | SameBucket() | SameEntity() | Told():
                return alike(where, hand, certain)
            case _:
                assert_never(where)

    def of_end(self, role: str, inner: Filter, hand: Hand, certain: bool) -> str:
        assert hand.record is not None
        spot = Spot(hand.record.end(role), hand.record.relation.end(role).kinds, hand.record)
        passes = self.passes(inner, spot, certain)
        if role in ("subject", "object"):
            return passes
        return conjunction([f"{spot.entity} IS NOT NULL", self.there(spot, certain), passes])

    def count(self, asked: CountIs, hand: Hand, certain: bool) -> str:
        """Bounds on a number of links: at CERTAIN the lower number must reach a lower bound, the upper keep an upper."""
        bound = self.writer.bind(asked.value, "int")
        at_least = {Op.GTE: bound, Op.GT: f"{bound}+1", Op.EQ: bound}.get(asked.op)
        at_most = {Op.LTE: bound, Op.LT: f"{bound}-1", Op.EQ: bound}.get(asked.op)
        found = []
        if at_least is not None:
            found.append(self.reaches(asked, at_least, hand, certain))
        if at_most is not None:
            found.append(f"NOT {self.reaches(asked, f'{at_most}+1', hand, not certain)}")
        return conjunction(found)

    def reaches(self, asked: CountIs, bound: str, hand: Hand, certain: bool) -> str:
        """That there are at least so many links, which need not all be counted; or different far ends, which must be (SQLite
        forgets DISTINCT inside EXISTS)."""
        far, links = self.far_links(asked.source, hand.spot, asked.where, certain)
        if asked.nodes:
            return f"((SELECT count(DISTINCT {far}) FROM {links})>={bound})"
        return f"({bound}<=0 OR EXISTS(SELECT 1 FROM {links} LIMIT 1 OFFSET {bound}-1))"
