"""``python -m orggraph``: the command line."""

from __future__ import annotations

from orggraph.cli import main

main()
