"""The thing that a filter is on, and where the row is that has what is tested. In: a name. Out: the SQL of its column."""

from __future__ import annotations

from dataclasses import dataclass

from orggraph.model.model import Field
from orggraph.stores.sqlite.rows import Record, Spot


@dataclass(frozen=True)
class Hand:
    """The thing that a filter is on: an entity (and one state's alias, once its kind is known), the record hopped over."""

    spot: Spot | None = None
    state: str = ""
    record: Record | None = None


def numbers_of(record: Record) -> str:
    """A record's four numbers and four cells."""
    r = record.alias
    return f"{r}.f0,{r}.f1,{r}.u0,{r}.u1,{r}.w_from,{r}.w_until,{r}.w_through,{r}.w_attested"


def owner(field: Field | str, hand: Hand) -> str:
    """The alias of the row that has a field: the state, or the record where there is no entity at hand."""
    if hand.state:
        return hand.state
    assert hand.record is not None, field
    return hand.record.alias


def column(field: Field | str, hand: Hand) -> str:
    match field:
        case Field(name=name):
            return f'{owner(field, hand)}."_{name}"'
        case "key" if hand.spot:
            return f"(SELECT key FROM entity WHERE e={hand.spot.entity})"
        case "key":
            assert hand.record is not None
            return f"(SELECT key FROM record WHERE r={hand.record.alias}.r)"
        case "synthetic":
            return f"{owner(field, hand)}.syn"
        case "relation":
            return f"{owner(field, hand)}.t"
    return f"{owner(field, hand)}.{field}"
