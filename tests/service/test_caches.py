"""What clients' caches are told is served as the schema is, and shut with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from orggraph.graphql.caches import CACHES
from orggraph.model import load_model
from tests.conftest import MODELS
from tests.service.serving import serving

KINDS = {"js": "text/javascript", "json": "application/json"}


@pytest.mark.parametrize("name", CACHES)
def test_a_cache_is_told_of_the_model_that_is_served(store_of: Callable[[str], Path], name: str) -> None:
    with serving(store_of("minimal")) as service:
        for _ in range(2):  # made once, and kept
            told = httpx.get(f"{service}/clients/{name}")
            assert told.status_code == 200
            assert told.headers["content-type"].partition(";")[0] == KINDS[name.rpartition(".")[2]]
            assert told.text == CACHES[name](load_model(MODELS["minimal"][0]))


@pytest.mark.parametrize("name", CACHES)
def test_it_is_not_told_where_the_schema_is_not(store_of: Callable[[str], Path], name: str) -> None:
    with serving(store_of("minimal"), introspection=False) as service:
        told = httpx.get(f"{service}/clients/{name}")
    assert told.status_code == 403
    assert told.json()["errors"][0]["extensions"]["code"] == "INTROSPECTION_OFF"
