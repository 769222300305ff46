"""Derived relations as the ways in which their links come about, the model's conditions planned as filters are.

In: the vocabulary, whose sources over derived relations have none yet. Out: one whose sources have them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import product

from msgspec import Struct, field
from msgspec.structs import replace

from orggraph.graphql.filters import entity_filter, record_test
from orggraph.graphql.inputs import Plain
from orggraph.graphql.vocabulary import Many, Meaning, One, Vocabulary, vocabulary
from orggraph.model.model import Chain, Derived, Hop, Link, Model, Step
from orggraph.plan.filters import Along
from orggraph.plan.ways import Way, possible, single, tested, then, turned


def complete_vocabulary(model: Model) -> Vocabulary:
    """What every field name means, ways of derived relations included."""
    words = vocabulary(model)
    weaving = Weaving(words)
    kinds = {
        kind: {name: _with_ways(weaving, meaning) for name, meaning in fields.items()}
        for kind, fields in words.kinds.items()
    }
    return replace(words, kinds=kinds)


def _with_ways(weaving: Weaving, meaning: Meaning) -> Meaning:
    if isinstance(meaning, One | Many) and isinstance(meaning.source, Along):
        roles = weaving.roles(meaning.source.link.derived)
        return replace(meaning, source=replace(meaning.source, roles=roles))
    return meaning


class Weaving(Struct, frozen=True):
    """Makes ways, each once."""

    words: Vocabulary
    known: dict[str, tuple[tuple[Way, ...], ...]] = field(default_factory=dict)

    def roles(self, name: str) -> tuple[tuple[Way, ...], ...]:
        """For each chain of a derived relation the ways in which it leads from the subject to the object."""
        if name not in self.known:
            derived = self.words.model.derived[name]
            self.known[name] = tuple(possible(self.chain(derived, chain)) for chain in derived.members)
        return self.known[name]

    def chain(self, derived: Derived, chain: Chain) -> list[Way]:
        steps = [[*self.step(step)] for step in chain]
        return [
            replace(way, places=(derived.subject.kinds, *way.places[1:]))
            for way in (reduce(then, each) for each in product(*steps))
        ]

    def step(self, step: Step) -> Iterator[Way]:
        where = Plain(step.where) if step.where else None
        kinds = self.words.model.kinds[step.kind].concrete
        record = record_test(self.words, step.over) if isinstance(step.over, Hop) else None
        asked = None if where is None else entity_filter(self.words, step.kind, where, record)
        for way in self.over(step.over):
            yield tested(way, kinds, asked)

    def over(self, field: Hop | Link) -> Sequence[Way]:
        if isinstance(field, Link):
            ways = Along(field, (), self.roles(field.derived), self.words.model.derived[field.derived].least).ways
            return ways if field.forward else [turned(way) for way in ways]
        relation = self.words.model.relations[field.relation]
        near, far = (
            tuple(kind for kind in self.words.model.kinds[one].concrete if kind in relation.end(role).kinds)
            for one, role in ((field.kind, field.origin), (field.far, field.target))
        )
        return [single(field, near, far)]
