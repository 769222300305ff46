"""What once differed is answered alike: cases that led to a mend, each a model, files, a document and its variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.keeping import CASES, Kept

PATHS = [pytest.param(path, id=path.stem) for path in sorted(CASES.glob("*.json"))]


@pytest.mark.parametrize("path", PATHS)
def test_a_kept_case_is_answered_alike(path: Path) -> None:
    answered, wanted = Kept.read(path).answers()
    assert answered == wanted
