"""The conditions of derived relations, which the model writes as ``where`` in YAML, put into the vocabulary's chains."""

from __future__ import annotations

from dataclasses import replace

from orggraph.graphql.filters import entity_filter
from orggraph.graphql.inputs import Plain
from orggraph.graphql.vocabulary import Many, Meaning, One, Vocabulary, vocabulary
from orggraph.model.model import Model
from orggraph.plan.filters import ANYTHING, Along, Step


def complete_vocabulary(model: Model) -> Vocabulary:
    """What every field name means, chains with their conditions included."""
    words = vocabulary(model)
    chains = {name: _steps(words, name) for name in model.derived}
    kinds = {
        kind: {name: _with_chain(chains, meaning) for name, meaning in fields.items()}
        for kind, fields in words.kinds.items()
    }
    return replace(words, kinds=kinds)


def _with_chain(chains: dict[str, tuple[Step, ...]], meaning: Meaning) -> Meaning:
    if isinstance(meaning, One | Many) and isinstance(meaning.source, Along):
        return replace(meaning, source=replace(meaning.source, steps=chains[meaning.source.link.derived]))
    return meaning


def _steps(words: Vocabulary, name: str) -> tuple[Step, ...]:
    steps = []
    for step in words.model.derived[name].chain:
        relation = words.model.relations[step.hop.relation]
        allowed = relation.end(step.hop.target).kinds
        kinds = tuple(kind for kind in words.model.kinds[step.kind].concrete if kind in allowed)
        where = entity_filter(words, step.kind, Plain(step.where), relation)
        steps.append(Step(step.hop, kinds, where or ANYTHING))
    return tuple(steps)
