"""The thing being printed: an entity in one state, a record, an edge, a load."""

from __future__ import annotations

from msgspec import Struct

from orggraph.stores.sqlite.conditions import Conditions
from orggraph.stores.sqlite.rows import Record, Rows, Spot


class Shown(Struct, frozen=True):
    """Its entity and printed state, or its record, or an edge's records; ``load``: the alias of a load.

    ``numbers``: its interval's four numbers and four cells, as SQL. ``certain``: SQL that says it is certain; ``holds``:
    for a record, the conditions of the window that it was found in, which tell that when it is asked. ``version``: of a
    record that need not hold, the number of the load that it is told as of.
    """

    spot: Spot | None = None
    key: str = ""
    state: str = ""
    record: Record | None = None
    rows: Rows | None = None
    numbers: str = ""
    certain: str = "1"
    holds: Conditions | None = None
    load: str = ""
    version: str = ""

    @property
    def row(self) -> str:
        """The alias of the row that has its fields."""
        if self.state:
            return self.state
        assert self.record is not None
        return self.record.alias
