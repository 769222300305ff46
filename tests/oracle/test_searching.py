"""Random searches alone: many texts on each world, in random scopes, must be answered as the oracle does."""

from __future__ import annotations

import os
from random import Random

import pytest

from orggraph.stores.sqlite import ranking, searching
from tests.oracle.operation import Operation
from tests.oracle.playing import playing
from tests.oracle.random_documents import Writer
from tests.oracle.random_model import random_model
from tests.oracle.random_values import typed

SEARCHES = int(os.environ.get("ORGGRAPH_ORACLE", "300"))
FIRST = int(os.environ.get("ORGGRAPH_ORACLE_SEED", "0"))
PER_WORLD = 30
LOOKED_UP = ((searching.FEW, ranking.WALKED), (0, ranking.WALKED), (0, 0))
"""All at once, as few names are; kind by kind, by snippets where these lead to few and else by rank; by rank alone."""
TOLD = "totalCount edges { match current name certainty node { id key name } }"


@pytest.mark.parametrize("seed", range(FIRST, FIRST + -(-SEARCHES // PER_WORLD)))
def test_searches_are_answered_as_the_oracle_does(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    few, walked = LOOKED_UP[seed % len(LOOKED_UP)]
    monkeypatch.setattr(searching, "FEW", few)
    monkeypatch.setattr(ranking, "WALKED", walked)
    rng = Random(seed)
    text, model = random_model(rng)
    with playing(rng, seed, text, model) as play:
        assert play.schema.query_type
        for _ in range(PER_WORLD):
            field = play.schema.query_type.fields[rng.choice(("at", "during", "ever"))]
            writer = Writer(rng, play.schema, play.pool)
            name = next(name for name, one in play.schema.query_type.fields.items() if one is field)
            scope = writer.arguments(writer.values(name, field.args), field)
            document = f"query Q($text: String!) {{ {name}{scope} {{ search(text: $text) {{ {TOLD} }} }} }}"
            declared = ", ".join(f"${one}: {type_}" for one, type_ in writer.inputs.declared.items())
            document = document.replace("$text: String!", f"$text: String! {declared}".strip())
            variables = {**writer.inputs.variables, "text": typed(rng, rng.choice(play.pool.texts))}
            play.compare(Operation(document, variables))
