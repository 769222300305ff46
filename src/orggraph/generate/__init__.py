"""A recipe → a folder of CSV files, any size, the same bytes for the same seed.

Rows are written as they are made, so memory does not grow with the scale. No code here knows what the graph is about.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from orggraph.errors import OrggraphError
from orggraph.generate.cells import Cell, Kitchen, Pool, cell, distinct_names, text
from orggraph.generate.recipe import Correction, Recipe, State, Step, read_recipe
from orggraph.output.placing import placed_folder, refuse

Row = dict[str, str]
LAST_COLUMNS = ("source", "synthetic")
SOURCES = "1/Source"


def generate(recipe_path: Path, scale: int, seed: int, out: Path, force: bool = False) -> dict[str, int]:
    """Writes ``out/<load>/<Table>.csv``, all or none; the number of rows by file. Raises OrggraphError for a bad recipe, and where
    such a file is there, unless by ``force``."""
    recipe = read_recipe(recipe_path)
    kitchen = Kitchen(Random(seed), recipe.words, scale)
    columns = _columns(recipe)
    for name in columns:
        if (path := out / f"{name}.csv").exists():
            refuse(path, force)
    out.parent.mkdir(parents=True, exist_ok=True)
    with placed_folder(out, force) as part, ExitStack() as stack:
        writer = Writer(stack, columns, recipe.source.key, part)
        writer.write("1", "Source", _source_row(recipe))
        for step in recipe.steps:
            for row in rows(kitchen, step):
                writer.write(step.load, step.table, row)
        for correction in recipe.corrections:
            for row in corrected(kitchen, correction):
                writer.write(correction.load, correction.table, row)
    return writer.counts


def _source_row(recipe: Recipe) -> Row:
    source = recipe.source
    return {"key": source.key, "name": source.name, "nature": source.nature, "date": source.date, "synthetic": "true"}


def _columns(recipe: Recipe) -> dict[str, list[str]]:
    """Of each file: all that any step of it has."""
    found = {SOURCES: ["key", "name", "nature", "date", "synthetic"]}
    for step in recipe.steps:
        values = [step.values, *(state.values for state in step.states)]
        had = ["key", *(["name"] if step.make else []), *(c for v in values for c in v)]
        found.setdefault(f"{step.load}/{step.table}", []).extend(had)
    for correction in recipe.corrections:
        found.setdefault(f"{correction.load}/{correction.table}", []).extend(["key", *correction.values])
    return {name: [*dict.fromkeys(had), *(LAST_COLUMNS if name != SOURCES else ())] for name, had in found.items()}


class Writer:
    """One CSV file per load and table. ``columns``: by file."""

    def __init__(self, stack: ExitStack, columns: dict[str, list[str]], source: str, out: Path) -> None:
        self.stack, self.columns, self.source, self.out = stack, columns, source, out
        self.counts: dict[str, int] = {}
        self.files: dict[str, Any] = {}

    def write(self, load: str, table: str, row: Row) -> None:
        name = f"{load}/{table}"
        if name not in self.files:
            path = self.out / f"{name}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            file = self.stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            self.files[name] = csv.DictWriter(file, self.columns[name], restval="", lineterminator="\n")
            self.files[name].writeheader()
        if "source" in self.columns[name]:
            row |= {"source": self.source, "synthetic": "true"}
        self.files[name].writerow(row)
        self.counts[name] = self.counts.get(name, 0) + 1


def rows(kitchen: Kitchen, step: Step) -> Iterator[Row]:
    """The rows of a step; entities become a pool."""
    count = step.count * (1 if step.fixed else kitchen.scale)
    prefix = step.key or step.pool or step.table.lower()
    pool = kitchen.pools.setdefault(step.pool or prefix, Pool(prefix, 0))
    first = pool.size
    pool.size += count
    cells = {column: cell(kitchen, spec, count) for column, spec in step.values.items()}
    if step.name:
        cells["name"] = distinct_names(kitchen, step.name) if step.distinct else text(kitchen, step.name)
    states = [(state, _state_cells(kitchen, state, count)) for state in step.states]
    for place in range(count):
        row: Row = {"key": pool.key(first + place)}
        _fill(row, cells, place)
        yield dict(row)
        for state, made in states:
            if state.first is None or place < state.first * kitchen.scale:
                _fill(row, made, place)
                yield dict(row)


def _state_cells(kitchen: Kitchen, state: State, count: int) -> dict[str, Cell]:
    cells = {column: cell(kitchen, spec, count) for column, spec in state.values.items()}
    return cells | ({"name": text(kitchen, state.name)} if state.name else {})


def _fill(row: Row, cells: dict[str, Cell], place: int) -> None:
    for column, make in cells.items():
        row[column] = make(place, row)


def corrected(kitchen: Kitchen, correction: Correction) -> Iterator[Row]:
    """Later rows about some of what a step has made."""
    pool = kitchen.pool(correction.pool)
    if correction.every < 1:
        raise OrggraphError("the recipe corrects every 0th row", "RECIPE")
    cells = {column: cell(kitchen, spec, pool.size) for column, spec in correction.values.items()}
    for place in islice(range(0, pool.size, correction.every), correction.most):
        row: Row = {"key": pool.key(place)}
        _fill(row, cells, place)
        yield row
