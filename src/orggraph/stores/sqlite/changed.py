"""What loads changed, printed: a page of changes, each with the versions that it is between. In: ``plan.Changes``. Out: pieces.

Which changes there are says ``change_rows.py``. A version is told as of the load that brought it, on all days, whether its
record holds or not: an end that is not there in the record's days is told as it was last known.

A cursor has the stamp of the newest load at the time, so that it is refused by a store that has not seen that load (a backup that
was restored), and how many purges there were; then the change's place.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace

from msgspec import structs

from orggraph.model.model import Field, Kind
from orggraph.model.values import Value as FieldType
from orggraph.plan import nodes as plan
from orggraph.records.files import Table
from orggraph.stores.sqlite.change_rows import change_rows
from orggraph.stores.sqlite.changes_kept import place_number, table_name
from orggraph.stores.sqlite.changing import CITED, columns_of
from orggraph.stores.sqlite.comparing import numbers_of
from orggraph.stores.sqlite.ddl import PLACE_BITS
from orggraph.stores.sqlite.paging import Key, Pager, asks_cursors
from orggraph.stores.sqlite.rows import Record, Spot, by_kind
from orggraph.stores.sqlite.seen import NULL
from orggraph.stores.sqlite.shown import Shown
from orggraph.stores.sqlite.sources import rows_of_record
from orggraph.stores.sqlite.telling import Telling, constant_or
from orggraph.stores.sqlite.window import Window
from orggraph.stores.sqlite.writing import NEWEST, Json, Piece, concat, json_list, json_object

BEHIND = str(2**62 - 1)
"""A place behind all changes of a load."""
PURGES = "(SELECT coalesce(max(p),0) FROM purge)"


class Changed(Telling, ABC):
    """Prints changes."""

    @abstractmethod
    def entity(self, shapes: plan.Shapes, spot: Spot, key: str = "") -> str:
        """SQL of the object of an entity that is at a spot and there; null if there is none (printing.py)."""

    def changes(self, node: plan.Changes) -> list[Piece]:
        """A connection of changes; what a client must not take for an answer is refused."""
        pager = Pager(self.writer, node.page, True, (Key("c.k"), Key("c.m")), self.most)
        if node.page.first is not None:
            self.writer.bind(node.page.first, "rows")  # looked at even where no rows are asked
        printed = concat(self.changes_listed(node, pager))
        for asked in (node.since, node.until):
            if asked is not None:
                number = self.writer.bind(asked, "int")
                printed = f"iif({number} BETWEEN 0 AND {NEWEST},{printed},refuse('NO_SUCH_LOAD'))"
        if node.page.after is not None:
            printed = pager.seen(node.page.after, printed)
        return [printed]

    def cursor_of(self, place: tuple[str, str], pager: Pager) -> str:
        """The cursor of a place: a load, and a change in it."""
        return structs.replace(pager, keys=tuple(map(Key, place))).cursor(NEWEST, (PURGES, "0", "0", "0"))

    def changes_listed(self, node: plan.Changes, pager: Pager) -> list[Piece]:
        columns: list[str] = []
        members: list[tuple[str, Sequence[Piece]]] = []
        cursor = self.cursor_of(("c.k", "c.m"), pager)
        for key, part in node.members:
            match part:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case plan.Total():
                    members.append((key, [f"({self.selected(node, self.of_loads(node), 'count(*)')})"]))
                case plan.PageInfo():
                    members.append((key, self.changes_info(part, node, pager)))
                case plan.Purges():
                    members.append((key, self.purges(part, node, pager)))
                case plan.AllTold():
                    members.append((key, [f"json_quote({self.cursor_of((NEWEST, BEHIND), pager)})"]))
                case plan.ChangeEdges() | tuple():
                    columns.append(f"{concat(self.change_item(part, cursor))} j{len(columns)}")
                    members.append((key, [Json("["), pager.joined(f"j{len(columns) - 1}"), Json("]")]))
        if not columns and not any(isinstance(part, plan.PageInfo) for _, part in node.members):
            return json_object(members)
        page = f"{self.selected(node, self.left(node, pager))} ORDER BY c.k,c.m LIMIT {pager.limit()}"
        rows = f"SELECT {','.join(columns) or '1'} FROM ({page}) c"
        if any(asks_cursors(part) for _, part in node.members):
            rows = (
                f"SELECT *,row_number() OVER () i FROM (SELECT {','.join([*columns, f'{cursor} c'])} FROM ({page}) c)"
            )
        return [f"(SELECT {concat([*json_object(members), 'listed(count(*))'])} FROM ({rows}))"]

    # ------------------------------------------------------------ which of them

    def of_loads(self, node: plan.Changes) -> list[str]:
        """The loads that are asked for."""
        found = [f"c.k>{self.writer.bind(node.since, 'int')}"]
        return found if node.until is None else [*found, f"c.k<={self.writer.bind(node.until, 'int')}"]

    def left(self, node: plan.Changes, pager: Pager) -> list[str]:
        """What a cursor leaves of them."""
        after = node.page.after
        if after is None:
            return self.of_loads(node)
        place = f"(c.k,c.m)>({pager.part(after, '0')},{pager.part(after, '1')})"
        return [place, *(bound.replace("c.k", "+c.k", 1) for bound in self.of_loads(node))]

    def selected(self, node: plan.Changes, within: list[str], columns: str = "*") -> str:
        return change_rows(self.writer, self.names.model, node.where, within, columns)

    def changes_info(self, part: plan.PageInfo, node: plan.Changes, pager: Pager) -> list[Piece]:
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, one in part.members:
            match one:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case "hasNextPage" if node.page.first is not None:
                    first = self.writer.bind(node.page.first, "rows")
                    more = f"EXISTS({self.selected(node, self.left(node, pager), '1')} LIMIT 1 OFFSET {first})"
                    members.append((key, [f"iif({more},'true','false')"]))
                case "hasNextPage":
                    members.append((key, [Json("false")]))
                case "hasPreviousPage":
                    members.append((key, [Json("false" if node.page.after is None else "true")]))
                case _:
                    members.append((key, [pager.end_cursor(one == "endCursor")]))
        return json_object(members)

    def purges(self, part: plan.Purges, node: plan.Changes, pager: Pager) -> list[Piece]:
        """The marks made since the cursor was; without one, since the load ``since`` was published."""
        p = self.writer.alias("p")
        columns = {name: f"json_quote({p}.{name})" for name in ("at", "why")}
        columns |= {"number": f"{p}.p", "things": f"{p}.things", "versions": f"{p}.versions"}
        columns |= {"table": f"json_quote(substr({p}.name,3))", "field": f"json_quote(nullif({p}.field,''))"}
        if node.page.after is not None:
            since = f"{p}.p>{pager.part(node.page.after, 'a0')}"
        else:
            since = f"{p}.at>(SELECT at FROM load WHERE k={self.writer.bind(node.since, 'int')})"
        printed = concat(json_object(constant_or(part.members, columns)))
        marks = f"SELECT {printed} j FROM purge {p} WHERE {since} ORDER BY {p}.p,{p}.name"
        return json_list(f"(SELECT group_concat(j) FROM ({marks}))")

    # ------------------------------------------------------------ one of them

    def change_item(self, part: plan.ChangeEdges | tuple[plan.Change, ...], cursor: str) -> list[Piece]:
        if not isinstance(part, plan.ChangeEdges):
            return [self.change(part)]
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, one in part.members:
            match one:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case tuple():
                    members.append((key, [self.change(one)]))
                case _:
                    members.append((key, [f"json_quote({cursor})"]))
        return json_object(members)

    def change(self, shapes: Sequence[plan.Change]) -> str:
        """By the table that it is in."""
        cases = []
        for shape in shapes:
            table = self.table(shape.type)
            printed = concat(json_object([(key, self.change_part(one, table)) for key, one in shape.members]))
            cases.append(f"WHEN {place_number(table)} THEN {printed}")
        return f"CASE c.m>>{PLACE_BITS} {' '.join(cases)} END" if cases else "''"

    def table(self, name: str) -> Table:
        model = self.names.model
        return model.kinds[name] if name in model.kinds else model.relations[name]

    def change_part(
        self, part: plan.Text | plan.Scalar | plan.Object | plan.Version | plan.FileRow, table: Table
    ) -> Sequence[Piece]:
        registry = ("entity", "e") if isinstance(table, Kind) else ("record", "r")
        match part:
            case plan.Text(text):
                return [Json(text)]
            case plan.Scalar("what"):
                return [
                    "CASE WHEN c.a IS NULL THEN '\"WITHDRAWN\"' WHEN c.b IS NULL THEN '\"ADDED\"' ELSE '\"CORRECTED\"' END"
                ]
            case plan.Scalar("key"):
                return [f"(SELECT json_quote(key) FROM {registry[0]} WHERE {registry[1]}=c.x)"]
            case plan.Scalar():
                return [self.changed(table)]
            case plan.Object():
                found = self.writer.alias("l")
                return [
                    f"(SELECT {concat(self.object(part, Shown(load=found)))} FROM load {found} WHERE {found}.k=c.k)"
                ]
            case plan.Version(before, shape):
                return [self.version(before, shape, table)]
            case plan.FileRow(before):
                return [self.file_row(before, table)]

    def changed(self, table: Table) -> str:
        """The columns of files in which the versions differ, as a list."""
        new, old = columns_of(table, "v"), columns_of(table, "o")
        sources = f"{CITED.format('v')} IS NOT {CITED.format('o')}"
        differ = {column: f"{sql} IS NOT {old[column]}" for column, sql in new.items()}
        differ |= {"source": f"v.c IS NOT o.c AND {sources}"}
        differ |= {"para": f"v.c IS NOT o.c AND ({differ['para']} OR NOT {sources})"}
        told = concat([f"iif({one},',\"{column}\"','')" for column, one in differ.items()])
        name = table_name(table)
        both = f"SELECT '['||substr({told},2)||']' FROM \"{name}\" v CROSS JOIN \"{name}\" o WHERE v.n=c.a AND o.n=c.b"
        return f"iif(c.a IS NULL OR c.b IS NULL,'[]',coalesce(({both}),'[]'))"

    def version(self, before: bool, shape: plan.Object, table: Table) -> str:
        """The version that went, as of the load before; or the one that came, as of its load."""
        load, number = ("(c.k-1)", "c.b") if before else ("c.k", "c.a")
        window, given = Window(load=load), frozenset({"dates", "load"})
        here = replace(self, window=window, certain=False, given=given)
        v = self.writer.alias("v")
        numbers = f"{v}.f0,{v}.f1,{v}.u0,{v}.u1,{v}.w_from,{v}.w_until,{v}.w_through,{v}.w_attested"
        if isinstance(table, Kind):
            state = Shown(Spot(f"{v}.e", (table.name,)), "", v, numbers=numbers)
            printed = concat(here.object(shape, state))
        else:
            record = Record(v, table)
            shown = Shown(record=record, numbers=numbers_of(record), holds=here.conditions, version=load)
            printed = concat(here.below(rows_of_record(record)).object(shape, shown))
        return f'coalesce((SELECT {printed} FROM "{table_name(table)}" {v} WHERE {v}.n={number}),{NULL})'

    def last_known(self, shapes: plan.Shapes, spot: Spot, shown: Shown) -> str:
        """An end of a record that is told as of a load, as it was last known by then, on all days; null where every such end
        is there."""
        spot = structs.replace(spot, record=shown.record)

        def case(shape: plan.Object) -> str:
            if self.names.always_there(shape.type, spot, self.window):
                return "NULL"
            z = self.writer.alias("z")
            last = f'SELECT max(min({z}.k1-1,{shown.version})) k FROM "k_{shape.type}" {z} WHERE {z}.e={spot.entity}'
            ever = replace(self, window=Window())
            known = f"{last} AND {z}.k0<={shown.version}"
            return ever.at_load(
                known, lambda there: there.entity((shape,), structs.replace(spot, kinds=(shape.type,), record=None))
            )

        return by_kind(self.names, spot, {shape.type: case(shape) for shape in shapes}, "NULL")

    def file_row(self, before: bool, table: Table) -> str:
        """A version as a row of a file, by column."""
        v = self.writer.alias("v")
        fields = {field.name: field for field in table.fields}
        columns = columns_of(table, v) | {"synthetic": ""}
        members = [(column, [_cell(sql, fields.get(column))]) for column, sql in columns.items() if sql]
        printed = concat(json_object([*members, ("synthetic", [f"iif({v}.syn,'true','false')"])]))
        number = "c.b" if before else "c.a"
        row = f'SELECT {printed} FROM "{table_name(table)}" {v} WHERE {v}.n={number}'
        return f"iif({number} IS NULL,{NULL},coalesce(({row}),{NULL}))"


def _cell(sql: str, field: Field | None) -> str:
    if field is not None and field.type is FieldType.BOOLEAN:
        return f"CASE {sql} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE {NULL} END"
    return f"json_quote({sql})"
