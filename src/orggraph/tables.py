"""A nested answer → rows and columns. In: parsed JSON data. Out: headings and rows, ready to be printed or written.

Which columns there are, and in which order, the document says; where that is not known, what is in the answer does. An object's
values stand in every row of the lists below it; lists side by side in one object stand side by side. The
words of connections (``edges``, ``nodes``, ``node``) name no column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

WORDS = frozenset({"edges", "nodes", "node", "record", "at", "valid"})
Cell = str | int | float | bool | None
Row = dict[str, Cell]
Path = tuple[str, ...]


def table(data: Any, asked: Iterable[Path] = ()) -> tuple[list[str], list[list[Cell]]]:
    """Headings (paths, each as short as it can be told apart) and rows of an answer's data; ``asked``: the paths of the values that
    its document asks for, each of which is a column."""
    paths = columns(asked)
    if not paths:
        _paths(data, (), paths)
    return _headings(list(paths)), [[row.get(path) for path in paths] for row in _rows(data, ())]


def columns(asked: Iterable[Path]) -> dict[Path, Path]:
    """The paths of columns, each with that in the answer."""
    return {(*(step for step in path[:-1] if step not in WORDS), path[-1]): path for path in asked}


def _paths(value: Any, path: Path, found: dict[Path, Path]) -> None:
    if isinstance(value, list):
        for item in value:
            _paths(item, path, found)
    elif isinstance(value, dict):
        for key, inner in value.items():
            _paths(inner, _below(path, key, inner), found)
    else:
        found.setdefault(path, path)


def _below(path: tuple[str, ...], key: str, inner: Any) -> tuple[str, ...]:
    """Where a member stands; a word of connections names nothing, but what it holds."""
    return path if key in WORDS and isinstance(inner, dict | list) else (*path, key)


def _rows(value: Any, path: tuple[str, ...]) -> list[dict[tuple[str, ...], Cell]]:
    if isinstance(value, list):
        return [row for item in value for row in _rows(item, path)]
    if not isinstance(value, dict):
        return [{path: value}]
    plain: dict[tuple[str, ...], Cell] = {}
    lists: list[list[dict[tuple[str, ...], Cell]]] = []
    listed = False
    for key, inner in value.items():
        here = _below(path, key, inner)
        if isinstance(inner, dict | list):
            below = _rows(inner, here)
            listed = listed or _has_list(inner)
            lists.append(below)
        else:
            plain[here] = inner
    if listed and lists and not any(lists):
        return [plain] if plain else []
    beside = [_merged(parts) for parts in zip_longest(*_spread(lists))] if lists else [{}]
    return [plain | row for row in beside]


def _has_list(value: Any) -> bool:
    return isinstance(value, list) or (isinstance(value, dict) and any(map(_has_list, value.values())))


def _spread(lists: list[list[dict[tuple[str, ...], Cell]]]) -> list[list[dict[tuple[str, ...], Cell]]]:
    """Single rows are repeated beside longer lists."""
    longest = max(map(len, lists))
    return [rows * longest if len(rows) == 1 else rows for rows in lists]


def _merged(parts: tuple[dict[tuple[str, ...], Cell] | None, ...]) -> dict[tuple[str, ...], Cell]:
    merged: dict[tuple[str, ...], Cell] = {}
    for part in parts:
        merged |= part or {}
    return merged


def _headings(paths: list[Path]) -> list[str]:
    """Of each path the shortest end that no other path has."""
    ends = Counter(path[-length:] for path in paths for length in range(1, len(path) + 1))
    return [".".join(next((path[-n:] for n in range(1, len(path)) if ends[path[-n:]] == 1), path)) for path in paths]
