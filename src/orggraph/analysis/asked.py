"""What of a store is drawn. In: a store, a scope as people say it, relations by any of their names. Out: dots and lines."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from orggraph.errors import OrggraphError
from orggraph.exporting import scope_asked, tables_named
from orggraph.model.model import Model, Relation
from orggraph.plan.scope import OUTERMOST, Certainty, Range, Scope

STEPS = 5_000_000
"""Along records, that betweenness takes at most before it is an estimate: some seconds."""


def graph_scope(
    at: str | None = None,
    during: str | None = None,
    ever: bool = False,
    known_at: str | None = None,
    load: int | None = None,
    certainty: str | Certainty = Certainty.POSSIBLE,
) -> Scope:
    """Today, as known now, unless said. Raises OrggraphError."""
    if ever and (at or during):
        raise OrggraphError("say a day, a time or --ever, not several", "BAD_VALUE")
    if certainty not in list(Certainty):
        raise OrggraphError(f"{certainty} is no certainty; say CERTAIN or POSSIBLE", "BAD_VALUE")
    asked = scope_asked(at, during, known_at, load)
    dates = Range(None, None) if ever else asked.dates or OUTERMOST.dates
    return structs.replace(asked, dates=dates, certainty=Certainty(certainty))


def relations_named(model: Model, names: Sequence[str]) -> tuple[Relation, ...] | None:
    """None if none is named. Raises OrggraphError."""
    if not names:
        return None
    found = [table for table in tables_named(model, names) if isinstance(table, Relation)]
    if len(found) < len(set(names)):
        kind = next(table.name for table in tables_named(model, names) if not isinstance(table, Relation))
        raise OrggraphError(f"{kind} is a kind; name relations", "UNKNOWN_TABLE")
    return tuple(found)
