"""What is printed, as SQL that builds JSON text. In: plan nodes and the rows at hand. Out: pieces of one SELECT.

Every function gives pieces that are never null: a missing value is the text ``null``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self, assert_never

from orggraph.model.model import Field
from orggraph.model.values import Value as FieldType
from orggraph.plan import nodes as plan
from orggraph.plan import scope as scopes
from orggraph.stores.sqlite.conditions import Conditions
from orggraph.stores.sqlite.rows import (
    Names,
    Record,
    Rows,
    Spot,
    by_kind,
    printed_state,
    rows_of,
    rows_of_record,
)
from orggraph.stores.sqlite.window import Window, window_of
from orggraph.stores.sqlite.writing import (
    CURRENT,
    Json,
    Piece,
    Writer,
    concat,
    conjunction,
    json_list,
    json_object,
    quote,
)

NULL = "'null'"
LAST_LOAD = "(SELECT coalesce(max(k),0) FROM load)"


@dataclass(frozen=True)
class Shown:
    """The thing being printed: its entity and printed state, or its record, or an edge.

    ``numbers``: its interval's four numbers and four cells, as SQL. ``certain``: SQL that says it is certain; ``holds``: for a record, the
    conditions of the window that it was found in, which tell that when it is asked.
    """

    spot: Spot | None = None
    key: str = ""
    state: str = ""
    record: Record | None = None
    rows: Rows | None = None
    numbers: str = ""
    certain: str = "1"
    holds: Conditions | None = None


@dataclass(frozen=True)
class Things(ABC):
    """Prints one thing at a time, in one scope."""

    names: Names
    writer: Writer
    window: Window
    certain: bool
    given: frozenset[str] = frozenset()
    """Which parts of the scope were asked for: ``dates``, ``load``, ``certainty``."""

    @property
    def conditions(self) -> Conditions:
        return Conditions(self.names, self.writer, self.window)

    def in_scope(self, scope: scopes.Scope, printed: Callable[[Self], str]) -> str:
        """What is printed in another scope; a load that is asked for is found first."""
        given = {part for part in ("dates", "load", "certainty") if getattr(scope, part) is not None}
        window = self.window if scope.dates is None else self.window.on(window_of(scope.dates, self.writer))
        inner = replace(self, window=window, given=self.given | given)
        if scope.certainty is not None:
            inner = replace(inner, certain=scope.certainty is scopes.Certainty.CERTAIN)
        if scope.load is None:
            return printed(inner)
        found = self.writer.alias("l")
        inner = replace(inner, window=replace(window, load=f"{found}.k"))
        return f"(SELECT {printed(inner)} FROM ({load_asked(scope.load, self.writer)}) {found})"

    def below(self, rows: Rows) -> Self:
        """The same in the window that the rows' records leave."""
        return replace(self, window=self.conditions.below(rows).window)

    # ------------------------------------------------------------ objects

    def object(self, shape: plan.Object, shown: Shown) -> list[Piece]:
        return json_object([(key, self.node(node, shown)) for key, node in shape.members])

    def node(self, node: plan.Node, shown: Shown) -> Sequence[Piece]:
        match node:
            case plan.Text(text):
                return [Json(text)]
            case plan.Scalar(field):
                return [self.scalar(field, shown)]
            case plan.Labelled():
                return [self.labelled(node, shown)]
            case plan.Dates():
                return self.dates(node, shown)
            case plan.Cited():
                return self.cited(node, shown)
            case plan.Object():
                return self.object(node, shown)
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
            case plan.ToOne():
                return [self.to_one(node, shown)]
            case plan.EndEntity():
                return [self.end_entity(node, shown)]
            case plan.TheRecord(inner):
                return self.the_record(inner, shown)
            case plan.TheLink():
                return self.the_link(node, shown)
            case plan.Listing():
                return self.listing(node, shown.spot)
            case _:
                assert_never(node)

    # ------------------------------------------------------------ scopes

    def each_day(self, node: plan.EachDay, shown: Shown) -> list[Piece]:
        d = self.writer.alias("d")
        inner = replace(self, window=self.window.on(Window(day=f"{d}.value")), given=self.given | {"dates"})
        days = f"json_each({self.writer.bind(node.days, 'days')}) {d}"
        printed = concat(inner.object(node.object, shown))
        return json_list(f"(SELECT group_concat(j) FROM (SELECT {printed} j FROM {days} ORDER BY {d}.key))")

    def the_scope(self, node: plan.TheScope) -> list[Piece]:
        window = self.window
        parts = {
            "date": iso(window.day),
            "from": iso(window.a0[0] if window.a0 else None),
            "until": iso(window.b0[0] if window.b0 else None),
            "load": window.load or LAST_LOAD,
            "certainty": Json('"CERTAIN"' if self.certain else '"POSSIBLE"'),
        }
        return json_object(
            [(key, [Json(part.json) if isinstance(part, plan.Text) else parts[part]]) for key, part in node.members]
        )

    def seen(self, shapes: plan.Shapes, shown: Shown) -> str:
        """The entity at hand, if it is there in this scope."""
        assert shown.spot is not None
        return f"coalesce({self.entity(shapes, shown.spot, shown.key)},{NULL})"

    # ------------------------------------------------------------ scalars

    def scalar(self, field: Field | str, shown: Shown) -> str:
        match field:
            case Field():
                return self.field(field, shown)
            case "key":
                return f"json_quote({self.key(shown)})"
            case "iri":
                return f"json_quote({quote(self.names.model.iri)}||{self.key(shown)})"
            case "name":
                return f"json_quote({shown.state}.name)"
            case "synthetic":
                return f"iif({self.synthetic(shown)},'true','false')"
            case "certainty":
                return self.certainty(shown)
        raise AssertionError(field)

    def field(self, field: Field, shown: Shown) -> str:
        text = f'{self.row(shown)}."_{field.name}"'
        match field.type:
            case FieldType.INT:
                return f"coalesce({text},{NULL})"
            case FieldType.BOOLEAN:
                return f"CASE {text} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE {NULL} END"
        return f"json_quote({text})"

    @staticmethod
    def row(shown: Shown) -> str:
        if shown.state:
            return shown.state
        assert shown.record is not None
        return shown.record.alias

    @staticmethod
    def key(shown: Shown) -> str:
        if shown.key:
            return shown.key
        if shown.spot:
            return f"(SELECT key FROM entity WHERE e={shown.spot.entity})"
        assert shown.record is not None
        return f"(SELECT key FROM record WHERE r={shown.record.alias}.r)"

    def synthetic(self, shown: Shown) -> str:
        if shown.rows is not None:
            return "(" + " OR ".join(f"{record.alias}.syn" for record in shown.rows.records) + ")"
        return f"{self.row(shown)}.syn"

    def certainty(self, shown: Shown) -> str:
        if self.certain:
            return "'\"CERTAIN\"'"
        certain = shown.certain
        if shown.holds is not None:
            assert shown.record is not None
            certain = conjunction(shown.holds.certainly(rows_of_record(shown.record)))
        return f"iif({certain},'\"CERTAIN\"','\"POSSIBLE\"')"

    def labelled(self, node: plan.Labelled, shown: Shown) -> str:
        t = self.writer.alias("t")
        columns = {
            "code": f"json_quote({t}.code)",
            "zh": f"json_quote({t}.zh)",
            "en": f"json_quote({t}.en)",
            "iri": f"json_quote({t}.iri)",
        }
        members = [
            (key, [Json(part.json)] if isinstance(part, plan.Text) else [columns[part]]) for key, part in node.members
        ]
        terms = quote(node.field.terms or "")
        text = f'{self.row(shown)}."_{node.field.name}"'
        return f"coalesce((SELECT {concat(json_object(members))} FROM term {t} WHERE {t}.l={terms} AND {t}.code={text}),{NULL})"

    # ------------------------------------------------------------ dates

    def dates(self, node: plan.Dates, shown: Shown) -> list[Piece]:
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            match part:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case str():
                    members.append((key, [f"json_quote(valid_text('{part}',{shown.numbers}))"]))
                case parts:
                    members.append((key, json_object([(name, [self.end(one, shown)]) for name, one in parts])))
        return json_object(members)

    def end(self, part: plan.EndPart | plan.Text, shown: Shown) -> Piece:
        if isinstance(part, plan.Text):
            return Json(part.json)
        return f"json_quote(valid_end('{part.end}','{part.part}',{shown.numbers}))"

    # ------------------------------------------------------------ citations

    def cited(self, node: plan.Cited, shown: Shown) -> list[Piece]:
        c, s = self.writer.alias("c"), self.writer.alias("s")
        columns = {"title": f"json_quote({s}.name)", "para": f"json_quote({c}.para)"}
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            match part:
                case plan.Text(text):
                    members.append((key, [Json(text)]))
                case plan.Object():
                    source = self.shown_entity(Spot(f"{c}.s", ("Source",)), "", s)
                    members.append((key, self.object(part, source)))
                case name:
                    members.append((key, [columns[name]]))
        last = f"{s}.e={c}.s AND {self.window.known(s)} AND {s}.n0={CURRENT}"
        rows = (
            f'SELECT {concat(json_object(members))} j FROM cite {c} CROSS JOIN "k_Source" {s} '
            f"WHERE {c}.c={self.row(shown)}.c AND {last} ORDER BY {c}.i"
        )
        return json_list(f"(SELECT group_concat(j) FROM ({rows}))")

    # ------------------------------------------------------------ one thing

    def shown_entity(self, spot: Spot, key: str, state: str) -> Shown:
        s = state
        cells = (
            f"iif({s}.f0={s}.g0 AND {s}.f1={s}.g1,{s}.w_from,NULL),iif({s}.u0={s}.v0 AND {s}.u1={s}.v1,{s}.w_until,NULL),"
            f"iif({s}.u0={s}.v0 AND {s}.u1={s}.v1,{s}.w_through,NULL),{s}.w_attested"
        )
        numbers = f"{s}.g0,{s}.g1,{s}.v0,{s}.v1,{cells}"
        return Shown(spot, key, s, numbers=numbers, certain=self.state_certain(s, spot))

    def state_certain(self, state: str, spot: Spot) -> str:
        """That the entity whose printed state a row is is certainly there: on a day only that state's life can say so."""
        if self.window.day is not None:
            return self.window.life_meets(state)
        return self.conditions.there(spot, True)

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
        found = [printed_state(state, spot.entity, self.window)]
        return [*found, self.state_certain(state, spot)] if self.certain else found

    def one_entity(self, node: plan.OneEntity) -> str:
        a = self.writer.alias("a")
        kinds = tuple(shape.type for shape in node.shapes)
        spot = Spot(f"{a}.e", kinds)
        printed = self.entity(node.shapes, spot, f"{a}.key")
        numbers = ",".join(str(self.names.number(kind)) for kind in kinds)
        key = self.writer.bind(node.key, "plain")
        return f"coalesce((SELECT {printed} FROM entity {a} WHERE {a}.key={key} AND {a}.e&63 IN ({numbers})),{NULL})"

    def one_record(self, node: plan.OneRecord) -> str:
        rows = rows_of(self.names, self.writer, plan.RecordsOf(node.relation), None)
        record = rows.records[0]
        q = self.writer.alias("q")
        conditions = [f"{q}.key={self.writer.bind(node.key, 'plain')}", f"{record.alias}.r={q}.r"]
        conditions += self.conditions.rows_hold(rows, self.certain)
        shown = self.shown_record(record, f"{q}.key")
        printed = concat(self.below(rows).object(node.object, shown))
        return f"coalesce((SELECT {printed} FROM record {q} CROSS JOIN {rows.tables} WHERE {conjunction(conditions)}),{NULL})"

    def shown_record(self, record: Record, key: str = "") -> Shown:
        r = record.alias
        numbers = f"{r}.f0,{r}.f1,{r}.u0,{r}.u1,{r}.w_from,{r}.w_until,{r}.w_through,{r}.w_attested"
        return Shown(record=record, key=key, numbers=numbers, holds=self.conditions)

    def end_entity(self, node: plan.EndEntity, shown: Shown) -> str:
        assert shown.record is not None
        spot = Spot(shown.record.end(node.role), tuple(shape.type for shape in node.shapes))
        return f"coalesce({self.entity(node.shapes, spot)},{NULL})"

    def the_record(self, shape: plan.Object, shown: Shown) -> list[Piece]:
        assert shown.record is not None
        return self.object(shape, self.shown_record(shown.record))

    def the_link(self, node: plan.TheLink, shown: Shown) -> list[Piece]:
        assert shown.rows is not None
        members: list[tuple[str, Sequence[Piece]]] = []
        for key, part in node.members:
            if isinstance(part, plan.Via):
                members.append((key, self.via(part, shown.rows)))
            else:
                members.append((key, self.node(part, shown)))
        return json_object(members)

    def via(self, node: plan.Via, rows: Rows) -> list[Piece]:
        pieces: list[Piece] = [Json("[")]
        for i, (shape, record) in enumerate(zip(node.objects, rows.records, strict=True)):
            pieces += [Json(",")] if i else []
            pieces += self.below(rows).object(shape, self.shown_record(record))
        return [*pieces, Json("]")]

    # ------------------------------------------------------------ many things (listing.py)

    @abstractmethod
    def listing(self, node: plan.Listing, near: Spot | None) -> list[Piece]:
        """A connection; ``near`` is the entity at hand (None at the root)."""

    @abstractmethod
    def to_one(self, node: plan.ToOne, shown: Shown) -> str:
        """The far end of one link, or null."""


def iso(day: str | None) -> Piece:
    """A day number's SQL as JSON; nothing for no day."""
    return Json("null") if day is None else f"json_quote(date({day}+1721424.5))"  # the Julian day before 0001-01-01


def load_asked(load: scopes.AsOf, writer: Writer) -> str:
    """A select of the number ``k`` of a load: the one of that number, or the last published by a moment."""
    if load.moment:
        return f"SELECT coalesce(max(k),0) k FROM load WHERE at<={writer.bind(load.value, 'moment')}"
    number = writer.bind(load.value, "int")
    return f"SELECT iif({number} BETWEEN 0 AND coalesce(max(k),0),{number},refuse('NO_SUCH_LOAD')) k FROM load"
