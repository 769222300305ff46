"""The product answers as the oracle does, byte for byte, on random models, rows and operations.

ORGGRAPH_ORACLE says how many operations (200), ORGGRAPH_ORACLE_SEED which model to begin with (0). A failure prints
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
from tests.oracle.random_inputs import pool_of
from tests.oracle.random_model import random_model
from tests.oracle.random_rows import random_rows

OPERATIONS = int(os.environ.get("ORGGRAPH_ORACLE", "200"))
FIRST = int(os.environ.get("ORGGRAPH_ORACLE_SEED", "0"))
WORLDS, PER_WORLD = 2, 10
"""Worlds of one model, operations on one world."""


@pytest.mark.parametrize("seed", range(FIRST, FIRST + -(-OPERATIONS // (WORLDS * PER_WORLD))))
def test_the_product_answers_as_the_oracle(seed: int) -> None:
    rng = Random(seed)
    text, model = random_model(rng)
    today = datetime.datetime.now(ZoneInfo(model.timezone)).date()
    for _ in range(WORLDS):
        rows = random_rows(rng, model)
        with Product(text, rows.files) as product:
            schema, pool = schema_of(product.sdl), pool_of(rows.world)
            case = Case(seed, text, rows.files, schema, today)
            oracle = partial(answer, rows.world, product.sdl, today)
            for _ in range(PER_WORLD):
                case.compare(random_operation(rng, schema, pool), product.answer, oracle)
