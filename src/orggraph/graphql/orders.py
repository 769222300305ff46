"""``orderBy`` → the plan's orders. In: an Input and what is ordered. Out: orders, and the words that a cursor is marked by."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec import Struct

from orggraph.graphql.inputs import Dropped, Input, fields, items, known, refused
from orggraph.graphql.vocabulary import Many, One, Vocabulary
from orggraph.model.model import Field, Relation
from orggraph.plan.filters import AllOf, Along, AnyRecords, Climb, Hanging, Over, RecordsOf, Source
from orggraph.plan.order import By, ByCount, ByDays, ByEnd, ByLinkCount, ByOne, ByRecord, ByRecordEnd, ByValue, Order


class Ordered(Struct, frozen=True):
    """One order as it was asked: what by, which way, and its words, as ``street.name ASC``."""

    by: By
    direction: str
    words: str


Asked = Callable[[str, Input], Ordered | None]
"""Reads the order that a name asks for; None if a variable that is not given drops it."""


def orders(words: Vocabulary, source: Source, value: Input) -> tuple[tuple[Order, ...], str]:
    """The orders of a list of what a source leads to, and their words."""
    asked = _asked(words, source)
    found = [one for given in items(value) if (one := _only(given, asked)) is not None]
    return tuple(Order(one.by, one.direction == "DESC") for one in found), ",".join(one.words for one in found)


def latest_first(value: Input) -> bool:
    """Whether the latest day is to come first, where a list is ordered by nothing but its days."""
    found = [one for given in items(value) if (one := _only(given, _end)) is not None]
    return bool(found) and found[0].direction == "DESC"


def _only(given: Input, asked: Asked) -> Ordered | None:
    """The one key of an object, read."""
    if isinstance(given, Dropped):
        return None
    keys = fields(given)
    if len(keys) != 1:
        wanted = "one key in each object, as orderBy: [{name: ASC}, {key: DESC}]"
        raise refused(given, f"orderBy: has {len(keys)} keys in one object; write {wanted}")
    ((name, value),) = keys.items()
    return None if isinstance(value, Dropped) else asked(name, value)


def _asked(words: Vocabulary, source: Source) -> Asked:
    match source:
        case RecordsOf(relation):
            return _record(words, relation)
        case AnyRecords():
            return _record(words, words.any)
        case AllOf():
            return _entity(words, source.kind)
        case Over(hop, records=True):
            return _record(words, words.model.relations[hop.relation])
        case Over(hop):
            return _far(words, hop.far, _record(words, words.model.relations[hop.relation]))
        case Along(link, grouped=True):
            return _far(words, link.far, _link)
        case Along(link) | Climb(link):
            return _entity(words, link.far)


def _far(words: Vocabulary, kind: str, record: Asked) -> Asked:
    """The order of far ends, and of what was hopped over."""
    entity = _entity(words, kind)

    def asked(name: str, value: Input) -> Ordered | None:
        return _inside(name, value, record, ByRecord) if name == "record" else entity(name, value)

    return asked


def _entity(words: Vocabulary, kind: str) -> Asked:
    def asked(name: str, value: Input) -> Ordered | None:
        match name:
            case "key" | "name" | "synthetic":
                return _by(name, ByValue(name), value)
            case "valid":
                return _inside(name, value, _end)
        match words.kinds[kind][name]:
            case Field() as field:
                return _by(name, ByValue(field), value)
            case One(source):
                far = source.hop.far if isinstance(source, Over) else source.link.far
                return _inside(name, value, _entity(words, far), partial(ByOne, source))
            case Many(source):
                return _inside(name, value, lambda one, way: _by(one, _measured(source, one), way))

    return asked


def _measured(source: Hanging, name: str) -> By:
    if name in ("days", "gap"):
        return ByDays(source, name == "gap")
    return ByCount(source, name == "nodeCount")


def _record(words: Vocabulary, relation: Relation) -> Asked:
    def asked(name: str, value: Input) -> Ordered | None:
        match name:
            case "key" | "synthetic":
                return _by(name, ByValue(name), value)
            case "valid":
                return _inside(name, value, _end)
        for end in relation.ends:
            if end.name == name:
                return _inside(name, value, _entity(words, end.kind), partial(ByRecordEnd, relation, end.role))
        return _by(name, ByValue(next(field for field in relation.fields if field.name == name)), value)

    return asked


def _link(name: str, value: Input) -> Ordered:
    """A grouped link is ordered by its ``count``."""
    return _by(name, ByLinkCount(), value)


def _end(name: str, value: Input) -> Ordered:
    return _by(name, ByEnd(name), value)


def _by(name: str, by: By, value: Input) -> Ordered:
    direction = str(known(value))
    return Ordered(by, direction, f"{name} {direction}")


def _inside(name: str, value: Input, asked: Asked, wrapped: Callable[[By], By] = lambda by: by) -> Ordered | None:
    inner = _only(value, asked)
    return inner and Ordered(wrapped(inner.by), inner.direction, f"{name}.{inner.words}")
