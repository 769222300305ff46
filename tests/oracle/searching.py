"""``search``, told plainly: a text is laid over a name character by character. In: a Scope, the field's arguments. Out: views.

Each piece of the text is a character itself, the first letters of its syllable (one, or zh, ch, sh), all of them, or at the
text's end as many as are left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from orggraph.records.folding import fold
from orggraph.records.spelling import readings
from tests.oracle.parts import Arguments
from tests.oracle.scope import Scope
from tests.oracle.truth import printed, there
from tests.oracle.views import EntityView
from tests.oracle.world import ENTITY, Entity

EXACT, PREFIX, SUBSTRING = "EXACT", "PREFIX", "SUBSTRING"
BEST = (EXACT, PREFIX, SUBSTRING)


def match(text: str, name: str) -> str | None:
    """How a text finds a name, if it does."""
    found = [_laid(fold(text), fold(name), start) for start in range(len(fold(name)))]
    if not any(found):
        return None
    return found[0] or SUBSTRING


def _laid(text: str, name: str, start: int) -> str | None:
    """How a text lies over a name from a place on."""
    ends = [*_ends(text, name, start, start == 0)]
    if not ends:
        return None
    return (EXACT if start == 0 and (len(name), True) in ends else PREFIX) if start == 0 else SUBSTRING


def _ends(text: str, name: str, place: int, first: bool) -> Iterator[tuple[int, bool]]:
    """Where a text may end in a name from a place on, and whether it ends with the whole of a piece."""
    if not text:
        yield place, True
        return
    if place == len(name):
        return
    character = name[place]
    if text[0] == character:
        yield from _ends(text[1:], name, place + 1, False)
    for syllable in readings(character, first):
        for typed in {syllable[:1], syllable, *({syllable[:2]} if syllable[:2] in ("zh", "ch", "sh") else ())} - {""}:
            if text.startswith(typed):
                yield from _ends(text[len(typed) :], name, place + 1, False)
        if len(text) > 1 and syllable.startswith(text):
            yield place + 1, False


@dataclass(frozen=True)
class HitView:
    """One entity by one of its names."""

    x: Entity
    scope: Scope
    name: str
    match: str

    def field(self, name: str, _: Arguments) -> Any:
        match name:
            case "node":
                return EntityView(self.x, self.scope)
            case "certainty":
                return "CERTAIN" if there(self.x, self.scope.n).certain else "POSSIBLE"
            case "current":
                return self.current
        return getattr(self, name)

    @property
    def current(self) -> bool:
        return printed(self.x, self.scope.n).name == self.name

    @property
    def rank(self) -> tuple[int, bool, str]:
        """Of several names of one entity the first is told."""
        return BEST.index(self.match), not self.current, self.name


@dataclass(frozen=True)
class SearchView:
    scope: Scope
    args: Arguments

    def field(self, name: str, args: Arguments) -> Any:
        if name == "totalCount":
            certain = {"CERTAIN": True, "POSSIBLE": False, None: self.scope.certain}[args.get("certainty")]
            return len([*self.found(certain)])
        degrees = Counter(end for record in self.scope.ledger.last.all_records() for end in record.ends.values())
        hits = sorted(
            self.found(self.scope.certain), key=lambda hit: (BEST.index(hit.match), -degrees[hit.x.key], hit.x.key)
        )
        cut = hits[: self.args["first"]]
        return [EntityView(hit.x, self.scope) for hit in cut] if name == "nodes" else cut

    def found(self, certain: bool) -> Iterator[HitView]:
        """The best name of each entity that is there."""
        kinds = self.args.get("kinds")
        for x in self.scope.world.of_kinds(ENTITY):
            below = [one for kind in kinds or () for one in self.scope.world.model.kinds[kind].concrete]
            if not there(x, self.scope.n).at(certain) or (kinds is not None and x.kind not in below):
                continue
            names = ((state.name, match(self.args["text"], state.name)) for state in x.states)
            hits = [HitView(x, self.scope, name, how) for name, how in names if how]
            if hits:
                yield min(hits, key=lambda hit: hit.rank)
