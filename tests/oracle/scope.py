"""Scopes and the ids that carry them: section 6 of the semantics. In: what a field or an id says. Out: a ``Scope``.

key [@2020-03-31 | @a0.a1.b0.b1] [~load] [!C | !P]      an id: the key, and the parts of the scope that were given
"""

from __future__ import annotations

import calendar
import datetime
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.oracle.ledger import Ledger
from tests.oracle.spans import ALWAYS, NEVER, Day, Span, iso, partial
from tests.oracle.truth import Window, during, on_day
from tests.oracle.world import World

ID = re.compile(
    r"([\w.-]{1,64})(?:@(?:(\d{4}-\d\d-\d\d)|((?:-?\d{0,8}\.){3}-?\d{0,8})))?(?:~(\d{1,9}))?(?:!([CP]))?", re.A
)
Given = Mapping[str, Any]


@dataclass(frozen=True)
class Scope:
    """The days, the load and the certainty that everything below is seen in; ``given``: which of them were asked for."""

    ledger: Ledger
    load: int
    n: Window
    certain: bool
    given: frozenset[str] = field(default=frozenset())

    @property
    def world(self) -> World:
        return self.ledger.worlds[self.load]

    def within(self, span: Span) -> Scope:
        """What a record leaves of it."""
        return self.in_window(self.n.within(span))

    def in_window(self, n: Window) -> Scope:
        return replace(self, n=n)

    def opened(self, word: str, args: Given) -> Scope:
        """The scope of ``at``, ``during`` or ``ever``: what is absent or null stays as it is here."""
        said = {name: value for name, value in args.items() if value is not None}
        opened = replace(self, n=days_of(word, said, self.n))
        parts = {"dates": word != "at" or "date" in said, "load": bool({"load", "knownAt"} & set(said))}
        parts["certainty"] = "certainty" in said
        if "load" in said:
            opened = replace(opened, load=said["load"])
        if "knownAt" in said:
            opened = replace(opened, load=self.ledger.published_by(datetime.datetime.fromisoformat(said["knownAt"])))
        if "certainty" in said:
            opened = replace(opened, certain=said["certainty"] == "CERTAIN")
        return replace(opened, given=self.given | {part for part, asked in parts.items() if asked})

    def each(self, args: Given) -> list[Scope]:
        """One scope per day."""
        days = [partial(day)[0] for day in args["dates"]] if args.get("dates") is not None else [*_steps(args)]
        return [replace(self, n=on_day(day), given=self.given | {"dates"}) for day in days]

    def id_of(self, key: str) -> str:
        text = key
        if "dates" in self.given:
            n = self.n
            numbers = ".".join(map(_number, (n.a0, n.a1, n.b0, n.b1)))
            text += "@" + (numbers if n.narrows else str(iso(n.a0)))
        if "load" in self.given:
            text += f"~{self.load}"
        if "certainty" in self.given:
            text += "!C" if self.certain else "!P"
        return text

    def reopened(self, text: str) -> tuple[str, Scope] | None:
        """The key of an id and the scope that it carries, the rest as it is here; None for what is no id."""
        found = ID.fullmatch(text)
        if found is None:
            return None
        key, day, numbers, load, certainty = found.groups()
        n = _window(day, numbers)
        if (day and n is None) or (load and int(load) > len(self.ledger.loads)):
            return None
        given = {"dates": n, "load": load, "certainty": certainty}
        names = frozenset(name for name, value in given.items() if value is not None)
        number = self.load if load is None else int(load)
        return key, Scope(self.ledger, number, n or self.n, certainty == "C", names)


def key_of(text: str) -> str:
    """The key of an id; a key is its own."""
    return re.split("[@~!]", text)[0]


def days_of(word: str, said: Given, around: Window) -> Window:
    """The days that a scope asks for, as a field or in a filter; ``at`` without a date keeps those around it."""
    if word == "at":
        return on_day(partial(said["date"])[0]) if "date" in said else around
    if word == "during" and "in" in said:
        first, last = partial(said["in"])
        return during(first, last + 1)
    start, end = ((said[name] if word == "during" and name in said else None) for name in ("from", "until"))
    return during(partial(start)[0] if start else ALWAYS, partial(end)[0] if end else NEVER)


def _steps(args: Given) -> Iterator[int]:
    """From a day by equal steps to before another; a month that is too short gives its last day."""
    start = datetime.date.fromisoformat(args["from"])
    number, unit = int(args["step"][1:-1]), args["step"][-1]
    for n in range(10_000):
        if unit in "DW":
            day = start + datetime.timedelta(days=n * number * (7 if unit == "W" else 1))
        else:
            months = start.year * 12 + start.month - 1 + n * number * (12 if unit == "Y" else 1)
            year, month = months // 12, months % 12 + 1
            day = datetime.date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
        if day >= datetime.date.fromisoformat(args["until"]):
            return
        yield day.toordinal()


def _number(day: Day) -> str:
    return str(int(day)) if math.isfinite(day) else ""


def _window(day: str | None, numbers: str | None) -> Window | None:
    if day is not None:
        try:
            return on_day(partial(day)[0])
        except ValueError:
            return None
    if numbers is None:
        return None
    a0, a1, b0, b1 = numbers.split(".")
    never = NEVER if not b1 else ALWAYS  # an end that comes at all may come before every day, but not never
    return Window(
        int(a0) if a0 else ALWAYS,
        int(a1) if a1 else ALWAYS,
        int(b0) if b0 else never,
        int(b1) if b1 else NEVER,
        narrows=True,
    )
