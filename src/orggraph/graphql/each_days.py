"""How many days ``each`` gives, before anything is known to be valid. In: its arguments. Out: a number for the price."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from orggraph.time.partial import parse_partial
from orggraph.time.steps import steps

EACH = ("dates", "from", "until", "step")


def days(given: Mapping[str, Any], most: int) -> float:
    """Of a list, or from a day by steps to before another; beyond ``most`` it is refused anyway."""
    listed, start, until, step = (given[name] for name in EACH)
    if listed is not None:
        return float(min(len(listed), most)) if isinstance(listed, list) else 1.0
    try:
        return float(len(list(islice(steps(parse_partial(start)[0], parse_partial(until)[0], step), most))))
    except (TypeError, ValueError, AttributeError):
        return 1.0  # refused later
