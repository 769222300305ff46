"""An answer that comes page by page, of which only one is held. In: the first page, and what asks for the others. Out: rows as
they are taken.

All pages are of one load and one day, which their cursors keep. Who asks decides where: a command asks its engine, the service
its lanes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from orggraph.questions.asking import Answered
from orggraph.questions.layout import Value

After = Mapping[str, str]
FIRST: After = MappingProxyType({})
"""No cursors: the first page."""


@dataclass
class Paged:
    """``first``: the first page, whose numbers are of the whole. ``ask``: gives the page after cursors. ``taken``: how many rows
    were given so far."""

    first: Answered
    ask: Callable[[After], Answered] | None = None
    taken: int = 0

    def rows(self) -> Iterator[list[Value]]:
        """All rows; the next page is asked for when one before is used up. Raises what asking raises."""
        page, after = self.first, FIRST
        while True:
            for row in page.rows:
                self.taken += 1
                yield row
            if self.ask is None or not page.more:
                return
            after = onward(after, page)
            page = self.ask(after)


def onward(after: After, page: Answered) -> After:
    """The cursors of the next page: a list that has come to its end stays there."""
    return {**after, **page.more}
