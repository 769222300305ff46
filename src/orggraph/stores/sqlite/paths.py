"""``paths``: the shortest ways between two entities, printed. In: a ``Paths``. Out: pieces, as a listing's.

``paths(…)`` finds them (``pathfinding.py``); everything on a path is printed in what all of its records leave of the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from orggraph.plan import nodes as plan
from orggraph.stores.sqlite.rows import Record, Spot, relation_number
from orggraph.stores.sqlite.searching import Searching
from orggraph.stores.sqlite.seen import NULL
from orggraph.stores.sqlite.shown import Shown
from orggraph.stores.sqlite.writing import Json, Piece, concat, json_list, json_object, quote

PARTS = ("f0", "f1", "u0", "u1")

Printed = plan.Nodes | plan.Via


class Pathing(Searching):
    """Prints everything, paths too."""

    def paths(self, node: plan.Paths[Printed]) -> list[Piece]:
        p = self.writer.alias("p")
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            if isinstance(part, plan.Text):
                members.append((key, [Json(part.json)]))
            else:
                printed = concat(self.path(part, p))
                rows = f"SELECT {printed} j FROM json_each({self.found_paths(node)}) {p} ORDER BY {p}.key"
                members.append((key, json_list(f"(SELECT concat(group_concat(j),listed(count(*))) FROM ({rows}))")))
        return json_object(members)

    def found_paths(self, node: plan.Paths[Printed]) -> str:
        ends = [self.writer.bind(one, "key") for one in (node.start, node.end)]
        avoid = self.writer.bind(node.avoid, "keys")
        through = ",".join(str(relation.number) for relation in node.through)
        numbers = [self.writer.bind(one, "int") for one in (node.longest, node.first)]
        given = [*self.window.numbers(), int(self.window.day is None), self.window.load or "NULL", int(self.certain)]
        return f"paths({','.join(map(str, [*given, *ends, quote(f'[{through}]'), avoid, *numbers]))})"

    def path(self, node: plan.Path[Printed], p: str) -> list[Piece]:
        f0, f1, u0, u1 = (f"({p}.value->>'{part}')" for part in PARTS)
        below = self if self.window.day is not None else replace(self, window=self.window.within(f0, f1, u0, u1))
        sure = f"({p}.value->>'c')"
        shown = Shown(numbers=f"{f0},min({f1},{u1}-1),max({u0},{f0}+1),{u1},NULL,NULL,NULL,NULL")
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            match part:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case plan.Dates():
                    members.append((key, self.dates(part, shown)))
                case "length":
                    members.append((key, [f"json_array_length({p}.value,'$.r')"]))
                case "certainty":
                    members.append((key, [f"iif({sure},'\"CERTAIN\"','\"POSSIBLE\"')"]))
                case plan.Nodes(shapes):
                    members.append((key, json_list(below.path_nodes(shapes, p))))
                case plan.Via(objects):
                    members.append((key, json_list(self.path_records(objects, p, below))))
                case str():
                    raise AssertionError(part)
        return json_object(members)

    def path_nodes(self, shapes: plan.Shapes, p: str) -> str:
        x = self.writer.alias("x")
        spot = Spot(f"({x}.value->>0)", tuple(shape.type for shape in shapes))
        printed = self.entity(shapes, spot, f"({x}.value->>1)")
        rows = f"SELECT coalesce({printed},{NULL}) j FROM json_each({p}.value,'$.n') {x} ORDER BY {x}.key"
        return f"(SELECT group_concat(j) FROM ({rows}))"

    def path_records(self, objects: Sequence[plan.Object], p: str, below: Self) -> str:
        """Each found in what the others leave of the window; its ends stand in what all leave."""
        x = self.writer.alias("x")
        left = [f"({x}.value->>{i})" for i in range(2, 6)]
        others = self if self.window.day is not None else replace(self, window=self.window.within(*left))
        cases = []
        for shape in objects:
            record = Record(self.writer.alias("v"), self.names.model.relations[shape.type])
            printed = concat(below.object(shape, self.shown_record(record, holds=others.conditions)))
            found = f'(SELECT {printed} FROM "r_{shape.type}" {record.alias} WHERE {record.alias}.n=({x}.value->>1))'
            cases.append(f"WHEN {relation_number(self.names.model, shape.type)} THEN {found}")
        printed = f"CASE ({x}.value->>0) {' '.join(cases)} END" if cases else "NULL"
        rows = f"SELECT {printed} j FROM json_each({p}.value,'$.r') {x} ORDER BY {x}.key"
        return f"(SELECT group_concat(j) FROM ({rows}))"
