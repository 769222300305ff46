"""Connections and to-one fields: the rows of a source in order, each printed, joined into one text.

In: a ``Listing`` and the entity at hand. Out: pieces. After what is asked, the order is: the far end's key, the interval's
four numbers, the records' keys (the last only where records are printed or pages turned: else such rows print the same).
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from orggraph.plan import nodes as plan
from orggraph.plan import scope as scopes
from orggraph.plan.reads import leads_to_records
from orggraph.stores.sqlite.finding import shared_interval
from orggraph.stores.sqlite.grouping import Grouping
from orggraph.stores.sqlite.ordering import Found
from orggraph.stores.sqlite.paging import Key, Pager, asks_cursors
from orggraph.stores.sqlite.rows import Spot, record_of
from orggraph.stores.sqlite.seen import NULL
from orggraph.stores.sqlite.shown import Shown
from orggraph.stores.sqlite.stretches import Stretches
from orggraph.stores.sqlite.turning import Turning
from orggraph.stores.sqlite.writing import CURRENT, Json, Piece, concat, conjunction, json_list, json_object
from orggraph.time.days import NEG

Printed = plan.Edges | plan.Nodes
EdgePart = plan.Text | plan.Scalar | plan.Dates | plan.TheRecord | plan.TheLink | plan.Shapes


class Printing(Turning, Grouping):
    """Prints everything: one thing at a time as ``Things`` does, and many."""

    def listing(self, node: plan.Listing, near: Spot | None) -> list[Piece]:
        for asked in (node.page.first, node.page.last):
            if asked is not None:
                self.writer.bind(asked, "rows")  # looked at even where no rows are asked
        if node.page.after is None and node.page.before is None:
            return self.connection(node, near)
        return [self.at_cursors(node.page, lambda there: concat(there.connection(node, near)))]

    def connection(self, node: plan.Listing, near: Spot | None) -> list[Piece]:
        """All of a connection; what is printed of its rows comes from one select."""
        listed = [part for _, part in node.members if isinstance(part, plan.Edges | plan.Nodes)]
        ends = any(asks_cursors(part) for _, part in node.members)
        if not listed and not ends:
            return self.counted(node, near)
        printed, whole = any(map(_prints_nodes, listed)), node.page.whole
        found = self.find(node.source, near, node.where, printed, node.order, whole, self.within(node))
        pager = self.pager(node.page, self.all_keys(node, found), found.lone)
        others = [part for _, part in node.members if not isinstance(part, plan.Text)]
        if found.lone and node.page.whole and not self.counting and others == listed and len(listed) == 1:
            return self.lone(node, found, pager)
        columns = [f"{concat(self.row(part, node, found, pager))} j{i}" for i, part in enumerate(listed)]
        if pager.by_key and any(isinstance(part, plan.PageInfo) for _, part in node.members):
            return self.page_by_key(node, near, found, pager, columns)
        columns += [f"{self.place(pager)} c"] if ends else []
        rows = pager.rows(columns, found.tables, found.conditions, numbered=ends)
        checked: list[Piece] = [self.checked(listed)]
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            if isinstance(part, plan.Edges | plan.Nodes):
                column = f"j{next(i for i, one in enumerate(listed) if one is part)}"
                members.append((key, [Json("["), pager.joined(column), *checked, Json("]")]))
                checked = []
            elif part == plan.Total() and node.page.whole:
                members.append((key, ["count(*)"]))
            else:
                members.append((key, self.about(part, node, near, pager)))
        return [f"(SELECT {concat([*json_object(members), *checked])} FROM ({rows}))"]

    def lone(self, node: plan.Listing, found: Found, pager: Pager) -> list[Piece]:
        """A list of at most one row, of which only rows are asked."""
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            if isinstance(part, plan.Text):
                members.append((key, [Json(part.json)]))
                continue
            assert isinstance(part, plan.Edges | plan.Nodes)
            self.writer.least = min(self.writer.least, least_bytes(part))
            item = f"SELECT {concat(self.row(part, node, found, pager))} FROM {found.tables} WHERE {conjunction(found.conditions)}"
            members.append((key, [Json("["), f"coalesce(({item}),'')", Json("]")]))
        return json_object(members)

    def checked(self, listed: Sequence[Printed]) -> str:
        """That a list has not too many rows; prints nothing. A call for each list would cost a tenth of the answer: that
        all lists together have not too many is known of most answers by their bytes (``store.py``)."""
        if self.counting:
            return "listed(count(*))"
        self.writer.least = min((self.writer.least, *map(least_bytes, listed)))
        return f"iif(count(*)>{self.most},listed(count(*)),'')"

    def counted(self, node: plan.Listing, near: Spot | None) -> list[Piece]:
        """A connection of which no rows are asked; several totals come from one look at the rows."""
        totals = [part for _, part in node.members if isinstance(part, plan.Total)]
        if len(totals) < 2 or self.certain:
            return json_object([(key, self.about(part, node, near)) for key, part in node.members])
        far, number, certain, links = self.conditions.tallied(node.source, near, node.where)
        columns: list[str] = []
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            if not isinstance(part, plan.Total):
                members.append((key, self.about(part, node, near)))
                continue
            sure = part.certainty is scopes.Certainty.CERTAIN
            what = f"DISTINCT {far}" if part.nodes else "1"
            if sure:
                what = f"DISTINCT iif({certain},{far},NULL)" if part.nodes else f"iif({certain},{number},NULL)"
            columns.append(f"count({what}) t{len(columns)}")
            members.append((key, [f"t{len(columns) - 1}"]))
        return [f"(SELECT {concat(json_object(members))} FROM (SELECT {','.join(columns)} FROM {links}))"]

    def page_by_key(
        self, node: plan.Listing, near: Spot | None, found: Found, pager: Pager, columns: list[str]
    ) -> list[Piece]:
        """A page in the order of keys alone: its last key tells its end, and what comes after it whether there is more."""
        x = self.writer.alias("x")
        listed = [part for _, part in node.members if isinstance(part, plan.Edges | plan.Nodes)]
        rows = pager.rows([*columns, f"{pager.keys[0].sql} k"], found.tables, found.conditions, numbered=False)
        texts = [f"{pager.joined(f'j{i}')} g{i}" for i in range(len(columns))]
        told = ",".join([*texts, "min(k) low", "max(k) high", f"{self.checked(listed)} n"])
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            if isinstance(part, plan.Edges | plan.Nodes):
                place = next(i for i, one in enumerate(listed) if one is part)
                members.append((key, [Json("["), f"{x}.g{place}", Json("]")]))
            elif isinstance(part, plan.PageInfo):
                members.append((key, self.info_by_key(part, node, near, pager, x)))
            else:
                members.append((key, self.about(part, node, near, pager)))
        return [f"(SELECT {concat([*json_object(members), f'{x}.n'])} FROM (SELECT {told} FROM ({rows})) {x})"]

    def info_by_key(
        self, part: plan.PageInfo, node: plan.Listing, near: Spot | None, pager: Pager, x: str
    ) -> list[Piece]:
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, one in part.members:
            match one:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case "hasNextPage" | "hasPreviousPage":
                    members.append((key, [self.has_more(node, near, one == "hasNextPage", f"{x}.high")]))
                case _:
                    k = f"{x}.{'high' if one == 'endCursor' else 'low'}"
                    cursor = self.place(replace(pager, keys=(Key(k, own=True),)))
                    members.append((key, [f"iif({k} IS NULL,'null','\"'||{cursor}||'\"')"]))
        return json_object(members)

    def about(
        self,
        part: plan.ListPart,
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
            case plan.Days():
                return [self.stretches(node, near).days(self.certain, NULL)]
            case plan.Stretches():
                return self.stretched(part, node, near)
            case plan.PageInfo():
                return self.page_info(part, node, near, pager)
            case plan.Groups():
                return self.groups(part, node, near)
        raise AssertionError(part)

    def stretches(self, node: plan.Listing, near: Spot | None) -> Stretches:
        return Stretches(self.conditions, node.source, near, node.where)

    def stretched(self, part: plan.Stretches, node: plan.Listing, near: Spot | None) -> list[Piece]:
        """The stretches of a list, in order of days, or its holes."""
        p = self.writer.alias("p")
        shown = Shown(numbers=f"{p}.x,{p}.x,{p}.y,{p}.y,NULL,NULL,NULL,NULL")
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, one in part.members:
            match one:
                case plan.Days():
                    endless = f"{p}.x<={NEG} OR {p}.y>={CURRENT}"
                    members.append((key, [f"iif({endless},{NULL},{p}.y-{p}.x)"]))
                case _:
                    members.append((key, self.node(one, shown)))
        self.writer.least = min(self.writer.least, object_bytes(part.members))
        found = self.stretches(node, near).listed(part.gaps, self.certain)
        items = f"SELECT {concat(json_object(members))} j FROM ({found}) {p} ORDER BY {p}.x LIMIT {self.most + 1}"
        return json_list(f"(SELECT group_concat(j)||{self.checked([])} FROM ({items}))")

    def row(self, part: Printed, node: plan.Listing, found: Found, pager: Pager) -> list[Piece]:
        """One item of the list of nodes or of edges."""
        match part:
            case plan.Nodes(shapes):
                return [self.printed_node(shapes, found)]
            case plan.Edges(members):
                edge = replace(found.node, rows=found.rows, record=record_of(found.rows))
                return json_object([(key, self.edge_part(one, found, edge, node, pager)) for key, one in members])

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

    def edge_certain(self, node: plan.Listing, found: Found) -> str:
        """That the edge is certainly in this list: its link, and its far end's passing the filter."""
        if self.certain:
            return "1"
        certain = self.link_certain(found)
        where, below = node.where, self.below(found.rows).conditions
        if where == plan.ANYTHING or below.told(where, None if leads_to_records(node.source) else found.rows.far):
            return certain
        return conjunction([certain, below.row_passes(node.source, found.rows, where, True)])

    # ------------------------------------------------------------ pages

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

    def has_more(self, node: plan.Listing, near: Spot | None, after: bool, last: str = "") -> Piece:
        """Whether there are rows after the page (or before it): cut off from it, or beyond its cursor. ``last``: the
        page's last key, where it is in the order of keys alone."""
        page = node.page
        cut, beyond = (page.first, page.before) if after else (page.last, page.after)
        found = []
        if cut is not None and last:
            others = self.find(node.source, near, node.where, False, within=self.within(node, last))
            later = self.pager(page, others.keys).later(last)
            found.append(f"EXISTS(SELECT 1 FROM {others.tables} WHERE {conjunction([*others.conditions, *later])})")
        elif cut is not None:
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
        within = self.within(node) if beyond is None else []
        found = self.find(node.source, near, node.where, False, node.order, within=within)
        pager = self.pager(page, self.all_keys(node, found))
        within = pager.bounds() if beyond is None else [f"({pager.beyond(beyond, beyond is page.after)}) IS NOT TRUE"]
        return f"{found.tables} WHERE {conjunction([*found.conditions, *within])}"

    # ------------------------------------------------------------ one

    def to_one(self, node: plan.ToOne, shown: Shown) -> str:
        """One of the edges, or null."""
        assert shown.spot is not None
        found, order = self.found_one(node.source, shown.spot)
        printed, where = self.printed_node(node.shapes, found), conjunction(found.conditions)
        return f"coalesce((SELECT {printed} FROM {found.tables} WHERE {where}{order} LIMIT 1),{NULL})"


def least_bytes(part: Printed) -> int:
    """The fewest bytes that an item of a list is printed with, and its comma."""
    if isinstance(part, plan.Edges):
        return object_bytes(part.members)
    return min(object_bytes(shape.members) for shape in part.shapes) if len(part.shapes) == 1 else len("{},")


def object_bytes(members: Sequence[tuple[str, object]]) -> int:
    """``{"key":1,…},``."""
    return len("{},") + sum(len(key) + len('"":1,') for key, _ in members) - bool(members)


def _prints_nodes(part: Printed) -> bool:
    """Whether a list prints its far ends."""
    return isinstance(part, plan.Nodes) or any(isinstance(one, tuple) for _, one in part.members)
