"""What is fetched is what was locked: every npm package has its hash, none an address."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT

OURS = [path for top in ("src", "tests") for path in sorted((ROOT / top).rglob("package-lock.json"))]
LOCKS = [path for path in OURS if "node_modules" not in path.parts]


def test_there_are_locks() -> None:
    assert LOCKS


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.relative_to(ROOT).parent))
def test_every_package_is_locked_by_its_hash_and_by_no_address(lock: Path) -> None:
    packages = json.loads(lock.read_text("utf-8"))["packages"]
    fetched = {name: one for name, one in packages.items() if name and not one.get("link")}
    assert fetched
    for name, one in fetched.items():
        assert one["integrity"].startswith("sha512-"), name
        assert "resolved" not in one, name
