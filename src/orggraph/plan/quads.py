"""What a store prints of each of its rows as RDF: lines of N-Quads, as frozen templates of what is constant and what is a
row's own. In: a model's mapping (``rdf/mapping.py``). Out: templates, which each store turns into statements of its own.

An object is ready text (``Fixed``), or says where in a row it comes from; a line whose object is missing is not there.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from orggraph.model.model import Field, Kind, Relation


class Fixed(Struct, frozen=True):
    """An object as N-Quads write it."""

    text: str


class Itself(Struct, frozen=True):
    """The thing that a row is of, or (``part``) something of it: ``during``."""

    part: str = ""


class AtEnd(Struct, frozen=True):
    """The entity at an end of a record."""

    role: str


class Named(Struct, frozen=True):
    """A row's name."""


class OfField(Struct, frozen=True):
    """A field's value; ``terms``: the object for each code of its list."""

    field: Field
    terms: tuple[tuple[str, str], ...] = ()


class Cell(Struct, frozen=True):
    """A date as written (``from``, ``until``, ``through``, ``attested``), with its own precision."""

    name: str


class SaidOpen(Struct, frozen=True):
    """What ``until`` says that is no date: "open" or "unknown"."""


class LastDay(Struct, frozen=True):
    """The last day, month or year, where one is written: ``through``, or what is just before ``until``."""


class Day(Struct, frozen=True):
    """One of a row's day numbers (``f0`` …), where it is a day."""

    number: str


class Endless(Struct, frozen=True):
    """True where a day number lies after all days."""

    number: str


class Synthetic(Struct, frozen=True):
    """True where the row is marked so."""


class Held(Struct, frozen=True):
    """Each entity that records of these relations, which hold, lead to from an entity: on a day, for what is written so says no
    date."""

    relations: tuple[Relation, ...]


class Since(Struct, frozen=True):
    """The load that brought the row."""


class Sources(Struct, frozen=True):
    """Each source that the row cites, once."""


class Citations(Struct, frozen=True):
    """Each citing of the row, in its order: ``source.1``, …"""


Object = (
    Fixed
    | Itself
    | AtEnd
    | Named
    | OfField
    | Cell
    | SaidOpen
    | LastDay
    | Day
    | Endless
    | Synthetic
    | Held
    | Since
    | Sources
    | Citations
)


class Line(Struct, frozen=True):
    """``predicate``: an IRI."""

    predicate: str
    object: Object


def in_order(lines: Iterable[Line]) -> list[Line]:
    """In the order of bytes: by predicate, then by object (of which only ready ones may share a predicate)."""
    return sorted(lines, key=lambda line: (f"<{line.predicate}>", getattr(line.object, "text", "")))


class Citing(Struct, frozen=True):
    """What is said of each citing: its class, and the properties of the source and of the place in it."""

    type: str
    source: str
    para: str


class Template(Struct, frozen=True):
    """All that is printed of a table's rows. ``entity``: of the entity itself, once. ``row``: of its state, or of the
    record. ``during``: of the record's interval, if it has one of its own. ``base``: what keys stand behind; ``mark``: what
    stands between a key and a part of its thing. ``loads``: what load numbers stand behind. ``gone``: the property that
    leads from what was taken back to the load that did so."""

    table: Kind | Relation
    base: str
    mark: str
    loads: str
    gone: str
    citing: Citing
    row: tuple[Line, ...]
    entity: tuple[Line, ...] = ()
    during: tuple[Line, ...] = ()


class Extent(Struct, frozen=True):
    """Which rows: those of a day (``first`` = ``day``, ``until`` = the day after) or a range (None: unbounded; ``dated`` False:
    all, wherever their ends are), as known at a ``load`` (None: the newest), CERTAIN or POSSIBLE; ``history``: every
    version up to that load. ``key``: only what is of one thing."""

    dated: bool = False
    day: int | None = None
    first: int | None = None
    until: int | None = None
    load: int | None = None
    certain: bool = False
    history: bool = False
    key: str | None = None
