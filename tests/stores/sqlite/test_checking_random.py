"""Nothing is found in stores of random models, loaded with random rows again and again; ORGGRAPH_CHECKS says how many."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from orggraph.errors import LoadError, ModelError
from orggraph.model.model import Model
from orggraph.stores.sqlite.checking import check
from orggraph.stores.sqlite.load import LoadReport
from orggraph.stores.sqlite.load import load as load_files
from tests.oracle.random_model import random_model
from tests.oracle.random_rows import random_rows
from tests.small_model import put

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

    def load(files: Mapping[str, str], number: int) -> list[LoadReport]:
        return load_files(store, {"random.yaml": text}, lambda _: "", [put(tmp_path / f"in{number}", dict(files))])

    load(random_rows(rng, model).files, 0)
    for number in range(1, LOADS):
        with suppress(LoadError):  # rows of several draws may contradict each other; then nothing is loaded
            load(random_rows(rng, model).files, number)
        report = check(store, lambda _: "")
        assert not report.problems, [str(problem) for problem in report.problems.kept]
