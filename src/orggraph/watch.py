"""How long work tells how far it is: by the name of a step and a number of rows that are done."""

from __future__ import annotations

from collections.abc import Callable

Watch = Callable[[str, int], None]
