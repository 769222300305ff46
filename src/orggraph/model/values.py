"""Value types of fields: what a cell may hold, how a store keeps it, which filters it has.

A cell (text) goes through ``clean``; a store keeps what comes out. One row per type: adding a type is adding a row
here and its GraphQL filter in ``graphql/shape.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

Kept = str | int | None
"""What a store keeps of a cell."""


class Value(StrEnum):
    STRING = "string"
    INT = "int"
    BOOLEAN = "boolean"
    DATE = "date"
    URI = "uri"
    TERM = "term"


INT_MIN, INT_MAX = -(2**31), 2**31 - 1  # GraphQL's Int
TRUE_WORDS = frozenset({"true", "yes", "1", "是", "真"})
FALSE_WORDS = frozenset({"false", "no", "0", "否", "假"})
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_INT = re.compile(r"[+-]?[0-9]+")


_BARRED = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\ufeff\ufffe\uffff]")


def clean_string(text: str) -> str:
    """Any text without control characters but tab and newline; raises ValueError saying what is wrong."""
    barred = _BARRED.search(text)
    if barred:
        raise ValueError(f"has the character U+{ord(barred[0]):04X}, which no text may have")
    return text


def clean_int(text: str) -> int:
    """A whole number of 32 bits, ASCII digits."""
    if not _INT.fullmatch(text):
        raise ValueError("is no whole number")
    if len(text) > 12 or not INT_MIN <= int(text) <= INT_MAX:
        raise ValueError(f"is not between {INT_MIN} and {INT_MAX}")
    return int(text)


def clean_boolean(text: str) -> int:
    """1 or 0; written true/false, yes/no, 1/0, 是/否."""
    word = text.casefold()
    if word in TRUE_WORDS:
        return 1
    if word in FALSE_WORDS:
        return 0
    raise ValueError("is neither true nor false")


def clean_uri(text: str) -> str:
    """An absolute IRI without spaces or quotes."""
    if not _URI.fullmatch(clean_string(text)):
        raise ValueError("is no absolute web address")
    return text


class ValueType(Struct, frozen=True):
    """How a value type reads cells, is stored and is compared."""

    clean: Callable[[str], str | int]
    sqlite: str
    scalar: str  # GraphQL output type
    filter: str  # GraphQL input type


TYPES = {
    Value.STRING: ValueType(clean_string, "TEXT", "String", "StringFilter"),
    Value.INT: ValueType(clean_int, "INTEGER", "Int", "IntFilter"),
    Value.BOOLEAN: ValueType(clean_boolean, "INTEGER", "Boolean", "BooleanFilter"),
    Value.DATE: ValueType(clean_string, "TEXT", "PartialDate", "DateFilter"),
    Value.URI: ValueType(clean_uri, "TEXT", "URI", "StringFilter"),
    Value.TERM: ValueType(clean_string, "TEXT", "Term", ""),
}
