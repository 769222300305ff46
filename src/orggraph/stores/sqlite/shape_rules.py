"""Shapes → SQL. In: a shape, and the template by which its things are printed as RDF. Out: statements that find what breaks it.

What a thing says is taken from the same template, and by the same SQL, as its lines of N-Quads; so both judge one graph. Nearly
every thing is one row: one pass over its table tests all rules. Things of several rows (a broken store may have such) stand in
``temp.several`` and are asked rule by rule; sources are asked by the sets of citings that break the rule, ``temp.miscited``.

Example: ``minCount 1`` of ``rank``, in the pass: ``CASE WHEN NOT (v."_rank" IS NOT NULL) THEN '' END``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from orggraph.model.iris import TYPE, XSD
from orggraph.model.model import Model
from orggraph.model.values import Value
from orggraph.plan import quads as q
from orggraph.plan.shapes import (
    AnyOf,
    Before,
    Component,
    Form,
    OfClass,
    OfType,
    OfValue,
    OneOf,
    Property,
    Shape,
    component,
)
from orggraph.stores.sqlite.quad_lines import ALWAYS, DATE, INTEGER, STATE, Printing
from orggraph.stores.sqlite.rows import Names
from orggraph.stores.sqlite.window import Window
from orggraph.stores.sqlite.writing import conjunction, quote
from orggraph.time.days import LAST

LITERALS = {
    Value.STRING: f"{XSD}string",
    Value.INT: INTEGER,
    Value.BOOLEAN: f"{XSD}boolean",
    Value.URI: f"{XSD}anyURI",
}
NEVER, EVER = "0", "1"
NONE = "''"
"""No value to show."""
FACELESS = "temp.faceless"
"""Entities (``e``) of which a graph does not say what they are: no state of them is printed."""
MISCITED = "temp.miscited"
"""Sources (``s``) of sets of citings (``c``) that are not of a ``class``."""
SEVERAL = "temp.several"
"""Versions (``n``) of the things of a face that have more than one."""


@dataclass(frozen=True)
class Known:
    """What a graph says besides its rows. ``kinds``: by class, the numbers of the kinds whose entities are of it. ``said``:
    things and classes, as IRIs in brackets, of all that no row is."""

    kinds: Mapping[str, Collection[int]]
    said: Collection[tuple[str, str]]


@dataclass(frozen=True)
class Face:
    """The things of a class: the entities of a table (``own``), or its rows, with the lines that say what they are."""

    template: q.Template
    own: bool

    @property
    def lines(self) -> tuple[q.Line, ...]:
        return self.template.entity if self.own else self.template.row

    def said(self, path: str) -> q.Object | None:
        """What is said by a property; a template says each once."""
        return next((line.object for line in self.lines if line.predicate == path), None)


@dataclass(frozen=True)
class Rule:
    """``broken``: of a thing of one row, that it breaks the rule; ``value``: the value that does, as N-Quads write it.
    ``apart``: finds (thing, value) that break it in ``temp.several``, or (``cited``) by ``temp.miscited``."""

    property: Property
    component: Component
    broken: str
    value: str
    apart: str
    cited: bool = False


@dataclass(frozen=True)
class Said:
    """What a row says by a property: ``there``: that it does; ``value``: the term, as N-Quads write it."""

    object: q.Object
    there: str
    value: str


def face_of(shape: Shape, templates: Sequence[q.Template]) -> Face:
    """Where the things of a shape's class are printed."""
    typed = q.Line(TYPE, q.Fixed(f"<{shape.target}>"))
    faces = (Face(template, own) for template in templates for own in (True, False))
    return next(face for face in faces if typed in face.lines)


def known_of(templates: Sequence[q.Template], said: Collection[tuple[str, str]]) -> Known:
    kinds: dict[str, set[int]] = {}
    for template in templates:
        for line in template.entity:
            if line.predicate == TYPE and isinstance(line.object, q.Fixed):
                kinds.setdefault(line.object.text, set()).add(template.table.number)
    return Known(kinds, said)


class Rules:
    """Writes the statements of one shape: ``v`` is the version, ``q`` has its thing's key."""

    def __init__(self, names: Names, known: Known, shape: Shape, face: Face) -> None:
        self.known, self.face = known, face
        self.printing = Printing(names, face.template, q.Extent())
        self.table = self.printing.name
        self.registry, self.thing = ("record", "r") if self.printing.record else ("entity", "e")
        self.subject = (self.printing.itself() if face.own else self.printing.row).sql()
        self.said = {line.predicate: self.say(line.object) for line in face.lines}
        self.rules = [rule for one in shape.properties for rule in self.of(one)]

    def say(self, object_: q.Object) -> Said:
        if isinstance(object_, q.Sources | q.Citations | q.Held):
            return Said(object_, NEVER, NONE)
        there, text = self.printing.object(object_)
        return Said(object_, there or EVER, text.sql())

    # ------------------------------------------------------------ statements

    def once(self, rules: Sequence[Rule], apart: bool) -> str:
        """One pass over all things of one row: the thing, and for each rule the value that breaks it: blank where there is
        none to show, NULL where the rule is kept. ``apart``: there are things of several rows."""
        columns = ", ".join(f"CASE WHEN {rule.broken} THEN {rule.value} END" for rule in rules)
        broken = " OR ".join(f"({rule.broken})" for rule in rules)
        lone = [f"v.n NOT IN (SELECT n FROM {SEVERAL})"] if apart else []
        return f"SELECT {self.subject}, {columns} {self.rows(*lone, f'({broken})')}"

    def several(self) -> str:
        """Fills ``temp.several``: first which things have several rows, then which of these rows say the same thing."""
        shown = " AND ".join(self.shown("v"))
        many = f"SELECT v.{self.thing} FROM {self.table} v WHERE {shown} GROUP BY 1 HAVING count(*) > 1"
        other = f"EXISTS(SELECT 1 FROM {self.table} w WHERE {self.same()} AND w.n <> v.n)"
        return f"INSERT INTO {SEVERAL} SELECT v.n FROM {self.table} v WHERE {shown} AND v.{self.thing} IN ({many}) AND {other}"

    def number(self) -> str:
        """How many things of the shape there are, near enough: versions that are printed."""
        return f"SELECT count(*) FROM {self.table} v WHERE {' AND '.join(self.shown('v'))}"

    def rows(self, *conditions: str, more: str = "") -> str:
        """Versions that are printed and meet these conditions, in the order of the file; their keys are looked up last."""
        joined = "".join(
            f" LEFT JOIN entity {alias} ON {alias}.e = {end}" for alias, end in self.printing.joined.items()
        )
        tables = (
            f"{self.table} v NOT INDEXED{more}{joined} CROSS JOIN {self.registry} q ON q.{self.thing} = v.{self.thing}"
        )
        return f"FROM {tables} WHERE {conjunction([*self.shown('v'), *self.printing.conditions(), *conditions])}"

    def apart(self, *conditions: str, more: str = "") -> str:
        """The same of things of several rows."""
        return self.rows(f"v.n IN (SELECT n FROM {SEVERAL})", *conditions, more=more)

    def shown(self, row: str) -> list[str]:
        """That a version is printed on this face."""
        window = self.printing.window
        return [window.known(row), *([window.printed(row)] if self.face.own else [])]

    def same(self) -> str:
        """That ``w`` is printed too, and as the same thing: if it is a state, as the same state."""
        state = f"coalesce({STATE}, '{ALWAYS}')"
        named = [] if self.face.own or self.printing.record else [f"{state.replace('v.', 'w.')} = {state}"]
        return conjunction([f"w.{self.thing} = v.{self.thing}", *self.shown("w"), *named])

    # ------------------------------------------------------------ rules

    def of(self, one: Property) -> Iterator[Rule]:
        """The rules of a property that some thing may break: a row says at most one value, or any number of sources."""
        said = self.said.get(one.path)
        if said is None:
            if one.least:
                yield Rule(one, Component.MIN_COUNT, EVER, NONE, f"SELECT DISTINCT {self.subject}, '' {self.apart()}")
            return
        if isinstance(said.object, q.Sources):
            yield from self.of_sources(one)
            return
        if one.least and said.there != EVER:
            missing = f"GROUP BY 1 HAVING NOT max(({said.there}) IS TRUE)"
            apart = f"SELECT {self.subject}, '' {self.apart()} {missing}"
            yield Rule(one, Component.MIN_COUNT, f"({said.there}) IS NOT TRUE", NONE, apart)
        if one.most is not None:
            many = f"GROUP BY 1 HAVING count(DISTINCT iif({said.there}, {said.value}, NULL)) > {one.most}"
            yield Rule(one, Component.MAX_COUNT, NEVER, NONE, f"SELECT {self.subject}, '' {self.apart()} {many}")
        for constraint in one.constraints:
            if isinstance(constraint, Before):
                yield self.of_order(one, constraint, said)
            else:
                yield from self.of_value(one, constraint, said)

    def of_value(self, one: Property, constraint: OfValue, said: Said) -> Iterator[Rule]:
        fails = self.fails(said.object, constraint)
        if fails != NEVER:
            broken = conjunction([said.there, fails])
            apart = f"SELECT DISTINCT {self.subject}, {said.value} {self.apart(broken)}"
            yield Rule(one, component(constraint), broken, said.value, apart)

    def of_order(self, one: Property, constraint: Before, said: Said) -> Rule:
        """Two days of one row; of several rows, those of any two."""
        other = self.said[constraint.path]
        pairs = self.apart(f"w.n IN (SELECT n FROM {SEVERAL})", self.not_before(said, other, "w", constraint.equal),
                           more=f" CROSS JOIN {self.table} w ON {self.same()}")  # fmt: skip
        broken = self.not_before(said, other, "v", constraint.equal)
        apart = f"SELECT DISTINCT {self.subject}, {said.value} {pairs}"
        return Rule(one, component(constraint), broken, said.value, apart)

    @staticmethod
    def not_before(one: Said, other: Said, row: str, equal: bool) -> str:
        """Of a day in ``v`` and another in a row. What is no day of the calendar cannot be compared, which breaks the rule."""
        assert isinstance(one.object, q.Day), "only days come before one another"
        assert isinstance(other.object, q.Day), "only days come before one another"
        ours, theirs = f"v.{one.object.number}", f"{row}.{other.object.number}"
        there = other.there.replace("v.", f"{row}.")
        less = f"{ours} {'<=' if equal else '<'} {theirs}"
        return f"{one.there} AND {there} AND NOT ({is_day(ours)} AND {is_day(theirs)} AND {less})"

    def of_sources(self, one: Property) -> Iterator[Rule]:
        """A row cites a set of citings, and which of those break the rule is known before rows are looked at."""
        assert (one.least, one.most) == (0, None), "sources are not counted"
        value = f"printf('<%s%s>', {quote(self.face.template.base)}, z.key)"
        for constraint in one.constraints:
            assert isinstance(constraint, OfClass), "sources are of a class"
            more = f" CROSS JOIN {MISCITED} m ON m.c = v.c CROSS JOIN entity z ON z.e = m.s"
            rows = self.rows(f"m.class = {quote(constraint.name)}", more=more)
            yield Rule(one, component(constraint), NEVER, NONE, f"SELECT DISTINCT {self.subject}, {value} {rows}", True)

    # ------------------------------------------------------------ constraints

    def fails(self, said: q.Object, constraint: OfValue) -> str:
        """That a value which is there does not keep a constraint."""
        match constraint:
            case OfType(datatype):
                return self.not_of_type(said, datatype)
            case OfClass(name):
                return self.not_of_class(said, f"<{name}>")
            case AnyOf(_, forms):
                return f"NOT ({' OR '.join(looks_so(dated_column(said), form) for form in forms)})"
            case OneOf(_, items):
                return self.not_listed(said, items)
            case _:
                assert_never(constraint)

    @staticmethod
    def not_of_type(said: q.Object, datatype: str) -> str:
        match said:
            case q.Named():
                return NEVER if datatype == LITERALS[Value.STRING] else EVER
            case q.Day(number):
                return f"NOT {is_day(f'v.{number}')}" if datatype == DATE else EVER
            case q.OfField(field) if field.type is Value.INT and datatype == INTEGER:
                return f"typeof(v.\"_{field.name}\") <> 'integer'"
            case q.OfField(field):
                return NEVER if LITERALS.get(field.type) == datatype else EVER
            case _:
                return EVER

    def not_of_class(self, said: q.Object, name: str) -> str:
        match said:
            case q.AtEnd(role):
                assert self.printing.record is not None
                return unlike(self.printing.record.end(role), self.known.kinds.get(name, ()))
            case q.Itself(""):
                return unlike("v.e", self.known.kinds.get(name, ()))
            case q.Fixed(text):
                return NEVER if (text, name) in self.known.said else EVER
            case _:
                return EVER

    @staticmethod
    def not_listed(said: q.Object, items: Sequence[str]) -> str:
        if not isinstance(said, q.OfField):
            return EVER
        codes = ", ".join(quote(code) for code, text in said.terms if text[1:-1] in items)
        return f'v."_{said.field.name}" NOT IN ({codes})'


def gathering(model: Model, known: Known, classes: Collection[str]) -> Iterator[str]:
    """Makes and fills the temporary tables that the rules of all shapes read; ``classes``: those that sources must be of."""
    yield f"CREATE TEMP TABLE {FACELESS.removeprefix('temp.')}(e INTEGER PRIMARY KEY)"
    window = Window()
    for kind in model.concrete():
        printed = f'SELECT 1 FROM "k_{kind.name}" v WHERE v.e = q.e AND {window.known("v")} AND {window.printed("v")}'
        of = f"(q.e & 63) = {kind.number}"
        yield f"INSERT INTO {FACELESS} SELECT q.e FROM entity q WHERE {of} AND NOT EXISTS({printed})"
    yield f"CREATE TEMP TABLE {MISCITED.removeprefix('temp.')}(class TEXT, c INTEGER, s INTEGER)"
    for name in classes:
        unlikely = unlike("t.s", known.kinds.get(f"<{name}>", ()))
        yield f"INSERT INTO {MISCITED} SELECT {quote(name)}, t.c, t.s FROM cite t CROSS JOIN entity z ON z.e = t.s WHERE {unlikely}"
    yield f"CREATE INDEX {MISCITED}_c ON {MISCITED.removeprefix('temp.')}(c)"
    yield f"CREATE TEMP TABLE {SEVERAL.removeprefix('temp.')}(n INTEGER PRIMARY KEY)"


def unlike(entity: str, kinds: Collection[int]) -> str:
    """That an entity is of other kinds, or that a graph does not say of which it is."""
    numbers = ", ".join(map(str, sorted(kinds)))
    return f"({entity} & 63 NOT IN ({numbers}) OR {entity} IN (SELECT e FROM {FACELESS}))"


def is_day(number: str) -> str:
    """That a number is a day of the calendar, or the first day after it."""
    return f"{number} BETWEEN 1 AND {LAST}"


def dated_column(said: q.Object) -> str:
    """The column of a date as it was written."""
    match said:
        case q.Cell(name):
            return f"v.w_{name}"
        case q.OfField(field) if field.type is Value.DATE:
            return f'v."_{field.name}"'
        case _:
            raise AssertionError(f"{said} is no date as it was written")


def looks_so(column: str, form: Form) -> str:
    """That a text has a form; of days, that the calendar has it."""
    glob = " OR ".join(f"{column} GLOB {quote(one)}" for one in form.globs)
    if form.datatype != DATE:
        return glob
    return f"({glob}) AND date({column}) IS {column} AND {column} >= '0001'"
