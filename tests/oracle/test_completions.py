"""In every completion of a tiny world, what is CERTAIN is true, and what is true is POSSIBLE (section 7)."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLSchema

from orggraph.graphql.schema import sdl
from orggraph.model.model import Hop
from tests.oracle.answer import schema_of
from tests.oracle.completions import Completed, Days, Path, UnboundedError, completions, scope_days
from tests.oracle.filters import link_passes, links_of, passes, record_passes
from tests.oracle.ledger import Ledger
from tests.oracle.links import Leading, Link, leading
from tests.oracle.random_inputs import BOUNDS, Inputs
from tests.oracle.random_model import random_model
from tests.oracle.random_pool import pool_of
from tests.oracle.scope import days_of
from tests.oracle.spans import ALWAYS, NEVER
from tests.oracle.tiny_world import DAYS_LONG, START, tiny_world
from tests.oracle.truth import Pair, Window, both, during, holds, on_day, there
from tests.oracle.turnover import TURNS, turns
from tests.oracle.world import Entity, World

SEEDS = range(int(os.environ.get("ORGGRAPH_COMPLETIONS", "12")))
WORLDS, QUERIES = 4, 6


@dataclass(frozen=True)
class Hopping:
    """One step of a random query: the field that leads on, the filters of its links and of their records, and a scope in
    which their far ends are looked at."""

    field: Leading
    where: dict[str, Any]
    records: dict[str, Any] | None
    scope: tuple[str, dict[str, Any]]


def bound(pair: Pair, truth: bool) -> bool:
    return (truth or not pair.certain) and (pair.possible or not truth)


def told_apart(link: Link | Path) -> tuple[str, ...]:
    """What tells a link from others to which an entity leads: its records, or, of a grouped one, the far end. Records beside each other
    have no order, and may play each other's role in another completion."""
    return tuple(sorted(record.key for record in link.records)) or (link.far.key,)


def windows(rng: Random) -> tuple[Window, Days]:
    """A day, a range or all days, as N and as the days themselves."""
    start, end = sorted(rng.sample(range(START - 1, START + DAYS_LONG + 2), 2))
    return rng.choice(
        [(on_day(start), (start, start + 1))] * 2
        + [(during(start, end), (start, end)), (during(), (ALWAYS, NEVER)), (during(start), (start, NEVER))]
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_certain_is_true_and_true_is_possible(seed: int) -> None:
    rng = Random(seed)
    text, model = random_model(rng)
    schema = schema_of(sdl(model))
    compared = 0
    for _ in range(WORLDS):
        world = tiny_world(rng, model, most=100)
        completed = list(completions(world))
        for _ in range(QUERIES):
            query = Query(rng, schema, world, completed)
            compared += query.check(text)
    assert compared > 100


class Query:
    """A random filter on a kind and a random path from it, looked at in one random scope in every completion."""

    def __init__(self, rng: Random, schema: GraphQLSchema, world: World, completed: list[Completed]) -> None:
        self.world, self.completed = world, completed
        self.n, self.days = windows(rng)
        kind = rng.choice([kind for kind in world.model.kinds if kind != "Source"])
        self.inputs, self.schema = Inputs(rng, pool_of(Ledger(world.model, (world,)))), schema
        self.kind, self.wheres = kind, [self.random_where(f"{kind}Where", 3)]
        self.steps: list[Hopping] = []
        for _ in range(2):
            fields = leading(world.model, kind)
            if fields:
                field = rng.choice(fields)
                plural = field.plural[0].upper() + field.plural[1:]
                records = self.random_where(f"{field.relation}RecordWhere", 2) if isinstance(field, Hop) else None
                where, word = self.random_where(f"{field.kind}{plural}Where", 2), rng.choice(("at", "during", "ever"))
                self.steps.append(Hopping(field, where, records, (word, self.inputs.days(word))))
                kind = field.far

        self.wheres += self.counts(rng)

    def counts(self, rng: Random) -> list[dict[str, Any]]:
        """Filters that random ones seldom decide anything by: numbers of links, and what is above."""
        found: list[dict[str, Any]] = []
        for step in self.steps[:1]:
            counted = {"where": step.where, rng.choice(BOUNDS): rng.randint(0, 2)}
            found += [{step.field.plural: {word: counted}} for word in ("count", "nodeCount")]
        if any(link.climbs for link in self.world.model.links_of(self.kind)):
            found.append({"within": {"in": rng.sample(sorted(self.world.entities), 2)}})
        return found

    def turnover(self) -> int:
        """In a range: who certainly takes or leaves does so in every completion, and who does, possibly does."""
        if not self.n.narrows:
            return 0
        for record in self.world.all_records():
            for turn in TURNS:
                pair = both([holds(self.world, record, self.n), turns(record, turn, self.n)])
                for c in self.completed:
                    start, end = c.records[record.key]
                    day = start if turn == "TAKES" else end - 1
                    there_ = self.days[0] <= day < self.days[1] and abs(day) != NEVER
                    truth = there_ and c.left(record, self.days) is not None
                    assert bound(pair, truth), (self.case, record, turn, pair, self.days, c.records, c.states)
        return len(self.completed) * len(self.world.records)

    def random_where(self, name: str, depth: int) -> dict[str, Any]:
        type_ = self.schema.type_map[name]
        assert isinstance(type_, GraphQLInputObjectType)
        return self.inputs.where(type_, depth)

    def check(self, text: str) -> int:
        self.case = text
        compared = self.turnover()
        for x in self.world.of_kinds(self.kind):
            with suppress(UnboundedError):
                compared += self._root(x)
        return compared

    def _root(self, x: Entity) -> int:
        present = there(x, self.n)
        for c in self.completed:
            assert bound(present, c.there(x, self.days)), self._told(x, c, present)
        for where in self.wheres:
            pair = both([present, passes(self.world, x, where, self.n)]) if present.possible else present
            for c in self.completed:
                truth = c.there(x, self.days) and c.passes(x, where, self.days)
                assert bound(pair, truth), self._told(x, c, (where, pair))
        in_them = [(c, self.days) for c in self.completed if c.there(x, self.days)]
        return len(self.completed) + (self._steps(x, self.n, in_them, 0) if present.possible else 0)

    def _steps(self, x: Entity, n: Window, parents: list[tuple[Completed, Days]], depth: int) -> int:
        """The links from x, in the completions in which the path down to it is true."""
        if depth == len(self.steps) or not parents:
            return 0
        step = self.steps[depth]
        links = {told_apart(link): link for link in links_of(self.world, x, step.field, n)}
        true_of = [(c, self._paths(c, x, step.field, days)) for c, days in parents]
        for c, paths in true_of:
            assert paths.keys() <= links.keys(), self._told(x, c, step)
        self._counts(x, step, [*links.values()], true_of)
        compared = 0
        for key, link in links.items():
            pairs = self._pairs(step, link)
            if link.chains is not None:
                low, high = link.counted
                counted = [paths[key].count if key in paths else 0 for _, paths in true_of]
                assert all(low <= number <= high for number in counted), self._told(x, true_of[0][0], (step, counted))
            for c, paths in true_of:
                told = self._truths(c, step, paths.get(key), link.far)
                assert all(map(bound, pairs, told)), self._told(x, c, (step, key, pairs, told))
                compared += 1
            onward = [(c, paths[key].days) for c, paths in true_of if key in paths]
            compared += self._steps(link.far, link.n, onward, depth + 1)
        return compared

    def _counts(
        self, x: Entity, step: Hopping, links: list[Link], true_of: list[tuple[Completed, dict[tuple[str, ...], Path]]]
    ) -> None:
        """lo ≤ count ≤ hi, of edges and of distinct far ends."""
        pairs = [(link.far.key, both([link.holds, link_passes(self.world, link, step.where)])) for link in links]
        certain, possible = ([key for key, pair in pairs if pair.at(one)] for one in (True, False))
        for c, paths in true_of:
            true = [path.far.key for path in paths.values() if c.path_passes(path, step.where)]
            assert len(certain) <= len(true) <= len(possible), self._told(x, c, step)
            assert len({*certain}) <= len({*true}) <= len({*possible}), self._told(x, c, step)

    @staticmethod
    def _paths(c: Completed, x: Entity, field: Leading, days: Days) -> dict[tuple[str, ...], Path]:
        return {told_apart(path): path for path in c.paths(x, field, days)}

    def _pairs(self, step: Hopping, link: Link) -> list[Pair]:
        pairs = [link.holds, both([link.holds, link_passes(self.world, link, step.where)])]
        if step.records is not None:
            pairs.append(both([link.holds, record_passes(self.world, link.records[0], step.records, link.n)]))
        return [*pairs, both([link.holds, there(link.far, days_of(*step.scope, link.n))])]

    @staticmethod
    def _truths(c: Completed, step: Hopping, path: Path | None, far: Entity) -> list[bool]:
        truths = [path is not None, path is not None and c.path_passes(path, step.where)]
        if step.records is not None:
            truths.append(path is not None and c.path_record_passes(path, step.records))
        return [*truths, path is not None and c.there(far, scope_days(*step.scope, path.days))]

    def _told(self, x: Entity, c: Completed, what: object) -> str:
        world = (self.case, self.world.entities, self.world.records)
        return "\n".join(map(str, (*world, self.kind, x.key, self.n, what, c.states, c.records)))
