"""What each column of a version may hold: the rules of ``records/cells.py``, said of what is kept. In: a table. Out: rules.

A rule is given the values of its columns and says what is wrong with them, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from orggraph.model.model import Field, Kind, Model, Relation
from orggraph.model.values import TYPES, Value
from orggraph.records.sorting import sort_key
from orggraph.stores.sqlite.checking.findings import Table
from orggraph.stores.sqlite.ddl import end_column
from orggraph.time.partial import parse_partial

Says = Callable[..., str | None]


@dataclass(frozen=True)
class Rule:
    """``columns``: what ``says`` is given. ``column``, ``code``: how its problems are told."""

    column: str
    code: str
    columns: tuple[str, ...]
    says: Says


def rules_of(model: Model, table: Table) -> list[Rule]:
    """The rules of a table's columns, but for dates and citations."""
    found = [Rule("synthetic", "BOOLEAN", ("syn",), _flag)]
    if isinstance(table, Kind):
        found.append(Rule("name", "VALUE", ("name", "name__s"), _required(_string)))
    else:
        found += [_end(model, table, end.role) for end in table.ends]
        found += _pairs(model, table)
    return found + [_field(model, field) for field in table.fields]


def _field(model: Model, field: Field) -> Rule:
    column, says = f"_{field.name}", _says(model, field)
    beside = {Value.STRING: (f"{column}__s",), Value.DATE: (f"{column}__0", f"{column}__1")}.get(field.type, ())
    return Rule(field.name, "VALUE", (column, *beside), _required(says) if field.required else says)


def _says(model: Model, field: Field) -> Says:
    match field.type:
        case Value.STRING:
            return _string
        case Value.DATE:
            return _date
        case Value.TERM:
            return _term(frozenset(model.terms[field.terms or ""].terms))
        case Value.BOOLEAN:
            return _boolean
        case Value.INT:
            return _int
        case Value.URI:
            return _uri


def _required(says: Says) -> Says:
    def required(value: Any, *beside: Any) -> str | None:
        return "is blank, and must not be" if value is None else says(value, *beside)

    return required


def _flag(value: int) -> str | None:
    return None if value in (0, 1) else "is neither 0 nor 1"


def _boolean(value: int | None) -> str | None:
    return None if value is None else _flag(value)


def _cleaned(type_: Value, text: str) -> str | None:
    """What the cleaner of files says of it."""
    if text.strip() != text or not text:
        return "is blank, or has blanks around it"
    try:
        TYPES[type_].clean(text)
    except ValueError as error:
        return str(error.args[0])
    return None


def _string(text: str | None, key: str | None) -> str | None:
    if text is None:
        return None if key is None else "has a sort key, and no text"
    wrong = _cleaned(Value.STRING, text)
    return wrong or (None if key == sort_key(text) else "has another sort key than its text")


def _uri(text: str | None) -> str | None:
    return None if text is None else _cleaned(Value.URI, text)


def _int(number: int | None) -> str | None:
    return None if number is None else _cleaned(Value.INT, str(number))


def _date(text: str | None, first: int | None, last: int | None) -> str | None:
    if text is None:
        return None if first is last is None else "has days, and no date"
    try:
        days = parse_partial(text)
    except ValueError:
        return "is no date"
    return None if days == (first, last) else "has other days than its date"


def _term(codes: frozenset[str]) -> Says:
    return lambda code: None if code is None or code in codes else "is no term of its code list"


# ---------------------------------------------------------------- ends


def _end(model: Model, relation: Relation, role: str) -> Rule:
    end = relation.end(role)
    numbers = frozenset(model.kinds[kind].number for kind in end.kinds)
    wanted = " or ".join(end.kinds)

    def says(entity: int | None) -> str | None:
        if entity is None:
            return "is blank, and must not be" if end.required else None
        return None if entity & 63 in numbers else f"is of another kind than {wanted}"

    return Rule(end.name, "WRONG_KIND", (end_column(role).strip('"'),), says)


def _pairs(model: Model, relation: Relation) -> list[Rule]:
    """Only where not every pair of kinds is joined."""
    if len(relation.pairs) == len(relation.subject.kinds) * len(relation.object.kinds):
        return []
    pairs = frozenset((model.kinds[s].number, model.kinds[o].number) for s, o in relation.pairs)

    def says(subject: int, object_: int) -> str | None:
        return None if (subject & 63, object_ & 63) in pairs else "joins a pair of kinds that it must not"

    return [Rule(relation.object.name, "WRONG_PAIR", ("s", "o"), says)]
