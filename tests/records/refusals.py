"""How tests look at what a load refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from orggraph.errors import LoadError, Problem
from tests.small_model import load


def refused(store: Path, folder: Path) -> list[Problem]:
    """The problems for which a folder is not loaded, as a first load; nothing is left of it."""
    with pytest.raises(LoadError) as error:
        load(store, folder)
    assert not store.exists(), "a refused first load leaves no file"
    return error.value.problems


def told(problems: list[Problem]) -> list[tuple[str, str, int, str]]:
    """Code, file, line and column of each."""
    return [(one.code, Path(one.file).name, one.line, one.column) for one in problems]
