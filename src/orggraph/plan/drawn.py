"""A scope of a store as dots and lines: what a store gives to who draws or measures it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

Cell = str | None
Numbers = tuple[int, int, int, int]
"""Earliest and latest start, earliest and latest end (semantics.md section 1)."""


class Dot(Struct, frozen=True):
    """An entity that is there, as it is printed; ``span``: of its life."""

    key: str
    kind: str
    name: str
    span: Numbers
    certain: bool
    synthetic: bool


class Line(Struct, frozen=True):
    """A record that holds, from its subject to its object; ``further``: by role, the keys of further ends that are there.
    ``cells``: from, until, through and attested as written."""

    key: str
    relation: str
    subject: str
    object: str
    further: Mapping[str, str]
    span: Numbers
    cells: tuple[Cell, Cell, Cell, Cell]
    certain: bool
    synthetic: bool


class Drawn(Struct, frozen=True):
    """``load``: the newest load that was looked at. ``days``: N of the scope; ``ranged``: whether records narrow it."""

    load: int
    days: Numbers
    ranged: bool
    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
