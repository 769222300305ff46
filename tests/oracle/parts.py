"""What has no scope of its own: terms, dates, loads, the model. In: values. Out: views, one method for all their fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from orggraph.model.entries import Label
from orggraph.model.model import Derived, Field, Kind, Model, Relation
from orggraph.model.values import Value
from tests.oracle.ledger import Load
from tests.oracle.spans import Day, Span, iso
from tests.oracle.world import FieldValue, World

Arguments = dict[str, Any]


def in_language(label: Label, args: Arguments) -> str:
    return label.zh if args["lang"] == "ZH" else label.en


@dataclass(frozen=True)
class TermView:
    code: str
    labels: Label
    iri: str

    def field(self, name: str, args: Arguments) -> Any:
        return in_language(self.labels, args) if name == "label" else getattr(self, name)


def term(described: Kind | Relation | Derived) -> TermView:
    return TermView(described.name, described.label, described.iri)


def value_view(world: World, described: Field, value: FieldValue) -> FieldValue | TermView:
    """A field's value as printed: a term of a code list with its labels."""
    if described.type is not Value.TERM or value is None:
        return value
    found = world.model.terms[str(described.terms)].terms[str(value)]
    return TermView(found.code, found.label, found.iri)


@dataclass(frozen=True)
class EndView:
    first: Day
    last: Day

    def field(self, name: str, _: Arguments) -> Any:
        return {"earliest": iso(self.first), "latest": iso(self.last)}[name]


@dataclass(frozen=True)
class ValidView:
    span: Span

    def field(self, name: str, _: Arguments) -> Any:
        s = self.span
        return {"from": EndView(s.f0, s.f1), "until": EndView(s.u0, s.u1), "through": EndView(s.u0 - 1, s.u1 - 1)}[name]


@dataclass(frozen=True)
class FileView:
    name: str
    sha256: str

    def field(self, name: str, _: Arguments) -> Any:
        return getattr(self, name)


@dataclass(frozen=True)
class LoadView:
    load: Load

    def field(self, name: str, _: Arguments) -> Any:
        return [FileView(*file) for file in self.load.files] if name == "files" else getattr(self.load, name)


@dataclass(frozen=True)
class KnownView:
    since: Load
    until: Load | None

    def field(self, name: str, _: Arguments) -> Any:
        load = {"from": self.since, "until": self.until}[name]
        return load and LoadView(load)


@dataclass(frozen=True)
class ModelView:
    model: Model

    def field(self, name: str, args: Arguments) -> Any:
        model = self.model
        match name:
            case "label":
                return in_language(model.label, args)
            case "kinds" | "relations" | "derived":
                described: list[Kind | Relation | Derived] = [*getattr(model, name).values()]
                return [term(one) for one in described]
            case _:
                return getattr(model, name)
