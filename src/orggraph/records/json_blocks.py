"""Many JSON lines in one go. In: the bytes of whole lines. Out: columns, or objects; None where anything is odd.

What is odd is found without looking at each line: no text spans lines, so that lines from { to } are objects, each of one
line if there are as many; and without escapes each text stands between two quotes, so that a key that is there twice shows
in their number.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import msgspec
from msgspec.structs import astuple

Value = str | int | float | bool | None
Object = dict[str, Value]
Columns = tuple[tuple[str, ...], Sequence[Sequence[str]]]
"""The keys of objects, and for each the values of all, as text."""
Shape = msgspec.json.Decoder[list[Any]]
ALL = msgspec.json.Decoder(list[Object])
MOST_SHAPES, MOST_KEYS = 1_000, 250
SHAPES: dict[tuple[str, ...], Shape] = {}
"""Decoders of objects that have just these keys, in whatever order: twice as fast as any object's. They are never forgotten,
as Python keeps classes, and so not made without end."""


def columns_at_once(text: bytes) -> Columns | None:
    """The columns of lines that all have the keys of the first."""
    text = text.rstrip()
    number = _objects(text)
    keys = _keys(text.split(b"\n", 1)[0]) if number else ()
    shape = _shape(keys) if 0 < len(keys) <= MOST_KEYS else None
    found = _decoded(shape.decode, text, number) if shape is not None else None
    if found is None:
        return None
    columns: list[Sequence[Value]] = list(zip(*map(astuple, found), strict=True))
    texts, strings = [], 0
    for column in columns:
        mixed = set(map(type, column)) != {str}
        strings += sum(type(value) is str for value in column) if mixed else number
        texts.append(list(map(as_text, column)) if mixed else column)
    return (keys, texts) if text.count(b'"') == 2 * (number * len(keys) + strings) else None  # type: ignore[return-value]  # now they are texts


def objects_at_once(text: bytes) -> list[Object] | None:
    """The objects of lines."""
    text = text.rstrip()
    number = _objects(text)
    found = _decoded(ALL.decode, text, number) if number else None
    if found is None:
        return None
    strings = list(map(type, chain.from_iterable(map(dict.values, found)))).count(str)
    return found if text.count(b'"') == 2 * (sum(map(len, found)) + strings) else None


def as_text(value: Value) -> str:
    """30.0 is 30, as in a spreadsheet."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else str(value)


def _objects(text: bytes) -> int:
    """How many objects lines are if each is one; 0 where there is no telling."""
    if b"\\" in text or codecs.BOM_UTF8 in text:
        return 0
    ends = text.count(b"\n")
    between = text.count(b"}\n{")
    return 1 + ends if between == ends or between + text.count(b"}\r\n{") == ends else 0


def _keys(line: bytes) -> tuple[str, ...]:
    """The keys of a line's object."""
    try:
        return tuple(msgspec.json.decode(line, type=Object))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ()


def _shape(keys: tuple[str, ...]) -> Shape | None:
    if keys not in SHAPES and len(SHAPES) < MOST_SHAPES:
        fields = [(f"f{place}", Value, msgspec.field(name=key)) for place, key in enumerate(keys)]
        struct = msgspec.defstruct("Line", fields, forbid_unknown_fields=True, gc=False)
        SHAPES[keys] = msgspec.json.Decoder(list[struct])  # type: ignore[valid-type]  # made just now
    return SHAPES.get(keys)


def _decoded(decode: Callable[[bytes], list[Any]], text: bytes, number: int) -> list[Any] | None:
    """The objects of lines, if all is right and there are so many."""
    try:
        found = decode(b"[" + text.replace(b"\n", b",\n") + b"]")
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return found if len(found) == number else None
