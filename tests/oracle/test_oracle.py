"""The product answers as the oracle does, byte for byte, on random models, loads and operations.

ORGGRAPH_ORACLE says how many operations (300), ORGGRAPH_ORACLE_SEED which model to begin with (0). A failure prints
all that is needed to see it again, and as small a document as still shows it.
"""

from __future__ import annotations

import os
from random import Random

import pytest

from tests.oracle.playing import playing
from tests.oracle.random_documents import random_operation
from tests.oracle.random_model import random_model

OPERATIONS = int(os.environ.get("ORGGRAPH_ORACLE", "300"))
FIRST = int(os.environ.get("ORGGRAPH_ORACLE_SEED", "0"))
WORLDS, PER_WORLD = 2, 10
"""Worlds of one model, operations on one world."""


@pytest.mark.parametrize("seed", range(FIRST, FIRST + -(-OPERATIONS // (WORLDS * PER_WORLD))))
def test_the_product_answers_as_the_oracle(seed: int) -> None:
    rng = Random(seed)
    text, model = random_model(rng)
    for _ in range(WORLDS):
        with playing(rng, seed, text, model) as play:
            for _ in range(PER_WORLD):
                play.compare(random_operation(rng, play.schema, play.pool))
