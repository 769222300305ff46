"""A value against another, as SQL, at one certainty. In: a comparison of a plan and the thing at hand. Out: a condition, null where
the thing has no value.
"""

from __future__ import annotations

from msgspec import Struct

from orggraph.model.model import Field
from orggraph.model.values import Value as FieldType
from orggraph.plan.filters import Op
from orggraph.plan.scope import Value
from orggraph.stores.sqlite.rows import Record, Spot
from orggraph.stores.sqlite.writing import Writer, quote

SYMBOLS = {Op.EQ: "=", Op.GT: ">", Op.GTE: ">=", Op.LT: "<", Op.LTE: "<="}


class Turn(Struct, frozen=True):
    """That somebody takes (or leaves) what a record says: its earliest and latest day as SQL, and SQL that says it is certain."""

    takes: bool
    earliest: str
    latest: str
    certain: str

    @property
    def word(self) -> str:
        return "TAKES" if self.takes else "LEAVES"


class Hand(Struct, frozen=True):
    """The thing that a filter is on: an entity (and one state's alias, once its kind is known), the record hopped over, its
    turn."""

    spot: Spot | None = None
    state: str = ""
    record: Record | None = None
    turn: Turn | None = None


def as_precise(field: Field | str, precision: str, hand: Hand) -> str:
    """That a date is known so exactly; a field that is missing is not known at all."""
    if isinstance(field, Field):
        length = {"DAY": 10, "MONTH": 7, "YEAR": 4}.get(precision, 0)
        return f"coalesce(length({column(field, hand)}),-1)={length}"
    assert hand.record is not None
    return f"valid_end('{field}','precision',{numbers_of(hand.record)})='{precision}'"


def compare(writer: Writer, field: Field | str, op: Op, value: Value, hand: Hand, certain: bool) -> str:
    if isinstance(field, Field) and field.type is FieldType.DATE:
        low, high = (f'{owner(field, hand)}."_{field.name}__{i}"' for i in (0, 1))
        return dated(writer, low, high, op, value, certain)
    text = column(field, hand)
    form = "flag" if field == "synthetic" or (isinstance(field, Field) and field.type is FieldType.BOOLEAN) else "plain"
    if field == "key":
        form = "key"
    match op:
        case Op.IN:
            keys = writer.bind(value, "keys" if field == "key" else "list")
            return f"{text} IN (SELECT value FROM json_each({keys}))"
        case Op.CONTAINS:
            return f"instr({text},{writer.bind(value, form)})>0"
        case Op.STARTS:
            start = writer.bind(value, form)
            return f"substr({text},1,length({start}))={start}"
    return f"{text}{SYMBOLS[op]}{writer.bind(value, form)}"


def dated(writer: Writer, low: str, high: str, op: Op, value: Value, certain: bool) -> str:
    """A day between ``low`` and ``high`` against a partial date: gte and lt by its first day, gt and lte by its last."""
    first, last = writer.bind(value, "first"), writer.bind(value, "last")
    match op:
        case Op.GTE:
            return f"{low if certain else high}>={first}"
        case Op.GT:
            return f"{low if certain else high}>{last}"
        case Op.LT:
            return f"{high if certain else low}<{first}"
        case Op.LTE:
            return f"{high if certain else low}<={last}"
        case Op.EQ:
            inner, outer = (low, high) if certain else (high, low)
            return f"{inner}>={first} AND {outer}<={last}"
    raise AssertionError(op)


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
        case "relation" | "turn":
            known = said(field, hand)
            return quote(known) if known else f"{owner(field, hand)}.t"
        case "certainty":
            assert hand.turn is not None
            return f"iif({hand.turn.certain},'CERTAIN','POSSIBLE')"
    return f"{owner(field, hand)}.{field}"


def end_days(end: str, hand: Hand) -> tuple[str, str]:
    """The earliest and the latest day of ``from`` or ``until`` of a record, or of ``on`` of a turn."""
    if end == "on":
        assert hand.turn is not None
        return hand.turn.earliest, hand.turn.latest
    assert hand.record is not None
    r = hand.record.alias
    return (f"{r}.f0", f"{r}.f1") if end == "from" else (f"{r}.u0", f"{r}.u1")


def said(field: str, hand: Hand) -> str:
    """The relation of the record at hand, or which way its turn goes; blank where only its row says so."""
    if field == "turn":
        assert hand.turn is not None
        return hand.turn.word
    assert hand.record is not None
    return hand.record.relation.name if hand.record.relation.number else ""


def link_count(writer: Writer, op: Op, value: Value, hand: Hand, certain: bool) -> str:
    """Bounds on the number of chains that a grouped link stands for."""
    assert hand.record is not None
    low, high = (f"{hand.record.alias}.{column}" for column in (("lo", "hi") if certain else ("hi", "lo")))
    bound = writer.bind(value, "int")
    if op is Op.EQ:
        return f"{low}>={bound} AND {high}<={bound}"
    return f"{low if op in (Op.GT, Op.GTE) else high}{SYMBOLS[op]}{bound}"
