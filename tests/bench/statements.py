"""How long the statements of the golden cases are: SQLite's cache keeps none of 16,384 bytes or more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from orggraph.errors import OperationError
from orggraph.graphql.engine import Engine, RequestErrors
from orggraph.graphql.schema import sdl
from orggraph.graphql.variables import VariableErrors
from orggraph.model.reading import model_texts
from orggraph.opening import open_engine
from orggraph.stores.sqlite.load import load
from tests.bench.measuring import Figure
from tests.bench.shape import ROOT
from tests.conftest import MODELS

CACHED = 16_384
SHOWN = 3


def figures() -> Iterator[Figure]:
    """The longest statements."""
    lengths = sorted(_lengths(), reverse=True)
    for length, case in lengths[:SHOWN]:
        yield Figure(f"bytes of the statement of {case} (at most)", 1, 0, length, CACHED - 1, True)


def _lengths() -> Iterator[tuple[int, str]]:
    with TemporaryDirectory() as folder:
        for name, (model, data) in MODELS.items():
            path = Path(folder) / f"{name}.db"
            load(path, model_texts(model), sdl, [data])
            engine = open_engine(path)
            for case in sorted((ROOT / "tests" / "queries" / name).iterdir()):
                if (case / "query.graphql").exists():
                    yield from _length(engine, case)
            engine.store.close()


def _length(engine: Engine, case: Path) -> Iterator[tuple[int, str]]:
    """Nothing for what is refused."""
    variables = case / "variables.json"
    given = json.loads(variables.read_text("utf-8")) if variables.exists() else {}
    try:
        statement, _ = engine.statement((case / "query.graphql").read_text("utf-8"), given)
    except (RequestErrors, OperationError, VariableErrors):
        return
    yield len(statement.text.encode()), f"{case.parent.name}/{case.name}"
