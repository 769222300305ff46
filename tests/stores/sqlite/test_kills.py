"""A load that is killed at any moment leaves the store as before, and the next load works.

``ORGGRAPH_KILLS``: how many loads are killed.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from random import Random
from time import sleep

import pytest

from tests.small_model import load
from tests.stores.sqlite.processes import content, durations, files, is_whole, start

KILLS = int(os.environ.get("ORGGRAPH_KILLS", "20"))
OFFICES = 400


def kill_at(store: Path, folder: Path, part: int, after: float) -> None:
    """Kills a load so many seconds into one of its parts."""
    load = start(store, folder)
    for i, _ in enumerate(load.events()):
        if i == part:
            break
    sleep(after)
    load.kill()


@pytest.mark.parametrize("first", [True, False], ids=["a first load", "a correction"])
def test_a_killed_load_leaves_the_store_as_before_and_the_next_load_works(first: bool, tmp_path: Path) -> None:
    base, folder, store = tmp_path / "base.db", files(tmp_path / "new", OFFICES, 2), tmp_path / "in" / "store.db"
    if not first:
        load(base, files(tmp_path / "old", OFFICES, 1))
    before, whole = content(base), tmp_path / "whole.db"
    if not first:
        shutil.copy(base, whole)
    parts = durations(start(whole, folder))
    after = content(whole)
    assert {"reading", "writing", "publishing", *(["indexing"] if first else [])} <= {step for step, _ in parts}
    random, outcomes = Random(KILLS), {"before": 0, "after": 0}
    for kill in range(KILLS // 2):
        shutil.rmtree(store.parent, ignore_errors=True)
        store.parent.mkdir()
        if not first:
            shutil.copy(base, store)
        part = kill * len(parts) // (KILLS // 2)  # all of them, in order
        kill_at(store, folder, part, random.uniform(0, parts[part][1]))
        found = content(store)
        assert found in (before, after), f"killed {parts[part]}"
        outcomes["before" if found == before else "after"] += 1
        (report,) = load(store, folder)
        # a store of which no more than its journal is to be cleared up is not seen before the next load, which finds it whole
        assert report.number in ({None} if found == after else {1, None} if first else {2})
        assert [one.name for one in store.parent.iterdir()] == ["store.db"], "no log, no journal is left"
        assert content(store) == after
        assert is_whole(store)
    assert outcomes["before"]
