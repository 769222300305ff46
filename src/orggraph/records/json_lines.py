"""JSON lines → their sheet: an object a line, with the columns that it has. In: a path. Out: headers and lines of cells.

A key that is absent leaves what is known, null and "" empty it. Lines with the same keys are read together; a batch that is
as it should be is decoded in one go, and looked at line by line if anything is wrong in it.
"""

from __future__ import annotations

import codecs
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from orggraph.errors import Problem, Problems
from orggraph.records.sheets import BATCH, Header, Lines, Sheet
from orggraph.records.unpacking import LONGEST_LINE, Unreadable, open_unpacked

CHUNK = 2**20
Value = str | int | float | bool | None
Object = dict[str, Value]
ALL = msgspec.json.Decoder(list[Object])
ONE = msgspec.json.Decoder(Any)
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
                found = _at_once(text)
                count = len(found) if found is not None else 0
                numbers: Sequence[int] = range(first, first + count)
                if found is None:
                    numbers, found = _one_by_one(first, text, shown, problems)
                for start in range(0, len(found), BATCH):
                    end = start + BATCH
                    yield from _alike(numbers[start:end], found[start:end], passed)
    except Unreadable as found_bad:
        problems.add(Problem(shown, found_bad.line, "", found_bad.code, "", found_bad.message, found_bad.mend))


def _pieces(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Some whole lines, and the number of the first."""
    number, rest = 1, b""
    while chunk := file.read(CHUNK):
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


def _alike(numbers: Sequence[int], objects: Sequence[Object], passed: Set[tuple[str, ...]]) -> Iterator[Header | Lines]:
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
    texts = [column if set(map(type, column)) == {str} else list(map(_text, column)) for column in columns]
    return cast("list[tuple[str, ...]]", list(zip(*texts, strict=True)))


def _text(value: Value) -> str:
    """30.0 is 30, as in a spreadsheet."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else str(value)


def _at_once(text: bytes) -> list[Object] | None:
    """The objects of lines, if there is nothing wrong with any of them."""
    text = text.rstrip()
    ends = text.count(b"\n")
    # no text spans lines, so lines from { to } are objects, each of one line if there are as many
    if b"\\" in text or codecs.BOM_UTF8 in text or ends != text.count(b"}\n{") + text.count(b"}\r\n{"):
        return None
    try:
        found = ALL.decode(b"[" + text.replace(b"\n", b",\n") + b"]")
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    if len(found) != ends + 1:
        return None
    # without escapes each text stands between two quotes: a key that is there twice shows in their number
    values = list(map(type, chain.from_iterable(map(dict.values, found)))).count(str)
    return found if text.count(b'"') == 2 * (values + sum(map(len, found))) else None


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


def _wrong(line: bytes) -> Iterator[tuple[str, str, str, str, str]]:
    """What is wrong with a line: column, code, value, message, mend."""
    try:
        text = line.decode("utf-8")
        value = ONE.decode(line)
    except UnicodeDecodeError:
        yield "", "ENCODING", "", "is not UTF-8", "save it as UTF-8"
        return
    except (msgspec.MsgspecError, RecursionError) as error:
        yield "", "JSON", text, f"is no JSON: {error}", "write one object a line"
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
