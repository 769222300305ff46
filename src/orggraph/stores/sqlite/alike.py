"""That a thing has what a group has: the same value, the same year, the same entity. In: a filter that groups are made of
(``plan/groups.py``) and the thing at hand. Out: an SQL condition that is never null.
"""

from __future__ import annotations

from orggraph.model.model import Field
from orggraph.plan.filters import Same, SameBucket, SameEntity, Told
from orggraph.stores.sqlite.comparing import Hand, column, owner
from orggraph.stores.sqlite.writing import CURRENT
from orggraph.time.days import LAST, NEG


def alike(where: Same | SameBucket | SameEntity | Told, hand: Hand, certain: bool) -> str:
    """Three-valued only for a date: it may lie in a year that it does not certainly lie in."""
    match where:
        case Told(key):
            return f"{key} IS NOT NULL"
        case SameEntity(key):
            assert hand.spot is not None
            return f"{hand.spot.entity} IS {key}"
        case Same("kind", key):
            assert hand.spot is not None
            return f"{hand.spot.entity}&63 IS {key}"
        case Same(field, key):
            return f"{column(field, hand)} IS {key}"
        case SameBucket():
            return _in_bucket(where, hand, certain)


def _in_bucket(where: SameBucket, hand: Hand, certain: bool) -> str:
    low, high = day_columns(where.date, hand.record is not None and not hand.state)
    low, high = f"{owner(where.date, hand)}.{low}", f"{owner(where.date, hand)}.{high}"
    first, last, key = bucket(low, where.unit), bucket(high, where.unit), where.key
    if certain:
        lies, none = (
            f"{first}={key} AND {last}={key}",
            f"{no_day(low, where)} AND {no_day(high, where)}",
        )
    else:
        lies = f"{low}<{LAST} AND {high}>0 AND coalesce({first},'')<={key} AND coalesce({last},'~')>={key}"
        none = f"{no_day(low, where)} OR {no_day(high, where)}"
    missing = f" AND {low} IS NOT NULL" if isinstance(where.date, Field) else ""
    return f"iif({key} IS NULL,{none},coalesce({lies}{missing},0))"


def no_day(number: str, where: SameBucket) -> str:
    """That a day number stands for none."""
    if isinstance(where.date, Field):
        return f"{number} IS NULL"
    return f"{number}={NEG if where.date == 'from' else CURRENT}"


def day_columns(date: Field | str, of_record: bool) -> tuple[str, str]:
    """The columns of a date's earliest and latest day, of a record or of a state (whose life's they are)."""
    if isinstance(date, Field):
        return f'"_{date.name}__0"', f'"_{date.name}__1"'
    if of_record:
        return ("f0", "f1") if date == "from" else ("u0", "u1")
    return ("g0", "g1") if date == "from" else ("v0", "v1")


def bucket(day: str, unit: str) -> str:
    """The year, quarter or month of a day number, as text; null for none."""
    text = f"date({day}+1721424.5)"
    match unit:
        case "year":
            return f"substr({text},1,4)"
        case "quarter":
            return f"strftime('%Y-Q',{day}+1721424.5)||((strftime('%m',{day}+1721424.5)+2)/3)"
    return f"substr({text},1,7)"
