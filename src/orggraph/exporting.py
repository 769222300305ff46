"""A store's tables → files in the columns that loading reads. In: tables by any of their names, a target. Out: files, or none.

The target's name says the format: ``.xlsx`` (a sheet each), ``.csv`` (one table), ``.jsonl``; any other name is a folder with a file
each. Where the name of a file does not say what its rows are, each row does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from orggraph.errors import OrggraphError
from orggraph.model.columns import folded
from orggraph.model.model import Model
from orggraph.output.csv_text import csv_pieces
from orggraph.output.json_lines import json_pieces
from orggraph.output.placing import placed, placed_folder, refuse
from orggraph.output.sheet import Sheet, watched
from orggraph.output.workbook import write_workbook
from orggraph.plan.scope import AsOf, Constant, Day, Range, Scope
from orggraph.records.files import Table, table_names
from orggraph.records.guessing import nearest
from orggraph.records.words import Words
from orggraph.records.written import written_sheet
from orggraph.stores.contract import Store
from orggraph.time.partial import parse_partial
from orggraph.time.steps import utc

PIECES: Mapping[str, Callable[[Sheet], Iterator[bytes]]] = {".csv": csv_pieces, ".jsonl": json_pieces}
WORKBOOK = ".xlsx"
FORMATS = (WORKBOOK, *PIECES)
UNLESS_SAID = {WORKBOOK: Words.ZH, ".csv": Words.MODEL, ".jsonl": Words.MODEL}
EVERYTHING = Scope()
BETWEEN = ".."


@dataclass(frozen=True)
class How:
    """``format``: of files in a folder. ``words``: those of the format, unless given. ``keys``: only of these. ``watch``: told of each
    table and of how many of its rows are written."""

    format: str = ".csv"
    words: Words | None = None
    scope: Scope = EVERYTHING
    force: bool = False
    keys: Collection[str] | None = None
    watch: Callable[[str, int], None] = lambda _table, _rows: None


@dataclass
class Exported:
    """How many rows of each table."""

    rows: dict[str, int]


def scope_asked(at: str | None, during: str | None, known_at: str | None, load: int | None) -> Scope:
    """A day; a month, a year or ``FROM..UNTIL`` (days, either may be blank); a moment, or the number of a load. Raises
    OrggraphError."""
    if (at and during) or (known_at and load is not None):
        raise OrggraphError(
            "say a day or a time (--at, --during), a moment or a load (--known-at, --load), not both", "BAD_VALUE"
        )
    try:
        dates = _range(during) if during and BETWEEN in during else None
        first, last = parse_partial(at or ("2020" if dates else during) or "2020")
        if known_at:
            utc(known_at)
    except ValueError as error:
        raise OrggraphError(str(error), "BAD_VALUE") from None
    if at and first != last:
        raise OrggraphError(f"{at} is no day; write it as 2020-03-31, or say --during {at}", "BAD_VALUE")
    if dates is None and (at or during):
        dates = Day(Constant(at)) if at else Range(Constant(during), Constant(during), through=True)
    known = AsOf(Constant(known_at), moment=True) if known_at else None if load is None else AsOf(Constant(load))
    return Scope(dates, known)


def _range(text: str) -> Day | Range:
    """``2019-03-01..2020-01-01`` → those days, the last no longer. Raises ValueError, OrggraphError."""
    ends = [one or None for one in text.split(BETWEEN, 1)]
    days = [None if one is None else parse_partial(one) for one in ends]
    for one, day in zip(ends, days, strict=True):
        if day is not None and day[0] != day[1]:
            raise OrggraphError(f"{text}: {one} is no day; write it as 2020-03-31", "BAD_VALUE")
    if days[0] is not None and days[1] is not None and days[0] >= days[1]:
        raise OrggraphError(f"{text}: ends before it begins", "BAD_VALUE")
    first, until = (None if one is None else Constant(one) for one in ends)
    return Range(first, until)


def tables_named(model: Model, names: Sequence[str]) -> list[Table]:
    """Kinds and relations by any of their names; all of them if none is named. Raises OrggraphError."""
    known = table_names(model)
    if not names:
        return [*model.concrete(), *model.relations.values()]
    found: dict[str, Table] = {}
    for name in names:
        table = known.get(folded(name))
        if table is None:
            near = nearest(folded(name), list(known))
            mend = f"did you mean {known[near].name}?" if near else "orggraph model docs lists them"
            raise OrggraphError(f"{name} is no kind or relation; {mend}", "UNKNOWN_TABLE")
        found[table.name] = table
    return list(found.values())


def export_tables(store: Store, names: Sequence[str], target: Path, how: How = How()) -> Exported:
    """Writes the rows of tables; without ``names`` of all that have any. Raises OrggraphError; then nothing is written."""
    tables = tables_named(store.model, names)
    suffix = target.suffix.lower()
    format = suffix if suffix in FORMATS else how.format
    words = how.words or UNLESS_SAID[format]
    exported = Exported({})
    told = format == suffix != WORKBOOK and not _is_named_for(target, tables, store.model)
    sheets = _sheets(store, tables, words, how, exported, bool(names), told)
    if format != suffix:
        _write_folder(sheets, target, format, how)
        return exported
    if format == ".csv" and len(tables) > 1:
        raise OrggraphError(f"{target}: a CSV holds one table; name one, or a folder, or a file .xlsx", "ONE_TABLE")
    with placed(target, how.force) as part:
        _write_file(sheets, part, format)
    return exported


def _is_named_for(target: Path, tables: Sequence[Table], model: Model) -> bool:
    """Whether loading knows by a file's name what its rows are."""
    return len(tables) == 1 and table_names(model).get(folded(target.stem)) is tables[0]


def _sheets(
    store: Store, tables: Sequence[Table], words: Words, how: How, exported: Exported, empty: bool, told: bool
) -> Iterator[tuple[Table, Sheet]]:
    """``empty``: tables without rows too; ``told``: each row says what it is."""
    for table, rows in store.written(tables, how.scope, how.keys):
        first = list(islice(rows, 1))
        if not first and not empty:
            continue

        def tell(number: int, table: Table = table) -> None:
            exported.rows[table.name] = number
            how.watch(table.name, number)

        yield table, written_sheet(store.model, table, watched(chain(first, rows), tell), words, told)


def _write_file(sheets: Iterable[tuple[Table, Sheet]], part: Path, format: str) -> None:
    with part.open("wb") as file:
        if format == WORKBOOK:
            write_workbook((sheet for _, sheet in sheets), file)
            return
        for _, sheet in sheets:
            file.writelines(PIECES[format](sheet))


def _write_folder(sheets: Iterable[tuple[Table, Sheet]], target: Path, format: str, how: How) -> None:
    with placed_folder(target, how.force) as part:
        for table, sheet in sheets:
            name = f"{table.name if how.words in (None, Words.MODEL) else sheet.title}{format}"
            if target.is_dir():
                refuse(target / name, how.force)
            _write_file([(table, sheet)], part / name, format)
