"""What a graph keeps, as frozen data: which things have which properties, how often, and what their values are.

In: a model's rules (``rdf/shapes.py``). Out: shapes, said once: ``rdf/shacl.py`` writes them as SHACL, and each store turns
them into statements that find what breaks them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from orggraph.model.entries import Label


class Component(StrEnum):
    """The constraint components of SHACL that shapes have."""

    MIN_COUNT = "MinCountConstraintComponent"
    MAX_COUNT = "MaxCountConstraintComponent"
    DATATYPE = "DatatypeConstraintComponent"
    CLASS = "ClassConstraintComponent"
    NODE = "NodeConstraintComponent"
    LESS_THAN = "LessThanConstraintComponent"
    LESS_THAN_OR_EQUALS = "LessThanOrEqualsConstraintComponent"

    @property
    def short(self) -> str:
        """``MinCount``."""
        return self.value.removesuffix("ConstraintComponent")


@dataclass(frozen=True)
class OfType:
    """A literal of a datatype (an IRI), and a well-formed one."""

    datatype: str


@dataclass(frozen=True)
class OfClass:
    """A thing of a class (an IRI)."""

    name: str


@dataclass(frozen=True)
class OneOf:
    """One of some things (IRIs); ``name``: of the node shape that says so."""

    name: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """A datatype, and how its text looks: one of ``globs``, of characters and classes of characters only, so that each is a
    regular expression too."""

    name: str
    datatype: str
    globs: tuple[str, ...]


@dataclass(frozen=True)
class AnyOf:
    """A literal of one of some forms; ``name``: of the node shape that says so."""

    name: str
    forms: tuple[Form, ...]


@dataclass(frozen=True)
class Before:
    """Less than each value of another property (an IRI) of the same thing, or (``equal``) no more than it."""

    path: str
    equal: bool


OfValue = OfType | OfClass | OneOf | AnyOf
Constraint = OfValue | Before


@dataclass(frozen=True)
class Property:
    """``name``: of the property shape, below its shape's. ``path``: an IRI. ``message``: what must be so."""

    name: str
    path: str
    message: Label
    least: int = 0
    most: int | None = 1
    constraints: tuple[Constraint, ...] = ()


@dataclass(frozen=True)
class Shape:
    """``target``: the class (an IRI) whose things keep it."""

    name: str
    target: str
    label: Label
    properties: tuple[Property, ...]


@dataclass(frozen=True)
class Shapes:
    """``base``: what the names of shapes stand behind. ``choices``: node shapes that properties refer to."""

    base: str
    choices: tuple[OneOf | AnyOf, ...]
    shapes: tuple[Shape, ...]


def component(constraint: Constraint) -> Component:
    """What SHACL calls the breaking of a constraint."""
    match constraint:
        case OfType():
            return Component.DATATYPE
        case OfClass():
            return Component.CLASS
        case OneOf() | AnyOf():
            return Component.NODE
        case Before(_, equal):
            return Component.LESS_THAN_OR_EQUALS if equal else Component.LESS_THAN
        case _:
            assert_never(constraint)
