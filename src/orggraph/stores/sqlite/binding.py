"""Values → what SQLite is given. In: a statement's binds. Out: one function from variables to a tuple of parameters.

Forms: ``day`` (day number), ``first``/``last`` (days of a partial date), ``after`` (the day after its last), ``later``
(the end of a range, given with its start), ``days`` (a list of days, or the steps of a range), ``moment``, ``plain``,
``int``, ``number``, ``scaled`` (ten-thousandths), ``flag`` (0/1), ``list`` (JSON text for ``json_each``), ``rows`` (a row limit),
``typed`` (a text to search for), ``cursor MARK PART``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from orggraph.errors import OperationError
from orggraph.plan.ids import IdForm, key_of, keys_of, parse_id
from orggraph.plan.scope import Constant, Joined, Today, Value, Variable
from orggraph.stores.contract import Limits
from orggraph.stores.sqlite.cursors import cursor_part, place_of
from orggraph.stores.sqlite.typed import typed
from orggraph.stores.sqlite.writing import Bind
from orggraph.time.partial import parse_partial
from orggraph.time.steps import steps, utc

Parameter = int | str | float | None
Binder = Callable[[Mapping[str, Any]], tuple[Parameter, ...]]
MOST_ROWS = 2**31 - 1
INT64 = 2**63 - 1
REFUSED = ("later", "rows", "typed")
"""Forms that say no to values of the right type."""


def binder(binds: Sequence[Bind], unused: Sequence[Bind], timezone: str, limits: Limits) -> Binder:
    """The parameters of a statement, from the variables of a request. Constants are made once; what is unused is made too
    where it may be refused."""
    makers = [_maker(bind, timezone, limits) for bind in binds]
    checks = [_maker(bind, timezone, limits) for bind in unused if bind.form in REFUSED]
    if checks:
        return lambda variables: tuple([make(variables) for make in (*makers, *checks)][: len(makers)])
    if all(isinstance(bind.value, Constant) for bind in binds):
        constant = tuple(make({}) for make in makers)
        return lambda _: constant
    if len(makers) == 1:
        only = makers[0]
        return lambda variables: (only(variables),)
    return lambda variables: tuple([make(variables) for make in makers])


def reads_today(value: Value) -> bool:
    """Whether it is the day it is, or has that in it."""
    return isinstance(value, Today) or (isinstance(value, Joined) and any(map(reads_today, value.items)))


def _shape(form: str, limits: Limits) -> Callable[[Any], Parameter]:
    """How a value is given in a form."""
    match form:
        case "days":
            return partial(_days, limits.days)
        case "ids":
            return partial(_ids, limits.ids)
    if form in FORMS:
        return FORMS[form]
    _, mark, part = form.split()
    return partial(cursor_part, mark, place_of(part))


def _maker(bind: Bind, timezone: str, limits: Limits) -> Callable[[Mapping[str, Any]], Parameter]:
    shape = _shape(bind.form, limits)
    match bind.value:
        case Constant(value):
            constant = shape(value)
            return lambda _: constant
        case Today():
            zone = ZoneInfo(timezone)
            return lambda _: datetime.now(zone).toordinal()
        case Variable(path) if len(path) == 1:
            name = str(path[0])
            return lambda variables: shape(variables[name])
    value = bind.value
    return lambda variables: shape(_found(value, variables))


def _found(value: Value, variables: Mapping[str, Any]) -> Any:
    match value:
        case Variable(path):
            found: Any = variables
            for step in path:
                found = found[step]
            return found
        case Joined(items):
            return [_found(item, variables) for item in items]
        case Constant(constant):
            return constant
    raise AssertionError(value)


def _text(value: Any) -> str:
    """JSON text for ``json_each``."""
    return msgspec.json.encode(value).decode()


def _list(value: Any) -> str:
    items = value if isinstance(value, list | tuple) else [value]
    return _text([int(item) if isinstance(item, bool) else item for item in items])


def _rows(value: Any) -> int:
    if value < 0:
        raise OperationError(f"first: and last: take a number from 0 on, not {value}", "BAD_VALUE")
    return min(int(value), MOST_ROWS)


def _later(value: Any) -> int:
    start, until = value
    if parse_partial(start)[0] >= parse_partial(until)[0]:
        raise OperationError(f"from: {start} is not before until: {until}", "BAD_VALUE")
    return parse_partial(until)[0]


def _days(most: int, value: Any) -> str:
    """Either days as listed, or (start, until, step)."""
    days, start, until, step = value
    if days is not None:
        found = [parse_partial(day)[0] for day in days]
    else:
        found = list(islice(steps(parse_partial(start)[0], parse_partial(until)[0], step), most + 1))
    if len(found) > most:
        raise OperationError(f"each: gives at most {most} days; take longer steps", "TOO_MANY_DAYS")
    return _text(found)


def _id_part(part: str, text: str) -> Parameter:
    """A part of an id whose form has it."""
    found = parse_id(text)
    assert found is not None
    match part:
        case "key":
            return found.key
        case "load":
            return found.load
    return found.days[("a0", "a1", "b0", "b1").index(part) if part != "day" else 0]


def _ids(most: int, value: Any) -> str:
    """Each id as [number of its form, key, load, day numbers …]; forms are numbered as they come."""
    if len(value) > most:
        raise OperationError(f"nodes: takes at most {most} ids", "TOO_MANY_IDS")
    numbers: dict[IdForm, int] = {}
    rows = [
        [] if one is None else [numbers.setdefault(one.form, len(numbers)), one.key, one.load, *one.days]
        for one in map(parse_id, value)
    ]
    return _text(rows)


def _plain(value: Any) -> Parameter:
    return value if isinstance(value, int | str) or value is None else str(value)


def _number(value: Any) -> int | float:
    """A number that SQLite compares exactly with whole ones."""
    whole = int(value) if value == int(value) else None
    return float(value) if whole is None or abs(whole) > INT64 else whole


FORMS: dict[str, Callable[[Any], Parameter]] = {
    "day": lambda value: parse_partial(value)[0],
    "first": lambda value: parse_partial(value)[0],
    "last": lambda value: parse_partial(value)[1],
    "after": lambda value: parse_partial(value)[1] + 1,
    "later": _later,
    "moment": lambda value: utc(value).isoformat(timespec="milliseconds"),
    "keys": lambda value: _text(keys_of(value if isinstance(value, (list, tuple)) else [str(value)])),
    "key": lambda value: key_of(str(value)),
    **{f"id_{part}": partial(_id_part, part) for part in ("key", "day", "a0", "a1", "b0", "b1", "load")},
    "plain": _plain,
    "int": int,
    "flag": int,
    "list": _list,
    "number": _number,
    "rows": _rows,
    "scaled": lambda value: _number(Decimal(str(value)) * 10_000),
    "typed": typed,
}
