"""What a recipe says of a cell → its text, row by row. In: a spec, the row's place, a random generator. Out: text.

text                            as it is; {words} are drawn, {n} is the row's number
{choice: {a: 3, b: 1}}          one of these, by weight
{between: [10, 20]}             a whole number
{share: 1905, times: 100}       the row's part of a total that all rows share
{first: 52, is: …, else: …}     by the row's place
{cycle: [a, b]}                 in turn
{day: [2015-01-01, 2019-12-31], precision: {day: 6, month: 3, year: 1}}   a date, so exactly known
{after: from, days: [30, 900]}  a day so long after another cell of the row
{same: pool} {spread: pool} {near: pool} {draw: pool} {take: pool}        a key of a pool: of the same place, in turn,
                                in equal runs, any, or the next that no step has taken
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from orggraph.errors import OrggraphError

Cell = Callable[[int, Mapping[str, str]], str]
LENGTHS = {"day": 10, "month": 7, "year": 4}


@dataclass
class Pool:
    """Entities made by a step: keys by place, and how many are taken."""

    prefix: str
    size: int
    taken: int = 0

    def key(self, place: int) -> str:
        return f"{self.prefix}-{place + 1}"


@dataclass
class Kitchen:
    """What cells are made with: the random generator, word lists, pools, the scale."""

    rng: Random
    words: Mapping[str, tuple[str, ...]]
    scale: int
    pools: dict[str, Pool] = field(default_factory=dict)

    def pool(self, name: str) -> Pool:
        if name not in self.pools:
            raise OrggraphError(f"the recipe takes from {name}, which no step before has made", "RECIPE")
        return self.pools[name]


def cell(kitchen: Kitchen, spec: Any, rows: int) -> Cell:
    """The maker of a column's cells, for a step of so many rows."""
    if isinstance(spec, str):
        return text(kitchen, spec)
    if not isinstance(spec, dict):
        raise OrggraphError(f"the recipe has a cell that is neither text nor a mapping: {spec}", "RECIPE")
    for word, make in MAKERS.items():
        if word in spec:
            return make(kitchen, spec, rows)
    raise OrggraphError(f"the recipe has a cell of no known kind: {spec}; one of {', '.join(MAKERS)}", "RECIPE")


def text(kitchen: Kitchen, template: str) -> Cell:
    if "{" not in template:
        return lambda _, __: template
    words, choice = kitchen.words, kitchen.rng.choice
    parts = split(template)

    def make(place: int, _: Mapping[str, str]) -> str:
        return "".join(
            part if not named else str(place + 1) if part == "n" else choice(words[part]) for named, part in parts
        )

    return make


def split(template: str) -> list[tuple[bool, str]]:
    """``{a}社区`` → ``[(True, "a"), (False, "社区")]``."""
    parts = []
    for piece in template.split("{"):
        named, brace, rest = piece.partition("}")
        if brace:
            parts.append((True, named))
        parts.append((False, rest if brace else piece))
    return [part for part in parts if part[1]]


def distinct_names(kitchen: Kitchen, template: str) -> Cell:
    """Names that are all different: every combination of the words once, in a drawn order, then numbered."""
    parts = split(template)
    lists = [list(kitchen.words[part]) for named, part in parts if named]
    for words in lists:
        kitchen.rng.shuffle(words)
    combinations = 1
    for words in lists:
        combinations *= len(words)

    def make(place: int, _: Mapping[str, str]) -> str:
        round_, rest = divmod(place, combinations)
        drawn = []
        for words in lists:
            rest, index = divmod(rest, len(words))
            drawn.append(words[index])
        values = iter(drawn)
        name = "".join(next(values) if named else part for named, part in parts)
        return name if not round_ else name.replace("（", f"{round_ + 1}（", 1)

    return make


def _choice(kitchen: Kitchen, spec: Mapping[str, Any], rows: int) -> Cell:
    del rows
    options = spec["choice"]
    if isinstance(options, list):
        options = dict.fromkeys(options, 1)
    values, weights = list(options), [float(weight) for weight in options.values()]
    choices = kitchen.rng.choices
    return lambda _, __: choices(values, weights)[0]


def _between(kitchen: Kitchen, spec: Mapping[str, Any], rows: int) -> Cell:
    del rows
    low, high = map(int, spec["between"])
    randint = kitchen.rng.randint
    return lambda _, __: str(randint(low, high))


def _share(kitchen: Kitchen, spec: Mapping[str, Any], rows: int) -> Cell:
    total, times = int(spec["share"]) * kitchen.scale, int(spec.get("times", 1))
    return lambda place, _: str(times * (total * (place + 1) // rows - total * place // rows))


def _first(kitchen: Kitchen, spec: Mapping[str, Any], rows: int) -> Cell:
    until = int(spec["first"]) * kitchen.scale
    before, after = cell(kitchen, spec["is"], rows), cell(kitchen, spec.get("else", ""), rows)
    return lambda place, row: before(place, row) if place < until else after(place, row)


def _cycle(kitchen: Kitchen, spec: Mapping[str, Any], rows: int) -> Cell:
    cells = [cell(kitchen, one, rows) for one in spec["cycle"]]
    return lambda place, row: cells[place % len(cells)](place, row)


def _day(kitchen: Kitchen, spec: Mapping[str, Any], rows: int) -> Cell:
    del rows
    first, last = (date.fromisoformat(day).toordinal() for day in spec["day"])
    precision = spec.get("precision", {"day": 1})
    lengths, weights = [LENGTHS[word] for word in precision], [float(weight) for weight in precision.values()]
    rng = kitchen.rng

    def make(_: int, __: Mapping[str, str]) -> str:
        day = date.fromordinal(rng.randint(first, last)).isoformat()
        return day[: lengths[0] if len(lengths) == 1 else rng.choices(lengths, weights)[0]]

    return make


def _after(kitchen: Kitchen, spec: Mapping[str, Any], rows: int) -> Cell:
    del rows
    column, (low, high) = spec["after"], map(int, spec["days"])
    length = LENGTHS[spec.get("precision", "day")]
    randint = kitchen.rng.randint

    def make(_: int, row: Mapping[str, str]) -> str:
        written = row[column]
        start = date.fromisoformat(
            written + "-12-31" if len(written) == 4 else written + "-28" if len(written) == 7 else written
        )
        return (start + timedelta(days=randint(low, high))).isoformat()[:length]

    return make


def _same(kitchen: Kitchen, spec: Mapping[str, Any], rows: int) -> Cell:
    pool, offset = kitchen.pool(spec["same"]), int(spec.get("offset", 0)) * kitchen.scale
    if offset + rows > pool.size:
        raise OrggraphError(f"the recipe wants {offset + rows} of {spec['same']}, which has {pool.size}", "RECIPE")
    return lambda place, _: pool.key(place + offset)


def _spread(kitchen: Kitchen, spec: Mapping[str, Any], rows: int) -> Cell:
    del rows
    pool = kitchen.pool(spec["spread"])
    return lambda place, _: pool.key(place % pool.size)


def _near(kitchen: Kitchen, spec: Mapping[str, Any], rows: int) -> Cell:
    pool = kitchen.pool(spec["near"])
    return lambda place, _: pool.key(((place + 1) * pool.size - 1) // rows)


def _draw(kitchen: Kitchen, spec: Mapping[str, Any], rows: int) -> Cell:
    del rows
    pool, randrange = kitchen.pool(spec["draw"]), kitchen.rng.randrange
    return lambda _, __: pool.key(randrange(pool.size))


def _take(kitchen: Kitchen, spec: Mapping[str, Any], rows: int) -> Cell:
    pool = kitchen.pool(spec["take"])
    start = pool.taken
    pool.taken += rows
    if pool.taken > pool.size:
        raise OrggraphError(f"the recipe takes {pool.taken} of {spec['take']}, which has {pool.size}", "RECIPE")
    return lambda place, _: pool.key(start + place)


MAKERS: dict[str, Callable[[Kitchen, Mapping[str, Any], int], Cell]] = {
    "choice": _choice,
    "between": _between,
    "share": _share,
    "first": _first,
    "cycle": _cycle,
    "day": _day,
    "after": _after,
    "same": _same,
    "spread": _spread,
    "near": _near,
    "draw": _draw,
    "take": _take,
}
