"""Which shapes a store breaks. In: a store that is being read, shapes, the templates by which it is printed as RDF. Out: each
thing, property and value that breaks a constraint, once: what a SHACL processor says of the graph that is exported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import apsw

from orggraph.errors import StoreError
from orggraph.plan.quads import Template
from orggraph.plan.shapes import Component, OfClass, Property, Shape, Shapes
from orggraph.stores.sqlite.asking import value
from orggraph.stores.sqlite.faults import faults_told
from orggraph.stores.sqlite.quads import Quads
from orggraph.stores.sqlite.shape_rules import MISCITED, SEVERAL, Known, Rule, Rules, face_of, gathering, known_of
from orggraph.watch import Watch

AT_ONCE = 100
"""Rules of one statement: SQLite bounds how deep its conditions are."""


class Violation(NamedTuple):
    """``focus``, ``value``: terms as N-Quads write them; no value where it is their number that is wrong."""

    shape: Shape
    property: Property
    component: Component
    focus: str
    value: str | None


def violations(
    quads: Quads,
    shapes: Shapes,
    templates: Sequence[Template],
    said: Collection[tuple[str, str]],
    watch: Watch = lambda _step, _rows: None,
) -> Iterator[Violation]:
    """``said``: things and classes, as IRIs in brackets, of what is in the graph and no row. Raises StoreError, also where the
    tables are others than the model's."""
    with faults_told(quads.path):
        try:
            yield from Judging(quads, templates, said).all(shapes, watch)
        except (apsw.SQLError, UnicodeDecodeError) as error:
            message = f"{quads.path}: its tables cannot be read as its model says ({error}); see orggraph check"
            raise StoreError(message, "UNREADABLE") from None


class Judging:
    """Looks at one store."""

    def __init__(self, quads: Quads, templates: Sequence[Template], said: Collection[tuple[str, str]]) -> None:
        self.quads, self.templates = quads, templates
        self.known: Known = known_of(templates, said)
        self.looked = 0

    def all(self, shapes: Shapes, watch: Watch) -> Iterator[Violation]:
        watch("entities and sources", 0)
        for statement in gathering(self.quads.model, self.known, classes_of_sources(shapes)):
            self.quads.connection.execute(statement)
        self.miscited = bool(self.ask(f"SELECT EXISTS(SELECT 1 FROM {MISCITED})"))
        for shape in shapes.shapes:
            rules = Rules(self.quads.names, self.known, shape, face_of(shape, self.templates))
            for rule, focus, told in self.found(rules):
                yield Violation(shape, rule.property, rule.component, focus, told)
            self.looked += self.ask(rules.number())
            watch(f"shape {shape.name}", self.looked)

    def found(self, rules: Rules) -> Iterator[tuple[Rule, str, str | None]]:
        self.quads.connection.execute(f"DELETE FROM {SEVERAL}")
        self.quads.connection.execute(rules.several())
        several = bool(self.ask(f"SELECT EXISTS(SELECT 1 FROM {SEVERAL})"))
        tested = iter([rule for rule in rules.rules if rule.broken != "0"])
        while some := list(islice(tested, AT_ONCE)):
            for focus, *values in self.rows(rules.once(some, several)):
                yield from (
                    (rule, focus, one or None) for rule, one in zip(some, values, strict=True) if one is not None
                )
        for rule in rules.rules:
            if self.miscited if rule.cited else several:
                yield from ((rule, focus, one or None) for focus, one in self.rows(rule.apart))

    def rows(self, sql: str) -> Iterator[Any]:
        return iter(self.quads.connection.cursor().execute(sql))

    def ask(self, sql: str) -> Any:
        return value(self.quads.connection, sql)


def classes_of_sources(shapes: Shapes) -> set[str]:
    """The classes that things which are not counted must be of."""
    return {
        constraint.name
        for shape in shapes.shapes
        for one in shape.properties
        if one.most is None
        for constraint in one.constraints
        if isinstance(constraint, OfClass)
    }
