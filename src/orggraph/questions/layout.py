"""How a nested answer becomes rows. In: a question's columns, the shape of its document. Out: a ``Layout``; from it and an
answer, rows.

A row is an item of the row list: the innermost list that columns pass, or the list, or lists, that ``rows:`` names. What stands
above it is repeated in each of its rows; where it has no item, one row tells what stands above (of several lists: none).
A list beside it is one cell with all of its values.

    at { streets { nodes [ street, communities { nodes [ community, grids { nodes [ grid ] } ] } ] } }
    rows: communities.nodes        street | community | grid; grid; grid
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orggraph.graphql.shapes import Path, Shape
from orggraph.questions.entries import QuestionEntry

Scalar = str | int | float | bool | None
Value = Scalar | list[Scalar]
Tell = Callable[[tuple[str, ...], str, str], None]
"""Takes a problem: where in the entry, what is wrong, how to mend it."""
SHOWN = 5
PAGE_INFO = ("hasNextPage", "endCursor")
LEAST = ("POSSIBLE", "CERTAIN")


@dataclass(frozen=True)
class Cell:
    """Where a column's values stand: ``steps`` from the item of the chain's list number ``level`` (0: from the top)."""

    level: int
    steps: Path
    type: str


@dataclass(frozen=True)
class Chain:
    """The lists that lead to a row, from the outermost, each by its steps from the one before; the cells of each column:
    one; none where this list has nothing of it; several where its certainty is the least of them."""

    lists: tuple[Path, ...]
    cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Layout:
    """``types``: of the columns."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    chains: tuple[Chain, ...]


def layout_of(entry: QuestionEntry, shape: Shape, tell: Tell) -> Layout | None:
    """The layout of a question's table; None after a problem."""
    told: list[str] = []

    def once(where: tuple[str, ...], message: str, mend: str) -> None:
        told.append(message)
        tell(where, message, mend)

    wanted = {name: tuple(map(_steps, _paths(column.path or name))) for name, column in entry.columns.items()}
    ends = _row_lists(entry, shape, wanted, once)
    if told:
        return None
    chains = [_chain(shape, end, ends, wanted, once) for end in ends]
    for place, name in enumerate(wanted):
        if not told and not any(chain.cells[place] for chain in chains):
            several = ", ".join(".".join(path) for path in wanted[name])
            once(("columns", name), f"{several} is no value of the answer", _offer(shape.leaves))
    if told:
        return None
    types = tuple(next(c.cells[n] for c in chains if c.cells[n])[0].type for n in range(len(wanted)))
    return Layout(tuple(wanted), types, tuple(chains))


def rows_of(layout: Layout, data: Mapping[str, Any]) -> Iterator[list[Value]]:
    """The rows of an answer's data."""
    for chain in layout.chains:
        for items in _items(chain, 0, [data], len(layout.chains) == 1):
            yield [_column(items, cells) for cells in chain.cells]


def number_at(data: Any, path: Path, lists: frozenset[Path]) -> int | float | None:
    """The number at a path; of a list, how many items it has; within a list, that of its only item."""
    found = list(_follow(data, path))
    if path in lists:
        return len(found)
    numbers = [one for one in found if isinstance(one, int | float) and not isinstance(one, bool)]
    return numbers[0] if len(numbers) == len(found) == 1 else None


def find_paths(paths: Iterable[Path], wanted: Path) -> list[Path]:
    """Those that end so; the one that is so, if it is there."""
    found = [path for path in paths if path[-len(wanted) :] == wanted]
    return [wanted] if wanted in found else found


# ---------------------------------------------------------------- making


def _steps(text: str) -> Path:
    return tuple(text.split("."))


def _paths(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else text


def _row_lists(entry: QuestionEntry, shape: Shape, wanted: Mapping[str, tuple[Path, ...]], tell: Tell) -> list[Path]:
    """The lists of which each item is a row."""
    if named := _paths(entry.rows):
        ends = [_one(shape.lists, _steps(text), ("rows",), "list", tell) for text in named]
        return [end for end in ends if end is not None]
    passed: set[Path] = {
        (),
        *(
            above
            for paths in wanted.values()
            for path in paths
            if len(found := find_paths(shape.leaves, path)) == 1
            for above in _lists_above(shape, found[0])
        ),
    }
    innermost = max(passed, key=len)
    if any(innermost[: len(one)] != one for one in passed):
        sides = ", ".join(sorted(".".join(one) for one in passed if one and innermost[: len(one)] != one))
        tell(("columns",), f"columns stand in lists side by side: {'.'.join(innermost)}, {sides}", "say rows: LIST")
    return [innermost]


def _chain(shape: Shape, end: Path, ends: list[Path], wanted: Mapping[str, tuple[Path, ...]], tell: Tell) -> Chain:
    lists = [*_lists_above(shape, end), *([end] if end else [])]
    others = [one for one in ends if one != end]
    own = [leaf for leaf in shape.leaves if not any(leaf[: len(one)] == one for one in others)]
    within = [leaf for leaf in own if set(_lists_above(shape, leaf)) <= set(lists)]
    cells = []
    for name, paths in wanted.items():
        leaves = [leaf for path in paths if (leaf := _leaf(within, own, path, name, tell))]
        if len(paths) > 1 and any(shape.leaves[leaf] != "Certainty" for leaf in leaves):
            tell(("columns", name), "several paths are the least certainty of a row", "give paths of certainty, or one")
        cells.append(tuple(_cell(lists, leaf, shape.leaves[leaf]) for leaf in leaves))
    steps = tuple(one[len(before) :] for before, one in zip([(), *lists], lists, strict=False))
    return Chain(steps, tuple(cells))


def _leaf(within: list[Path], own: list[Path], path: Path, name: str, tell: Tell) -> Path | None:
    """What a column's path means among the values of a row, else among those of lists beside it."""
    found = find_paths(within, path) or find_paths(own, path)
    if len(found) > 1:
        several = ", ".join(".".join(one) for one in found[:SHOWN])
        tell(("columns", name), f"{'.'.join(path)} may be {several}", "write more of its path")
    return found[0] if found else None


def _cell(lists: list[Path], leaf: Path, type_: str) -> Cell:
    level = max((n for n, one in enumerate(lists, 1) if leaf[: len(one)] == one), default=0)
    return Cell(level, leaf[len(lists[level - 1]) :] if level else leaf, type_)


def _lists_above(shape: Shape, path: Path) -> list[Path]:
    return [path[:n] for n in range(1, len(path)) if path[:n] in shape.lists]


def _one(paths: Iterable[Path], wanted: Path, where: tuple[str, ...], what: str, tell: Tell) -> Path | None:
    """The only path that ends so."""
    known = list(paths)
    found = find_paths(known, wanted)
    if len(found) == 1:
        return found[0]
    text = ".".join(wanted)
    if found:
        tell(where, f"{text} may be {', '.join('.'.join(one) for one in found[:SHOWN])}", "write more of its path")
    else:
        tell(where, f"{text} is no {what} of the answer", _offer(known))
    return None


def one_number(shape: Shape, text: str, where: tuple[str, ...], tell: Tell) -> Path | None:
    """The only value or list that a path means; values that stand in no list come before those that do."""
    wanted = _steps(text)
    alone = [leaf for leaf in shape.leaves if not _lists_above(shape, leaf)]
    found = find_paths([*alone, *(one for one in shape.lists if not _lists_above(shape, one))], wanted)
    return found[0] if len(found) == 1 else _one([*shape.leaves, *sorted(shape.lists)], wanted, where, "number", tell)


def one_leaf(shape: Shape, text: str, where: tuple[str, ...], tell: Tell) -> Path | None:
    """The only value that a path means, which stands in no list."""
    alone = [leaf for leaf in shape.leaves if not _lists_above(shape, leaf) and leaf not in shape.lists]
    return _one(alone, _steps(text), where, "single value", tell)


def next_pages(entry: QuestionEntry, shape: Shape, data: Any) -> dict[str, str]:
    """The cursors after which lists go on; none where all have come to their end."""
    more, cursors = False, {}
    for name, path in entry.pages.items():
        has, cursor = (next(_follow(data, _found(shape, f"{path}.{leaf}")), None) for leaf in PAGE_INFO)
        more = more or has is True
        if isinstance(cursor, str):
            cursors[name] = cursor
    return cursors if more else {}


def _found(shape: Shape, text: str) -> Path:
    return one_leaf(shape, text, (), lambda *_: None) or ()


def _offer(paths: Iterable[Path]) -> str:
    known = sorted(".".join(path) for path in paths)
    more = ", …" if len(known) > SHOWN else ""
    return f"there are {', '.join(known[:SHOWN])}{more}" if known else "ask for one in the document"


# ---------------------------------------------------------------- reading an answer


def _items(chain: Chain, level: int, above: list[Any], alone: bool) -> Iterator[list[Any]]:
    """For each row the items that lead to it; fewer where a list has none."""
    if level == len(chain.lists):
        yield above
        return
    found = list(_follow(above[-1], chain.lists[level]))
    if not found and level and alone:
        yield above
    for item in found:
        yield from _items(chain, level + 1, [*above, item], alone)


def _follow(value: Any, steps: Path) -> Iterator[Any]:
    """What stands at the end of steps, through all lists on the way; nothing where something is null."""
    if isinstance(value, list):
        for item in value:
            yield from _follow(item, steps)
    elif not steps:
        if value is not None:
            yield value
    elif isinstance(value, dict):
        yield from _follow(value.get(steps[0]), steps[1:])


def _column(items: list[Any], cells: tuple[Cell, ...]) -> Value:
    """A column's value in a row: of several certainties, which each hold given the row above, the least."""
    if len(cells) < 2:
        return _value(items, cells[0]) if cells else None
    told = [str(value) for cell in cells if (value := _value(items, cell)) is not None]
    return min(told, key=LEAST.index) if told else None


def _value(items: list[Any], cell: Cell) -> Value:
    if cell.level >= len(items):
        return None
    value = items[cell.level]
    for place, step in enumerate(cell.steps):
        if isinstance(value, list):
            return list(_follow(value, cell.steps[place:]))
        value = value.get(step) if isinstance(value, dict) else None
    return list(_follow(value, ())) if isinstance(value, list) else value
