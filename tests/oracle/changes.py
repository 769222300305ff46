"""What loads changed, told plainly: each load's world beside the one before. In: a scope at the root, arguments. Out: views.

Semantics 9.2 and 9.13: a state is named by its key and its ``from``; one that is written anew for its neighbour is no change.
Versions are seen on all days at the load that brought them; an end that is not there in the record's days is as it was last known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from orggraph.model.model import Kind, Relation
from tests.oracle.lists import PageInfoView
from tests.oracle.parts import Arguments, LoadView, term
from tests.oracle.scope import Scope, key_of
from tests.oracle.views import EntityView, RecordView, StateView, entity_view
from tests.oracle.world import Entity, Record, State, Statement, World

KEYS = ("keys", "citedFrom", "touching")
"""Filters by keys, for which an id will do."""
Thing = tuple[Entity, State] | Record


@dataclass(frozen=True)
class VersionOfRecord(RecordView):
    """A record that need not hold."""

    def end(self, role: str) -> EntityView | None:
        there = super().end(role)
        key = self.record.ends[role]
        if there is not None or role not in ("subject", "object") or key is None:
            return there
        ledger, load = self.scope.ledger, self.scope.load
        while not ledger.worlds[load].entities[key].states:
            load -= 1
        return entity_view(key, replace(self.scope, load=load))


@dataclass(frozen=True)
class ChangeView:
    number: int
    key: str
    before: Thing | None
    after: Thing | None
    scope: Scope

    @property
    def table(self) -> Kind | Relation:
        thing = self.after or self.before
        model = self.scope.world.model
        return model.relations[thing.relation] if isinstance(thing, Record) else model.kinds[thing[0].kind]  # type: ignore[index]  # one of them is there

    @property
    def what(self) -> str:
        return "ADDED" if self.before is None else "WITHDRAWN" if self.after is None else "CORRECTED"

    def field(self, name: str, _: Arguments) -> Any:
        match name:
            case "load":
                return LoadView(self.scope.ledger.loads[self.number - 1])
            case "kind" | "relation":
                return term(self.table) if (name == "kind") is isinstance(self.table, Kind) else None
            case "before":
                return self.version(self.before, self.number - 1)
            case "after":
                return self.version(self.after, self.number)
            case "changed":
                return sorted(self.changed()) if self.what == "CORRECTED" else []
        return getattr(self, name)

    def version(self, thing: Thing | None, load: int) -> StateView | RecordView | None:
        if thing is None:
            return None
        scope = self.scope.opened("ever", {"load": load})
        if isinstance(thing, Record):
            return VersionOfRecord(thing, scope, scope.within(thing.span))
        return StateView(*thing, scope)

    def changed(self) -> Iterator[str]:
        was, now = _said(self.before), _said(self.after)
        yield from (name for name in now.fields if was.fields[name] != now.fields[name])
        cells = {"from": "since", "until": "until", "through": "through", "attested": "attested"}
        yield from (name for name, cell in cells.items() if getattr(was.cells, cell) != getattr(now.cells, cell))
        sources = [[one.source for one in said.citations] for said in (was, now)]
        if sources[0] != sources[1]:
            yield "source"
        if [one.para for one in was.citations] != [one.para for one in now.citations]:
            yield "para"
        if was.synthetic != now.synthetic:
            yield "synthetic"
        if isinstance(self.before, Record) and isinstance(self.after, Record):
            for end in self.scope.world.model.relations[self.before.relation].ends:
                if self.before.ends[end.role] != self.after.ends[end.role]:
                    yield end.name
        elif (
            isinstance(self.before, tuple)
            and isinstance(self.after, tuple)
            and self.before[1].name != self.after[1].name
        ):
            yield "name"

    def passes(self, where: Arguments) -> bool:
        things = [one for one in (self.before, self.after) if one is not None]
        listed = [*(where.get("kinds") or ()), *(where.get("relations") or ())]
        where = {name: [*map(key_of, asked)] if name in KEYS else asked for name, asked in where.items()}
        tests: dict[str, Callable[[list[str]], bool]] = {
            "keys": lambda keys: self.key in keys,
            "what": lambda sorts: self.what in sorts,
            "citedFrom": lambda keys: any(one.source in keys for thing in things for one in _said(thing).citations),
            "touching": lambda keys: any(
                set(thing.ends.values() if isinstance(thing, Record) else [self.key]) & set(keys) for thing in things
            ),
        }
        called = {self.table.name, *(self.table.supers if isinstance(self.table, Kind) else ())}
        named = bool(called & {*listed}) if {"kinds", "relations"} & set(where) else True
        return named and all(test(where[name]) for name, test in tests.items() if name in where)


def changes(scope: Scope, since: int, until: int, where: Arguments) -> list[ChangeView]:
    """In the order of loads, kinds before relations; in a table by key and by ``from``."""
    found = []
    for number in range(since + 1, until + 1):
        was, now = (_things(scope.ledger.worlds[load]) for load in (number - 1, number))
        views = [
            ChangeView(number, key, was.get((table, key, start)), now.get((table, key, start)), scope)
            for table, key, start in sorted(was.keys() | now.keys())
            if _content(was.get((table, key, start))) != _content(now.get((table, key, start)))
        ]
        views.sort(key=lambda view: (isinstance(view.table, Relation), view.table.number))
        found += [view for view in views if view.passes(where)]
    return found


def _things(world: World) -> dict[tuple[str, str, str], Thing]:
    states: dict[tuple[str, str, str], Thing] = {
        (x.kind, x.key, state.said.cells.since or ""): (x, state) for x in world.entities.values() for state in x.states
    }
    return states | {(one.relation, one.key, ""): one for one in world.records.values()}


def _content(thing: Thing | None) -> object:
    if thing is None:
        return None
    return (thing.ends, thing.said) if isinstance(thing, Record) else (thing[1].name, thing[1].said)


def _said(thing: Thing | None) -> Statement:
    assert thing is not None
    return thing.said if isinstance(thing, Record) else thing[1].said


@dataclass(frozen=True)
class ChangeEdgeView:
    node: ChangeView

    def field(self, name: str, _: Arguments) -> Any:
        return getattr(self, name)


@dataclass(frozen=True)
class FeedView:
    """All of a feed, on one page."""

    scope: Scope
    args: Arguments

    def field(self, name: str, _: Arguments) -> Any:
        until = self.args.get("until")
        views = changes(
            self.scope,
            self.args["since"],
            len(self.scope.ledger.loads) if until is None else until,
            self.args.get("where") or {},
        )
        match name:
            case "totalCount":
                return len(views)
            case "nodes":
                return views
            case "edges":
                return [ChangeEdgeView(one) for one in views]
            case "pageInfo":
                return PageInfoView(before=False, after=False)
        raise KeyError(name)
