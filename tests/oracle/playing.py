"""One random world as the product and the oracle have it. In: a seed's model. Out: whoever answers, and what documents may be of."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from graphql import GraphQLSchema

from orggraph.model.model import Model
from tests.oracle.answer import answer, schema_of
from tests.oracle.case import Case
from tests.oracle.ledger import Ledger
from tests.oracle.operation import Operation
from tests.oracle.product import Product
from tests.oracle.random_loads import random_loads
from tests.oracle.random_pool import Pool, pool_of


@dataclass(frozen=True)
class Play:
    """``compare``: asks both, and fails with all that is needed to ask again where they differ."""

    ledger: Ledger
    schema: GraphQLSchema
    pool: Pool
    compare: Callable[[Operation], Any]


@contextmanager
def playing(rng: Random, seed: int, text: str, model: Model) -> Iterator[Play]:
    """Random loads of a model (``text``: its YAML), loaded."""
    today = datetime.datetime.now(ZoneInfo(model.timezone)).date()
    loads = random_loads(rng, model)
    with Product(text, loads.files) as product:
        if seed % 2:
            product.often_corrected()
        ledger = loads.ledger.at_times(product.times())
        schema = schema_of(product.sdl)
        case, oracle = Case(seed, text, loads.files, schema, today), partial(answer, ledger, product.sdl, today)
        yield Play(ledger, schema, pool_of(ledger), partial(case.compare, product=product.answer, oracle=oracle))
