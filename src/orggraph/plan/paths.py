"""What is asked of the shortest paths between two entities. ``Below``: how entities and records are printed (``nodes.py``)."""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct

from orggraph.model.model import Relation
from orggraph.plan.printed import Dates, Text
from orggraph.plan.scope import Value

Below = TypeVar("Below")


class Path(Struct, Generic[Below], frozen=True):
    """What is told of each path: constant JSON, ``length``, ``certainty``, its interval, entities, records, by response key."""

    members: tuple[tuple[str, str | Text | Dates | Below], ...]


class Paths(Struct, Generic[Below], frozen=True):
    """The ``first`` so many shortest paths over records of some relations, all of which share a day; none passes an entity twice."""

    start: Value
    end: Value
    through: tuple[Relation, ...]
    avoid: Value
    longest: Value
    first: Value
    members: tuple[tuple[str, Path[Below] | Text], ...]
