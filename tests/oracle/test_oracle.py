"""The product answers as the oracle does, byte for byte, on random models, loads and operations.

ORGGRAPH_ORACLE says how many operations (300), ORGGRAPH_ORACLE_SEED which model to begin with (0). A failure prints
all that is needed to see it again, and as small a document as still shows it.
"""

from __future__ import annotations

import datetime
import os
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

import pytest

from tests.oracle.answer import answer, schema_of
from tests.oracle.case import Case
from tests.oracle.product import Product
from tests.oracle.random_documents import random_operation
from tests.oracle.random_loads import random_loads
from tests.oracle.random_model import random_model
from tests.oracle.random_pool import pool_of

OPERATIONS = int(os.environ.get("ORGGRAPH_ORACLE", "300"))
FIRST = int(os.environ.get("ORGGRAPH_ORACLE_SEED", "0"))
WORLDS, PER_WORLD = 2, 10
"""Worlds of one model, operations on one world."""


@pytest.mark.parametrize("seed", range(FIRST, FIRST + -(-OPERATIONS // (WORLDS * PER_WORLD))))
def test_the_product_answers_as_the_oracle(seed: int) -> None:
    rng = Random(seed)
    text, model = random_model(rng)
    today = datetime.datetime.now(ZoneInfo(model.timezone)).date()
    for _ in range(WORLDS):
        loads = random_loads(rng, model)
        with Product(text, loads.files) as product:
            ledger = loads.ledger.at_times(product.times())
            schema, pool = schema_of(product.sdl), pool_of(ledger)
            case = Case(seed, text, loads.files, schema, today)
            oracle = partial(answer, ledger, product.sdl, today)
            for _ in range(PER_WORLD):
                case.compare(random_operation(rng, schema, pool), product.answer, oracle)
