"""Random paths: between all kinds of entities, in random scopes, must be answered as the oracle does."""

from __future__ import annotations

import json
import os
from random import Random

import pytest

from tests.oracle.operation import Operation
from tests.oracle.playing import playing
from tests.oracle.random_documents import Writer
from tests.oracle.random_model import random_model

PATHS = int(os.environ.get("ORGGRAPH_ORACLE", "300"))
FIRST = int(os.environ.get("ORGGRAPH_ORACLE_SEED", "0"))
PER_WORLD = 30
DAY = "{ earliest latest }"
TOLD = f"""length certainty valid {{ from {DAY} until {DAY} }} nodes {{ id key name certainty }}
    records {{ id key certainty relation {{ code }} ends {{ name entity {{ id key name certainty }} }} }}"""


@pytest.mark.parametrize("seed", range(FIRST, FIRST + -(-PATHS // PER_WORLD)))
def test_paths_are_found_as_the_oracle_finds_them(seed: int) -> None:
    rng = Random(seed)
    text, model = random_model(rng)
    with playing(rng, seed, text, model) as play:
        assert play.schema.query_type
        keys = sorted(play.ledger.last.entities)
        for _ in range(PER_WORLD):
            name = rng.choice(("at", "during", "ever", "ever"))
            field = play.schema.query_type.fields[name]
            writer = Writer(rng, play.schema, play.pool)
            scope = writer.arguments(writer.values(name, field.args), field)
            asked = [f"from: {json.dumps(rng.choice(keys))}", f"to: {json.dumps(rng.choice(keys))}"]
            asked += [f"maxLength: {rng.randint(1, 4)}"]
            asked += [f"first: {rng.randint(0, 6)}"] if rng.random() < 0.5 else []
            asked += [f"avoid: {json.dumps(rng.sample(keys, 2))}"] if rng.random() < 0.2 else []
            relations = rng.sample(sorted(model.relations), rng.randint(1, len(model.relations)))
            asked += [f"through: [{' '.join(relations)}]"] if rng.random() < 0.2 else []
            declared = ", ".join(f"${one}: {type_}" for one, type_ in writer.inputs.declared.items())
            head = f"query Q({declared})" if declared else "query Q"
            document = f"{head} {{ {name}{scope} {{ paths({' '.join(asked)}) {{ paths {{ {TOLD} }} }} }} }}"
            play.compare(Operation(document, writer.inputs.variables))
