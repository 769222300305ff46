"""The one place where the oracle's tests touch the product: a store made of a model and files, asked for an answer.

In: YAML text and CSV texts, an operation. Out: the response's ``data``, as text; what the product refuses, as text too.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from orggraph.errors import OperationError
from orggraph.graphql.engine import Bounds, Engine
from orggraph.graphql.schema import sdl
from orggraph.model import model_of
from orggraph.opening import open_engine
from orggraph.stores.contract import LOADS
from orggraph.stores.sqlite.load import load
from tests.oracle.operation import Operation

UNBOUNDED = Bounds(tokens=20_000, price=1e30, seconds=60, size=25_000, pairs=1_000_000)
"""Random documents are odd, not dear: what a price refuses is tested elsewhere. A statement of more parts takes seconds to prepare."""


@cache
def _sdl(model: str) -> str:
    """The SDL of a model's text: made once, because several stores are made of one model."""
    return sdl(model_of({"random.yaml": model}))


class Product:
    """A store in a folder of its own, for as long as it is asked."""

    def __init__(self, model: str, files: Mapping[str, str]) -> None:
        self.folder = TemporaryDirectory()
        root = Path(self.folder.name)
        self.model, self.store = model, root / "store.db"
        self.load(files)
        self.engine: Engine = open_engine(self.store, UNBOUNDED)
        self.sdl = self.engine.store.sdl

    def often_corrected(self) -> None:
        """From now on statements are those of a store whose lists were corrected very often."""
        self.engine.store.close()
        self.engine = open_engine(self.store, UNBOUNDED)
        self.engine.store.measures = {**self.engine.store.measures, LOADS: 0.0}

    def load(self, files: Mapping[str, str]) -> None:
        """Loads files; ``1/``, ``2/``, … before their names are so many loads."""
        with TemporaryDirectory() as folder:
            for name, text in files.items():
                path = Path(folder) / name
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(text.encode())
            load(self.store, {"random.yaml": self.model}, lambda _: _sdl(self.model), [Path(folder)])

    def times(self) -> list[datetime.datetime]:
        """When each load was published: what only the product can know."""
        response = json.loads(self.answer(Operation("{ loads { nodes { at } } }", {})))
        return [datetime.datetime.fromisoformat(load["at"]) for load in response["data"]["loads"]["nodes"]]

    def answer(self, operation: Operation) -> str:
        """``{"data":{…}}``: the response without its extensions."""
        try:
            response = self.engine.execute(operation.document, operation.variables).decode()
        except OperationError as error:
            return f"{error.code}: {error.message}"
        except Exception as error:  # crashed: either way a difference, to be told as a case
            return f"{type(error).__name__}: {error}"
        return response.rpartition(',"extensions":')[0] + "}"

    def __enter__(self) -> Product:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.engine.store.close()
        self.folder.cleanup()
