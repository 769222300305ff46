"""The model as everything else reads it: frozen, joined, every inherited thing in its place.

In: entries that have passed ``lint``. Out: one ``Model``. Names here are the model's own; nothing of SQL or GraphQL,
but the names of fields, which are the same everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from orggraph.model.entries import Label
from orggraph.model.values import Value

SUBJECT, OBJECT = "subject", "object"


class Term(Struct, frozen=True):
    code: str
    label: Label
    aliases: tuple[str, ...]
    iri: str


class Terms(Struct, frozen=True):
    """A code list."""

    name: str
    label: Label
    terms: Mapping[str, Term]
    iri: str


class Field(Struct, frozen=True):
    """A field of a kind or of a relation; ``terms`` names its code list where the type is TERM."""

    name: str
    label: Label
    type: Value
    terms: str | None
    required: bool
    iri: str


@dataclass(frozen=True)
class Kind:
    """``supers``: all abstract kinds above it. ``concrete``: itself, or the kinds below it that entities can be of.
    ``number``: 1 to 63 for a concrete kind, 0 for an abstract one; a store's own (``numbering.py``), and no part of what a
    model says. ``fields``: inherited ones first, without ``name``."""

    name: str
    number: int = field(compare=False)
    label: Label
    singular: str
    plural: str
    abstract: bool
    supers: tuple[str, ...]
    concrete: tuple[str, ...]
    fields: tuple[Field, ...]
    iri: str


class End(Struct, frozen=True):
    """``role``: "subject", "object", or the name of a further end. ``kinds``: the concrete kinds that can stand here.
    ``iri``: the property that leads from a record to it."""

    role: str
    name: str
    kind: str
    kinds: tuple[str, ...]
    label: Label
    required: bool
    one: bool
    iri: str = ""


@dataclass(frozen=True)
class Relation:
    """``singular`` names its record type (``<Name>Record``) and roots. ``pairs``: concrete (subject, object) kinds.
    ``number``: 1 to 1023; as of kinds. ``membership``: its records are memberships as W3C ORG has them."""

    name: str
    label: Label
    singular: str
    subject: End
    object: End
    further: tuple[End, ...]
    pairs: frozenset[tuple[str, str]]
    to_one: tuple[Hop, ...]
    fields: tuple[Field, ...]
    hierarchy: bool
    once: bool
    iri: str
    number: int = field(default=0, compare=False)
    membership: bool = False

    def end(self, role: str) -> End:
        """The end that plays a role: "subject", "object", or a further end's name."""
        return next(end for end in self.ends if end.role == role)

    @property
    def posts(self) -> tuple[Hop, ...]:
        """The to-one fields at the end that is a post, which one holds after another: the object where it is one."""
        at_object = tuple(hop for hop in self.to_one if hop.origin == OBJECT)
        return at_object or self.to_one

    @property
    def ends(self) -> tuple[End, ...]:
        return (self.subject, self.object, *self.further)


class Hop(Struct, frozen=True):
    """A field that leads over a relation: from ``kind``, which stands at ``origin``, to ``far``, which stands at ``target``.

    ``kind`` declares the field (kinds below it have it too). ``one``: ``singular`` is a to-one field beside the plural.
    """

    kind: str
    relation: str
    origin: str
    target: str
    far: str
    singular: str
    plural: str
    one: bool
    label: Label


class Link(Struct, frozen=True):
    """A field that leads over a derived relation, ``forward`` from its subject or backward from its object; or
    (``climbs``) over any number of records of the hierarchy ``derived``, ``forward`` to what is above."""

    kind: str
    derived: str
    forward: bool
    far: str
    singular: str | None
    plural: str
    one: bool
    label: Label
    climbs: bool = False


class Step(Struct, frozen=True):
    """One step of a chain, over a relation or a derived one, the kind that it must arrive at, and a condition there, as in
    ``where``."""

    over: Hop | Link
    kind: str
    where: Mapping[str, Any]


Chain = tuple[Step, ...]


class Derived(Struct, frozen=True):
    """A relation that follows from others and is never stored; read forwards from ``subject``, backwards from ``object``.

    Each of ``members`` is a chain from the one to the other, and a link is one set of ``least`` of them: where that is one,
    the links are those of all members. ``grouped``: one link for each pair of ends, with the number of what is between.
    """

    name: str
    label: Label
    subject: End
    object: End
    members: tuple[Chain, ...]
    least: int
    grouped: bool
    iri: str


class Model(Struct, frozen=True):
    """All of it, by name. ``hops`` and ``links``: by the kind that declares them, in the order of the files."""

    name: str
    label: Label
    iri: str
    timezone: str
    terms: Mapping[str, Terms]
    kinds: Mapping[str, Kind]
    relations: Mapping[str, Relation]
    derived: Mapping[str, Derived]
    hops: tuple[Hop, ...]
    links: tuple[Link, ...]

    def hops_of(self, kind: str) -> tuple[Hop, ...]:
        """The hops that a kind has, its own and those of the kinds above it."""
        having = {kind, *self.kinds[kind].supers}
        return tuple(hop for hop in self.hops if hop.kind in having)

    def links_of(self, kind: str) -> tuple[Link, ...]:
        """The derived links that a kind has, its own and those of the kinds above it."""
        having = {kind, *self.kinds[kind].supers}
        return tuple(link for link in self.links if link.kind in having)

    def concrete(self) -> tuple[Kind, ...]:
        """The kinds that entities can be of, by number."""
        return tuple(sorted((kind for kind in self.kinds.values() if not kind.abstract), key=lambda kind: kind.number))
