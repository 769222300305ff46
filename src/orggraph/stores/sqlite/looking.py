"""What asks of rows and entities whether they are in a window, and pass: what ``conditions.py`` is, as the modules that it stands on
see it."""

from __future__ import annotations

from typing import Protocol, Self

from orggraph.plan.filters import Filter
from orggraph.stores.sqlite.rows import Names, Rows, Spot
from orggraph.stores.sqlite.window import Window
from orggraph.stores.sqlite.writing import Writer


class Asking(Protocol):
    @property
    def names(self) -> Names: ...

    @property
    def writer(self) -> Writer: ...

    @property
    def window(self) -> Window: ...

    def below(self, rows: Rows) -> Self: ...

    def rows_hold(self, rows: Rows, certain: bool) -> list[str]: ...

    def certainly(self, rows: Rows) -> list[str]: ...

    def there(self, spot: Spot, certain: bool) -> str: ...

    def lies_within(self, spot: Spot) -> bool: ...

    def passes(self, where: Filter, spot: Spot, certain: bool) -> str: ...

    def stands(self, where: Filter, spot: Spot, certain: bool) -> str: ...
