"""Nothing is found in stores of random models, loaded with random rows again and again; ORGGRAPH_CHECKS says how many."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from orggraph.errors import ModelError
from orggraph.model.model import Model
from orggraph.stores.sqlite.checking import check
from orggraph.stores.sqlite.load import load as load_files
from tests.oracle.random_loads import random_loads
from tests.oracle.random_model import random_model

STORES = int(os.environ.get("ORGGRAPH_CHECKS", "20"))
LOADS = 4


def sound_model(rng: Random) -> tuple[str, Model]:
    """A random model that the linter passes: now and then one has two hierarchies of one kind."""
    while True:
        with suppress(ModelError):
            return random_model(rng)


@pytest.mark.parametrize("seed", range(STORES))
def test_what_loads_is_sound(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    text, model = sound_model(rng)
    store = tmp_path / "store.db"

    loads = random_loads(rng, model, LOADS)
    folder = tmp_path / "in"
    for name, content in loads.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode())
    load_files(store, {"random.yaml": text}, lambda _: "", [folder])
    report = check(store, lambda _: "")
    assert not report.problems, [str(problem) for problem in report.problems.kept]
