"""The linter of a model: every rule that a model must keep, each broken once in ``tests/model/test_lint.py``."""

from __future__ import annotations

from orggraph.model.entries import Entries
from orggraph.model.reading import Reading


def lint(entries: Entries, reading: Reading) -> None:
    """Adds every problem of the entries to ``reading.problems``, with file, line and mend."""
