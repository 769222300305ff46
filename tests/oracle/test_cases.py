"""What once differed is answered alike: cases that led to a mend, each a model, files, a document and its variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.keeping import CASES, Kept

UNMENDED = {"an-end-before-every-day-in-an-id": "b0 of an id is read as never where it is before every day"}
"""Cases that still differ, and why; an entry goes when its mend comes."""


def marks(path: Path) -> list[pytest.MarkDecorator]:
    reason = UNMENDED.get(path.stem)
    return [pytest.mark.xfail(strict=True, reason=reason)] if reason else []


PATHS = [pytest.param(path, id=path.stem, marks=marks(path)) for path in sorted(CASES.glob("*.json"))]


@pytest.mark.parametrize("path", PATHS)
def test_a_kept_case_is_answered_alike(path: Path) -> None:
    answered, wanted = Kept.read(path).answers()
    assert answered == wanted
