"""What tests share: real stores, made once per session from the models and data that are committed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

import apsw
import pytest

from orggraph.graphql.engine import Engine
from orggraph.graphql.schema import sdl
from orggraph.model.reading import model_texts
from orggraph.opening import open_engine
from orggraph.stores.sqlite.load import load

ROOT = Path(__file__).parents[1]
MODELS = {
    "changji": (ROOT / "schema", ROOT / "seeds" / "changji"),
    "university": (ROOT / "tests" / "models" / "university", ROOT / "tests" / "models" / "university" / "data"),
    "minimal": (ROOT / "tests" / "models" / "minimal", ROOT / "tests" / "models" / "minimal" / "data"),
    "county": (ROOT / "tests" / "models" / "county", ROOT / "tests" / "models" / "county" / "data"),
}
PUBLISHED = "UPDATE load SET at = strftime('%FT%R:%f+00:00', '2026-01-01', k || ' days')"
"""The same time in each run: cursors bear it."""


@pytest.fixture(scope="session")
def store_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The file of a model's store, by the model's name."""

    @cache
    def make(name: str) -> Path:
        model, data = MODELS[name]
        path = tmp_path_factory.mktemp(name) / f"{name}.db"
        load(path, model_texts(model), sdl, [data])
        with closing(apsw.Connection(str(path))) as connection:
            connection.execute(PUBLISHED)
        return path

    return make


@pytest.fixture(scope="session")
def engine_of(store_of: Callable[[str], Path]) -> Callable[[str], Engine]:
    """An engine on a model's store, by the model's name."""
    return cache(lambda name: open_engine(store_of(name)))
