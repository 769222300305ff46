"""Connections: which rows a list has, in which order, which page of them is printed. In: rows. Out: views.

Section 4 of the semantics; order and pages by the API's rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from tests.oracle import stretches
from tests.oracle.groups import groups_of
from tests.oracle.order import By, Key, only, ordered
from tests.oracle.parts import Arguments, LoadView, ValidView
from tests.oracle.scope import Scope
from tests.oracle.spans import Span
from tests.oracle.stretches import StretchView
from tests.oracle.truth import Pair, Window, both

Item = TypeVar("Item")


class View(Protocol):
    """What prints the fields of one object."""

    def field(self, name: str, args: Arguments) -> Any: ...


class Node(View, Protocol):
    """An entity or a record in a scope."""

    @property
    def key(self) -> str: ...

    @property
    def span(self) -> Span:
        """Its dates."""

    def by(self, by: By) -> Key:
        """What it is ordered by."""


@dataclass(frozen=True)
class PageInfoView:
    before: bool
    after: bool

    def field(self, name: str, _: Arguments) -> Any:
        return {"hasPreviousPage": self.before, "hasNextPage": self.after}[name]


@dataclass(frozen=True)
class Page(Generic[Item]):
    """The first or the last so many of a list."""

    items: list[Item]
    info: PageInfoView


def page(items: Sequence[Item], args: Arguments) -> Page[Item]:
    first, last = args.get("first"), args.get("last")
    if last is not None:
        cut = max(len(items) - last, 0)
        return Page([*items[cut:]], PageInfoView(cut > 0, after=False))
    kept = len(items) if first is None else min(first, len(items))
    return Page([*items[:kept]], PageInfoView(before=False, after=kept < len(items)))


Test = Callable[[Arguments], Pair]
"""Whether a row passes a filter, as it would in the list's own ``where``."""


@dataclass(frozen=True)
class EdgeView:
    """``holds``: how sure it is that there is such a row, ``test``: whether it passes a filter, ``where``: the list's;
    ``inner``: the scope of what stands below it."""

    holds: Pair
    test: Test
    where: Arguments
    inner: Scope
    node: Node
    record: View | None = None

    @cached_property
    def pair(self) -> Pair:
        """How sure it is that the row belongs in its list."""
        return self.passing({})

    def passing(self, where: Arguments) -> Pair:
        """The same, if the list's filter had one more condition."""
        return both([self.holds, self.test({"and": [self.where, where]} if where else self.where)])

    def field(self, name: str, _: Arguments) -> Any:
        n = self.inner.n
        match name:
            case "certainty":
                return certainty(self.pair)
            case "valid":
                return ValidView(Span(n.a0, n.a1, n.b0, n.b1))
            case _:
                return getattr(self, name)

    def by(self, by: By) -> Key:
        """What it is ordered by: what the record hopped over has, or what its node has."""
        if "record" in by:
            record: Any = self.record
            return record.by(by["record"])
        return self.node.by(by)


def certainty(pair: Pair) -> str:
    return "CERTAIN" if pair.certain else "POSSIBLE"


@dataclass(frozen=True)
class ConnectionView:
    """All possible rows in order; printed are those that the scope lists, a page of them."""

    scope: Scope
    rows: Sequence[EdgeView]
    args: Arguments
    listed_of: str

    @property
    def certain(self) -> bool:
        return self.scope.certain

    @property
    def n(self) -> Window:
        return self.scope.n

    def field(self, name: str, args: Arguments) -> Any:
        match name:
            case "edges":
                return self.page.items
            case "nodes":
                return [row.node for row in self.page.items]
            case "pageInfo":
                return self.page.info
            case "days":
                return stretches.printed(stretches.days(self.held, self.n, self.certain))
            case "spells":
                return [StretchView(one) for one in stretches.union(self.held, self.n, self.certain)]
            case "gaps":
                return [StretchView(one) for one in stretches.gaps(self.held, self.n, self.certain)]
            case "groups":
                return groups_of(self.scope, self.rows, self.listed_of, args)
        rows = self.listed({"CERTAIN": True, "POSSIBLE": False, None: self.certain}[args.get("certainty")])
        return {"totalCount": len(rows), "nodeCount": len({row.node.key for row in rows})}[name]

    def by(self, by: By) -> Key:
        """What orders read of a list."""
        match only(by)[0]:
            case "days":
                return stretches.days(self.held, self.n, self.certain)
            case "gap":
                return stretches.gap(self.held, self.n, self.certain)
            case count:
                return self.field({"count": "totalCount", "nodeCount": "nodeCount"}[count], {})

    @property
    def held(self) -> list[stretches.Held]:
        """The records that the list is of."""
        return [(row.pair, row.node.span) for row in self.rows]

    def listed(self, certain: bool) -> list[EdgeView]:
        return [row for row in self.rows if row.pair.at(certain)]

    @property
    def page(self) -> Page[EdgeView]:
        return page(self.listed(self.certain), self.args)


def connection(scope: Scope, args: Arguments, rows: Iterable[EdgeView], listed: str) -> ConnectionView:
    """``rows`` in the list's own order; ``args``: the field's, of which the order and the page are read here; ``listed``: the
    kind or the relation of what the list has, "" for records of any."""
    return ConnectionView(scope, ordered([*rows], args.get("orderBy") or (), EdgeView.by), args, listed)


@dataclass(frozen=True)
class PlainEdgeView:
    node: View

    def field(self, name: str, _: Arguments) -> Any:
        return getattr(self, name)


@dataclass(frozen=True)
class PlainConnectionView:
    """A list of what no day decides: loads, states of a history."""

    items: Sequence[View]
    args: Arguments

    def field(self, name: str, _: Arguments) -> Any:
        shown = page(self.items, self.args)
        match name:
            case "edges":
                return [PlainEdgeView(one) for one in shown.items]
            case "nodes":
                return shown.items
            case "pageInfo":
                return shown.info
            case "totalCount":
                return len(self.items)
        raise KeyError(name)


def loads(scope: Scope, args: Arguments) -> PlainConnectionView:
    return PlainConnectionView([LoadView(load) for load in scope.ledger.loads], args)
