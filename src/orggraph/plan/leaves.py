"""What is printed of one row of the thing at hand, and leads nowhere: values, terms, dates. Part of ``nodes.py``.

In: ``graphql/planner.py``. Out: each store prints it.
"""

from __future__ import annotations

from dataclasses import dataclass

from orggraph.model.model import Field


@dataclass(frozen=True)
class Text:
    """JSON that is the same in every answer."""

    json: str


@dataclass(frozen=True)
class Scalar:
    """A field of the thing at hand, or one of ``key``, ``iri``, ``name``, ``synthetic``, ``certainty``."""

    field: Field | str


@dataclass(frozen=True)
class Labelled:
    """A term of a code list: ``code``, ``zh``, ``en``, ``iri`` or constant JSON, by response key."""

    field: Field
    members: tuple[tuple[str, str | Text], ...]


@dataclass(frozen=True)
class EndPart:
    """``value``, ``precision``, ``earliest``, ``latest``, ``zh`` or ``en`` (text) of ``from``, ``until`` or ``through``."""

    end: str
    part: str


@dataclass(frozen=True)
class Dates:
    """The interval of the thing at hand: ``zh``/``en`` text, constant JSON, or an object of end parts, by response key."""

    members: tuple[tuple[str, str | Text | tuple[tuple[str, EndPart | Text], ...]], ...]
