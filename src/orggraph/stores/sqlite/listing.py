"""Connections and to-one fields: the rows of a source in order, each printed, joined into one text.

In: a ``Listing`` and the entity at hand. Out: pieces. Order, if none is asked: the far end's key, the interval's four
numbers, the records' keys (the last only where records are printed: without them such rows print the same).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from orggraph.plan import nodes as plan
from orggraph.plan import scope as scopes
from orggraph.stores.sqlite.conditions import leads_to_records
from orggraph.stores.sqlite.printing import NULL, Shown, Things
from orggraph.stores.sqlite.rows import Record, Rows, Spot, rows_of
from orggraph.stores.sqlite.writing import Json, Piece, concat, conjunction, json_list, json_object


@dataclass(frozen=True)
class Found:
    """Rows ready to be printed: tables with the far end's state joined, all conditions, and the far end as shown."""

    rows: Rows
    tables: str
    conditions: tuple[str, ...]
    node: Shown
    order: tuple[str, ...]


class Printing(Things):
    """Prints everything: one thing at a time as ``Things`` does, and many."""

    def listing(self, node: plan.Listing, near: Spot | None) -> list[Piece]:
        return json_object([(key, self.part(part, node, near)) for key, part in node.members])

    def part(
        self,
        part: plan.Edges | plan.Nodes | plan.Total | plan.HasNext | plan.Text,
        node: plan.Listing,
        near: Spot | None,
    ) -> Sequence[Piece]:
        match part:
            case plan.Text(text):
                return [Json(text)]
            case plan.Nodes(shapes):
                return self.items(node, near, shapes, None)
            case plan.Edges():
                return self.items(node, near, (), part)
            case plan.Total(certainty):
                return [
                    self.total(node, near, self.certain if certainty is None else certainty is scopes.Certainty.CERTAIN)
                ]
            case plan.HasNext():
                return self.page_info(part, node, near)

    def items(
        self, node: plan.Listing, near: Spot | None, shapes: plan.Shapes, edges: plan.Edges | None
    ) -> Sequence[Piece]:
        """The list of nodes or of edges."""
        if edges is None:
            found = self.find(node, near, shapes)
            printed = self.printed_node(shapes, found)
            order = found.order
        else:
            node_shapes = next((part for _, part in edges.members if isinstance(part, tuple)), ())
            found = self.find(node, near, node_shapes)
            edge = replace(found.node, rows=found.rows, record=self.record_of(found.rows))
            printed = concat(
                json_object([(key, self.edge_part(part, found, edge, node)) for key, part in edges.members])
            )
            order = (*found.order, *self.telling_keys(edges, found.rows))
        limit = f" LIMIT {self.writer.bind(node.first, 'first_rows')}" if node.first is not None else ""
        where = conjunction(found.conditions)
        rows = f"SELECT {printed} j FROM {found.tables} WHERE {where} ORDER BY {','.join(order)}{limit}"
        return json_list(f"(SELECT group_concat(j) FROM ({rows}))")

    # ------------------------------------------------------------ rows

    def find(self, node: plan.Listing, near: Spot | None, shapes: plan.Shapes) -> Found:
        """The rows of a listing; where they lead to one kind of entity that is printed, its state is joined."""
        rows = rows_of(self.names, self.writer, node.source, near)
        below = self.below(rows)
        conditions = self.conditions.rows_hold(rows, self.certain)
        if node.where != plan.ANYTHING:
            conditions.append(below.conditions.row_passes(node.source, rows, node.where, self.certain))
        if leads_to_records(node.source):
            return self.find_records(rows, conditions)
        assert rows.far is not None
        key, tables = self.far_key(node.source, rows)
        shown = Shown(rows.far, key)
        if len(rows.far.kinds) == 1 and shapes:
            s = self.writer.alias("s")
            tables += f' CROSS JOIN "k_{rows.far.kinds[0]}" {s}'
            conditions += below.state_printed(s, rows.far)
            shown = below.shown_entity(rows.far, key, s)
        else:
            conditions.append(below.conditions.there(rows.far, self.certain))
        return Found(rows, tables, tuple(conditions), shown, (key, *interval(rows)))

    def far_key(self, source: plan.Source, rows: Rows) -> tuple[str, str]:
        """The SQL of the far end's key, and the tables with what it needs."""
        assert rows.far is not None
        if isinstance(source, plan.AllOf):
            return rows.far.entity.replace(".e", ".key"), rows.tables
        a = self.writer.alias("a")
        return f"{a}.key", f"{rows.tables} CROSS JOIN entity {a} ON {a}.e={rows.far.entity}"

    def find_records(self, rows: Rows, conditions: list[str]) -> Found:
        record = rows.records[0]
        if rows.far is not None:
            conditions.append(self.below(rows).conditions.there(rows.far, self.certain))
        q = self.writer.alias("q")
        key = f"{q}.key"
        tables = f"{rows.tables} CROSS JOIN record {q} ON {q}.r={record.alias}.r"
        return Found(rows, tables, tuple(conditions), self.shown_record(record, key), (key,))

    def telling_keys(self, edges: plan.Edges, rows: Rows) -> list[str]:
        telling = plan.TheRecord | plan.TheLink | plan.Scalar
        return record_keys(rows) if any(isinstance(part, telling) for _, part in edges.members) else []

    @staticmethod
    def record_of(rows: Rows) -> Record | None:
        return rows.records[0] if len(rows.records) == 1 else None

    # ------------------------------------------------------------ what is printed of a row

    def printed_node(self, shapes: plan.Shapes, found: Found) -> str:
        if found.node.state or found.node.record:
            return concat(self.below(found.rows).object(shapes[0], found.node))
        assert found.rows.far is not None
        spot = Spot(found.rows.far.entity, tuple(shape.type for shape in shapes))
        return f"coalesce({self.below(found.rows).entity(shapes, spot, found.node.key)},{NULL})"

    def edge_part(
        self,
        part: plan.Text | plan.Scalar | plan.Dates | plan.TheRecord | plan.TheLink | plan.Shapes,
        found: Found,
        edge: Shown,
        node: plan.Listing,
    ) -> Sequence[Piece]:
        match part:
            case plan.Text(text):
                return [Json(text)]
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
        return (
            f"{certain} AND {self.below(found.rows).conditions.row_passes(node.source, found.rows, node.where, True)}"
        )

    # ------------------------------------------------------------ counts, pages, one

    def total(self, node: plan.Listing, near: Spot | None, certain: bool) -> str:
        return f"(SELECT count(*) FROM {self.conditions.links(node.source, near, node.where, certain)})"

    def page_info(self, part: plan.HasNext, node: plan.Listing, near: Spot | None) -> list[Piece]:
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, one in part.members:
            if isinstance(one, plan.Text):
                members.append((key, [Json(one.json)]))
            elif node.first is None:
                members.append((key, [Json("false")]))
            else:
                links = self.conditions.links(node.source, near, node.where, self.certain)
                more = f"EXISTS(SELECT 1 FROM {links} LIMIT 1 OFFSET {self.writer.bind(node.first, 'first_rows')})"
                members.append((key, [f"iif({more},'true','false')"]))
        return json_object(members)

    def to_one(self, node: plan.ToOne, shown: Shown) -> str:
        """One of the edges: a certain one first, then the one begun last, then by key."""
        listing = plan.Listing(node.source, plan.ANYTHING, None, ())
        found = self.find(listing, shown.spot, node.shapes)
        printed = self.printed_node(node.shapes, found)
        numbers = interval(found.rows)
        certain = self.link_certain(found)
        first = [] if self.certain or certain == "1" else [f"({certain}) DESC"]
        # on a day the same far end prints the same, whichever record led to it
        rest = [] if self.window.day is not None else [*numbers[2:], *record_keys(found.rows)]
        order = ",".join([*first, *(f"{number} DESC" for number in numbers[:2]), found.node.key, *rest])
        where = conjunction(found.conditions)
        return f"coalesce((SELECT {printed} FROM {found.tables} WHERE {where} ORDER BY {order} LIMIT 1),{NULL})"


def record_keys(rows: Rows) -> list[str]:
    return [f"(SELECT key FROM record WHERE r={record.alias}.r)" for record in rows.records]


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
