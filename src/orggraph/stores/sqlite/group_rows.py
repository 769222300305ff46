"""One row for each group of a list. In: ``Groups`` and the list they are of. Out: one select.

rows (with the state printed) [ + other states that may be shown ] [ + a row for each term ]
  → one row for each group (p0 … the key's parts, o0 … what text sorts by, v0 … what is reckoned)
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from orggraph.model.model import OBJECT, SUBJECT, Field
from orggraph.model.values import Value as FieldType
from orggraph.plan import groups as plan
from orggraph.plan import nodes
from orggraph.plan.filters import ANYTHING, AllOf, Filter, RecordsOf
from orggraph.plan.reads import leads_to_records
from orggraph.stores.sqlite.alike import bucket, day_columns
from orggraph.stores.sqlite.counted import NUMBER, counted, counted_by
from orggraph.stores.sqlite.finding import Finding
from orggraph.stores.sqlite.ordering import Ordered
from orggraph.stores.sqlite.reckoning import Tally
from orggraph.stores.sqlite.rows import Record, Rows, Spot, ends_of, holds, printed_state, record_of
from orggraph.stores.sqlite.writing import conjunction, quote


class Grouped(Struct, frozen=True):
    """The rows of a list that are grouped. ``links``: conditions but for the state's; ``state``: what its printed one meets.
    ``thing``: what the parts are of; ``number``: of how many rows each stands for."""

    rows: Rows
    tables: str
    links: tuple[str, ...]
    state: tuple[str, ...]
    thing: Ordered
    number: str = "1"


class Telling(Struct, frozen=True):
    """What is told of the group in the row ``g``: of which list, near what, from which rows, as which columns."""

    node: nodes.Groups
    listing: nodes.Listing
    near: Spot | None
    where: Filter
    grouped: Grouped
    tally: Tally
    g: str


class GroupRows(Finding, ABC):
    """Finds the groups of lists, in one scope."""

    def grouped(self, source: nodes.Source, near: Spot | None, where: Filter) -> Grouped:
        """The rows of a list, without what only their order or their keys need."""
        rows = self.conditions.rows(source, near)
        rows, where = self.conditions.driven(rows, source, where, self.certain)
        s = self.writer.alias("s") if rows.far is not None and len(rows.far.kinds) == 1 else ""
        if isinstance(source, AllOf) and s and not rows.few:  # one table has all that is asked
            spot = Spot(f"{s}.e", source.kinds, many=True)
            rows = replace(rows, tables=f'"k_{source.kinds[0]}" {s}', joined=(), far=spot)
        below = self.below(rows)
        links = self.conditions.rows_hold(rows, self.certain)
        if where != ANYTHING:
            links.append(below.conditions.row_passes(source, rows, where, self.certain))
        if rows.far is None or leads_to_records(source):
            links += [] if rows.far is None else [below.conditions.there(rows.far, self.certain)]
            return Grouped(rows, rows.tables, tuple(links), (), Ordered(record=rows.records[0]))
        if not s:
            links.append(below.conditions.there(rows.far, self.certain))
            return Grouped(rows, rows.tables, tuple(links), (), Ordered(rows.far, record=record_of(rows)))
        own = f'"k_{rows.far.kinds[0]}" {s}'
        tables = rows.tables if rows.tables == own else f"{rows.tables} CROSS JOIN {own}"
        state = [one.removeprefix(f"{s}.e={s}.e AND ") for one in below.state_printed(s, rows.far)]
        return Grouped(rows, tables, tuple(links), tuple(state), Ordered(rows.far, s, record_of(rows)))

    def each_group(self, told: Telling) -> str:
        """A select of one row for each group."""
        parts, tally, grouped = told.node.parts, told.tally, self.counted_first(told)
        total = any(one == plan.ShareOf(None) for one in _measures(told.node))
        keys, texts = self.key_columns(parts, grouped, grouped.thing)
        where = conjunction([*grouped.links, *grouped.state])
        by = f" GROUP BY {','.join(str(i + 1) for i in range(len(parts)))}" if parts else ""
        arms = self.other_states(told)
        terms = [i for i, part in enumerate(parts) if _terms_of(part)] if told.node.empty else []
        if not arms and not terms:
            columns = [*_named(keys), *(f"min({sql}) {name}" for name, sql in texts), *tally.at_once(grouped.number)]
            select = f"SELECT {','.join(columns)} FROM {grouped.tables} WHERE {where}{by}"
        else:
            columns = [*_named(keys), *_named(texts), *tally.read()]
            rows = " UNION ALL ".join([f"SELECT {','.join(columns)} FROM {grouped.tables} WHERE {where}", *arms])
            head = f"WITH b AS MATERIALIZED ({rows}) " if terms else ""
            source = (
                f"SELECT * FROM b UNION ALL {self.each_term(parts, terms, [*keys, *texts], tally)}" if terms else rows
            )
            columns = [*(name for name, _ in keys), *(f"min({name}) {name}" for name, _ in texts), *tally.afterwards()]
            select = f"{head}SELECT {','.join(columns)} FROM ({source}){by}"
        return f"SELECT *,sum({told.tally.of('count', '1')}) OVER () t FROM ({select})" if total else select

    def counted_first(self, told: Telling) -> Grouped:
        """The rows of a list of records counted first, where that is all that is asked of each."""
        grouped, node = told.grouped, told.node
        if not self.only_counted(told):
            return grouped
        record, below = grouped.rows.records[0], self.conditions.below(grouped.rows)
        asked = {spot.entity: below.there(spot, self.certain) for spot in ends_of(record)}
        there_ = [(role, test) for role in (SUBJECT, OBJECT) if (test := asked[record.end(role)]) != "1"]
        columns = counted_by(node.parts, [role for role, _ in there_])
        if not columns:
            return grouped
        tables = counted(record, holds(record, self.window, self.certain), columns, self.window.load is None)
        found = replace(
            grouped, tables=tables, links=tuple(test for _, test in there_), number=f"{record.alias}.{NUMBER}"
        )
        return self.with_states(found, record, node.parts)

    def with_states(self, grouped: Grouped, record: Record, parts: Sequence[plan.Part]) -> Grouped:
        """Counted records with the printed state of the entity at the end that they are counted by, where its fields are asked."""
        asked = {part.role for part in parts if isinstance(part, plan.AtEnd) and _own_fields(part.part)}
        for role in asked:
            (kind, *others) = record.relation.end(role).kinds
            if not others:
                s, spot = self.writer.alias("s"), Spot(record.end(role), (kind,), record)
                printed = printed_state(self.names, s, spot, self.below(grouped.rows).window)
                tables = f'{grouped.tables} CROSS JOIN "k_{kind}" {s}'
                thing = replace(grouped.thing, ends=((role, s),))
                grouped = replace(grouped, tables=tables, links=(*grouped.links, printed), thing=thing)
        return grouped

    def only_counted(self, told: Telling) -> bool:
        """Whether nothing is asked of each record of a day but that it is one of a group."""
        plain = isinstance(told.listing.source, RecordsOf) and told.where == ANYTHING and self.window.day is not None
        return plain and not told.node.empty and set(told.tally.columns) == {("count", "1")}

    def other_states(self, told: Telling) -> list[str]:
        """Selects of the states that far ends may have besides the printed one: of these a group only may be."""
        grouped, own = told.grouped, {one for part in told.node.parts for one in _own_fields(part)}
        far = grouped.rows.far
        if self.certain or not own or far is None or leads_to_records(told.listing.source):
            return []
        below, found = self.below(grouped.rows), []
        for kind in far.kinds:
            if self.names.settled(kind, own - {"kind"}, self.window) or own <= {"kind"}:
                continue
            z = self.writer.alias("z")
            spot = replace(far, kinds=(kind,))
            rows = grouped.rows
            if grouped.thing.state:
                z, tables = grouped.thing.state, grouped.tables
            else:
                tables = f'{grouped.tables} CROSS JOIN "k_{kind}" {z}'
            printed = printed_state(self.names, z, spot, below.window)
            known = f"{z}.e={far.entity} AND {below.window.known(z)}".removeprefix(f"{z}.e={z}.e AND ")
            may = [known, below.window.may_show(z), f"NOT ({printed})"]
            keys, texts = self.key_columns(told.node.parts, grouped, Ordered(spot, z, record_of(rows)))
            columns = [*(sql for _, sql in (*keys, *texts)), *told.tally.unread()]
            found.append(f"SELECT {','.join(columns)} FROM {tables} WHERE {conjunction([*grouped.links, *may])}")
        return found

    def each_term(
        self, parts: Sequence[plan.Part], terms: list[int], columns: list[tuple[str, str]], tally: Tally
    ) -> str:
        """A select of a row for each term (of each code list that is grouped by), beside whatever else there is."""
        others = [name for name, _ in columns if int(name[1:]) not in terms]
        seen = f"(SELECT DISTINCT {','.join(others)} FROM b) d CROSS JOIN " if others else ""
        lists = " CROSS JOIN ".join(f"term t{i}" for i in terms)
        of = conjunction([f"t{i}.l={quote(_terms_of(parts[i]))}" for i in terms])
        told = [name if int(name[1:]) not in terms else f"t{name[1:]}.code" for name, _ in columns]
        return f"SELECT {','.join([*told, *tally.unread()])} FROM {seen}{lists} WHERE {of}"

    # ------------------------------------------------------------ keys

    def key_columns(
        self, parts: Sequence[plan.Part], grouped: Grouped, thing: Ordered
    ) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """What is grouped by, and beside text what it sorts by: (name, SQL)."""
        below = self.below(grouped.rows)
        read = [below.part(part, thing) for part in parts]
        keys = [(f"p{i}", one[0]) for i, one in enumerate(read)]
        return keys, [(f"o{i}", one[1]) for i, one in enumerate(read) if len(one) > 1]

    def part(self, part: plan.Part, thing: Ordered) -> list[str]:
        """A part of a key as SQL, in this window; of text also what it sorts by."""
        match part:
            case plan.Itself():
                assert thing.spot is not None
                return [thing.spot.entity]
            case plan.OwnValue("kind"):
                assert thing.spot is not None
                return [f"({thing.spot.entity}&63)"]
            case plan.OwnValue("relation"):
                return [self.column("t", thing)]
            case plan.OwnValue("name"):
                return [self.column("name", thing), self.column("name__s", thing)]
            case plan.OwnValue("synthetic"):
                return [self.column("syn", thing)]
            case plan.OwnValue(field):
                assert isinstance(field, Field)
                suffixes = ("", "__s") if field.type is FieldType.STRING else ("",)
                return [self.column(f'"_{field.name}{suffix}"', thing) for suffix in suffixes]
            case plan.Bucket(date, unit):
                low, high = (self.column(one, thing) for one in day_columns(date, thing.spot is None))
                first, last = bucket(low, unit), bucket(high, unit)
                return [f"iif({first}={last},{first},NULL)"]
            case plan.OverOne(source, inner):
                return self.read_of_one(source, thing, lambda there, far: there.part(inner, far))
            case plan.AtEnd(relation, role, inner):
                assert thing.record is not None
                spot = Spot(thing.record.end(role), relation.end(role).kinds, thing.record)
                found = self.part(inner, Ordered(spot, dict(thing.ends).get(role, "")))
                if role in ("subject", "object"):  # a record holds only while they are there
                    return found
                there = self.conditions.there(spot, self.certain)
                return [f"iif({there},{one},NULL)" for one in found]
            case _:
                assert_never(part)


def _named(columns: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{sql} {name}" for name, sql in columns]


def _terms_of(part: plan.Part) -> str:
    """The code list that a part is of."""
    leaf = plan.leaf_of(part)
    return leaf.field.terms or "" if isinstance(leaf, plan.OwnValue) and isinstance(leaf.field, Field) else ""


def _own_fields(part: plan.Part) -> list[str]:
    """What a part reads of the states of the thing at hand."""
    match part:
        case plan.OwnValue(field) | plan.Bucket(field):
            return [field if isinstance(field, str) else field.name]
    return []


def _measures(node: nodes.Groups) -> list[object]:
    """All that is told of groups, for whatever it is asked."""
    return [
        *(part for _, part in node.members),
        *(one.measure for one in node.having),
        *(one.by for one in node.order),
    ]
