"""Values that a document writes or a request brings, and the days that everything is seen on."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Constant(Struct, frozen=True):
    """A value that the document wrote (cleaned: int, str, bool or a tuple of them)."""

    value: object


class Variable(Struct, frozen=True):
    """A value that comes with each request: its place in the coerced variables."""

    path: tuple[str | int, ...]


class Today(Struct, frozen=True):
    """The day it is when the answer is made, in the store's time zone."""


class Joined(Struct, frozen=True):
    """A list some of whose items come with the request."""

    items: tuple[Constant | Variable | Today | Joined, ...]


Value = Constant | Variable | Today | Joined


class Certainty(StrEnum):
    CERTAIN = "CERTAIN"
    POSSIBLE = "POSSIBLE"


class Day(Struct, frozen=True):
    value: Value


class Range(Struct, frozen=True):
    """Days from the first day of ``start`` to before ``until`` (None: unbounded); with ``through`` the last day of
    ``until`` is in it, as a partial date has it."""

    start: Value | None
    until: Value | None
    through: bool = False


class AsOf(Struct, frozen=True):
    """The load that is read: by its number, or (``moment``) the last one published by a point in time."""

    value: Value
    moment: bool = False


class Scope(Struct, frozen=True):
    """What a field opens for everything below it: days, the load that is read, how certain it must be. A part that is
    None stays as it is around the field."""

    dates: Day | Range | None = None
    load: AsOf | None = None
    certainty: Certainty | None = None


OUTERMOST = Scope(Day(Today()), None, Certainty.POSSIBLE)
"""Today, the last load, whatever is possible."""
