"""Connections and to-one fields: the rows of a source in order, each printed, joined into one text.

In: a ``Listing`` and the entity at hand. Out: pieces. After what is asked, the order is: the far end's key, the interval's
four numbers, the records' keys (the last only where records are printed or pages turned: else such rows print the same).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from orggraph.plan import nodes as plan
from orggraph.plan import scope as scopes
from orggraph.plan.order import ByValue, Order, Page
from orggraph.stores.sqlite.conditions import leads_to_records
from orggraph.stores.sqlite.ordering import Found, Ordered, Ordering
from orggraph.stores.sqlite.paging import Key, Pager
from orggraph.stores.sqlite.rows import Record, Rows, Spot
from orggraph.stores.sqlite.seen import NULL
from orggraph.stores.sqlite.shown import Shown
from orggraph.stores.sqlite.sources import rows_of
from orggraph.stores.sqlite.writing import Json, Piece, concat, conjunction, json_object

Printed = plan.Edges | plan.Nodes
EdgePart = plan.Text | plan.Scalar | plan.Dates | plan.TheRecord | plan.TheLink | plan.Shapes


class Printing(Ordering):
    """Prints everything: one thing at a time as ``Things`` does, and many."""

    def listing(self, node: plan.Listing, near: Spot | None) -> list[Piece]:
        if node.page.after is None and node.page.before is None:
            return self.connection(node, near)
        return [self.at_cursors(node.page, lambda there: concat(there.connection(node, near)))]

    def connection(self, node: plan.Listing, near: Spot | None) -> list[Piece]:
        """All of a connection; what is printed of its rows comes from one select."""
        listed = [part for _, part in node.members if isinstance(part, plan.Edges | plan.Nodes)]
        ends = any(_asks_cursors(part) for _, part in node.members)
        if not listed and not ends:
            return json_object([(key, self.about(part, node, near)) for key, part in node.members])
        found = self.find(node.source, near, node.where, any(map(_prints_nodes, listed)), node.order)
        pager = self.pager(node.page, self.all_keys(node, found))
        columns = [f"{concat(self.row(part, node, found, pager))} j{i}" for i, part in enumerate(listed)]
        columns += [f"{self.place(pager)} c"] if ends else []
        rows = pager.rows(columns, found.tables, found.conditions, numbered=ends)
        checked: list[Piece] = ["listed(count(*))"]
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            if isinstance(part, plan.Edges | plan.Nodes):
                column = f"j{next(i for i, one in enumerate(listed) if one is part)}"
                members.append((key, [Json("["), pager.joined(column), *checked, Json("]")]))
                checked = []
            else:
                members.append((key, self.about(part, node, near, pager)))
        return [f"(SELECT {concat(json_object(members))} FROM ({rows}))"]

    def about(
        self,
        part: Printed | plan.Total | plan.PageInfo | plan.Text,
        node: plan.Listing,
        near: Spot | None,
        pager: Pager | None = None,
    ) -> Sequence[Piece]:
        """What is told of a list besides its rows."""
        match part:
            case plan.Text(text):
                return [Json(text)]
            case plan.Total(certainty, nodes):
                certain = self.certain if certainty is None else certainty is scopes.Certainty.CERTAIN
                far, links = self.conditions.far_links(node.source, near, node.where, certain)
                return [f"(SELECT count({f'DISTINCT {far}' if nodes else '*'}) FROM {links})"]
            case plan.PageInfo():
                return self.page_info(part, node, near, pager)
        raise AssertionError(part)

    def row(self, part: Printed, node: plan.Listing, found: Found, pager: Pager) -> list[Piece]:
        """One item of the list of nodes or of edges."""
        match part:
            case plan.Nodes(shapes):
                return [self.printed_node(shapes, found)]
            case plan.Edges(members):
                edge = replace(found.node, rows=found.rows, record=record_of(found.rows))
                return json_object([(key, self.edge_part(one, found, edge, node, pager)) for key, one in members])

    # ------------------------------------------------------------ rows

    def find(
        self, source: plan.Source, near: Spot | None, where: plan.Filter, printed: bool, order: Sequence[Order] = ()
    ) -> Found:
        """The rows of a listing; where they lead to one kind of entity that is printed, its state is joined."""
        rows = rows_of(self.names, self.writer, source, near, self.window)
        below = self.below(rows)
        conditions = self.conditions.rows_hold(rows, self.certain)
        if where != plan.ANYTHING:
            conditions.append(below.conditions.row_passes(source, rows, where, self.certain))
        if leads_to_records(source):
            return self.find_records(rows, conditions, order)
        assert rows.far is not None
        by_name = bool(order) and order[0].by == ByValue("name") and self.window.load is None
        by_key = not order
        s = self.writer.alias("s") if len(rows.far.kinds) == 1 and (printed or by_name) else ""
        key, tables = self.far_tables(source, rows, s, by_name, by_key)
        shown = Shown(rows.far, key)
        if s:
            conditions += below.state_printed(s, rows.far)
            shown = below.shown_entity(rows.far, key, s)
        else:
            conditions.append(below.conditions.there(rows.far, self.certain))
        asked = [one for each in order for one in below.keys(each, Ordered(rows.far, s, record_of(rows), key))]
        return Found(rows, tables, tuple(conditions), shown, (*asked, Key(key), *map(Key, interval(rows))))

    def far_tables(self, source: plan.Source, rows: Rows, state: str, by_name: bool, by_key: bool) -> tuple[str, str]:
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
        a = self.writer.alias("a")
        joined = f" CROSS JOIN {table} {state}" if state else ""
        return f"{a}.key", f"{rows.tables} CROSS JOIN entity {a} ON {a}.e={rows.far.entity}{joined}"

    def find_records(self, rows: Rows, conditions: list[str], order: Sequence[Order]) -> Found:
        record = rows.records[0]
        below = self.below(rows)
        if rows.far is not None:
            conditions.append(below.conditions.there(rows.far, self.certain))
        tables, key = rows.tables, f"{record.alias}.key"
        if not rows.holding:  # those of any relation come with their keys
            q = self.writer.alias("q")
            tables, key = f"{tables} CROSS JOIN record {q} ON {q}.r={record.alias}.r", f"{q}.key"
        asked = [one for each in order for one in below.keys(each, Ordered(record=record, key=key))]
        return Found(rows, tables, tuple(conditions), self.shown_record(record, key), (*asked, Key(key)))

    def all_keys(self, node: plan.Listing, found: Found) -> tuple[Key, ...]:
        """The keys of an order; the records' own only where they can make a difference."""
        telling = node.page.after is not None or node.page.before is not None or any(map(_tells, node.members))
        if found.node.record is not None or not telling:
            return found.keys
        return (*found.keys, *map(Key, self.record_keys(found.rows)))

    def record_keys(self, rows: Rows) -> list[str]:
        """What tells links with the same ends and interval apart: their records' keys, of a climb as one text."""
        if not rows.climb:
            return [f"(SELECT key FROM record WHERE r={record.alias}.r)" for record in rows.records]
        x, v, q = (self.writer.alias(letter) for letter in "xvq")
        table = f'"r_{rows.records[0].relation.name}" {v}'
        keys = f"SELECT {q}.key FROM json_each('['||{rows.climb}.ns||']') {x} CROSS JOIN {table} ON {v}.n={x}.value"
        return [f"(SELECT group_concat(key,' ') FROM ({keys} CROSS JOIN record {q} ON {q}.r={v}.r ORDER BY {x}.key))"]

    # ------------------------------------------------------------ what is printed of a row

    def printed_node(self, shapes: plan.Shapes, found: Found) -> str:
        below = self.below(found.rows)
        if found.node.record is not None and found.node.record.relation.name not in self.names.model.relations:
            return self.any_record(shapes, found.node.record, found.node.key)
        if found.node.state or found.node.record:
            return concat(below.object(shapes[0], found.node))
        assert found.rows.far is not None
        spot = Spot(found.rows.far.entity, tuple(shape.type for shape in shapes))
        return f"coalesce({below.entity(shapes, spot, found.node.key)},{NULL})"

    def edge_part(self, part: EdgePart, found: Found, edge: Shown, node: plan.Listing, pager: Pager) -> Sequence[Piece]:
        match part:
            case plan.Text(text):
                return [Json(text)]
            case plan.Scalar("cursor"):
                return [Json('"'), self.place(pager), Json('"')]
            case plan.Scalar():
                return [self.certainty(replace(edge, certain=self.edge_certain(node, found), holds=None))]
            case plan.Dates():
                numbers = ",".join(self.below(found.rows).window.numbers())
                return self.dates(part, replace(edge, numbers=f"{numbers},NULL,NULL,NULL,NULL"))
            case plan.TheRecord(inner):
                assert edge.record is not None
                return self.below(found.rows).object(inner, self.shown_record(edge.record))
            case plan.TheLink():
                link = replace(edge, numbers=shared_interval(found.rows), certain=self.link_certain(found), holds=None)
                return self.the_link(part, link)
            case shapes:
                return [self.printed_node(shapes, found)]

    def link_certain(self, found: Found) -> str:
        """That the link certainly holds: its records, all entities on it, the model's conditions."""
        parts = self.conditions.certainly(found.rows)
        if found.node.state:
            parts.append(found.node.certain)
        elif found.rows.far is not None:
            parts.append(self.below(found.rows).conditions.there(found.rows.far, True))
        return conjunction(parts)

    def edge_certain(self, node: plan.Listing, found: Found) -> str:
        """That the edge is certainly in this list: its link, and its far end's passing the filter."""
        if self.certain:
            return "1"
        certain = self.link_certain(found)
        if node.where == plan.ANYTHING:
            return certain
        passes = self.below(found.rows).conditions.row_passes(node.source, found.rows, node.where, True)
        return f"{certain} AND {passes}"

    # ------------------------------------------------------------ pages

    def pager(self, page: Page, keys: tuple[Key, ...]) -> Pager:
        return Pager(self.writer, page, self.certain, keys, self.most)

    def place(self, pager: Pager) -> str:
        """A row's cursor."""
        return pager.cursor(self.load, self.window.numbers())

    def page_info(self, part: plan.PageInfo, node: plan.Listing, near: Spot | None, pager: Pager | None) -> list[Piece]:
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, one in part.members:
            match one:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case "hasNextPage" | "hasPreviousPage":
                    members.append((key, [self.has_more(node, near, one == "hasNextPage")]))
                case _:
                    assert pager is not None
                    members.append((key, [pager.end_cursor(one == "endCursor")]))
        return json_object(members)

    def has_more(self, node: plan.Listing, near: Spot | None, after: bool) -> Piece:
        """Whether there are rows after the page (or before it): cut off from it, or beyond its cursor."""
        page = node.page
        cut, beyond = (page.first, page.before) if after else (page.last, page.after)
        found = []
        if cut is not None:
            rows = self.page_rows(node, near, None)
            found.append(f"EXISTS(SELECT 1 FROM {rows} LIMIT 1 OFFSET {self.writer.bind(cut, 'rows')})")
        if beyond is not None:
            found.append(f"EXISTS(SELECT 1 FROM {self.page_rows(node, near, beyond)})")
        return f"iif({' OR '.join(found)},'true','false')" if found else Json("false")

    def page_rows(self, node: plan.Listing, near: Spot | None, beyond: scopes.Value | None) -> str:
        """``FROM`` and ``WHERE`` of the rows within the page's cursors, or of those beyond one."""
        page = node.page
        if beyond is None and page.after is None and page.before is None:
            return self.conditions.links(node.source, near, node.where, self.certain)
        found = self.find(node.source, near, node.where, False, node.order)
        pager = self.pager(page, self.all_keys(node, found))
        within = pager.bounds() if beyond is None else [f"({pager.beyond(beyond, beyond is page.after)}) IS NOT TRUE"]
        return f"{found.tables} WHERE {conjunction([*found.conditions, *within])}"

    # ------------------------------------------------------------ one

    def found_one(self, source: plan.Leading, spot: Spot) -> tuple[Found, str]:
        """The rows of a to-one, and their order: a certain one first, then the one begun last, then by key."""
        found = self.find(source, spot, plan.ANYTHING, True)
        numbers = interval(found.rows)
        certain = self.link_certain(found)
        first = [] if self.certain or certain == "1" else [f"({certain}) DESC"]
        # on a day the same far end prints the same, whichever record led to it
        rest = [] if self.window.day is not None else [*numbers[2:], *self.record_keys(found.rows)]
        return found, ",".join([*first, *(f"{number} DESC" for number in numbers[:2]), found.node.key, *rest])

    def to_one(self, node: plan.ToOne, shown: Shown) -> str:
        """One of the edges, or null."""
        assert shown.spot is not None
        found, order = self.found_one(node.source, shown.spot)
        printed, where = self.printed_node(node.shapes, found), conjunction(found.conditions)
        return f"coalesce((SELECT {printed} FROM {found.tables} WHERE {where} ORDER BY {order} LIMIT 1),{NULL})"


def _asks_cursors(part: object) -> bool:
    return isinstance(part, plan.PageInfo) and any(str(one).endswith("Cursor") for _, one in part.members)


def _prints_nodes(part: Printed) -> bool:
    """Whether a list prints its far ends."""
    return isinstance(part, plan.Nodes) or any(isinstance(one, tuple) for _, one in part.members)


def _tells(member: tuple[str, object]) -> bool:
    """Whether what is printed of a list tells records with the same ends and interval apart."""
    part = member[1]
    if isinstance(part, plan.Edges):
        return any(isinstance(one, plan.TheRecord | plan.TheLink | plan.Scalar) for _, one in part.members)
    return _asks_cursors(part)


def record_of(rows: Rows) -> Record | None:
    return rows.records[0] if len(rows.records) == 1 and not rows.climb else None


def interval(rows: Rows) -> tuple[str, ...]:
    """The four numbers that the records of a row share, as SQL."""
    return tuple(
        one if len(found) == 1 else f"{bound}({','.join(found)})"
        for bound, number in (("max", "f0"), ("max", "f1"), ("min", "u0"), ("min", "u1"))
        if (found := [f"{record.alias}.{number}" for record in rows.records])
        for one in found[:1]
    )


def shared_interval(rows: Rows) -> str:
    """The interval of a link for display: tightened, so that it reads as dates do."""
    f0, f1, u0, u1 = interval(rows)
    return f"{f0},min({f1},{u1}-1),max({u0},{f0}+1),{u1},NULL,NULL,NULL,NULL"
