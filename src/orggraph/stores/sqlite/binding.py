"""Values → what SQLite is given. In: a statement's binds. Out: one function from variables to a tuple of parameters.

Forms: ``day`` (day number), ``first``/``last`` (days of a partial date), ``after`` (the day after its last), ``plain``,
``int``, ``flag`` (0/1), ``list`` (JSON text for ``json_each``), ``first_rows`` (a row limit).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from orggraph.errors import OperationError
from orggraph.plan.scope import Constant, Joined, Today, Value, Variable
from orggraph.stores.sqlite.writing import Bind
from orggraph.time.partial import parse_partial

Parameter = int | str | float | None
Binder = Callable[[Mapping[str, Any]], tuple[Parameter, ...]]
MOST_ROWS = 2**31 - 1


def binder(binds: Sequence[Bind], timezone: str) -> Binder:
    """The parameters of a statement, from the variables of a request. Constants are made once."""
    makers = [_maker(bind, timezone) for bind in binds]
    if all(isinstance(bind.value, Constant) for bind in binds):
        constant = tuple(make({}) for make in makers)
        return lambda _: constant
    if len(makers) == 1:
        only = makers[0]
        return lambda variables: (only(variables),)
    return lambda variables: tuple(make(variables) for make in makers)


def _maker(bind: Bind, timezone: str) -> Callable[[Mapping[str, Any]], Parameter]:
    shape = FORMS[bind.form]
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


def _list(value: Any) -> str:
    items = value if isinstance(value, list | tuple) else [value]
    return json.dumps([int(item) if isinstance(item, bool) else item for item in items], ensure_ascii=False)


def _rows(value: Any) -> int:
    if value < 0:
        raise OperationError(f"first: {value} is less than nothing", "BAD_VALUE")
    return min(int(value), MOST_ROWS)


def _plain(value: Any) -> Parameter:
    return value if isinstance(value, int | str) or value is None else str(value)


FORMS: dict[str, Callable[[Any], Parameter]] = {
    "day": lambda value: parse_partial(value)[0],
    "first": lambda value: parse_partial(value)[0],
    "last": lambda value: parse_partial(value)[1],
    "after": lambda value: parse_partial(value)[1] + 1,
    "plain": _plain,
    "int": int,
    "flag": int,
    "list": _list,
    "first_rows": _rows,
}
