"""Values that a document writes or a request brings, and the days that everything is seen on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Constant:
    """A value that the document wrote (cleaned: int, str, bool or a tuple of them)."""

    value: object


@dataclass(frozen=True)
class Variable:
    """A value that comes with each request: its place in the coerced variables."""

    path: tuple[str | int, ...]


@dataclass(frozen=True)
class Today:
    """The day it is when the answer is made, in the store's time zone."""


@dataclass(frozen=True)
class Joined:
    """A list some of whose items come with the request."""

    items: tuple[Constant | Variable | Today | Joined, ...]


Value = Constant | Variable | Today | Joined


class Certainty(StrEnum):
    CERTAIN = "CERTAIN"
    POSSIBLE = "POSSIBLE"


@dataclass(frozen=True)
class Day:
    value: Value


@dataclass(frozen=True)
class Range:
    """Days from the first day of ``start`` to before ``until`` (None: unbounded); with ``through`` the last day of
    ``until`` is in it, as a partial date has it."""

    start: Value | None
    until: Value | None
    through: bool = False


@dataclass(frozen=True)
class AsOf:
    """The load that is read: by its number, or (``moment``) the last one published by a point in time."""

    value: Value
    moment: bool = False


@dataclass(frozen=True)
class Scope:
    """What a field opens for everything below it: days, the load that is read, how certain it must be. A part that is
    None stays as it is around the field."""

    dates: Day | Range | None = None
    load: AsOf | None = None
    certainty: Certainty | None = None


OUTERMOST = Scope(Day(Today()), None, Certainty.POSSIBLE)
"""Today, the last load, whatever is possible."""
