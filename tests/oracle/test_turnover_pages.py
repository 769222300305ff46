"""Walked page by page, forwards and backwards, turnover is the whole of it, in order."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from tests.oracle.operation import Operation
from tests.oracle.product import Product
from tests.oracle.random_loads import random_loads
from tests.oracle.random_model import random_model

DOCUMENT = """
query($first: Int, $last: Int, $after: String, $before: String) { s: SCOPE {
  turnover(orderBy: [{on: WAY}], first: $first, last: $last, after: $after, before: $before) { totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { turn certainty on { earliest latest } record { key } predecessor { id } successor { id } } } } } }
"""
SCOPES = (
    "ever",
    'during(in: "2020")',
    'during(from: "2019-06-01", certainty: CERTAIN)',
    'during(until: "2020-04-01", load: 1)',
)


def page(product: Product, document: str, **paging: Any) -> dict[str, Any]:
    answer = product.answer(Operation(document, paging))
    assert answer.startswith('{"data"'), answer
    found: dict[str, Any] = json.loads(answer)["data"]["s"]["turnover"]
    return found


def walked(product: Product, document: str, size: int, forwards: bool) -> list[Any]:
    """All rows, page after page; each page says rightly whether there are more, before it and after it."""
    rows: list[Any] = []
    cut, place, more = ("first", "after", "Next") if forwards else ("last", "before", "Previous")
    other = "Previous" if forwards else "Next"
    paging: dict[str, Any] = {cut: size}
    while True:
        found = page(product, document, **paging)
        info, edges = found["pageInfo"], found["edges"]
        assert info[f"has{other}Page"] is (place in paging)
        assert [info["startCursor"], info["endCursor"]] == [edges[0]["cursor"], edges[-1]["cursor"]] if edges else True
        rows = rows + edges if forwards else edges + rows
        assert info[f"has{more}Page"] is (len(rows) < found["totalCount"])
        if len(rows) >= found["totalCount"]:
            return rows
        paging[place] = info["endCursor" if forwards else "startCursor"]


@pytest.mark.parametrize("seed", range(4))
def test_pages_of_turnover_are_the_whole_of_it(seed: int) -> None:
    rng = Random(seed)
    text, model = random_model(rng)
    with Product(text, random_loads(rng, model).files) as product:
        for scope in SCOPES:
            for way in ("ASC", "DESC"):
                document = DOCUMENT.replace("SCOPE", scope).replace("WAY", way)
                whole = page(product, document, first=1_000)["edges"]
                assert whole, "a model with records has some that begin"
                for forwards in (True, False):
                    assert walked(product, document, rng.choice((1, 3)), forwards) == whole
