"""The price of ``groups``: rows looked at once for all groups, and again for each where one look does not tell.

In: the field as asked, the list that it is of. Out: figures. How many groups there will be is guessed from what they are by:
terms of a code list, entities of a kind; else as many as there are rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from msgspec import Struct

from orggraph.graphql.figures import Figures, together
from orggraph.graphql.grouping import NODES, grouped_type
from orggraph.graphql.merging import Asked
from orggraph.graphql.price_tests import STATE, Tests, Thing, length, listed, narrowed
from orggraph.graphql.vocabulary import One, Vocabulary
from orggraph.model import names
from orggraph.model.model import End, Field
from orggraph.model.parts import Part
from orggraph.plan.filters import Source
from orggraph.settings import Bounds

BUCKETS = 40.0
"""Years, quarters or months that a list lies in: a guess."""


class Asking(Protocol):
    """What prices an operation (price.py)."""

    @property
    def words(self) -> Vocabulary: ...

    @property
    def tests(self) -> Tests: ...

    @property
    def bounds(self) -> Bounds: ...

    def argument(self, asked: Asked, name: str, page: bool = False) -> Any: ...

    def collect(self, asked: Asked, type_: str) -> list[Asked]: ...

    def each_node(self, source: Source, below: tuple[Any, ...], hops: int) -> Figures: ...

    def kinds(self, kinds: Iterable[str], below: tuple[Any, ...], hops: int) -> Figures: ...


class Groups(Struct, frozen=True):
    """What is known of the groups of one list: ``rows`` in it, ``number`` of groups, ``look``: at one row and its key."""

    asking: Asking
    source: Source
    hops: int
    rows: float
    number: float
    look: Figures

    def all_rows(self, where: Any) -> Figures:
        """A filter on every row."""
        tests = self.asking.tests
        passes = tests.passes(where, tests.far(self.source, self.hops), self.hops)
        return Figures(self.rows * passes.rows, passes.size, passes.height)

    def again(self, where: Any) -> Figures:
        """All rows, looked at again for every group."""
        each = together((self.look.times(2.0), self.all_rows(where)))
        return Figures(self.number * (self.rows * (1.0 + each.rows)), each.size, each.height)

    def counted(self, asked: Any) -> Figures:
        """A count or a share, as it is asked in ``having`` or ``orderBy``."""
        if not isinstance(asked, dict):
            return Figures(0.0, 1.0)
        return self.again(asked.get("where")) if asked.get("certainty") else self.all_rows(asked.get("where"))


def groups(asking: Asking, asked: Asked, source: Source, hops: int, link: float) -> Figures:
    """All of a field ``groups``; ``link``: parts in which the rows of the list are written, with its filter."""
    prefix, parts, _ = grouped_type(asking.words, source)
    by = [parts[name] for name in listed(asking.argument(asked, "by")) if isinstance(name, str) and name in parts]
    rows = asking.tests.fan_out(source)
    look = together(_part(asking, part, source, hops) for part in by).above(1.0, link)
    found = Groups(asking, source, hops, rows, _number(asking, by, rows, asked), look)
    told = [_member(found, one, parts) for one in asking.collect(asked, names.group_type(prefix))]
    having, orders = asking.argument(asked, "having"), asking.argument(asked, "orderBy")
    told += [found.counted(one) for one in (having.values() if isinstance(having, dict) else ())]
    told += [found.counted(one) for each in listed(orders) if isinstance(each, dict) for one in each.values()]
    told.append(found.all_rows(asking.argument(asked, "where")))
    ordered = Figures(found.number, 3.0 * len(by))
    scanned = Figures(rows * (1.0 + look.rows), look.size * (2.0 + len(by) / 4), look.height)
    return together((*told, ordered, scanned)).above(1.0, 6.0)


def _number(asking: Asking, by: list[Part], rows: float, asked: Asked) -> float:
    """Groups, at most."""
    number = 1.0
    for part in by:
        number *= _values(asking, part, rows)
    if not asking.argument(asked, "empty"):
        number = min(number, rows)
    first = asking.argument(asked, "first", page=True)
    bounds = [number, float(asking.bounds.list_rows), first if isinstance(first, int) and first >= 0 else number]
    return max(1.0, min(bounds))


def _values(asking: Asking, part: Part, rows: float) -> float:
    """Different values of a part, with none."""
    if part.unit:
        return BUCKETS
    match part.value:
        case Field(terms=str() as terms):
            return 1.0 + len(asking.words.model.terms[terms].terms)
        case "kind" | "relation" | "synthetic":
            return float(len(asking.words.model.kinds) + len(asking.words.model.relations))
        case "node":
            kinds = asking.words.described[part.kind].concrete
            return 1.0 + float(sum(map(asking.tests.store.count, kinds)))
    return rows


def _part(asking: Asking, part: Part, source: Source, hops: int) -> Figures:
    """A part of the key, for one row."""
    tests = asking.tests
    thing = tests.far(source, hops)
    rows, size = 0.0, 2.0
    for step in part.steps:
        if isinstance(step, End):
            thing = Thing(step.kind, step.kinds, "", narrowed(hops))
            rows, size = rows + 1.0, size + 1.0
        elif isinstance(thing, Thing):
            meaning = asking.words.kinds.get(thing.kind, {}).get(step.singular or "")
            if isinstance(meaning, One):
                size += 4.0 + 2 * tests.link(meaning.source, thing.kinds, thing.hops)
                rows += 3.0
                far = tests.far(meaning.source, thing.hops)
                thing = far if isinstance(far, Thing) else thing
    if isinstance(thing, Thing) and part.value not in ("node", "kind"):
        rows, size = rows + 1.0, size + STATE * len(thing.kinds) * length(thing.hops)
    return Figures(rows, size, 1 + len(part.steps))


def _member(found: Groups, asked: Asked, parts: Any) -> Figures:
    """What is printed of each group."""
    asking = found.asking
    match asked.name:
        case "key":
            prefix, _, _ = grouped_type(asking.words, found.source)
            return together(_key(found, one, parts) for one in asking.collect(asked, names.group_key(prefix)))
        case "count" | "share" | "nodeCount":
            where = asking.argument(asked, "where")
            sure = asking.argument(asked, "certainty") is not None
            return found.again(where) if sure else together((found.all_rows(where), Figures(0.0, 3.0)))
        case "nodes":
            first = asking.argument(asked, "first", page=True)
            each = first if isinstance(first, int) and first >= 0 else NODES
            printed = asking.each_node(found.source, asked.below, found.hops)
            shown = Figures(min(each, found.rows) * found.number * printed.rows, printed.size, printed.height)
            return together((found.again(None), shown))
    return Figures(0.0, 6.0 * max(1, len(asked.below)))


def _key(found: Groups, asked: Asked, parts: Any) -> Figures:
    part = parts.get(asked.name)
    if not isinstance(part, Part) or part.value != "node":
        return Figures(found.number, 3.0)
    printed = found.asking.kinds(found.asking.words.described[part.kind].concrete, asked.below, found.hops)
    return printed.times(found.number)
