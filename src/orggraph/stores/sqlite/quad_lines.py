"""Templates of N-Quads → SQL. In: a template and an extent. Out: one SELECT of (key, parts, own, gone).

Example: ``Line(".../households", OfField(households))`` → in the ``concat`` of all lines the pieces ``'<base', q.key, '>
<.../households> "', v._households, '"^^<xsd:integer> .'``. Of as many pieces ``concat`` makes a text in less time than ``printf``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import assert_never

from orggraph.model.iris import XSD
from orggraph.model.model import Field, Kind, Relation
from orggraph.model.values import Value
from orggraph.plan import quads as q
from orggraph.stores.sqlite.rows import Names, Record, Spot, holds, there
from orggraph.stores.sqlite.window import Window
from orggraph.stores.sqlite.writing import CURRENT, Writer, conjunction, quote
from orggraph.time.days import LAST, NEG, POS

INTEGER, BOOLEAN, DATE, ANY_URI = (f"{XSD}{name}" for name in ("integer", "boolean", "date", "anyURI"))
STATE = "v.w_from"
ALWAYS = "always"
"""What a state without ``from`` is called."""


class Literal(str):
    """A text that is no SQL."""

    __slots__ = ()


@dataclass(frozen=True)
class Text:
    """Pieces of a text, one after the other: SQL, and literals."""

    pieces: tuple[str, ...] = ()

    def __add__(self, other: Text) -> Text:
        return Text(self.pieces + other.pieces)

    def sql(self) -> str:
        """Never null."""
        parts: list[str] = []
        for of, pieces in groupby(self.pieces, type):
            found = list(pieces)
            parts += [quote("".join(found))] if of is Literal else found
        if {*map(type, self.pieces)} <= {Literal}:
            return parts[0] if parts else quote("")
        return f"concat({', '.join(parts)})"


def plain(text: str) -> Text:
    return Text((Literal(text),))


def said(*sql: str) -> Text:
    return Text(sql)


def statement(names: Names, template: q.Template, extent: q.Extent) -> str:
    """The SELECT; there is nothing to bind."""
    return Printing(names, template, extent).select()


class Printing:
    """Writes the statement of one table: ``v`` is the version, ``q`` has its thing's key."""

    def __init__(self, names: Names, template: q.Template, extent: q.Extent) -> None:
        self.names, self.template, self.extent = names, template, extent
        self.head = plain(f"<{template.base}") + said("q.key")
        self.window = window_of(extent)
        self.writer = Writer()
        table = template.table
        self.record = Record("v", table) if isinstance(table, Relation) else None
        self.name = f'"{"k" if isinstance(table, Kind) else "r"}_{table.name}"'
        self.joined: dict[str, str] = {}

    def select(self) -> str:
        graph = self.load("v.k0") if self.extent.history else Text()
        row = self.lines(self.row, self.template.row, graph)
        citings = said(self.citings(graph))
        gone = self.gone().sql() if self.extent.history else "x''"
        if self.record is None:
            entity = self.lines(self.itself(), self.template.entity, Text())
            own = entity.sql() if self.extent.history else f"iif({self.window.printed('v')}, {entity.sql()}, '')"
            parts = (citings + row).sql()
        else:
            during = self.lines(self.itself("during"), self.template.during, graph)
            own, parts = row.sql(), (during + citings).sql()
        columns = f"q.key, CAST({parts} AS BLOB), CAST({own} AS BLOB), CAST({gone} AS BLOB)"
        joined = "".join(f" LEFT JOIN entity {alias} ON {alias}.e = {entity}" for alias, entity in self.joined.items())
        return f"SELECT {columns} FROM {self.tables()}{FIRST}{joined} WHERE {conjunction(self.conditions())} ORDER BY q.key"

    # ------------------------------------------------------------ which rows

    def tables(self) -> str:
        """Along the index of keys."""
        registry, index, column = (
            ("entity", "entity_kind", "e") if self.record is None else ("record", "record_relation", "r")
        )
        return f"{registry} q INDEXED BY {index} CROSS JOIN {self.name} v ON v.{column} = q.{column}"

    def conditions(self) -> list[str]:
        table, extent = self.template.table, self.extent
        of = f"(q.e & 63) = {table.number}" if self.record is None else f"(q.r & 1023) = {table.number}"
        of += f" AND q.key = {quote(extent.key)}" if extent.key is not None else ""
        if extent.history:
            return [of] if extent.load is None else [of, f"v.k0 <= {extent.load}"]
        if not extent.dated:
            return [of, self.window.known("v"), *([] if self.record is None else self.record_known(self.record))]
        return [of, *(self.entity_there() if self.record is None else self.record_holds(self.record))]

    def entity_there(self) -> list[str]:
        spot = Spot("q.e", (self.template.table.name,))
        return [self.window.known("v"), self.window.state_meets("v"), self.there(spot, self.window)]

    def record_holds(self, record: Record) -> list[str]:
        below = self.window.narrowed("v")
        ends = (record.relation.subject, record.relation.object)
        return [
            holds(record, self.window, self.extent.certain),
            *(self.there(Spot(record.end(end.role), end.kinds, record), below) for end in ends),
        ]

    def record_known(self, record: Record) -> list[str]:
        """That what it leads to is known at the load: a record of what was withdrawn holds on no day, and who reads the graph
        finds nothing there."""
        return [self.known(record, role) for role in ("subject", "object")]

    def known(self, record: Record, role: str) -> str:
        """That some state of the entity at an end is known; of a kind that may not be there, as in a broken store, too."""
        end, entity = record.relation.end(role), record.end(role)
        spot, cases = Spot(entity, end.kinds, record), ""
        if self.names.lies_within(spot, self.window.narrowed("v"), False):
            return "1"
        for kind in (self.names.model.kinds[name] for name in end.kinds):
            if not self.names.always_there(kind.name, spot, self.window):
                z = self.writer.alias("z")
                some = f'SELECT 1 FROM "k_{kind.name}" {z} WHERE {z}.e = {entity} AND {self.window.known(z)}'
                cases += f" WHEN {kind.number} THEN EXISTS({some})"
        return f"CASE {entity} & 63{cases} ELSE 1 END" if cases else "1"

    def there(self, spot: Spot, window: Window) -> str:
        return there(self.names, self.writer, spot, window, self.extent.certain)

    # ------------------------------------------------------------ subjects

    def itself(self, part: str = "") -> Text:
        mark = f"{self.template.mark}{part}" if part else ""
        return self.head + plain(f"{mark}>")

    @property
    def row(self) -> Text:
        return self.itself() if self.record is not None else self.state("")

    def state(self, part: str) -> Text:
        """A state, or a part of it: ``<base KEY#2018-03.source.1>``."""
        return self.head + plain(self.template.mark) + said(f"coalesce({STATE}, '{ALWAYS}')") + plain(f"{part}>")

    def load(self, number: str) -> Text:
        return plain(f" <{self.template.loads}") + said(number) + plain(">")

    def gone(self) -> Text:
        """That a row was taken back, by the load that did so, if none of its thing came in its place."""
        load = self.load("v.k1")
        line = self.row + plain(f" <{self.template.gone}>") + load + load + plain(" .\n")
        same = "y.r = v.r" if self.record is not None else "y.e = v.e AND y.w_from IS v.w_from"
        last = f"v.k1 <= {CURRENT - 1 if self.extent.load is None else self.extent.load}"
        after = f"EXISTS(SELECT 1 FROM {self.name} y WHERE {same} AND y.k0 = v.k1)"
        return said(f"iif({last} AND NOT {after}, {line.sql()}, '')")

    # ------------------------------------------------------------ lines

    def lines(self, subject: Text, lines: Sequence[q.Line], graph: Text) -> Text:
        found = [self.line(subject, line, graph) for line in q.in_order(lines)]
        return Text(tuple(piece for text in found for piece in text.pieces))

    def line(self, subject: Text, line: q.Line, graph: Text) -> Text:
        if isinstance(line.object, q.Sources | q.Citations):
            return said(self.cited(subject, line, graph))
        if isinstance(line.object, q.Held):
            return (
                Text() if self.extent.day is None else said(self.held(subject, line.predicate, line.object.relations))
            )
        condition, text = self.object(line.object)
        whole = subject + plain(f" <{line.predicate}> ") + text + graph + plain(" .\n")
        return whole if condition is None else said(f"iif({condition}, {whole.sql()}, '')")

    def object(self, of: q.Object) -> tuple[str | None, Text]:
        """When it is there (None: always), and its text."""
        match of:
            case q.Fixed(text):
                return None, plain(text)
            case q.Itself(part):
                return None, self.itself(part)
            case q.AtEnd(role):
                return self.at_end(role)
            case q.Named():
                return None, said("json_quote(v.name)")
            case q.OfField(field):
                return self.field(of, field)
            case q.Cell(name):
                return self.cell(name)
            case q.SaidOpen():
                return "v.w_until IN ('open', '?')", quoted("iif(v.w_until = 'open', 'open', 'unknown')")
            case q.LastDay():
                return self.last_day()
            case q.Day(number):
                return f"v.{number} BETWEEN {NEG + 1} AND {POS - 1}", typed(day_of(f"v.{number}"), DATE)
            case q.Endless(number):
                return f"v.{number} = {POS}", plain(f'"true"^^<{BOOLEAN}>')
            case q.Synthetic():
                return "v.syn", plain(f'"true"^^<{BOOLEAN}>')
            case q.Since():
                return None, plain(f"<{self.template.loads}") + said("v.k0") + plain(">")
            case q.Sources() | q.Citations() | q.Held():
                raise AssertionError(of)
            case _:
                assert_never(of)

    def at_end(self, role: str) -> tuple[str | None, Text]:
        assert self.record is not None
        end, entity = self.record.relation.end(role), self.record.end(role)
        alias = f"e{len(self.joined)}" if entity not in self.joined.values() else ""
        alias = alias or next(name for name, joined in self.joined.items() if joined == entity)
        self.joined[alias] = entity
        text = plain(f"<{self.template.base}") + said(f"{alias}.key") + plain(">")
        found = [f"{alias}.key IS NOT NULL"]  # in a store that is as it should be, those that must be are there
        if role in ("subject", "object") or self.extent.history:
            return conjunction(found), text
        if self.extent.dated:
            found.append(self.there(Spot(entity, end.kinds, self.record), self.window.narrowed("v")))
        elif not end.required:  # the record may hold, and so stays as it is, with what must be named
            found.append(self.known(self.record, role))
        return conjunction(found), text

    def field(self, of: q.OfField, field: Field) -> tuple[str | None, Text]:
        column = f'v."_{field.name}"'
        when = f"{column} IS NOT NULL"
        match field.type:
            case Value.STRING:
                return when, said(f"json_quote({column})")
            case Value.INT:
                return when, typed(column, INTEGER)
            case Value.BOOLEAN:
                return when, typed(f"iif({column}, 'true', 'false')", BOOLEAN)
            case Value.URI:
                return when, said(f"json_quote({column})") + plain(f"^^<{ANY_URI}>")
            case Value.DATE:
                return when, partial(column)
            case Value.TERM:
                cases = " ".join(f"WHEN {quote(code)} THEN {quote(text)}" for code, text in of.terms)
                other = f"json_quote({column})"  # in a broken store
                return when, said(f"CASE {column} {cases} ELSE {other} END")
            case _:
                assert_never(field.type)

    def cell(self, name: str) -> tuple[str, Text]:
        column = f"v.w_{name}"
        dated = f"{column} NOT IN ('open', '?')" if name == "until" else f"{column} IS NOT NULL"
        return dated, partial(column)

    def last_day(self) -> tuple[str, Text]:
        before = "iif(length(v.w_until) = 10, date(v.w_until, '-1 day'), v.w_until)"
        last = f"coalesce(v.w_through, {before})"
        return "v.w_through IS NOT NULL OR v.w_until NOT IN ('open', '?')", partial(last)

    # ------------------------------------------------------------ citations

    def cited(self, subject: Text, line: q.Line, graph: Text) -> str:
        """The lines of a property that leads to each source, or to each citing."""
        head = subject + plain(f" <{line.predicate}> ")
        if isinstance(line.object, q.Sources):
            object_ = plain(f"<{self.template.base}") + said("z.key") + plain(">")
            return self.each(head + object_ + graph + plain(" .\n"), "z.key||'>'")
        return self.each(head + self.citing() + graph + plain(" .\n"), ORDER)

    def held(self, subject: Text, predicate: str, relations: Sequence[Relation]) -> str:
        """The lines of a property that leads to each entity at the far end of records that hold."""
        line = subject + plain(f" <{predicate}> <{self.template.base}") + said("z.key") + plain("> .\n")
        far = " UNION ".join(map(self.far_ends, relations))
        lines = f"SELECT {line.sql()} j FROM ({far}) f CROSS JOIN entity z ON z.e = f.e ORDER BY z.key||'>'"
        return f"coalesce((SELECT group_concat(j, '') FROM ({lines})), '')"

    def far_ends(self, relation: Relation) -> str:
        record = Record("w", relation)
        far = Spot(record.end("object"), relation.object.kinds, record)
        held = [holds(record, self.window, self.extent.certain), self.there(far, self.window.narrowed("w"))]
        return f'SELECT w.o e FROM "r_{relation.name}" w WHERE {conjunction(["w.s = q.e", *held])}'

    def citing(self) -> Text:
        """``<base KEY#source.1>``, ``<base KEY#2018-03.source.1>``."""
        start = self.state(".source.") if self.record is None else self.itself("source.")
        return Text(start.pieces[:-1]) + plain(start.pieces[-1].removesuffix(">")) + said("t.i + 1") + plain(">")

    def citings(self, graph: Text) -> str:
        """All lines about citings themselves."""
        c, subject = self.template.citing, self.citing()
        source = plain(f"<{self.template.base}") + said("z.key") + plain(">")
        of = {
            c.type.partition(" ")[0]: plain(c.type.partition(" ")[2]),
            c.source: source,
            c.para: said("json_quote(t.para)"),
        }
        found = Text()
        for predicate, object_ in sorted(of.items(), key=lambda one: f"<{one[0]}>"):
            line = subject + plain(f" <{predicate}> ") + object_ + graph + plain(" .\n")
            found += said(f"iif(t.para IS NULL, '', {line.sql()})") if predicate == c.para else line
        return self.each(found, ORDER)

    @staticmethod
    def each(text: Text, order: str) -> str:
        """A text for each citing of the row, of which nearly every one has one: that is joined already, with its source."""
        distinct = "DISTINCT " if order != ORDER else ""
        cite = "cite t CROSS JOIN entity z ON z.e = t.s WHERE t.c = v.c"
        lines = f"SELECT {distinct}{text.sql()} j FROM {cite} ORDER BY {order}"
        several = f"coalesce((SELECT group_concat(j, '') FROM ({lines})), '')"
        return f"iif(v.c = 0, '', iif(u.c IS NULL AND z.e IS NOT NULL, {text.sql()}, {several}))"


ORDER = "(t.i + 1)||'>'"
FIRST = (
    " LEFT JOIN cite t ON t.c = v.c AND t.i = 0 LEFT JOIN entity z ON z.e = t.s LEFT JOIN cite u ON u.c = v.c AND u.i > 0"
    " AND NOT EXISTS(SELECT 1 FROM cite y WHERE y.c = v.c AND y.i > 0 AND y.i < u.i)"
)
"""The first citing of a row, and whether there are more."""


def window_of(extent: q.Extent) -> Window:
    """Days and load are numbers of ours, and stand in the text as they are."""
    load = None if extent.load is None else str(extent.load)
    if extent.day is not None:
        return Window(day=str(extent.day), load=load)
    start = () if extent.first is None else (str(extent.first),)
    end = () if extent.until is None else (str(extent.until),)
    return Window(None, start, start, end, end, load)


def quoted(sql: str) -> Text:
    return plain('"') + said(sql) + plain('"')


def typed(sql: str, datatype: str) -> Text:
    return quoted(sql) + plain(f"^^<{datatype}>")


def partial(column: str) -> Text:
    """A date of any precision."""
    kind = f"CASE length({column}) WHEN 4 THEN 'gYear' WHEN 7 THEN 'gYearMonth' ELSE 'date' END"
    return quoted(column) + plain(f"^^<{XSD}") + said(kind) + plain(">")


def day_of(number: str) -> str:
    """A day number as XSD writes it; the first day that SQLite's calendar lacks is the last that there can be."""
    return f"iif({number} = {LAST}, '10000-01-01', date({number} + 1721424.5))"
