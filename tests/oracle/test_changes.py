"""The feed says of random loads what the oracle says: each change once, in the order of loads, whatever the page; and a check
finds the log in order.

The order within one table of one load is the store's own, so answers are compared as sets there.
"""

from __future__ import annotations

import json
import os
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from graphql import graphql_sync

from orggraph.stores.sqlite.checking import check
from tests.oracle.answer import _field, _type, schema_of
from tests.oracle.changes import ChangeView, changes
from tests.oracle.ledger import Ledger
from tests.oracle.operation import Operation
from tests.oracle.product import Product, _sdl
from tests.oracle.random_loads import random_loads
from tests.oracle.random_model import random_model
from tests.oracle.scope import Scope
from tests.oracle.truth import on_day

WORLDS = max(4, int(os.environ.get("ORGGRAPH_ORACLE", "300")) // 60)
FIRST = int(os.environ.get("ORGGRAPH_ORACLE_SEED", "0"))
DAYS = "valid { from { earliest latest } until { earliest latest } }"
VERSION = f"""{{ __typename synthetic {DAYS} known {{ from {{ number }} until {{ number }} }} citations {{ para title source {{ id }} }}
  ... on EntityState {{ name }}
  ... on RelationRecord {{ id certainty relation {{ code }} ends {{ name entity {{ id key name certainty {DAYS} }} }} }} }}"""
ITEM = f"what key changed kind {{ code }} relation {{ iri }} load {{ number added }} before {VERSION} after {VERSION}"
HEAD = "query($since: Int!, $until: Int, $where: ChangeWhere, $first: Int, $after: String)"
FEED = f"{HEAD} {{ changes(since: $since, until: $until, where: $where, first: $first, after: $after) {{"
LISTED = f"{FEED} totalCount nodes {{ {ITEM} }} }} }}"
PAGED = f"{FEED} edges {{ cursor node {{ {ITEM} }} }} pageInfo {{ hasNextPage endCursor startCursor }} }} }}"


def filter_of(rng: Random, ledger: Ledger) -> dict[str, Any]:
    """A random filter."""
    model = ledger.model
    keys = [*sorted({key for world in ledger.worlds for key in (*world.entities, *world.records)}), "nobody"]
    entities = sorted({key for world in ledger.worlds for key in world.entities})
    pools = {
        "kinds": [kind.name for kind in model.concrete()], "relations": [*model.relations], "keys": keys,
        "what": ["ADDED", "CORRECTED", "WITHDRAWN"], "citedFrom": ledger_sources(ledger), "touching": entities,
    }  # fmt: skip
    chosen = [name for name, pool in pools.items() if pool and rng.random() < 0.25]
    return {name: rng.sample(pools[name], rng.randint(0, min(3, len(pools[name])))) for name in chosen}


def ledger_sources(ledger: Ledger) -> list[str]:
    return sorted({x.key for x in ledger.last.of_kinds("Source")})


def told(views: list[ChangeView], sdl: str, document: str, variables: dict[str, Any]) -> list[Any]:
    """The oracle's changes as JSON, by graphql-core."""

    class Feed:
        def field(self, name: str, _: Any) -> Any:
            return views if name == "nodes" else len(views) if name == "totalCount" else self

    result = graphql_sync(
        schema_of(sdl), document, Feed(), variable_values=variables, field_resolver=_field, type_resolver=_type
    )
    assert not result.errors, result.errors
    assert result.data is not None
    nodes: list[Any] = result.data["changes"]["nodes"]
    return nodes


def normal(nodes: list[Any]) -> list[Any]:
    """Within one table of one load in one order; ``changed`` as a set."""
    nodes = [{**node, "changed": sorted(node["changed"])} for node in nodes]
    return sorted(
        nodes, key=lambda node: (node["load"]["number"], json.dumps(node, sort_keys=True, ensure_ascii=False))
    )


@pytest.mark.parametrize("seed", range(FIRST, FIRST + WORLDS))
def test_the_feed_tells_what_the_oracle_tells(seed: int) -> None:
    rng = Random(seed)
    text, model = random_model(rng)
    loads = random_loads(rng, model, most=5)
    with Product(text, loads.files) as product:
        ledger = loads.ledger.at_times(product.times())
        report = check(product.store, lambda _: _sdl(text))
        assert not {"CHANGES", "FACT"} & {*report.problems.counts}
        last = len(ledger.loads)
        scope = Scope(ledger, last, on_day(1), certain=False)
        for _ in range(6):
            since, where = rng.randint(0, last), filter_of(rng, ledger)
            until = rng.choice((None, rng.randint(0, last)))
            variables = {"since": since, "until": until, "where": where}
            answered = json.loads(product.answer(Operation(LISTED, variables)))["data"]["changes"]
            views = changes(scope, since, last if until is None else until, where)
            wanted = told(views, product.sdl, LISTED, variables)
            assert normal(answered["nodes"]) == normal(wanted), (seed, variables)
            assert answered["totalCount"] == len(wanted)
            in_order(answered["nodes"])
            assert followed(product, variables, rng.randint(1, 4)) == answered["nodes"]


def in_order(nodes: list[Any]) -> None:
    """By load, kinds before relations."""
    places = [(node["load"]["number"], node["relation"] is not None) for node in nodes]
    assert all(this <= then for this, then in pairwise(places))


def followed(product: Product, variables: dict[str, Any], first: int) -> list[Any]:
    """The nodes of all pages."""
    found: list[Any] = []
    after = None
    while True:
        page = json.loads(product.answer(Operation(PAGED, {**variables, "first": first, "after": after})))["data"][
            "changes"
        ]
        cursors = [edge["cursor"] for edge in page["edges"]]
        assert len(cursors) <= first
        assert page["pageInfo"]["endCursor"] == (cursors[-1] if cursors else None)
        assert page["pageInfo"]["startCursor"] == (cursors[0] if cursors else None)
        found += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = cursors[-1]
