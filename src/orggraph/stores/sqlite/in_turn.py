"""Several conditions of which all must be met, in the order in which they are asked. In: filters, and how one is written. Out: SQL."""

from __future__ import annotations

from collections.abc import Callable

from orggraph.plan.filters import Filter
from orggraph.plan.weights import by_weight
from orggraph.stores.sqlite.writing import conjunction


def in_turn(filters: tuple[Filter, ...], condition: Callable[[Filter], str]) -> str:
    """All of them; what is dear only where all else is met. SQLite would ask by itself first what hangs on fewest tables.

    Example: ``(a) AND (b)``; where b is dear ``iif((a),(b),0)``.
    """
    cheap, dear = (_all_met([condition(one) for one in part]) for part in by_weight(filters))
    if "1" in (cheap, dear) or "0" in (cheap, dear):
        return "0" if "0" in (cheap, dear) else conjunction([cheap, dear])
    return f"iif({cheap},{dear},0)"


def _all_met(conditions: list[str]) -> str:
    return "0" if "0" in conditions else conjunction([f"({one})" for one in conditions if one != "1"])
