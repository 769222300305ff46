"""What a model's YAML may say: one frozen struct per kind of entry, decoded strictly by msgspec.

In: plain YAML values. Out: entries, still by name; ``model.py`` joins them, ``lint.py`` judges them.
The format is explained with examples in CONTRIBUTING.md ("A model").
"""

from __future__ import annotations

from typing import Any

import msgspec


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Root of all entries: immutable, and an unknown key is an error."""


class Label(Entry, frozen=True):
    zh: str
    en: str


class ModelEntry(Entry, frozen=True):
    """``iri`` is the base of all IRIs made by rule; ``timezone`` says what "today" is."""

    name: str
    label: Label
    iri: str
    timezone: str = "UTC"


class TermEntry(Entry, frozen=True):
    """One term of a code list. ``aliases``: further spellings that files may use."""

    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    iri: str | None = None


class TermsEntry(Entry, frozen=True):
    label: Label
    terms: dict[str, TermEntry]
    iri: str | None = None


class FieldEntry(Entry, frozen=True):
    """``type``: string, int, boolean, date, uri, or the name of a code list."""

    type: str
    label: Label
    required: bool = False
    iri: str | None = None


class KindEntry(Entry, frozen=True):
    """``extends``: the abstract kinds that it is a kind of. A field without a value is the shared one of its name."""

    label: Label
    plural: str
    abstract: bool = False
    extends: tuple[str, ...] = ()
    fields: dict[str, FieldEntry | None] = {}
    iri: str | None = None


class EndEntry(Entry, frozen=True):
    """An end of a relation or of a derived relation.

    ``name``: its field in the record. ``singular`` and ``plural``: the fields on its kind that lead over the relation
    to the other end. ``one``: an entity of this kind has at most one record of the relation at a time. ``iri``: the property
    that leads from the record to it.
    """

    name: str
    kind: str
    singular: str | None = None
    plural: str | None = None
    one: bool = False
    label: Label | None = None
    iri: str | None = None


class FurtherEndEntry(Entry, frozen=True):
    """A further named end; its fields lead from its kind to the relation's subject. ``required``: never null."""

    kind: str
    label: Label
    singular: str | None = None
    plural: str | None = None
    required: bool = False
    iri: str | None = None


class PairEndEntry(Entry, frozen=True):
    """One side of a pair; its names are fields of their own, on its kind, to the other side's kind."""

    kind: str
    singular: str | None = None
    plural: str | None = None
    one: bool | None = None


class PairEntry(Entry, frozen=True):
    subject: PairEndEntry
    object: PairEndEntry


class RelationEntry(Entry, frozen=True):
    """``pairs``: the pairs of kinds that it joins (all that its ends allow, if there are none).
    ``hierarchy``: subject below object; a cycle is an error. ``once``: it happens on its day and holds from then on."""

    label: Label
    subject: EndEntry
    object: EndEntry
    ends: dict[str, FurtherEndEntry] = {}
    pairs: tuple[PairEntry, ...] = ()
    fields: dict[str, FieldEntry | None] = {}
    hierarchy: bool = False
    once: bool = False
    iri: str | None = None


class StepEntry(Entry, frozen=True):
    """One step of a chain: the field that leads on, over a relation or a derived one; the kind arrived at (if narrower); a
    condition on it as in ``where``."""

    field: str
    kind: str | None = None
    where: dict[str, Any] = {}


ChainEntry = tuple[StepEntry, ...]


class OverlapEntry(Entry, frozen=True):
    """``of``: the chains, each another role; ``least``: in how many of them one stands with the other at once."""

    of: tuple[ChainEntry, ...]
    least: int = 2


class DerivedEntry(Entry, frozen=True):
    """One of ``chain``, ``union`` and ``overlap`` says how it follows; ``grouped``: one link for each pair of ends, with
    their number, instead of one for each chain of records."""

    label: Label
    subject: EndEntry
    object: EndEntry
    chain: ChainEntry = ()
    union: tuple[ChainEntry, ...] = ()
    overlap: OverlapEntry | None = None
    grouped: bool = False
    iri: str | None = None

    @property
    def members(self) -> tuple[tuple[tuple[str | int, ...], ChainEntry], ...]:
        """Its chains, and where each stands below the entry."""
        if self.chain:
            return ((("chain",), self.chain),)
        if self.overlap is not None:
            return tuple((("overlap", "of", i), chain) for i, chain in enumerate(self.overlap.of))
        return tuple((("union", i), chain) for i, chain in enumerate(self.union))

    @property
    def least(self) -> int:
        """How many of its chains must be there at once for one link."""
        return 1 if self.overlap is None else self.overlap.least


class Entries(msgspec.Struct, frozen=True):
    """A whole model as entered, by name, in the order of its files."""

    model: ModelEntry
    terms: dict[str, TermsEntry]
    fields: dict[str, FieldEntry]
    kinds: dict[str, KindEntry]
    relations: dict[str, RelationEntry]
    derived: dict[str, DerivedEntry]
