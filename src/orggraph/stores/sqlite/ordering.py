"""A plan's orders as SQL keys: of the entity at hand, of its record, of what they lead to. In: ``Order`` and the row. Out:
``Key``s, which read what is printed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Self, assert_never

from msgspec import Struct
from msgspec.structs import replace

from orggraph.model.model import Field
from orggraph.model.values import Value as FieldType
from orggraph.plan import nodes as plan
from orggraph.plan.order import By, ByCount, ByDays, ByEnd, ByLinkCount, ByOne, ByRecord, ByRecordEnd, ByValue, Order
from orggraph.stores.sqlite.paging import Key
from orggraph.stores.sqlite.printing import Things
from orggraph.stores.sqlite.rows import Record, Rows, Spot, by_kind, record_of
from orggraph.stores.sqlite.shown import Shown
from orggraph.stores.sqlite.stretches import ENDLESS, Stretches
from orggraph.stores.sqlite.writing import conjunction, quote


class Found(Struct, frozen=True):
    """Rows ready to be printed: tables with the far end's state joined, all conditions, the far end (or the record) as
    shown, and the keys of their order: what is asked and the far end's key, then what tells links to one far end apart.
    ``lone``: there is at most one row."""

    rows: Rows
    tables: str
    conditions: tuple[str, ...]
    node: Shown
    keys: tuple[Key, ...]
    ties: tuple[Key, ...] = ()
    lone: bool = False


class Ordered(Struct, frozen=True):
    """What is ordered: an entity (``state``: the alias of its printed state, where it is joined) and the record that
    leads to it, or a record by itself (``ends``: role and alias of the printed state of who stands there, where it is joined)."""

    spot: Spot | None = None
    state: str = ""
    record: Record | None = None
    key: str = ""
    ends: tuple[tuple[str, str], ...] = ()


class Ordering(Things, ABC):
    """Writes keys in one scope."""

    @abstractmethod
    def found_one(self, source: plan.Leading, spot: Spot) -> tuple[Found, str]:
        """The rows of a to-one, and the order whose first is printed (listing.py)."""

    def keys(self, order: Order, thing: Ordered) -> list[Key]:
        return [Key(sql, order.descending, _may_miss(order.by)) for sql in self.values(order.by, thing)]

    def values(self, by: By, thing: Ordered) -> list[str]:
        """What an order reads, as SQL; some have two parts."""
        match by:
            case ByValue("key"):
                return [thing.key or self.key(Shown(thing.spot, record=thing.record))]
            case ByValue() | ByEnd():
                return [_placed(by, self.column(column, thing)) for column in _columns(by, thing)]
            case ByCount(source, nodes):
                assert thing.spot is not None
                far, links = self.conditions.far_links(source, thing.spot, plan.ANYTHING, self.certain)
                return [f"(SELECT count({f'DISTINCT {far}' if nodes else '*'}) FROM {links})"]
            case ByDays(source, gap):
                stretches = Stretches(self.conditions, source, thing.spot, plan.ANYTHING)
                return [stretches.gap(self.certain) if gap else stretches.days(self.certain, str(ENDLESS))]
            case ByOne(source, inner):
                return self.of_one(source, inner, thing)
            case ByLinkCount():
                assert thing.record is not None
                return [f"{thing.record.alias}.{'lo' if self.certain else 'hi'}"]
            case ByRecord(inner):
                return self.values(inner, Ordered(record=thing.record))
            case ByRecordEnd(relation, role, inner):
                assert thing.record is not None
                return self.of_end(Spot(thing.record.end(role), relation.end(role).kinds, thing.record), inner)
            case _:
                assert_never(by)

    def of_one(self, source: plan.Leading, by: By, thing: Ordered) -> list[str]:
        """What the printed far end of a to-one has."""
        return self.read_of_one(source, thing, lambda below, far: below.values(by, far))

    def read_of_one(
        self, source: plan.Leading, thing: Ordered, read: Callable[[Self, Ordered], list[str]]
    ) -> list[str]:
        """What is read of the printed far end of a to-one, in the window that leads there."""
        assert thing.spot is not None
        found, order = self.found_one(source, thing.spot)
        record = record_of(found.rows)
        far = Ordered(found.node.spot, found.node.state, record, found.node.key)
        where = conjunction(found.conditions)
        return [
            f"(SELECT {value} FROM {found.tables} WHERE {where}{order} LIMIT 1)"
            for value in read(self.below(found.rows), far)
        ]

    def of_end(self, spot: Spot, by: By) -> list[str]:
        """What the entity at an end of a record has, if it is there."""
        there = self.conditions.there(spot, self.certain)
        return [f"iif({there},{value},NULL)" for value in self.values(by, Ordered(spot))]

    def column(self, column: str, thing: Ordered) -> str:
        """A column of the row that has a thing's fields."""
        if thing.state or thing.spot is None:
            assert thing.state or thing.record is not None
            return f"{thing.state or (thing.record.alias if thing.record else '')}.{column}"
        each = {kind: self.of_state(kind, column, thing.spot) for kind in thing.spot.kinds}
        return by_kind(self.names, thing.spot, each, "NULL")

    def of_state(self, kind: str, column: str, spot: Spot) -> str:
        s = self.writer.alias("s")
        printed = conjunction(self.state_printed(s, replace(spot, kinds=(kind,))))
        return f'(SELECT {s}.{column} FROM "k_{kind}" {s} WHERE {printed})'


def _placed(by: ByValue | ByEnd, column: str) -> str:
    """A term is ordered by its place in its code list."""
    if isinstance(by, ByValue) and isinstance(by.field, Field) and by.field.type is FieldType.TERM:
        return f"(SELECT place FROM term WHERE l={quote(by.field.terms or '')} AND code={column})"
    return column


def _columns(by: ByValue | ByEnd, thing: Ordered) -> tuple[str, ...]:
    match by:
        case ByEnd("from"):
            return ("g0", "g1") if thing.spot is not None else ("f0", "f1")
        case ByEnd():
            return ("v0", "v1") if thing.spot is not None else ("u0", "u1")
        case ByValue(Field() as field):
            suffixes = {FieldType.DATE: ("__0", "__1"), FieldType.STRING: ("__s",)}.get(field.type, ("",))
            return tuple(f'"_{field.name}{suffix}"' for suffix in suffixes)
        case ByValue(name):
            return ({"name": "name__s", "synthetic": "syn"}[str(name)],)


def _may_miss(by: By) -> bool:
    """Whether there may be nothing to order by."""
    match by:
        case ByValue(field):
            return isinstance(field, Field)
        case ByEnd() | ByCount() | ByLinkCount() | ByDays():
            return False
        case ByRecord(inner):
            return _may_miss(inner)
    return True
