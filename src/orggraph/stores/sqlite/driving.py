"""The few entities that can pass a filter, where a key or a name in it says so: a query begins from them, not from all.

In: a filter on entities. Out: ``Few``: tables that lead from the key outwards to the entities, what their rows must meet,
and what of the filter is still to be asked. On a day nothing is: the links are the filter's own, walked from the other
end; in a range, where what a link leaves of it hangs on the way there, all of it. Example, on a day:
``{firstSecretaries: {some: {key: {eq: "p1"}}}}`` → ``entity a1 CROSS JOIN r_FirstSecretary r2``, ``a1.key=?1 AND r2.s=a1.e
AND r2.k1=… AND r2.f0<=?2 AND r2.u1>?2``, ``r2.o``.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from orggraph.plan.filters import (
    ANYTHING,
    AllTrue,
    Along,
    AnyTrue,
    Climb,
    Compare,
    Filter,
    OfEnd,
    OfKind,
    Op,
    Over,
    Some,
)
from orggraph.plan.reads import asks_record, reads_state
from orggraph.plan.scope import Value
from orggraph.plan.ways import Way
from orggraph.stores.sqlite.looking import Asking
from orggraph.stores.sqlite.rows import Spot, holds, kind_is
from orggraph.stores.sqlite.sources import along, rows_of
from orggraph.stores.sqlite.writing import CURRENT, conjunction

MOST_PARTS = 8
"""Branches of an ``or`` that are worth beginning from."""
NOWHERE = Spot("", ())


class Few(Struct, frozen=True):
    """``entity``: SQL of the number of an entity; ``rest``: what it must still be asked to pass the filter."""

    tables: str
    conditions: tuple[str, ...]
    entity: str
    rest: Filter = ANYTHING

    @property
    def select(self) -> str:
        return f"SELECT {self.entity} e FROM {self.tables} WHERE {conjunction(self.conditions)}"

    def also(self, *conditions: str) -> Few:
        return replace(self, conditions=(*self.conditions, *conditions))


class Driving(Struct, frozen=True):
    """Begins from keys and names, in one window at one certainty."""

    asking: Asking
    certain: bool

    def entities(self, where: Filter, kinds: Sequence[str]) -> Few | None:
        """Those of these kinds; they may not be there."""
        match where:
            case Compare("key", Op.EQ | Op.IN, value):
                return self.of_keys(value, where.op)
            case Compare("name", Op.EQ, value) if self.asking.window.load is None and len(kinds) == 1:
                z, named = self.asking.writer.alias("z"), self.asking.writer.bind(value, "plain")
                return Few(f'"k_{kinds[0]}" {z}', (f"{z}.k1={CURRENT}", f"{z}.name={named}"), f"{z}.e", where)
            case AllTrue(parts):
                return self.all_true(parts, kinds)
            case AnyTrue(parts):
                return self.either([self.entities(part, kinds) for part in parts], where)
            case OfKind(cases):
                return self.either([self.of_kind(kind, part) for kind, part in cases], where)
            case Some():
                return self.links(where)
        return None

    def of_keys(self, value: Value, op: Op) -> Few:
        a = self.asking.writer.alias("a")
        if op is Op.EQ:
            return Few(f"entity {a}", (f"{a}.key={self.asking.writer.bind(value, 'key')}",), f"{a}.e")
        x = self.asking.writer.alias("x")
        keys = f"json_each({self.asking.writer.bind(value, 'keys')}) {x}"
        return Few(f"{keys} CROSS JOIN entity {a}", (f"{a}.key={x}.value",), f"{a}.e")

    def all_true(self, parts: Sequence[Filter], kinds: Sequence[str]) -> Few | None:
        """Begun from the first part that tells few; what reads states must pass in one state, and is asked together."""
        for i, part in enumerate(parts):
            if found := self.entities(part, kinds):
                rest = [*parts[:i], *parts[i + 1 :]] if found.rest == ANYTHING and not reads_state(part) else parts
                return replace(found, rest=AllTrue(tuple(rest)))
        return None

    def of_kind(self, kind: str, where: Filter) -> Few | None:
        found = self.entities(where, (kind,))
        return found and self.settled(found.also(kind_is(self.asking.names, found.entity, (kind,))), (kind,))

    def settled(self, found: Few, kinds: Sequence[str]) -> Few:
        """The same with nothing left to ask, where that can be asked here."""
        if found.rest == ANYTHING or self.asking.window.day is None:
            return found
        passes = self.asking.passes(found.rest, Spot(found.entity, tuple(kinds)), self.certain)
        return replace(found.also(passes), rest=ANYTHING)

    def either(self, parts: Sequence[Few | None], where: Filter) -> Few | None:
        found = [part for part in parts if part is not None]
        if not len(found) == len(parts) <= MOST_PARTS:
            return None
        rest = ANYTHING if all(part.rest == ANYTHING for part in found) else where
        if len(found) == 1:
            return replace(found[0], rest=rest)
        u = self.asking.writer.alias("u")
        return Few(f"({' UNION ALL '.join(part.select for part in found)}) {u}", (), f"{u}.e", rest)

    # ------------------------------------------------------------ links

    def links(self, some: Some) -> Few | None:
        """Whence links lead to the few at their far end."""
        match some.source:
            case Over(records=True):
                return self.of_records(some)
            case Over(_, kinds) | Along(_, kinds, plain=Way()):
                found = self.entities(some.where, kinds)
                if found is not None and asks_record(found.rest):  # which only the link itself can be asked
                    return replace(self.walked(some, found), rest=some)
                return found and self.walked(some, self.settled(found, kinds))
            case Along():
                return self.in_some_way(some, some.source)
            case Climb(link, relation, kinds):
                top = self.entities(some.where, kinds)
                near, far = ("s", "o") if link.forward else ("o", "s")
                v, w = self.asking.writer.alias("v"), self.asking.writer.alias("w")
                table = f'"r_{relation.name}" {v}'
                step = (
                    f"SELECT {v}.{near} FROM w CROSS JOIN {table} WHERE {v}.{far}=w.e AND {self.asking.window.known(v)}"
                )
                return top and Few(
                    f"(WITH RECURSIVE w(e) AS ({top.select} UNION {step}) SELECT e FROM w) {w}", (), f"{w}.e", some
                )
        return None

    def in_some_way(self, some: Some, source: Along) -> Few | None:
        """The same of links that come about in several ways, or are counted: begun from the few in each way."""
        found: list[Few | None] = []
        for way in source.ways:
            few = self.entities(some.where, source.kinds)
            if few is None:
                return None
            begun = few if source.grouped else self.settled(few, source.kinds)
            found.append(self.walked(Some(Along(source.link, source.kinds, ((way,),)), some.where), begun))
        few = self.either(found, some) if found else None
        return replace(few, rest=some) if few is not None and source.grouped else few

    def walked(self, some: Some, few: Few) -> Few:
        """The links of a source from the far end to the near one."""
        asking = self.asking
        if isinstance(some.source, Along):  # of one way: whether it tells a link twice does not matter here
            rows = along(asking.names, asking.writer, some.source, some.source.ways[0], NOWHERE)
        else:
            rows = rows_of(asking.names, asking.writer, some.source, NOWHERE, asking.window)
        assert rows.far is not None
        tables = f"{few.tables} CROSS JOIN {rows.backwards}"
        found = Few(tables, (*few.conditions, f"{rows.far.entity}={few.entity}"), rows.start)
        if asking.window.day is None:
            holding = (holds(record, asking.window, False) for record in rows.records)
            return replace(found.also(*rows.joined, *holding), rest=some)
        found = found.also(*asking.rows_hold(rows, self.certain))
        told = reads_state(some.where) and not self.certain
        return found if told else found.also(asking.there(rows.far, self.certain))

    def of_records(self, some: Some) -> Few | None:
        """Whence records lead at whose ends stand the few."""
        wheres = some.where.filters if isinstance(some.where, AllTrue) else (some.where,)
        for where in wheres:
            if isinstance(where, OfEnd) and (
                found := self.entities(where.filter, where.relation.end(where.role).kinds)
            ):
                asking = self.asking
                rows = rows_of(asking.names, asking.writer, some.source, NOWHERE, asking.window)
                (record,) = rows.records
                tables = f"{found.tables} CROSS JOIN {rows.tables}"
                met = (
                    *found.conditions,
                    f"{record.end(where.role)}={found.entity}",
                    holds(record, asking.window, False),
                )
                return Few(tables, met, rows.start, some)
        return None
