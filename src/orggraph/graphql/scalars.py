"""What each scalar accepts from a client. In: JSON values. Out: clean ones, or ValueError with what is wanted."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from graphql import GraphQLScalarType, GraphQLSchema

from orggraph.model.values import INT_MAX, INT_MIN, clean_uri
from orggraph.time.partial import parse_partial
from orggraph.time.steps import parse_step, utc

SURROGATE = re.compile("[\ud800-\udfff]")


def clean_string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("text is wanted")
    if not value.isascii() and SURROGATE.search(value):
        raise ValueError("the text has half a character (a lone surrogate)")
    return value


def clean_int(value: Any) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not INT_MIN <= value <= INT_MAX:
        raise ValueError("a whole number of 32 bits is wanted")
    return value


def clean_float(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError("a number is wanted")
    return value


def clean_boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false is wanted")
    return value


def clean_id(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return clean_string(value)


def clean_partial_date(value: Any) -> str:
    text = clean_string(value)
    parse_partial(text)
    return text


def clean_date(value: Any) -> str:
    text = clean_string(value)
    first, last = parse_partial(text)
    if first != last:
        raise ValueError(f"{text} is no day; write it as 2020-03-31")
    return text


def clean_moment(value: Any) -> str:
    text = clean_string(value)
    try:
        utc(text)
    except OverflowError:
        raise ValueError(f"{text} is out of range") from None
    return text


def clean_step(value: Any) -> str:
    text = clean_string(value)
    parse_step(text)
    return text


CLEAN: dict[str, Callable[[Any], Any]] = {
    "String": clean_string,
    "Int": clean_int,
    "Float": clean_float,
    "Boolean": clean_boolean,
    "ID": clean_id,
    "Date": clean_date,
    "PartialDate": clean_partial_date,
    "DateTime": clean_moment,
    "Duration": clean_step,
    "URI": lambda value: clean_uri(clean_string(value)),
}


def put_scalars(schema: GraphQLSchema) -> None:
    """Makes graphql-core's validation refuse what our scalars do not accept."""
    for name in ("Date", "PartialDate", "DateTime", "Duration", "URI"):
        scalar = schema.type_map.get(name)
        if isinstance(scalar, GraphQLScalarType):
            for attribute in ("parse_value", "coerce_input_value"):
                setattr(scalar, attribute, CLEAN[name])
