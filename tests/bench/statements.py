"""How long the statements of the golden cases are: SQLite's cache keeps none of 16,384 bytes or more.

A longer one is prepared anew for each answer, which takes about a tenth of a millisecond per thousand bytes; so beside the
bytes stands what an answer takes in all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from orggraph.errors import OperationError
from orggraph.graphql.engine import Engine
from orggraph.graphql.schema import sdl
from orggraph.model.reading import model_texts
from orggraph.opening import open_engine
from orggraph.stores.sqlite.load import load
from tests.bench.measuring import Figure, interleaved
from tests.bench.shape import ROOT
from tests.conftest import MODELS

CACHED = 16_384
SHOWN = 4


@dataclass(frozen=True, order=True)
class Long:
    size: int
    case: str
    milliseconds: float


def figures() -> Iterator[Figure]:
    """The longest statements of each model's cases."""
    with TemporaryDirectory() as folder:
        for name, (model, data) in MODELS.items():
            path = Path(folder) / f"{name}.db"
            load(path, model_texts(model), sdl, [data])
            engine = open_engine(path)
            cases = sorted((ROOT / "tests" / "queries" / name).glob("*/query.graphql"))
            found = sorted((one for case in cases for one in _case(engine, case.parent)), reverse=True)
            for one in found[:SHOWN]:
                title = f"bytes of the statement of {one.case}, answered in {one.milliseconds:.2f} ms (at most)"
                yield Figure(title, 1, 0, one.size, CACHED - 1, True)
            engine.store.close()


def _case(engine: Engine, case: Path) -> Iterator[Long]:
    """Nothing for what is refused."""
    given = case / "variables.json"
    variables = json.loads(given.read_text("utf-8")) if given.exists() else {}
    document = (case / "query.graphql").read_text("utf-8")
    try:
        statement, _ = engine.statement(document, variables)
        engine.execute(document, variables)
    except OperationError:
        return
    size = len(statement.text.encode())
    seconds = interleaved(partial(engine.execute, document, variables), rounds=3)[0] if size >= CACHED // 2 else 0.0
    yield Long(size, f"{case.parent.name}/{case.name}", seconds * 1e3)
