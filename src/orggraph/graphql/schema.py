"""An API as data → Strawberry classes → SDL. Runs when a store takes a model; the SDL is kept in the store.

In: a Model. Out: SDL text. Serving processes read that text and never import Strawberry (its classes take seconds).
"""

from __future__ import annotations

import enum
import sys
from types import ModuleType
from typing import Any, NewType

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from orggraph.graphql.api import Api, api
from orggraph.graphql.builtin import SCALARS, Argument, EnumType, InputType, Member, ObjectType
from orggraph.model.model import Model

_BUILTIN = {"String": str, "Int": int, "Float": float, "Boolean": bool, "ID": strawberry.ID}


def sdl(model: Model) -> str:
    """The GraphQL schema of a model, as text."""
    return _schema(api(model)).as_str() + "\n"


def _schema(described: Api) -> strawberry.Schema:
    module = ModuleType("orggraph_generated_schema")
    scalars = {name: NewType(name, str) for name in SCALARS}
    module.__dict__.update(_BUILTIN | scalars | {"references": {}})
    sys.modules[module.__name__] = module  # Strawberry looks annotations up by the module's name
    try:
        for described_enum in described.enums:
            setattr(module, described_enum.name, _enum(described_enum))
        for described_input in described.inputs:
            setattr(module, described_input.name, _input(module, described_input))
        classes = _objects(module, described.objects)
        config = StrawberryConfig(
            auto_camel_case=False,
            scalar_map={
                scalars[name]: strawberry.scalar(name=name, description=text) for name, text in SCALARS.items()
            },
        )
        types = [c for name, c in classes.items() if name != "Query"]
        return strawberry.Schema(query=classes["Query"], types=types, config=config)
    finally:
        del sys.modules[module.__name__]


def _objects(module: ModuleType, described: tuple[ObjectType, ...]) -> dict[str, type]:
    """Classes in an order in which interfaces come before what implements them."""
    by_name = {one.name: one for one in described}
    classes: dict[str, type] = {}

    def make(name: str) -> type:
        if name not in classes:
            one = by_name[name]
            bases = tuple(make(above) for above in _nearest(by_name, one.interfaces))
            namespace = _namespace(module, {m: _field(module, m) for m in one.members})
            decorate = strawberry.interface if one.abstract else strawberry.type
            made = decorate(name=name, description=one.description or None)(type(name, bases or (object,), namespace))
            setattr(module, name, made)
            classes[name] = made
        return classes[name]

    for name in by_name:
        make(name)
    return classes


def _nearest(by_name: dict[str, ObjectType], interfaces: tuple[str, ...]) -> list[str]:
    """The interfaces that no other of them already implements (Python's bases must not repeat)."""
    return [one for one in interfaces if not any(one in by_name[other].interfaces for other in interfaces)]


def _field(module: ModuleType, member: Member) -> StrawberryField:
    field: StrawberryField = strawberry.field(name=member.name, description=member.description or None)
    field.arguments = [_argument(module, argument) for argument in member.arguments]
    return field


def _argument(module: ModuleType, argument: Argument) -> StrawberryArgument:
    type_, _, default = argument.type.partition(" = ")
    given: dict[str, Any] = {}
    if default:
        given["default"] = _default(module, type_.rstrip("!"), default)
    return StrawberryArgument(argument.name, argument.name, _annotated(module, type_), **given)


def _default(module: ModuleType, type_: str, written: str) -> Any:
    """What a default stands for: a number, true or false, a value of an enum."""
    match type_:
        case "Int":
            return int(written)
        case "Boolean":
            return written == "true"
    return getattr(module, type_)[written]


def _input(module: ModuleType, described: InputType) -> type:
    fields = {
        member: strawberry.field(name=member.name, description=member.description or None, default=strawberry.UNSET)
        for member in described.members
    }
    made = type(described.name, (), _namespace(module, fields))
    return strawberry.input(name=described.name, description=described.description or None)(made)


def _namespace(module: ModuleType, fields: dict[Member, Any]) -> dict[str, Any]:
    """A class body; attributes get a prefix, since a field may be called ``from`` or ``self``."""
    namespace: dict[str, Any] = {_attribute(member.name): field for member, field in fields.items()}
    namespace["__annotations__"] = {_attribute(member.name): _annotated(module, member.type) for member in fields}
    namespace["__module__"] = module.__name__
    return namespace


def _attribute(name: str) -> str:
    return f"f_{name}"


def _enum(described: EnumType) -> Any:
    values = {code: strawberry.enum_value(code, description=text) for code, text in described.values}
    made = enum.Enum(described.name, values)  # type: ignore[misc]  # mypy knows only enums whose members are written out
    return strawberry.enum(made, name=described.name, description=described.description)


class Reference(StrawberryAnnotation):
    """A type as SDL writes it, looked up in the module when it is asked for. As text, Strawberry would compile it again and again
    while what it names is not made yet: nine tenths of the time that a schema took."""

    def evaluate(self) -> Any:
        """``[Person!]!`` → ``list[Person]``, ``Date`` → ``Date | None``. Raises NameError, as Strawberry expects it."""
        assert isinstance(self.raw_annotation, str)
        assert self.namespace is not None
        return _python_type(self.raw_annotation, self.namespace)


def _python_type(type_: str, names: dict[str, Any]) -> Any:
    if not type_.endswith("!"):
        return _python_type(type_ + "!", names) | None
    if type_.startswith("["):
        return list[_python_type(type_[1:-2], names)]  # type: ignore[misc]  # a type that is only known when it runs
    if type_[:-1] not in names:
        raise NameError(type_)
    return names[type_[:-1]]


def _annotated(module: ModuleType, type_: str) -> StrawberryAnnotation:
    references: dict[str, Reference] = module.__dict__["references"]
    return references.setdefault(type_, Reference(type_, namespace=module.__dict__))
