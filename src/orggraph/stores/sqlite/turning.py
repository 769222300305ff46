"""Who takes and who leaves in a range, by day: each relation gives its beginnings and its ends in the order of an index, and
SQLite merges them. Semantics.md 9.7.

In: a ``Turnover``. Out: pieces. A row is a record with ``d0``, ``i``, ``d1``: of a beginning its earliest day, 1, its latest; of
an end the first day no longer, 0: so that rows are in order of the days on which something is different, and whoever leaves
comes before whoever follows.
"""

from __future__ import annotations

import re
from abc import ABC
from collections.abc import Callable, Sequence
from dataclasses import replace

from orggraph.model.model import OBJECT, SUBJECT, Field, Hop, Relation
from orggraph.plan import nodes as plan
from orggraph.plan import scope as scopes
from orggraph.stores.sqlite.comparing import Hand, Turn
from orggraph.stores.sqlite.ddl import end_column
from orggraph.stores.sqlite.finding import Finding
from orggraph.stores.sqlite.paging import Key, Pager, asks_cursors
from orggraph.stores.sqlite.rows import Record, kind_is, relation_number
from orggraph.stores.sqlite.seen import NULL
from orggraph.stores.sqlite.shown import Shown
from orggraph.stores.sqlite.sources import SHARED, rows_of, rows_of_record
from orggraph.stores.sqlite.window import Window
from orggraph.stores.sqlite.writing import CURRENT, Json, Piece, concat, conjunction, json_object
from orggraph.time.days import LAST, NEG

LONGEST = 366
"""Days of the longest time that a start, where it is known at all, may be anywhere in: a year."""
ORDER = ("f1", "f0", "u0", "u1")
"""Numbers of a record by which those of one post follow one another: by the latest start, which alone is always known."""
NONE = ("'' t", "'' key", "0 d0", "0 i", "0 d1", "0 sure")
"""What each row has beside columns of its record, where there is none."""

Bounds = Callable[[tuple[Key, ...]], list[str]]
"""What is asked of the keys of a row."""


class Turning(Finding, ABC):
    """Prints turnover in one scope."""

    def turnover(self, node: plan.Turnover) -> list[Piece]:
        for asked in (node.page.first, node.page.last):
            if asked is not None:
                self.writer.bind(asked, "rows")  # looked at even where no rows are asked
        if node.page.after is None and node.page.before is None:
            return self.turns(node)
        return [self.at_cursors(node.page, lambda there: concat(there.turns(node)))]

    def turns(self, node: plan.Turnover) -> list[Piece]:
        """All of a connection; what is printed of its rows comes from one select."""
        listed = [part for _, part in node.members if isinstance(part, plan.Object | plan.TurnEdges)]
        ends = any(asks_cursors(part) for _, part in node.members)
        t = self.writer.alias("t")
        pager = self.pager(node.page, _keys(node, f"{t}.d0", f"{t}.i", f"{t}.d1", f"{t}.key"))
        shown = Shown(record=Record(t, node.any), key=f"{t}.key", certain=f"{t}.sure")
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            match part:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case plan.Total(certainty):
                    members.append((key, [self.counted_turns(node, certainty)]))
                case plan.PageInfo():
                    members.append((key, self.turns_info(part, node, pager)))
                case _:
                    column = f"j{next(i for i, one in enumerate(listed) if one is part)}"
                    members.append((key, [Json("["), pager.joined(column), Json("]")]))
        if not listed and not ends:
            return json_object(members)
        columns = [f"{concat(self.turn_item(part, pager, shown))} j{i}" for i, part in enumerate(listed)]
        columns += [f"{self.place(pager)} c"] if ends else []
        merged = self.merged_turns(node, _read(t, columns))
        rows = pager.rows(columns or ["1"], f"({merged}) {t}", [], numbered=ends)
        return [f"(SELECT {concat([*json_object(members), 'listed(count(*))'])} FROM ({rows}))"]

    def turn_item(self, part: plan.Object | plan.TurnEdges, pager: Pager, shown: Shown) -> list[Piece]:
        if isinstance(part, plan.Object):
            return self.object(part, shown)
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, one in part.members:
            match one:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case plan.Object():
                    members.append((key, self.object(one, shown)))
                case _:
                    members.append((key, [Json('"'), self.place(pager), Json('"')]))
        return json_object(members)

    # ------------------------------------------------------------ rows

    def merged_turns(self, node: plan.Turnover, columns: Sequence[str]) -> str:
        """The rows of the page, in order; with these columns of their records."""
        keys = _keys(node, "d0", "i", "d1", "key")
        pager = self.pager(node.page, keys)
        asks_certain = not self.certain and any(map(_asks_certainty, node.members))
        arms = self.turn_arms(node, self.certain, pager.bounds_of, columns, asks_certain)
        return f"{arms}{pager.cut()}"

    def turn_arms(
        self,
        node: plan.Turnover,
        certain: bool,
        bounds: Bounds,
        columns: Sequence[str] | None = None,
        asks_certain: bool = False,
    ) -> str:
        """Each relation's beginnings and ends; ``bounds``: what is asked of the keys; ``columns`` of the records, none where
        rows are only counted."""
        arms = [
            arm
            for relation in node.relations
            for takes in (True, False)
            if (arm := self.turn_arm(node, relation, takes, certain, bounds, columns, asks_certain))
        ]
        none = ",".join([*(f"0 {one}" for one in columns or ()), *NONE])
        return " UNION ALL ".join(arms) or f"SELECT {'1' if columns is None else none} WHERE 0"

    def turn_arm(
        self,
        node: plan.Turnover,
        relation: Relation,
        takes: bool,
        certain: bool,
        bounds: Bounds,
        columns: Sequence[str] | None,
        asks: bool,
    ) -> str:
        v, q = self.writer.alias("v"), self.writer.alias("q")
        record = Record(v, relation)
        rows = rows_of_record(record)
        below = self.conditions.below(rows)
        low, high = ("f0", "f1") if takes else ("u0", "u1")
        turns = self.turns_possibly(relation, v, takes)
        present = {sure: [below.there(spot, sure) for spot in rows.passed] for sure in (False, True)}
        surely = conjunction([*self.turns_certainly(v, takes), *present[True]])
        days = (f"{v}.{low}", f"{v}.{high}") if takes else (f"{v}.{low}-1", f"{v}.{high}-1")
        hand = Hand(record=record, turn=Turn(takes, *days, surely))
        passes = below.condition(node.where, hand, certain)
        if passes == "0":
            return ""
        keys = _keys(node, f"{v}.{low}", str(int(takes)), f"{v}.{high}", f"{q}.key")
        turned = [surely] if certain else [*turns, *present[False]]
        conditions = [self.window.known(v), *turned, passes, *bounds(keys)]
        tables = f'"r_{relation.name}" {v} CROSS JOIN record {q} ON {q}.r={v}.r WHERE {conjunction(conditions)}'
        if columns is None:
            return f"SELECT 1 FROM {tables}"
        sure = "1" if certain else "0"
        if asks and not certain:
            sure = f"iif({conjunction([surely, below.condition(node.where, hand, True)])},1,0)"
        keyed = [
            f"'{relation.name}' t",
            f"{q}.key key",
            f"{v}.{low} d0",
            f"{int(takes)} i",
            f"{v}.{high} d1",
            f"{sure} sure",
        ]
        return f"SELECT {','.join([*(f'{v}.{column}' for column in columns), *keyed])} FROM {tables}"

    def turns_possibly(self, relation: Relation, v: str, takes: bool) -> list[str]:
        """That the day may lie in the range. A start that is known at all is known within a year, which spares a look at those
        of long before."""
        start, end = self.window.a0, self.window.b1
        if not takes:
            found = [f"{v}.u0<={end[0]}" if end else f"{v}.u0<{CURRENT}"]
            return [*found, f"{v}.u1>{start[0]}"] if start else found
        found = [f"{v}.f0<{end[0]}"] if end else []
        if start:
            known = f"r.k1={CURRENT}" if self.window.load is None else "1"
            unknown = f'EXISTS(SELECT 1 FROM "r_{relation.name}" r WHERE {known} AND r.f0={NEG})'
            found += [f"{v}.f1>={start[0]}", f"{v}.f0>=iif({unknown},{NEG},{start[0]}-{LONGEST})"]
        return found

    def turns_certainly(self, v: str, takes: bool) -> list[str]:
        """That the day certainly lies in the range; what has always been does not begin, what is open does not end."""
        start, end = self.window.a1, self.window.b0
        if takes:
            found = [f"{v}.f0>={start[0]}" if start else f"{v}.f0>{NEG}"]
            return [*found, f"{v}.f0<{end[0]}", f"{v}.f1<{end[0]}"] if end else found
        found = [f"{v}.u0>{start[0]}"] if start else []
        return [*found, *([f"{v}.u0<={end[0]}", f"{v}.u1<={end[0]}"] if end else [f"{v}.u1<{CURRENT}"])]

    # ------------------------------------------------------------ one turn

    def turn_day(self, node: plan.TurnDay, shown: Shown) -> list[Piece]:
        """The first day, or the last: the row has its earliest and its latest."""
        assert shown.record is not None
        t, numbers = shown.record.alias, self.shown_record(shown.record).numbers
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            match part:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case "earliest" | "latest":
                    number = f"{t}.{'d0' if part == 'earliest' else 'd1'}-1+{t}.i"
                    members.append((key, [day_told(number)]))
                case _:
                    day = [f"valid_end('{end}','{part}',{numbers})" for end in ("from", "through")]
                    members.append((key, [f"json_quote(iif({t}.i,{day[0]},{day[1]}))"]))
        return json_object(members)

    def turn_record(self, node: plan.TurnRecord, shown: Shown) -> str:
        assert shown.record is not None
        t, model = shown.record.alias, self.names.model
        if not node.next and all(map(_is_shared, node.records)):  # the row has it all
            below = self.below(rows_of_record(shown.record))
            own = {
                shape.type: self.shown_record(Record(t, model.relations[shape.type]), shown.key, self.conditions)
                for shape in node.records
            }
            printed = [(shape.type, concat(below.object(shape, own[shape.type]))) for shape in node.records]
            whens = (f"WHEN {relation_number(model, name)} THEN {text}" for name, text in printed)
            return f"CASE {t}.r&1023 {' '.join(whens)} END" if printed else NULL
        if not node.next:
            return self.any_record(node.records, shown.record, shown.key)
        cases = [
            f"WHEN {relation_number(model, shape.type)} THEN {self.beside(shape, model.relations[shape.type], shown, node.next)}"
            for shape in node.records
        ]
        return f"coalesce(CASE {t}.r&1023 {' '.join(cases)} END,{NULL})" if cases else NULL

    def beside(self, shape: plan.Object, relation: Relation, shown: Shown, next_: int) -> str:
        """The record of a post just before or after that of the turn, seen in all days."""
        there = replace(self, window=self.window.on(Window()), given=self.given | {"dates"})
        cases = [self.at_post(there, shape, relation, hop, shown, next_) for hop in relation.posts]
        return cases[0] if len(cases) == 1 else f"coalesce({','.join(cases)})"

    def at_post(
        self, there: Turning, shape: plan.Object, relation: Relation, hop: Hop, shown: Shown, next_: int
    ) -> str:
        assert shown.record is not None
        own, q = Record(shown.record.alias, relation), shown.key
        rows = rows_of(self.names, self.writer, plan.RecordsOf(relation), None, there.window)
        record = rows.records[0]
        w, v = record.alias, own.alias
        key = f"(SELECT key FROM record WHERE r={w}.r)"
        mine, its = (",".join([*(f"{r}.{one}" for one in ORDER), k]) for r, k in ((w, key), (v, q)))
        gone = f"{v}.u0<={w}.f1" if next_ > 0 else f"{w}.u0<={v}.f1"
        post = end_column(hop.origin)
        conditions = [f"{w}.{post}={v}.{post}", *self.post_kinds(own, record, hop), gone]
        conditions += [f"({mine}){'>' if next_ > 0 else '<'}({its})", *there.conditions.rows_hold(rows, self.certain)]
        way = "" if next_ > 0 else " DESC"
        order = ",".join(f"{one}{way}" for one in (*(f"{w}.{one}" for one in ORDER), key))
        printed = concat(there.below(rows).object(shape, there.shown_record(record, key)))
        return f"(SELECT {printed} FROM {rows.tables} WHERE {conjunction(conditions)} ORDER BY {order} LIMIT 1)"

    def post_kinds(self, own: Record, other: Record, hop: Hop) -> list[str]:
        """That both records are of the post: a relation may have one only between some kinds."""
        found = []
        for record, role, kind in (
            (own, hop.origin, hop.kind),
            (own, hop.target, hop.far),
            (other, hop.target, hop.far),
        ):
            kinds = self.names.model.kinds[kind].concrete
            if not set(self.names.model.relations[hop.relation].end(role).kinds) <= set(kinds):
                found.append(kind_is(self.names, record.end(role), kinds))
        return found

    # ------------------------------------------------------------ what is told of all of them

    def counted_turns(self, node: plan.Turnover, certainty: scopes.Certainty | None) -> str:
        certain = self.certain if certainty is None else certainty is scopes.Certainty.CERTAIN
        return f"(SELECT count(*) FROM ({self.turn_arms(node, certain, lambda _: [])}))"

    def turns_info(self, part: plan.PageInfo, node: plan.Turnover, pager: Pager) -> list[Piece]:
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, one in part.members:
            match one:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case "startCursor" | "endCursor":
                    members.append((key, [pager.end_cursor(one == "endCursor")]))
                case _:
                    members.append((key, [self.more_turns(node, one == "hasNextPage")]))
        return json_object(members)

    def more_turns(self, node: plan.Turnover, after: bool) -> Piece:
        """Whether there are rows after the page (or before it): cut off from it, or beyond its cursor."""
        page = node.page
        cut, beyond = (page.first, page.before) if after else (page.last, page.after)
        found = []
        if cut is not None:
            within = self.turn_arms(node, self.certain, self.pager(page, ()).bounds_of)
            found.append(f"EXISTS(SELECT 1 FROM ({within}) LIMIT 1 OFFSET {self.writer.bind(cut, 'rows')})")
        if beyond is not None:

            def outside(keys: tuple[Key, ...]) -> list[str]:
                return [f"({self.pager(page, keys).beyond(beyond, beyond is page.after)}) IS NOT TRUE"]

            found.append(f"EXISTS(SELECT 1 FROM ({self.turn_arms(node, self.certain, outside)}))")
        return f"iif({' OR '.join(found)},'true','false')" if found else Json("false")


def _read(t: str, printed: Sequence[str]) -> list[str]:
    """Those of a record's columns that are read of a row."""
    read = {name for one in printed for name in re.findall(rf"\b{t}\.(\w+)", one)}
    return [column for column in SHARED.split(",") if column in read]


def day_told(number: str) -> str:
    """A day as JSON text, null of what is no day: ``days.iso``, told by SQLite."""
    return f"""iif({number} BETWEEN 1 AND {LAST - 1},'"'||date({number}+1721424.5)||'"',{NULL})"""


def _keys(node: plan.Turnover, day: str, takes: str, latest: str, key: str) -> tuple[Key, ...]:
    return Key(day, node.descending), Key(takes, node.descending), Key(latest), Key(key, own=True)


def _asks_certainty(member: tuple[str, object]) -> bool:
    """Whether a part prints how sure a turn is."""
    match member[1]:
        case plan.TurnEdges(members):
            return any(map(_asks_certainty, members))
        case plan.Object(_, members):
            return any(node == plan.Scalar("certainty") for _, node in members)
    return False


def _is_shared(shape: plan.Object) -> bool:
    """Whether what is printed of a record is what the records of every relation have."""
    for _, node in shape.members:
        match node:
            case plan.Items(objects):
                if not all(map(_is_shared, objects)):
                    return False
            case plan.EndEntity(role=role):
                if role not in (SUBJECT, OBJECT):
                    return False
            case plan.Labelled() | plan.Scalar(Field()):
                return False
    return True
