"""One thing as JSON: its object, whatever leads from it to one other thing. In: plan nodes and the thing at hand. Out:
pieces of one SELECT. What leads to many is in ``listing.py``, what one row says in ``telling.py``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from msgspec import structs

from orggraph.model.model import OBJECT, SUBJECT, Relation
from orggraph.plan import nodes as plan
from orggraph.plan.ids import UNSTARTED
from orggraph.plan.scope import Certainty
from orggraph.stores.sqlite.bundles import by_parts
from orggraph.stores.sqlite.comparing import numbers_of
from orggraph.stores.sqlite.conditions import Conditions
from orggraph.stores.sqlite.load_lists import LoadLists
from orggraph.stores.sqlite.rows import (
    Record,
    Rows,
    Spot,
    by_kind,
    kind_is,
    printed_state,
    relation_number,
)
from orggraph.stores.sqlite.seen import NULL
from orggraph.stores.sqlite.shown import Shown
from orggraph.stores.sqlite.sources import rows_of, rows_of_record
from orggraph.stores.sqlite.writing import CURRENT, Json, Piece, concat, conjunction, json_list, json_object

LEFT = (("max", "f0", UNSTARTED), ("max", "f1", UNSTARTED), ("min", "u0", CURRENT), ("min", "u1", CURRENT))
"""What records leave of a window, and what none of them leaves."""


class Things(LoadLists, ABC):
    """Prints one thing at a time, in one scope."""

    def object(self, shape: plan.Object, shown: Shown) -> list[Piece]:
        return json_object([(key, self.node(node, shown)) for key, node in shape.members])

    def node(self, node: plan.Node, shown: Shown) -> Sequence[Piece]:
        match node:
            case plan.Text(text):
                return [Json(text)]
            case plan.Scalar(str() as part) if shown.load:
                return [self.load_part(part, shown)]
            case plan.Scalar(field):
                return [self.scalar(field, shown)]
            case plan.Labelled():
                return [self.labelled(node, shown)]
            case plan.Dates():
                return self.dates(node, shown)
            case plan.Cited():
                return self.cited(node, shown)
            case plan.Known():
                return self.known(node, shown)
            case plan.LoadFiles():
                return self.load_files(node, shown)
            case plan.Object():
                return self.object(node, shown)
            case plan.Items(objects):
                return self.items_of([self.object(one, shown) for one in objects])
            case plan.InScope(scope, inner):
                return [self.in_scope(scope, lambda there: concat(there.object(inner, shown)))]
            case plan.EachDay():
                return self.each_day(node, shown)
            case plan.TheScope():
                return self.the_scope(node)
            case plan.SeenAgain(scope, shapes):
                return [self.in_scope(scope, lambda there: there.seen(shapes, shown))]
            case plan.OneEntity():
                return [self.one_entity(node)]
            case plan.OneRecord():
                return [self.one_record(node)]
            case plan.OneOfRecords(key, records):
                return [f"coalesce({self.of_records(records, self.writer.bind(key, 'key'))},{NULL})"]
            case plan.OneNode():
                return [self.one_node(node)]
            case plan.ManyNodes():
                return self.many_nodes(node)
            case plan.ToOne():
                return [self.to_one(node, shown)]
            case plan.EndEntity():
                return [self.end_entity(node, shown)]
            case plan.TheRecord(inner):
                return self.the_record(inner, shown)
            case plan.TheLink():
                return self.the_link(node, shown)
            case plan.History():
                return self.history(node, shown)
            case plan.Listing():
                return self.listing(node, shown.spot)
            case plan.Turnover():
                return self.turnover(node)
            case plan.TurnDay():
                return self.turn_day(node, shown)
            case plan.TurnRecord():
                return [self.turn_record(node, shown)]
            case plan.Loads():
                return self.loads(node)
            case plan.Changes():
                return self.changes(node)
            case plan.Search():
                return self.search(node)
            case plan.Paths():
                return self.paths(node)
            case _:
                assert_never(node)

    @staticmethod
    def items_of(objects: Sequence[Sequence[Piece]]) -> list[Piece]:
        """A JSON list of constant length."""
        pieces: list[Piece] = [Json("[")]
        for i, item in enumerate(objects):
            pieces += [Json(","), *item] if i else item
        return [*pieces, Json("]")]

    # ------------------------------------------------------------ entities

    def entity(self, shapes: plan.Shapes, spot: Spot, key: str = "") -> str:
        """SQL of the object of an entity that is at a spot and there; null if there is none."""

        def case(shape: plan.Object) -> str:
            s = self.writer.alias("s")
            here = Spot(spot.entity, (shape.type,))
            printed = concat(self.object(shape, self.shown_entity(here, key, s)))
            return f'(SELECT {printed} FROM "k_{shape.type}" {s} WHERE {conjunction(self.state_printed(s, here))})'

        return by_kind(self.names, spot, {shape.type: case(shape) for shape in shapes}, "NULL")

    def state_printed(self, state: str, spot: Spot) -> list[str]:
        """That a row is the printed state of an entity that is there as certainly as the scope wants."""
        found = [printed_state(self.names, state, spot, self.window)]
        return [*found, self.state_certain(state, spot)] if self.certain else found

    def seen(self, shapes: plan.Shapes, shown: Shown) -> str:
        """The entity at hand, if it is there in this scope."""
        assert shown.spot is not None
        return f"coalesce({self.entity(shapes, shown.spot, shown.key)},{NULL})"

    def one_entity(self, node: plan.OneEntity) -> str:
        a = self.writer.alias("a")
        kinds = tuple(shape.type for shape in node.shapes)
        printed = self.entity(node.shapes, Spot(f"{a}.e", kinds), f"{a}.key")
        key = self.writer.bind(node.key, "key")
        of_kind = kind_is(self.names, f"{a}.e", kinds)
        return f"coalesce((SELECT {printed} FROM entity {a} WHERE {a}.key={key} AND {of_kind}),{NULL})"

    def end_entity(self, node: plan.EndEntity, shown: Shown) -> str:
        assert shown.record is not None
        spot = Spot(shown.record.end(node.role), tuple(shape.type for shape in node.shapes))
        printed = self.entity(node.shapes, spot)
        if shown.version and node.role in (SUBJECT, OBJECT):
            printed = f"{printed},{self.last_known(node.shapes, spot, shown)}"
        return f"coalesce({printed},{NULL})"

    def history(self, node: plan.History, shown: Shown) -> list[Piece]:
        """Every state that is known, in order of start."""
        assert shown.spot is not None
        z = self.writer.alias("z")
        numbers = f"{z}.f0,{z}.f1,{z}.u0,{z}.u1,{z}.w_from,{z}.w_until,{z}.w_through,{z}.w_attested"
        state = Shown(shown.spot, shown.key, z, numbers=numbers)
        rows = f'"k_{node.kind}" {z} WHERE {z}.e={shown.spot.entity} AND {self.window.known(z)}'

        def listed(printed: list[Piece]) -> list[Piece]:
            ordered = f"SELECT {concat(printed)} j FROM {rows} ORDER BY {z}.f0,{z}.f1"
            return json_list(f"(SELECT group_concat(j) FROM ({ordered}))")

        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            match part:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case plan.Object():
                    members.append((key, listed(self.object(part, state))))
                case plan.Total():
                    members.append((key, [f"(SELECT count(*) FROM {rows})"]))
        return json_object(members)

    # ------------------------------------------------------------ records

    def one_record(self, node: plan.OneRecord) -> str:
        q = self.writer.alias("q")
        printed = self.record_of_key(node.relation, node.object, q)
        key = self.writer.bind(node.key, "key")
        return f"coalesce((SELECT {printed} FROM record {q} WHERE {q}.key={key}),{NULL})"

    def record_of_key(self, relation: Relation, shape: plan.Object, q: str) -> str:
        """The record of a row of ``record``, if it holds."""
        rows = rows_of(self.names, self.writer, plan.RecordsOf(relation), None, self.window)
        record = rows.records[0]
        conditions = [f"{record.alias}.r={q}.r", *self.conditions.rows_hold(rows, self.certain)]
        printed = concat(self.below(rows).object(shape, self.shown_record(record, f"{q}.key")))
        return f"(SELECT {printed} FROM {rows.tables} WHERE {conjunction(conditions)})"

    def shown_record(self, record: Record, key: str = "", holds: Conditions | None = None) -> Shown:
        return Shown(record=record, key=key, numbers=numbers_of(record), holds=holds or self.conditions)

    def the_record(self, shape: plan.Object, shown: Shown) -> list[Piece]:
        assert shown.record is not None
        return self.object(shape, self.shown_record(shown.record))

    def any_record(self, shapes: plan.Shapes, record: Record, key: str) -> str:
        """The object of a record of one of many relations, whose own table is looked up."""
        found = {relation_number(self.names.model, shape.type): shape for shape in shapes}
        cases = []
        for number, shape in found.items():
            own = Record(self.writer.alias("v"), self.names.model.relations[shape.type])
            printed = concat(
                self.below(rows_of_record(record)).object(shape, self.shown_record(own, key, self.conditions))
            )
            cases.append(f'WHEN {number} THEN (SELECT {printed} FROM "r_{shape.type}" {own.alias} '
                         f"WHERE {own.alias}.n={record.alias}.n)")  # fmt: skip
        return f"CASE {record.alias}.r&1023 {' '.join(cases)} END" if cases else NULL

    def the_link(self, node: plan.TheLink, shown: Shown) -> list[Piece]:
        assert shown.rows is not None
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            if isinstance(part, plan.Via):
                members.append((key, self.via(part, shown.rows)))
            elif isinstance(part, plan.Total):
                members.append((key, [self.link_count(part, shown, shown.rows)]))
            else:
                members.append((key, self.node(part, shown)))
        return json_object(members)

    def via(self, node: plan.Via, rows: Rows) -> list[Piece]:
        """The records of a link, each found in what the others leave of the window."""
        if rows.climb:
            return json_list(self.climb_via(node.objects[0], rows))
        if rows.bundle is not None:

            def items(records: tuple[Record, ...]) -> str:
                return concat(self.via_items(node, structs.replace(rows, records=records, bundle=None)))

            return [Json("["), by_parts(self.writer, rows.bundle, items, ","), Json("]")]
        return [Json("["), *self.via_items(node, rows), Json("]")]

    def via_items(self, node: plan.Via, rows: Rows) -> list[Piece]:
        pieces: list[Piece] = []
        shapes = {shape.type: shape for shape in node.objects}
        for record in rows.records:
            shape = shapes[record.relation.name]
            others = self.below(structs.replace(rows, records=tuple(one for one in rows.records if one != record)))
            shown = self.shown_record(record, holds=others.conditions)
            pieces += (
                [Json(","), *self.below(rows).object(shape, shown)] if pieces else self.below(rows).object(shape, shown)
            )
        return pieces

    def link_count(self, part: plan.Total, shown: Shown, rows: Rows) -> str:
        """How many chains a link stands for: itself, if it is not grouped."""
        certain = self.certain if part.certainty is None else part.certainty is Certainty.CERTAIN
        if rows.bundle is not None and rows.bundle.grouped:
            return f"{rows.bundle.alias}.{'lo' if certain else 'hi'}"
        return f"iif({shown.certain},1,0)" if certain and not self.certain else "1"

    def climb_via(self, shape: plan.Object, rows: Rows) -> str:
        """The same of a climb, from below to above."""
        x, v = self.writer.alias("x"), self.writer.alias("v")
        relation = rows.records[0].relation
        table, ns = f'"r_{relation.name}"', f"json_each('['||{rows.climb}.ns||']')"
        others = self
        if self.window.day is None:
            y, o = self.writer.alias("y"), self.writer.alias("o")
            left = f"{ns} {y} CROSS JOIN {table} {o} ON {o}.n={y}.value WHERE {y}.key<>{x}.key"
            numbers = [f"coalesce((SELECT {most}({o}.{number}) FROM {left}),{none})" for most, number, none in LEFT]
            others = replace(self, window=self.window.within(*numbers))
        shown = self.shown_record(Record(v, relation), holds=others.conditions)
        printed = concat(self.below(rows).object(shape, shown))
        items = f"SELECT {printed} j FROM {ns} {x} CROSS JOIN {table} {v} ON {v}.n={x}.value ORDER BY {x}.key"
        return f"(SELECT group_concat(j) FROM ({items}))"

    # ------------------------------------------------------------ nodes

    def one_node(self, node: plan.OneNode) -> str:
        def part(name: str) -> str:
            return self.writer.bind(node.id, f"id_{name}")

        printed = self.as_identified(node.form, part, lambda there: there.identified(node, part("key")))
        return f"coalesce({printed},{NULL})"

    def many_nodes(self, node: plan.ManyNodes) -> list[Piece]:
        i = self.writer.alias("i")
        columns = {name: f"{i}.value->>{n}" for n, name in enumerate(("form", "key", "load", "day"))}
        columns |= {name: f"{i}.value->>{n}" for n, name in enumerate(("a0", "a1", "b0", "b1"), 3)}
        cases = [
            f"WHEN {n} THEN {self.as_identified(form, columns.__getitem__, lambda there: there.identified(node, columns['key']))}"
            for n, form in enumerate(node.forms)
        ]
        ids = self.writer.bind(node.ids, "ids")
        printed = f"coalesce(CASE {columns['form']} {' '.join(cases)} END,{NULL})" if cases else NULL
        return json_list(
            f"(SELECT group_concat(j) FROM (SELECT {printed} j FROM json_each({ids}) {i} ORDER BY {i}.key))"
        )

    def identified(self, node: plan.OneNode | plan.ManyNodes, key: str) -> str:
        """The entity or the record of a key, if it is there; else null."""
        a = self.writer.alias("a")
        spot = Spot(f"{a}.e", tuple(shape.type for shape in node.entities))
        entity = self.entity(node.entities, spot, f"{a}.key")
        return f"coalesce((SELECT {entity} FROM entity {a} WHERE {a}.key={key}),{self.of_records(node.records, key)})"

    def of_records(self, shapes: plan.Shapes, key: str) -> str:
        """The record of a key, of whichever relation, if it holds; else null."""
        q = self.writer.alias("q")
        cases = []
        for shape in shapes:
            record = self.record_of_key(self.names.model.relations[shape.type], shape, q)
            cases.append(f"WHEN {relation_number(self.names.model, shape.type)} THEN {record}")
        records = f"CASE {q}.r&1023 {' '.join(cases)} END" if cases else "NULL"
        return f"(SELECT {records} FROM record {q} WHERE {q}.key={key})"

    # ------------------------------------------------------------ loads

    # ------------------------------------------------------------ many things (listing.py)

    @abstractmethod
    def listing(self, node: plan.Listing, near: Spot | None) -> list[Piece]:
        """A connection; ``near`` is the entity at hand (None at the root)."""

    @abstractmethod
    def turnover(self, node: plan.Turnover) -> list[Piece]:
        """Who takes and who leaves (turning.py)."""

    @abstractmethod
    def turn_day(self, node: plan.TurnDay, shown: Shown) -> list[Piece]:
        """The day of a turn."""

    @abstractmethod
    def turn_record(self, node: plan.TurnRecord, shown: Shown) -> str:
        """The record of a turn, or one beside it."""

    @abstractmethod
    def to_one(self, node: plan.ToOne, shown: Shown) -> str:
        """The far end of one link, or null."""

    @abstractmethod
    def search(self, node: plan.Search) -> list[Piece]:
        """What a text finds (searching.py)."""

    @abstractmethod
    def paths(self, node: plan.Paths[plan.Nodes | plan.Via]) -> list[Piece]:
        """The shortest ways between two entities (paths.py)."""
