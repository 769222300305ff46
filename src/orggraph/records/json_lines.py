"""JSON lines → their sheet: an object a line, with the columns that it has. In: a path. Out: headers and lines of cells.

A key that is absent leaves what is known, null and "" empty it. Lines with the same keys are read together; what is as it
should be is decoded in one go (``json_blocks``), and looked at line by line if anything is wrong in it.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from orggraph.errors import Problem, Problems
from orggraph.records.json_blocks import Object, Value, as_text, columns_at_once, objects_at_once
from orggraph.records.sheets import BATCH, Header, Lines, Sheet
from orggraph.records.unpacking import LONGEST_LINE, Unreadable, open_unpacked

CHUNK, FIRST_CHUNK = 2**20, 2**14
ONE = msgspec.json.Decoder(Any)
ESCAPES = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u([dD][89a-fA-F][0-9a-fA-F]{2})|.)"
)
"""Escapes of JSON, pairs of surrogates as one; half of a pair is the group."""
NO_NESTING = "write one value; what is several stands in rows of its own, or in source and para by ;"


def json_sheets(path: Path, shown: str, problems: Problems) -> Iterator[Sheet]:
    """The one sheet of a file."""
    passed: set[tuple[str, ...]] = set()
    parts = _parts(path, shown, problems, passed)
    yield Sheet((path.name.partition(".")[0],), shown, parts, headers=True, passed=passed)


def _parts(path: Path, shown: str, problems: Problems, passed: Set[tuple[str, ...]]) -> Iterator[Header | Lines]:
    try:
        with open_unpacked(path) as file:
            for first, text in _pieces(file):
                yield from _read(first, text, shown, problems, passed)
    except Unreadable as found:
        problems.add(Problem(shown, found.line, "", found.code, "", found.message, found.mend))


def _read(
    first: int, text: bytes, shown: str, problems: Problems, passed: Set[tuple[str, ...]]
) -> Iterator[Header | Lines]:
    """Lines by the fastest way that they allow: as columns, as objects, or one by one."""
    alike = columns_at_once(text)
    if alike is not None:
        keys, columns = alike
        if keys not in passed:
            yield Header(first, keys)
        if keys not in passed:
            yield Lines(range(first, first + len(columns[0])), columns, by_column=True)
        return
    found = objects_at_once(text)
    numbers: Sequence[int] = range(first, first + len(found or ()))
    if found is None:
        numbers, found = _one_by_one(first, text, shown, problems)
    for start in range(0, len(found), BATCH):
        yield from _by_keys(numbers[start : start + BATCH], found[start : start + BATCH], passed)


def _pieces(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Some whole lines, and the number of the first; few at first, which may be all that is wanted."""
    number, rest = 1, b""
    while chunk := file.read(CHUNK if number > 1 else FIRST_CHUNK):
        if number == 1 and not rest:
            chunk = chunk.removeprefix(codecs.BOM_UTF8)
        lines, newline, after = chunk.rpartition(b"\n")
        if newline:
            yield number, rest + lines
            number += lines.count(b"\n") + 1
            rest = after
        else:
            rest += after
        if len(rest) > LONGEST_LINE:
            raise Unreadable("TOO_LARGE", f"is a line of more than {LONGEST_LINE:,} bytes", "one object a line", number)
    if rest:
        yield number, rest


def _by_keys(
    numbers: Sequence[int], objects: Sequence[Object], passed: Set[tuple[str, ...]]
) -> Iterator[Header | Lines]:
    """Lines with the same keys, whatever their order, under one header; those that are passed over under none."""
    keys = list(map(tuple, objects))
    groups: dict[tuple[str, ...], list[int]] = {}
    if len(set(keys)) == 1:
        groups[keys[0]] = list(range(len(keys)))
    else:
        ordered: dict[tuple[str, ...], tuple[str, ...]] = {}
        for index, one in enumerate(keys):
            if one not in ordered:
                ordered[one] = tuple(sorted(one))
            groups.setdefault(ordered[one], []).append(index)
    for key, indexes in groups.items():
        if key not in passed:
            yield Header(numbers[indexes[0]], key)
        if key not in passed:
            yield Lines([numbers[i] for i in indexes], _cells([objects[i] for i in indexes], key))


def _cells(objects: Sequence[Object], keys: Sequence[str]) -> Sequence[Sequence[str]]:
    """Values as text, in the order of keys."""
    if not keys:
        return [()] * len(objects)
    get: Callable[[Object], Any] = itemgetter(*keys)
    columns: Sequence[Sequence[Value]] = (
        list(zip(*map(get, objects), strict=True)) if len(keys) > 1 else [list(map(get, objects))]
    )
    texts = [column if set(map(type, column)) == {str} else list(map(as_text, column)) for column in columns]
    return cast("list[tuple[str, ...]]", list(zip(*texts, strict=True)))


def _one_by_one(first: int, text: bytes, shown: str, problems: Problems) -> tuple[list[int], list[Object]]:
    """The objects of lines that are right, and the number of each; what is wrong with the others is told."""
    numbers, objects = [], []
    for number, line in enumerate(text.split(b"\n"), first):
        if line.strip():
            one = _object(number, line.strip(), shown, problems)
            if one is not None:
                numbers.append(number)
                objects.append(one)
    return numbers, objects


def _object(number: int, line: bytes, shown: str, problems: Problems) -> Object | None:
    """The object of a line, or None and what is wrong with it."""
    wrong = list(_wrong(line))
    for column, code, value, message, mend in wrong:
        problems.add(Problem(shown, number, column[:100], code, value[:100], message, mend))
    return None if wrong else cast(Object, ONE.decode(line))


def _lone_surrogate(text: str) -> str:
    """The first half of a pair of surrogates that stands alone in JSON: ``U+D800``; blank if none does."""
    return next((f"U+{found[1].upper()}" for found in ESCAPES.finditer(text) if found[1]), "")


def _wrong(line: bytes) -> Iterator[tuple[str, str, str, str, str]]:
    """What is wrong with a line: column, code, value, message, mend."""
    try:
        text = line.decode("utf-8")
        value = ONE.decode(line)
    except UnicodeDecodeError:
        yield "", "ENCODING", "", "is not UTF-8", "save it as UTF-8"
        return
    except (msgspec.MsgspecError, RecursionError) as error:
        lone = _lone_surrogate(text)
        what = f"has half of a character, {lone}, which no text may have" if lone else f"is no JSON: {error}"
        yield "", "JSON", text, what, "write the whole character" if lone else "write one object a line"
        return
    if not isinstance(value, dict):
        yield "", "JSON", text, "is no object", 'write one object a line, like {"key": "a-1"}'
        return
    if "\ufeff" in text:
        yield "", "ENCODING", "", "has a byte order mark in its middle", "take the mark out"
    nested = [key for key, one in value.items() if isinstance(one, dict | list)]
    for key in nested:
        yield key, "NESTED", str(value[key]), "is a list or an object", NO_NESTING
    if nested:
        return
    count = Counter(key for key, _ in json.loads(text, object_pairs_hook=list))
    for key in sorted(key for key, times in count.items() if times > 1):
        yield key, "COLUMN_TWICE", key, "stands twice in the object", "keep one of them"
