"""Random paths: between all kinds of entities, in random scopes, must be answered as the oracle does."""

from __future__ import annotations

import datetime
import json
import os
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

import pytest

from tests.oracle.answer import answer, schema_of
from tests.oracle.case import Case
from tests.oracle.operation import Operation
from tests.oracle.product import Product
from tests.oracle.random_documents import Writer
from tests.oracle.random_loads import random_loads
from tests.oracle.random_model import random_model
from tests.oracle.random_pool import pool_of

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
    today = datetime.datetime.now(ZoneInfo(model.timezone)).date()
    loads = random_loads(rng, model)
    with Product(text, loads.files) as product:
        ledger = loads.ledger.at_times(product.times())
        schema, pool = schema_of(product.sdl), pool_of(ledger)
        case, oracle = Case(seed, text, loads.files, schema, today), partial(answer, ledger, product.sdl, today)
        assert schema.query_type
        world = ledger.worlds[-1] if isinstance(ledger.worlds, list | tuple) else ledger.last
        keys = sorted(world.entities)
        for _ in range(PER_WORLD):
            name = rng.choice(("at", "during", "ever", "ever"))
            field = schema.query_type.fields[name]
            writer = Writer(rng, schema, pool)
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
            case.compare(Operation(document, writer.inputs.variables), product.answer, oracle)
