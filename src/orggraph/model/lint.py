"""The linter of a model: every rule that a model must keep, each broken once in ``tests/model/test_lint.py``.

In: entries and where each stands. Out: problems with file, line and how to mend them, added to the reading. Rules run in
rounds, since the later ones need what the earlier ones say to be right: names that are used must be there; kinds, ends and
chains must fit together; names that are made must be different; nothing may be private data.
"""

from __future__ import annotations

from orggraph.model.entries import Entries
from orggraph.model.lint_fit import lint_fit
from orggraph.model.lint_names import lint_names
from orggraph.model.lint_parts import lint_parts
from orggraph.model.lint_private import lint_private
from orggraph.model.reading import Reading


def lint(entries: Entries, reading: Reading) -> None:
    """Adds every problem of the entries to ``reading.problems``."""
    for round_ in (lint_parts, lint_fit, lint_names, lint_private):
        round_(entries, reading)
        if reading.problems:
            return
