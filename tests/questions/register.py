"""The seed graph's files, read and dated in plain Python: a second way to every answer, which shares no code with the product.

A day is an ordinal; a span is its earliest and latest start, its earliest and latest end (the first day no longer). What is said
of blanks follows ``semantics.md``: in a register (this one of 2020-03-31) a blank ``until`` is open, in a document it is certain
through its date; a blank ``from`` is not later than what is attested.
"""

from __future__ import annotations

import calendar
import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

SEEDS = Path(__file__).parents[2] / "seeds" / "changji"
META = {"key", "from", "until", "through", "attested", "source", "para", "synthetic", "withdrawn"}
EVER, NEVER = -(10**9), 10**9
SOURCES = {"article": ("document", "2020-03"), "synthetic-register": ("register", "2020-03-31")}
ENTITIES = {
    "City", "Community", "Compound", "Enterprise", "Facility", "Funding", "Grid", "InnerOffice", "Mandate", "Mechanism", "Meeting",
    "Observation", "OwnersCommittee", "PartyOrganization", "Person", "PropertyFirm", "ResidentsCommittee", "ServicePost", "Source",
    "Street", "Team", "Unit", "WorkOrder",
}  # fmt: skip
Span = tuple[int, int, int, int]
CERTAIN, POSSIBLE = "CERTAIN", "POSSIBLE"


def first_and_last(text: str) -> tuple[int, int]:
    """Days of a day, a month or a year: ``2019-02`` → its first and its last day."""
    parts = [int(part) for part in text.split("-")]
    year, month, day = (*parts, None, None)[:3]
    assert year is not None
    first = date(year, month or 1, day or 1)
    last = date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])
    return first.toordinal(), last.toordinal()


def day(text: str) -> int:
    return first_and_last(text)[0]


@dataclass
class State:
    """What a thing is like for a time."""

    fields: dict[str, str]
    span: Span


@dataclass
class Record:
    """Two ends (by key), further ends and fields by name."""

    key: str
    subject: str
    object: str
    fields: dict[str, str]
    span: Span
    source: str
    para: str


@dataclass
class World:
    """``states`` and ``lives`` by key; ``records`` by relation; ``kinds`` by key."""

    states: dict[str, list[State]] = field(default_factory=lambda: defaultdict(list))
    lives: dict[str, list[Span]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    cited: dict[str, str] = field(default_factory=dict)
    records: dict[str, list[Record]] = field(default_factory=dict)

    # ------------------------------------------------------------ things

    def there(self, key: str, on: int) -> str | None:
        if any(f1 <= on < u0 for f0, f1, u0, u1 in self.lives[key]):
            return CERTAIN
        return POSSIBLE if any(s.span[0] <= on < s.span[3] for s in self.states[key]) else None

    def of_kind(self, kind: str, on: int) -> Iterator[tuple[str, str]]:
        """Keys of the things that are there, and how certainly."""
        for key, its in self.kinds.items():
            if its == kind and (sure := self.there(key, on)):
                yield key, sure

    def shown(self, key: str, on: int) -> dict[str, str]:
        """The fields that are printed: those of the last state that may have begun."""
        begun = [state for state in self.states[key] if state.span[0] <= on]
        return begun[-1].fields if begun else {}

    def name(self, key: str, on: int) -> str:
        return self.shown(key, on)["name"]

    def surely(self, key: str, on: int, name: str, values: set[str]) -> str | None:
        """Whether a field has one of some values, asked of every state that it may have."""
        may = [s.fields.get(name, "") in values for s in self.states[key] if s.span[0] <= on < s.span[3]]
        return CERTAIN if may and all(may) else POSSIBLE if any(may) else None

    # ------------------------------------------------------------ records

    def holds(self, record: Record, on: int) -> str | None:
        f0, f1, u0, u1 = record.span
        ends = (self.there(record.subject, on), self.there(record.object, on))
        if f1 <= on < u0 and ends == (CERTAIN, CERTAIN):
            return CERTAIN
        return POSSIBLE if f0 <= on < u1 and all(ends) else None

    def of(self, relation: str, on: int, **ends: str) -> list[tuple[Record, str]]:
        """The records of a relation that hold, and how certainly; with these ends, ``subject`` or ``object``."""
        found = (
            _indexed(self, relation, next(iter(ends)), next(iter(ends.values()))) if ends else self.records[relation]
        )
        return [
            (record, sure)
            for record in found
            if all(getattr(record, end) == key for end, key in ends.items()) and (sure := self.holds(record, on))
        ]


_INDEX: dict[tuple[int, str, str], dict[str, list[Record]]] = {}


def _indexed(world: World, relation: str, end: str, key: str) -> list[Record]:
    known = _INDEX.setdefault((id(world), relation, end), {})
    if not known:
        for record in world.records[relation]:
            known.setdefault(getattr(record, end), []).append(record)
    return known.get(key, [])


def both(*sure: str | None) -> str | None:
    """How certain it is that all of several are so."""
    if not all(sure):
        return None
    return CERTAIN if set(sure) == {CERTAIN} else POSSIBLE


def nobody(found: list[str | None]) -> str | None:
    """How certain it is that none of several is so."""
    if CERTAIN in found:
        return None
    return POSSIBLE if POSSIBLE in found else CERTAIN


@cache
def world() -> World:
    """All files: those of ``1/``, corrected by those of ``2/``."""
    made = World()
    for path in sorted((SEEDS / "1").glob("*.csv")):
        table = path.name.split(".")[0]
        rows = list(read(path))
        correction = SEEDS / "2" / path.name
        if correction.exists():
            rows = _corrected(rows, list(read(correction)))
        (_take_states if table in ENTITIES else _take_records)(made, table, rows)
    for key, states in made.states.items():
        made.lives[key] = list(_lives(states))
    return made


def read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _corrected(rows: list[dict[str, str]], by: list[dict[str, str]]) -> list[dict[str, str]]:
    """A record by its key; of a thing, whose rows have one key and several ``from``, its newest state."""
    last = {row["key"]: place for place, row in enumerate(rows)}
    gone = set()
    for row in by:
        if row.get("withdrawn") == "true":
            gone.add(row["key"])
        else:
            rows[last[row["key"]]].update(row)
    return [row for row in rows if row["key"] not in gone]


def _take_states(made: World, kind: str, rows: list[dict[str, str]]) -> None:
    by_key = defaultdict(list)
    for row in rows:
        by_key[row["key"]].append(row)
        made.kinds[row["key"]] = kind
        made.cited[row["key"]] = row.get("source", "")
    for key, states in by_key.items():
        states.sort(key=lambda row: first_and_last(row["from"])[0] if row.get("from") else EVER)
        starts = [first_and_last(row["from"]) if row.get("from") else (EVER, EVER) for row in states]
        for place, row in enumerate(states):
            end = (
                first_and_last(row["until"])
                if row.get("until")
                else starts[place + 1]
                if place + 1 < len(states)
                else (NEVER, NEVER)
            )
            fields = {name: text for name, text in row.items() if name not in META - {"source", "para"}}
            made.states[key].append(State(fields, (*starts[place], *end)))


def _lives(states: list[State]) -> Iterator[Span]:
    f0, f1, u0, u1 = states[0].span
    for state in states[1:]:
        if u1 < state.span[0]:  # a gap
            yield f0, f1, u0, u1
            f0, f1 = state.span[:2]
        u0, u1 = state.span[2:]
    yield f0, f1, u0, u1


def _take_records(made: World, relation: str, rows: list[dict[str, str]]) -> None:
    taken = made.records.setdefault(relation, [])
    for row in rows:
        plain = {name: text for name, text in row.items() if name not in META}
        subject, object_ = list(plain.values())[:2]
        further = dict(list(plain.items())[2:])
        taken.append(Record(row["key"], subject, object_, further, span(row), row["source"], row.get("para", "")))


def span(row: dict[str, str]) -> Span:
    """The span of a record's row."""
    nature, dated = SOURCES[row["source"]]
    said_first, said_last = first_and_last(dated)
    until = row.get("until", "")
    if until == "?":
        u0, u1 = EVER, said_last
    elif until:
        u0, u1 = first_and_last(until)
    elif row.get("through"):
        u0, u1 = (one + 1 for one in first_and_last(row["through"]))
    else:
        u0, u1 = (NEVER, NEVER) if nature == "register" else (EVER, NEVER)
    f0, f1 = first_and_last(row["from"]) if row.get("from") else (EVER, NEVER)
    ended = bool(until or row.get("through"))
    if attested := row.get("attested", ""):
        first, last = first_and_last(attested)
        u0, f1 = max(u0, first + 1), min(f1, last)
    elif not ended and f0 <= said_last:
        u0, f1 = max(u0, said_first + 1), min(f1, said_last)
    return f0, min(f1, u1 - 1), max(u0, f0 + 1), u1
