"""Ids, which clients cache by: a key and the parts of the scope that were given. In: a client's text. Out: its parts.

    key  [@2020-03-31 | @a0.a1.b0.b1]  [~load]  [!C | !P]

The day; or a range's four day numbers (narrowed along the path), blank where infinite (starts before all days, ends after
them, but for a blank b0 beside a b1); the load; the certainty. Whatever takes a key takes an id, and reads its key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from orggraph.time.days import NEG, POS
from orggraph.time.partial import parse_partial

_ID = re.compile(
    r"([A-Za-z0-9_.-]{1,64})(?:@(?:(\d{4}-\d\d-\d\d)|(-?\d{0,8})\.(-?\d{0,8})\.(-?\d{0,8})\.(-?\d{0,8})))?(?:~(\d{1,9}))?(?:!([CP]))?"
)
_KEY_END = re.compile("[@~!]")
UNSTARTED = NEG - 1
"""Before everything: a start that no end is before (an end, even an unknown one, comes after some start)."""


class IdForm(Struct, frozen=True):
    """Which parts an id has: ``dates`` "day", "range" or none; whether a load; ``certainty`` "C", "P" or none."""

    dates: str = ""
    load: bool = False
    certainty: str = ""


@lru_cache
def _form(dates: str, load: bool, certainty: str) -> IdForm:
    """One object for each form, which compares fast."""
    return IdForm(dates, load, certainty)


class Id(Struct, frozen=True):
    """``days``: one day number, or the four of a range; ``load``: its number, or -1."""

    form: IdForm
    key: str
    days: tuple[int, ...] = ()
    load: int = -1


@lru_cache(4096)
def parse_id(text: str) -> Id | None:
    """The parts of an id; None for what is none."""
    found = _ID.fullmatch(text)
    if found is None:
        return None
    key, day, *numbers, load, certainty = found.groups()
    try:
        days = _days(day, numbers)
    except ValueError:
        return None
    form = _form("range" if len(days) == 4 else "day" if days else "", load is not None, certainty or "")
    return Id(form, key, days, -1 if load is None else int(load))


def _days(day: str | None, numbers: list[str | None]) -> tuple[int, ...]:
    if day is not None:
        return (parse_partial(day)[0],)
    if numbers[0] is None:
        return ()
    infinite = (UNSTARTED, UNSTARTED, NEG if numbers[3] else POS, POS)
    return tuple(int(number) if number else without for number, without in zip(numbers, infinite, strict=True))


def key_of(text: str) -> str:
    """The key of an id; a key is its own."""
    end = _KEY_END.search(text)
    return text if end is None else text[: end.start()]


def keys_of(texts: Iterable[object]) -> list[str]:
    """The keys of many ids, or keys."""
    written = [*map(str, texts)]
    return [one.key if one else key_of(text) for text, one in zip(written, map(parse_id, written), strict=True)]
