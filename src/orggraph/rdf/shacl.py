"""Shapes → SHACL. In: a model's shapes as data (``rdf/shapes.py``). Out: N-Triples lines by subject; no blank nodes, so that
lists and alternatives have IRIs too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from orggraph.model.iris import RDF, RDFS, SH, TYPE, XSD
from orggraph.model.model import Model
from orggraph.plan.shapes import AnyOf, Before, Constraint, Form, OfClass, OfType, OneOf, Property, Shape
from orggraph.rdf.described import Described
from orggraph.rdf.lines import iri, literal
from orggraph.rdf.shapes import shapes_of

SEVERITY = f"{SH}Violation"
"""Of each: what shapes say must be so."""


class Shacl(Described):
    """Shapes, as they are said."""

    def all(self) -> None:
        said = shapes_of(self.model)
        self.base = said.base
        for choice in said.choices:
            self.choice(choice)
        for shape in said.shapes:
            self.shape(shape)

    def choice(self, of: OneOf | AnyOf) -> None:
        shape = self.base + of.name
        match of:
            case OneOf(_, items):
                self.alternatives(shape, "in", [iri(item) for item in items])
            case AnyOf(_, forms):
                for form in forms:
                    self.form(f"{shape}/{form.name}", form)
                self.alternatives(shape, "or", [iri(f"{shape}/{form.name}") for form in forms])

    def form(self, shape: str, form: Form) -> None:
        self.say(shape, TYPE, iri(f"{SH}NodeShape"))
        self.say(shape, f"{SH}datatype", iri(form.datatype))
        self.say(shape, f"{SH}pattern", literal(f"^({'|'.join(form.globs)})$"))

    def alternatives(self, shape: str, word: str, items: Sequence[str]) -> None:
        """A node shape with a list whose parts have names."""
        self.say(shape, TYPE, iri(f"{SH}NodeShape"))
        self.say(shape, SH + word, iri(f"{shape}/list.1"))
        for place, item in enumerate(items, 1):
            part = f"{shape}/list.{place}"
            self.say(part, f"{RDF}first", item)
            rest = iri(f"{RDF}nil") if place == len(items) else iri(f"{shape}/list.{place + 1}")
            self.say(part, f"{RDF}rest", rest)

    def shape(self, of: Shape) -> None:
        shape = self.base + of.name
        self.say(shape, TYPE, iri(f"{SH}NodeShape"))
        self.say(shape, f"{SH}targetClass", iri(of.target))
        self.label(shape, f"{RDFS}label", of.label)
        for one in of.properties:
            self.property(shape, one)

    def property(self, shape: str, of: Property) -> None:
        one = f"{shape}/{of.name}"
        self.say(shape, f"{SH}property", iri(one))
        self.say(one, TYPE, iri(f"{SH}PropertyShape"))
        self.say(one, f"{SH}path", iri(of.path))
        self.say(one, f"{SH}severity", iri(SEVERITY))
        self.label(one, f"{SH}message", of.message)
        if of.least:
            self.say(one, f"{SH}minCount", literal(str(of.least), f"{XSD}integer"))
        if of.most is not None:
            self.say(one, f"{SH}maxCount", literal(str(of.most), f"{XSD}integer"))
        for constraint in of.constraints:
            self.constraint(one, constraint)

    def constraint(self, one: str, of: Constraint) -> None:
        match of:
            case OfType(datatype):
                self.say(one, f"{SH}datatype", iri(datatype))
            case OfClass(name):
                self.say(one, f"{SH}class", iri(name))
            case OneOf(name) | AnyOf(name):
                self.say(one, f"{SH}node", iri(self.base + name))
            case Before(path, equal):
                self.say(one, f"{SH}lessThanOrEquals" if equal else f"{SH}lessThan", iri(path))
            case _:
                assert_never(of)


def shapes(model: Model) -> list[tuple[str, bytes]]:
    """Subjects and their lines, in the order of bytes."""
    said = Shacl(model)
    said.all()
    return said.subjects()
