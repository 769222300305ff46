"""Groups of a list: section 4 of the semantics. In: the rows of a list, what they are grouped by. Out: views.

Printed is what the printed states say; the bounds are those of filters that ask for a group's key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any

from orggraph.model.model import Field
from orggraph.model.parts import Part, any_record_parts, kind_parts, record_parts
from orggraph.model.values import Value
from tests.oracle import order
from tests.oracle.keys import Keyed, led_to, node_pair, printed_value
from tests.oracle.order import By, Key, ordered
from tests.oracle.parts import Arguments, term, value_view
from tests.oracle.scope import Scope
from tests.oracle.truth import Pair, both, may_show
from tests.oracle.world import ENTITY, State

Row = Any
"""An ``EdgeView``: its node is an entity's view or a record's."""


def groups_of(scope: Scope, rows: Sequence[Row], listed: str, args: Arguments) -> list[GroupView]:
    """The groups of a list, in order. ``listed``: the kind or the relation of what it has; "" for any record."""
    parts = [_parts(scope, listed)[name] for name in dict.fromkeys(args["by"])]
    where = args.get("where", {})
    passing = [replace(row, where={"and": [row.where, where]}) for row in rows]
    grouping = Grouping(scope, [row for row in passing if row.pair.possible], parts)
    found = [GroupView(grouping, key) for key in grouping.keys(args["empty"])]
    having = args.get("having", {})
    found = [one for one in found if all(one.keeps(word, asked) for word, asked in having.items())]
    by_key: list[By] = [{"key": {part.name: "ASC"}} for part in parts]
    for by in reversed([*(args.get("orderBy") or ()), *by_key]):
        found = ordered(found, [{"": _way(by)}], lambda one, _, by=by: one.by(by))  # type: ignore[misc]  # binds by
    return found if args.get("first") is None else found[: args["first"]]


def _way(by: By | str) -> str:
    """The direction of an order; that by a share has it beside its filter."""
    return by if isinstance(by, str) else by["order"] if "order" in by else _way(order.only(by)[1])


def _parts(scope: Scope, listed: str) -> Mapping[str, Part]:
    model = scope.world.model
    if listed == ENTITY:
        found = [one for one in kind_parts(model, model.kinds["Source"], 0) if isinstance(one.value, str)]
    elif listed in model.kinds:
        found = [*kind_parts(model, model.kinds[listed])]
    else:
        found = [*(record_parts(model, model.relations[listed]) if listed else any_record_parts())]
    return {part.name: part for part in found}


# ---------------------------------------------------------------- groups


@dataclass(frozen=True)
class Grouping:
    """``rows``: all that possibly are in the list."""

    scope: Scope
    rows: Sequence[Row]
    parts: Sequence[Part]

    @cached_property
    def listed(self) -> list[tuple[Row, Keyed]]:
        """The rows that the scope lists, with the keys that are printed of them."""
        return [(row, self.printed(row.node)) for row in self.rows if row.pair.at(self.scope.certain)]

    def printed(self, node: Any, state: State | None = None) -> Keyed:
        return tuple(printed_value(part, node, state) for part in self.parts)

    def keys(self, empty: bool) -> list[Keyed]:
        """The keys that are printed, those that only may be, and, if wanted, one for each term."""
        if not self.parts:
            return [()]
        found = [key for _, key in self.listed]
        if not self.scope.certain:
            found += [key for row, _ in self.listed for key in self.possible(row.node)]
        return [*dict.fromkeys(found + (self.of_terms(found) if empty else []))]

    def possible(self, node: Any) -> Iterator[Keyed]:
        """The keys of an entity's other states."""
        if hasattr(node, "x"):
            yield from (self.printed(node, state) for state in may_show(node.x, node.scope.n))

    def of_terms(self, found: list[Keyed]) -> list[Keyed]:
        """Every term of the code lists that are grouped by, beside whatever else occurs."""
        lists = [_codes(self.scope, part) for part in self.parts]
        if not any(lists):
            return []
        others = {tuple(value for value, codes in zip(key, lists, strict=True) if not codes) for key in found}
        others = others if not all(lists) else {()}
        made = []
        for other in others:
            rest = iter(other)
            made += list(product(*[codes or [next(rest)] for codes in lists]))
        return made


def _codes(scope: Scope, part: Part) -> list[str]:
    if isinstance(part.value, Field) and part.value.type is Value.TERM:
        return [*scope.world.model.terms[str(part.value.terms)].terms]
    return []


@dataclass(frozen=True)
class GroupView:
    grouping: Grouping
    key: Keyed

    @cached_property
    def rows(self) -> list[Row]:
        """Those that are printed with the key."""
        return [row for row, key in self.grouping.listed if key == self.key]

    def field(self, name: str, args: Arguments) -> Any:
        match name:
            case "key":
                return KeyView(self)
            case "nodes":
                return [row.node for row in self.rows[: args["first"]]]
            case "count" | "nodeCount":
                return self.count(name, args)
            case "share":
                return _plain(self.share(args.get("where")))
        return FiguresView(self, name)

    def count(self, name: str, args: Arguments) -> int:
        where, certainty = args.get("where", {}), args.get("certainty")
        certain = self.grouping.scope.certain
        rows = [row for row in self.rows if row.test(where).at(certain)]
        if certainty is not None:
            certain = certainty == "CERTAIN"
            rows = [row for row in self.grouping.rows if self.belongs(row, where).at(certain)]
        return len(rows) if name == "count" else len({row.node.key for row in rows})

    def belongs(self, row: Row, where: Arguments) -> Pair:
        """That a row is in the list, has the key and passes."""
        keyed = node_pair(self.grouping.scope, row.node, self.grouping.parts, self.key)
        return both([row.pair, keyed, row.test(where)])

    def share(self, where: Arguments | None) -> Fraction | None:
        if where is None:
            return rounded(len(self.rows), len(self.grouping.listed))
        return rounded(self.count("count", {"where": where}), len(self.rows))

    def figure(self, word: str, name: str) -> Fraction | None:
        """A number that the rows have, reckoned together."""
        values = [value for row in self.rows if (value := row.node.field(name, {})) is not None]
        if word == "sum":
            return Fraction(sum(values))
        if not values:
            return None
        return rounded(sum(values), len(values)) if word == "avg" else Fraction({"min": min, "max": max}[word](values))

    def keeps(self, word: str, asked: Arguments) -> bool:
        if word in ("sum", "avg", "min", "max"):
            return all(_within(self.figure(word, name), bounds) for name, bounds in asked.items())
        bounds = {name: value for name, value in asked.items() if name not in ("where", "certainty")}
        number = self.share(asked.get("where")) if word == "share" else self.count(word, asked)
        return _within(number, bounds)

    def by(self, by: By) -> Key:
        name, below = order.only(by)
        match name:
            case "count" | "nodeCount":
                return self.count(name, {})
            case "share":
                return self.share(below.get("where"))
            case "key":
                return self.key_of(order.only(below)[0])
        return self.figure(name, order.only(below)[0])

    def key_of(self, name: str) -> Key:
        """What a part of the key is ordered by."""
        place = next(i for i, part in enumerate(self.grouping.parts) if part.name == name)
        part, value = self.grouping.parts[place], self.key[place]
        if value is None or part.unit or part.value in ("node", "kind", "relation", "synthetic"):
            return value
        if isinstance(part.value, Field):
            return order.of_field(self.grouping.scope.world.model, part.value, value)
        return order.of_text(value)


def _within(number: Fraction | int | None, bounds: Arguments) -> bool:
    if number is None:
        return not bounds
    tests: dict[str, Callable[[Any, Any], bool]] = {
        "eq": lambda a, b: a == b,
        "gt": lambda a, b: a > b,
        "gte": lambda a, b: a >= b,
        "lt": lambda a, b: a < b,
        "lte": lambda a, b: a <= b,
    }
    return all(tests[word](number, Fraction(str(bound))) for word, bound in bounds.items())


def rounded(part: int, whole: int) -> Fraction | None:
    """A quotient to four decimals, halves away from zero."""
    if not whole:
        return None
    parts, rest = divmod(abs(part) * 10_000, whole)
    return Fraction((parts + (2 * rest >= whole)) * (-1 if part < 0 else 1), 10_000)


def _plain(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


@dataclass(frozen=True)
class FiguresView:
    group: GroupView
    word: str

    def field(self, name: str, _: Arguments) -> Any:
        number = self.group.figure(self.word, name)
        return int(number) if number is not None and self.word != "avg" else _plain(number)


@dataclass(frozen=True)
class KeyView:
    group: GroupView

    def field(self, name: str, _: Arguments) -> Any:
        grouping = self.group.grouping
        place = next(i for i, part in enumerate(grouping.parts) if part.name == name)
        part, value, world = grouping.parts[place], self.group.key[place], grouping.scope.world
        if value is None or part.unit:
            return value
        match part.value:
            case "node":
                return self.entity(part, place)
            case "kind":
                return term(world.model.kinds[value])
            case "relation":
                return term(world.model.relations[value])
            case Field() as field:
                return value_view(world, field, value)
        return value

    def entity(self, part: Part, place: int) -> Any:
        """The entity, in the scope of the list; some row leads there, maybe of another group."""
        listed, value = self.group.grouping.listed, self.group.key[place]
        view = next(row.node for row, key in listed if key[place] == value)
        for step in part.steps:
            view = led_to(view, step)
        return replace(view, scope=self.group.grouping.scope)
