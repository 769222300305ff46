"""The rows of a list or a to-one: tables, conditions, order. In: a source, a filter, what is asked of the order. Out: ``Found``.

After what is asked, the order is: the far end's key, the interval's four numbers, the records' keys (the last only where
records are printed or pages turned: else such rows print the same).
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence

from orggraph.plan import nodes as plan
from orggraph.plan.order import ByValue, Order, Page
from orggraph.plan.reads import leads_to_records
from orggraph.stores.sqlite.arms import chain_keys
from orggraph.stores.sqlite.bundles import by_parts
from orggraph.stores.sqlite.ordering import Found, Ordered, Ordering
from orggraph.stores.sqlite.paging import Key, Pager, asks_cursors
from orggraph.stores.sqlite.rows import Rows, Spot, interval, record_of
from orggraph.stores.sqlite.shown import Shown
from orggraph.stores.sqlite.writing import conjunction


class Finding(Ordering, ABC):
    """Finds rows in one scope."""

    def find(
        self,
        source: plan.Source,
        near: Spot | None,
        where: plan.Filter,
        printed: bool,
        order: Sequence[Order] = (),
        whole: bool = False,
        within: Sequence[str] = (),
    ) -> Found:
        """The rows of a listing; where they lead to one kind of entity that is printed, its state is joined. ``whole``: all of
        them are wanted, not a page; ``within``: between which keys."""
        rows = self.conditions.rows(source, near, within=within)
        rows, where = self.conditions.driven(rows, source, where, self.certain, whole)
        below = self.below(rows)
        conditions = self.conditions.rows_hold(rows, self.certain)
        if leads_to_records(source):
            return self.find_records(source, rows, where, conditions, order)
        assert rows.far is not None
        by_name = not rows.few and bool(order) and order[0].by == ByValue("name") and self.window.load is None
        by_key = not rows.few and not order
        s = self.writer.alias("s") if len(rows.far.kinds) == 1 and (printed or by_name) else ""
        lone = self.names.leads_to_one(source, self.window)
        if where != plan.ANYTHING:
            passes = below.conditions.shown_passes(where, rows.far, s, self.certain) if s else ""
            conditions.append(passes or below.conditions.passes(where, rows.far, self.certain))
        key, tables = self.far_tables(source, rows, s, by_name, by_key, lone)
        shown = Shown(rows.far, key)
        if s:
            conditions += below.state_printed(s, rows.far)
            shown = below.shown_entity(rows.far, key, s)
        else:
            conditions.append(below.conditions.there(rows.far, self.certain))
        asked = [one for each in order for one in below.keys(each, Ordered(rows.far, s, record_of(rows), key))]
        return Found(
            rows, tables, tuple(conditions), shown, (*asked, Key(key, own=True)), tuple(map(Key, interval(rows))), lone
        )

    def far_tables(
        self, source: plan.Source, rows: Rows, state: str, by_name: bool, by_key: bool, lone: bool
    ) -> tuple[str, str]:
        """The SQL of the far end's key, and the tables with what it needs, so that an index gives the order asked for."""
        assert rows.far is not None
        table = f'"k_{rows.far.kinds[0]}"'
        if isinstance(source, plan.AllOf):
            key = rows.far.entity.replace(".e", ".key")
            if state and by_name:
                index = f'INDEXED BY "k_{rows.far.kinds[0]}_sort"'
                return key, f"{table} {state} {index} CROSS JOIN {rows.tables}"
            if by_key and len(rows.far.kinds) > 1:
                return key, f"{rows.tables} INDEXED BY sqlite_autoindex_entity_1"
            return key, f"{rows.tables} CROSS JOIN {table} {state}" if state else rows.tables
        joined = f" CROSS JOIN {table} {state}" if state else ""
        if lone:  # nothing is ordered by the key, so that it is looked up only where it is printed
            return f"(SELECT key FROM entity WHERE e={rows.far.entity})", f"{rows.tables}{joined}"
        a = self.writer.alias("a")
        return f"{a}.key", f"{rows.tables} CROSS JOIN entity {a} ON {a}.e={rows.far.entity}{joined}"

    def find_records(
        self, source: plan.Source, rows: Rows, where: plan.Filter, conditions: list[str], order: Sequence[Order]
    ) -> Found:
        record, lone = rows.records[0], self.names.leads_to_one(source, self.window)
        below = self.below(rows)
        if where != plan.ANYTHING:
            conditions.append(below.conditions.row_passes(source, rows, where, self.certain))
        if rows.far is not None:
            conditions.append(below.conditions.there(rows.far, self.certain))
        tables, key = rows.tables, f"{record.alias}.key"
        if lone:
            key = f"(SELECT key FROM record WHERE r={record.alias}.r)"
        elif not rows.holding:  # those of any relation come with their keys
            q = self.writer.alias("q")
            tables, key = f"{tables} CROSS JOIN record {q} ON {q}.r={record.alias}.r", f"{q}.key"
        asked = [one for each in order for one in below.keys(each, Ordered(record=record, key=key))]
        return Found(
            rows, tables, tuple(conditions), self.shown_record(record, key), (*asked, Key(key, own=True)), lone=lone
        )

    def all_keys(self, node: plan.Listing, found: Found) -> tuple[Key, ...]:
        """The keys of an order; what tells links to one far end apart only where there may be some and it can make a
        difference. Cursors hold all of them, whatever the store's rows are like today."""
        turned = (
            node.page.after is not None
            or node.page.before is not None
            or any(_shows_cursors(part) for _, part in node.members)
        )
        if not turned and self.names.leads_to_one(node.source, self.window, backwards=True):
            return found.keys
        if found.node.record is not None or not (turned or any(map(_tells, node.members))):
            return (*found.keys, *found.ties)
        return (*found.keys, *found.ties, *map(Key, self.record_keys(found.rows)))

    def record_keys(self, rows: Rows) -> list[str]:
        """What tells links with the same ends and interval apart: their records' keys, of a climb or a bundle as one text."""
        if rows.bundle is not None:
            return [] if rows.bundle.grouped else [by_parts(self.writer, rows.bundle, chain_keys, " ")]
        if not rows.climb:
            return [f"(SELECT key FROM record WHERE r={record.alias}.r)" for record in rows.records]
        x, v, q = (self.writer.alias(letter) for letter in "xvq")
        table = f'"r_{rows.records[0].relation.name}" {v}'
        keys = f"SELECT {q}.key FROM json_each('['||{rows.climb}.ns||']') {x} CROSS JOIN {table} ON {v}.n={x}.value"
        return [f"(SELECT group_concat(key,' ') FROM ({keys} CROSS JOIN record {q} ON {q}.r={v}.r ORDER BY {x}.key))"]

    def link_certain(self, found: Found) -> str:
        """That the link certainly holds: its records, all entities on it, the model's conditions."""
        parts = self.conditions.certainly(found.rows)
        if found.node.state:
            parts.append(found.node.certain)
        elif found.rows.far is not None:
            parts.append(self.below(found.rows).conditions.there(found.rows.far, True))
        return conjunction(parts)

    def pager(self, page: Page, keys: tuple[Key, ...], lone: bool = False) -> Pager:
        return Pager(self.writer, page, self.certain, keys, self.most, lone)

    def within(self, node: plan.Listing, last: str = "") -> list[str]:
        """Between which keys a page lies (``last``: what comes after that one), where each relation gives its records in
        the order of keys: so that each begins there, and no page looks again at what was on those before."""
        if not isinstance(node.source, plan.AnyRecords) or node.order:
            return []
        pager = self.pager(node.page, (Key("q.key", own=True),))
        return pager.later(last) if last else pager.bounds()

    def place(self, pager: Pager) -> str:
        """A row's cursor."""
        given = pager.page.after or pager.page.before
        return pager.cursor_as(given) if given else pager.cursor(self.load, self.window.place())

    def found_one(self, source: plan.Leading, spot: Spot) -> tuple[Found, str]:
        """The rows of a to-one, and the order whose first is printed: a certain one, then the one begun last, then by key."""
        found = self.find(source, spot, plan.ANYTHING, True)
        if found.lone:
            return found, ""
        numbers = interval(found.rows)
        certain = self.link_certain(found)
        first = [] if self.certain or certain == "1" else [f"({certain}) DESC"]
        # on a day the same far end prints the same, whichever record led to it
        rest = [] if self.window.day is not None else [*numbers[2:], *self.record_keys(found.rows)]
        return found, " ORDER BY " + ",".join(
            [*first, *(f"{number} DESC" for number in numbers[:2]), found.node.key, *rest]
        )


def _shows_cursors(part: object) -> bool:
    return asks_cursors(part) or (
        isinstance(part, plan.Edges) and any(one == plan.Scalar("cursor") for _, one in part.members)
    )


def _tells(member: tuple[str, object]) -> bool:
    """Whether what is printed of a list tells records with the same ends and interval apart."""
    part = member[1]
    if isinstance(part, plan.Edges):
        return any(isinstance(one, plan.TheRecord | plan.TheLink | plan.Scalar) for _, one in part.members)
    return asks_cursors(part)


def shared_interval(rows: Rows) -> str:
    """The interval of a link for display, tightened, so that it reads as dates do; nothing for one without."""
    if not rows.records:
        return ""
    f0, f1, u0, u1 = interval(rows)
    return f"{f0},min({f1},{u1}-1),max({u0},{f0}+1),{u1},NULL,NULL,NULL,NULL"
