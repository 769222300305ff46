"""Who takes and who leaves in a range: section 9.7. In: a scope, a filter. Out: views."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from orggraph.model.model import Hop, Relation
from tests.oracle.filters import turn_passes
from tests.oracle.lists import certainty, page
from tests.oracle.parts import Arguments, EndView
from tests.oracle.scope import Scope
from tests.oracle.spans import ALWAYS, Day
from tests.oracle.truth import Pair, Window, both, holds
from tests.oracle.views import RecordView
from tests.oracle.world import Record, World

TURNS = ("TAKES", "LEAVES")


def turn_days(record: Record, turn: str) -> tuple[Day, Day]:
    """The earliest and latest day that a record begins, or that is its last."""
    s = record.span
    return (s.f0, s.f1) if turn == "TAKES" else (s.u0 - 1, s.u1 - 1)


def turns(record: Record, turn: str, n: Window) -> Pair:
    """That its day lies in the range; what has always been begins on no day, and what is open has no last one."""
    first, last = turn_days(record, turn)
    return Pair(n.a1 <= first and last < n.b0 and first > ALWAYS, first < n.b1 and last >= n.a0)


@dataclass(frozen=True)
class TurnView:
    """``sure``: how sure the turn is; ``pair``: and that it passes the filter."""

    record: Record
    turn: str
    sure: Pair
    pair: Pair
    scope: Scope

    @property
    def days(self) -> tuple[Day, Day]:
        return turn_days(self.record, self.turn)

    def field(self, name: str, _: Arguments) -> Any:
        match name:
            case "turn":
                return self.turn
            case "on":
                return EndView(*self.days)
            case "certainty":
                return certainty(self.pair)
            case "record":
                return RecordView(self.record, self.scope, self.scope.within(self.record.span))
            case "predecessor":
                return self.beside(before=True)
            case "successor":
                return self.beside(before=False)
        raise KeyError(name)

    def beside(self, before: bool) -> RecordView | None:
        """The nearest record of the same post, seen in all days."""
        world, ever = self.scope.world, self.scope.opened("ever", {})
        relation = world.model.relations[self.record.relation]
        others = []
        for hop in posts(relation):
            for other in world.of_relation(relation.name):
                gone, comes = (other, self.record) if before else (self.record, other)
                follows = order(gone) < order(comes) and gone.span.u0 <= comes.span.f1
                if follows and of_one_post(world, hop, self.record, other):
                    others.append(other)
        held = [one for one in others if holds(world, one, ever.n).at(ever.certain)]
        if not held:
            return None
        nearest = max(held, key=order) if before else min(held, key=order)
        return RecordView(nearest, ever, ever.within(nearest.span))


def posts(relation: Relation) -> list[Hop]:
    """To-one fields at the object; at the subject if there are none."""
    return [hop for hop in relation.to_one if hop.origin == "object"] or list(relation.to_one)


def of_one_post(world: World, hop: Hop, one: Record, other: Record) -> bool:
    """Whether two records have the same entity where one holds after another, and are both among those it is said of."""
    far, near = world.model.kinds[hop.far].concrete, world.model.kinds[hop.kind].concrete
    kinds = [world.entities[str(record.ends[hop.target])].kind for record in (one, other)]
    post = world.entities[str(one.ends[hop.origin])]
    return one.ends[hop.origin] == other.ends[hop.origin] and post.kind in near and all(kind in far for kind in kinds)


def order(record: Record) -> tuple[Any, ...]:
    s = record.span
    return s.f1, s.f0, s.u0, s.u1, record.key


def turn_views(scope: Scope, where: Arguments) -> Iterable[TurnView]:
    world = scope.world
    for record in world.all_records():
        inner = scope.n.within(record.span)
        for turn in TURNS if not world.model.relations[record.relation].once else ():
            sure = both([holds(world, record, scope.n), turns(record, turn, scope.n)])
            if sure.possible:
                told = turn_passes(world, record, turn, turn_days(record, turn), sure, where, inner)
                yield TurnView(record, turn, sure, both([sure, told]), scope)


@dataclass(frozen=True)
class TurnEdgeView:
    node: TurnView

    def field(self, name: str, _: Arguments) -> Any:
        return getattr(self, name)


@dataclass(frozen=True)
class TurnoverView:
    rows: Sequence[TurnView]
    certain: bool
    args: Arguments

    def field(self, name: str, args: Arguments) -> Any:
        if name == "totalCount":
            return len(self.listed({"CERTAIN": True, "POSSIBLE": False, None: self.certain}[args.get("certainty")]))
        shown = page(self.listed(self.certain), self.args)
        match name:
            case "nodes":
                return shown.items
            case "edges":
                return [TurnEdgeView(one) for one in shown.items]
            case "pageInfo":
                return shown.info
        raise KeyError(name)

    def listed(self, certain: bool) -> list[TurnView]:
        return [row for row in self.rows if row.pair.at(certain)]


def turnover(scope: Scope, args: Arguments) -> TurnoverView:
    """By the first day that is different, who leaves before who takes; what is equal in both by the latest day and by key."""
    assert scope.n.narrows, "refused on a day"
    rows = sorted(turn_views(scope, args.get("where") or {}), key=lambda row: (row.days[1], row.record.key))
    ways = [one["on"] for one in args.get("orderBy") or ()]
    latest_first = ways[:1] == ["DESC"]
    rows.sort(key=lambda row: (row.days[0] + (row.turn == "LEAVES"), row.turn == "TAKES"), reverse=latest_first)
    return TurnoverView(rows, scope.certain, args)
