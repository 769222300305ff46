"""The list of loads. In: ``plan.Loads``. Out: pieces of one SELECT."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence

from orggraph.plan import nodes as plan
from orggraph.stores.sqlite.changed import Changed
from orggraph.stores.sqlite.paging import Key, Pager
from orggraph.stores.sqlite.shown import Shown
from orggraph.stores.sqlite.writing import NEWEST, Json, Piece, concat, conjunction, json_object


class LoadLists(Changed, ABC):
    """Prints the loads, a page of them or all."""

    def loads(self, node: plan.Loads) -> list[Piece]:
        """The loads that are published, by number."""
        found = self.writer.alias("l")
        pager = Pager(self.writer, node.page, True, (Key(f"{found}.k"),), self.most)
        cursor = pager.cursor(NEWEST, ("0", "0", "0", "0"))
        columns: list[str] = []
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            match part:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case plan.Total():
                    members.append((key, ["(SELECT count(*) FROM load)"]))
                case plan.PageInfo():
                    members.append((key, self.loads_info(part, pager, found)))
                case plan.Object() | plan.LoadEdges():
                    printed = self.load_item(part, cursor, Shown(load=found))
                    columns.append(f"{concat(printed)} j{len(columns)}")
                    members.append((key, [Json("["), pager.joined(f"j{len(columns) - 1}"), Json("]")]))
        rows = pager.rows([*columns, f"{cursor} c"], f"load {found}", [], numbered=True)
        told = f"(SELECT {concat([*json_object(members), 'listed(count(*))'])} FROM ({rows}))"
        for given in (node.page.after, node.page.before):
            told = told if given is None else pager.seen(given, told)
        return [told]

    def load_item(self, part: plan.Object | plan.LoadEdges, cursor: str, load: Shown) -> list[Piece]:
        if isinstance(part, plan.Object):
            return self.object(part, load)
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, one in part.members:
            match one:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case plan.Object():
                    members.append((key, self.object(one, load)))
                case _:
                    members.append((key, [f"json_quote({cursor})"]))
        return json_object(members)

    def loads_info(self, part: plan.PageInfo, pager: Pager, found: str) -> list[Piece]:
        page = pager.page
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, one in part.members:
            match one:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case "startCursor" | "endCursor":
                    members.append((key, [pager.end_cursor(one == "endCursor")]))
                case _:
                    after = one == "hasNextPage"
                    cut, beyond = (page.first, page.before) if after else (page.last, page.after)
                    more = []
                    if cut is not None:
                        within = conjunction(pager.bounds())
                        offset = self.writer.bind(cut, "rows")
                        more.append(f"EXISTS(SELECT 1 FROM load {found} WHERE {within} LIMIT 1 OFFSET {offset})")
                    if beyond is not None:
                        outside = pager.beyond(beyond, not after)
                        more.append(f"EXISTS(SELECT 1 FROM load {found} WHERE NOT ({outside}))")
                    members.append((key, [f"iif({' OR '.join(more)},'true','false')" if more else Json("false")]))
        return json_object(members)
