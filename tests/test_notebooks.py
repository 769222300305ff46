"""The notebooks say what they show: each is run, and its outputs are those that are kept in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "tests" / "notebooks").glob("*.ipynb"))


def outputs(notebook: Any) -> list[str]:
    """What each cell of code shows, as plain text."""
    return [one["data"]["text/plain"] for cell in notebook.cells if cell.cell_type == "code" for one in cell.outputs]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_it_kept(path: Path) -> None:
    kept, run = (nbformat.read(path, as_version=4) for _ in range(2))  # type: ignore[no-untyped-call]
    NotebookClient(run, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}).execute()
    assert outputs(run) == outputs(kept) != []
    assert f"notebooks/{path.name}" in (ROOT / "README.md").read_text("utf-8")
