"""What occurs in a world, so that what is asked for is often found. In: a Ledger. Out: a ``Pool`` of values.

Keys, ids (whole ones and broken ones), texts, days, loads and the moments around them.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from tests.oracle.ledger import Ledger, Load
from tests.oracle.random_values import DAYS, TEXTS
from tests.oracle.spans import iso
from tests.oracle.world import ENTITY, World

BROKEN = ("nobody", "", "键", "@2020-01-01", "!C", "~1", "..")
BROKEN_PARTS = ("@2020-02-30", "@", "@2020", "@1.2.3", "@1.2.3.x", "~", "~x", "!Q", "~1@2020-01-01", "!C~1", " ")
EARLY, LATE = "1999-12-31T23:59:59+00:00", "2999-01-01T00:00:00+08:00"


@dataclass(frozen=True)
class Pool:
    """Keys, in all and by the root field that asks for one; root lists; texts; days (ISO, and as numbers); load numbers
    (what was known before the first too) and moments."""

    keys: tuple[str, ...]
    sources: tuple[str, ...]
    roots: Mapping[str, tuple[str, ...]]
    lists: frozenset[str]
    texts: tuple[str, ...]
    days: tuple[str, ...]
    numbers: tuple[int, ...]
    loads: int = 1
    moments: tuple[str, ...] = (EARLY, LATE)

    def day(self, rng: Random) -> str:
        return rng.choice(self.days)

    def range(self, rng: Random) -> tuple[str, str]:
        """A day of the earlier half and one of the later."""
        ordered = sorted(set(self.days))  # a range has days: the same day twice would be none
        half = len(ordered) // 2
        return rng.choice(ordered[:half]), rng.choice(ordered[half:])

    def key(self, rng: Random, among: tuple[str, ...] = ()) -> str:
        """A key, now and then an id, which lends its key, or one that nobody has."""
        key = rng.choice(among or self.keys)
        chance = rng.random()
        return key if chance < 0.85 else self.id(rng, key) if chance < 0.97 else "nobody"

    def id(self, rng: Random, key: str | None = None) -> str:
        """A key with any parts of a scope; or something that is no id."""
        chance = rng.random()
        if chance < 0.03:
            return rng.choice(BROKEN)
        text = (key or rng.choice(self.keys)) + rng.choice((self._dates(rng), self._dates(rng), ""))
        text += f"~{rng.randint(0, self.loads + 1)}" if rng.random() < 0.25 else ""
        text += rng.choice(("", "", "", "!C", "!P"))
        return text + rng.choice(BROKEN_PARTS) if chance > 0.95 else text

    def _dates(self, rng: Random) -> str:
        if rng.random() < 0.5:
            return f"@{self.day(rng)}"
        half = len(self.numbers) // 2
        starts = sorted(rng.choices(self.numbers[:half], k=2))
        ends = sorted(rng.choices(self.numbers[half:], k=2))
        if rng.random() < 0.5:
            starts[1], ends[0] = starts[0], ends[1]
        blank = [rng.random() < 0.2, rng.random() < 0.2]
        written = ["" if blank[0] else str(n) for n in starts] + ["" if blank[1] else str(n) for n in ends]
        return "@" + ".".join(written)


def pool_of(ledger: Ledger) -> Pool:
    world = ledger.last
    numbers = _numbers(ledger)
    texts = {state.name for one in ledger.worlds for x in one.entities.values() for state in x.states}
    days = [str(iso(n)) for n in numbers]
    roots, model = _roots(world), world.model
    lists = {kind.plural for kind in model.kinds.values()} | {f"{r.singular}Records" for r in model.relations.values()}
    return Pool(
        tuple(sorted([*world.entities, *world.records])),
        tuple(x.key for x in world.of_kinds("Source")),
        roots,
        frozenset(lists | {"entities", "records"}),
        tuple(sorted(texts | set(TEXTS))),
        (*days, *DAYS),
        tuple(numbers),
        len(ledger.loads),
        (EARLY, LATE, LATE, *(moment for load in ledger.loads for moment in _around(load))),
    )


def _numbers(ledger: Ledger) -> list[int]:
    """Every finite number of every span, the day before and the day after it."""
    spans = [state.span for world in ledger.worlds for x in world.entities.values() for state in x.states]
    spans += [record.span for world in ledger.worlds for record in world.records.values()]
    numbers = {int(n) for s in spans for n in (s.f0, s.f1, s.u0, s.u1) if math.isfinite(n) and n > 1}
    days = [datetime.date.fromisoformat(day).toordinal() for day in DAYS]
    return sorted({n + offset for n in [*numbers, *days] for offset in (-1, 0, 1)})


def _roots(world: World) -> dict[str, tuple[str, ...]]:
    """The keys that each root field finds."""
    model = world.model
    roots = {kind.singular: tuple(x.key for x in world.of_kinds(kind.name)) for kind in model.kinds.values()}
    roots |= {f"{r.singular}Record": tuple(x.key for x in world.of_relation(r.name)) for r in model.relations.values()}
    return roots | {"entity": tuple(x.key for x in world.of_kinds(ENTITY)), "record": tuple(world.records)}


def _around(load: Load) -> list[str]:
    """The moment of a load and the one before, in another zone."""
    if load.at is None:
        return []
    before = load.at - datetime.timedelta(milliseconds=1)
    return [load.at.isoformat(), before.astimezone(datetime.timezone(datetime.timedelta(hours=8))).isoformat()]
