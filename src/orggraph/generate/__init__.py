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

Row = dict[str, str]
LAST_COLUMNS = ("source", "synthetic")


def generate(recipe_path: Path, scale: int, seed: int, out: Path) -> dict[str, int]:
    """Writes ``out/<load>/<Table>.csv``; the number of rows by file. Raises OrggraphError for a bad recipe."""
    recipe = read_recipe(recipe_path)
    kitchen = Kitchen(Random(seed), recipe.words, scale)
    with ExitStack() as stack:
        writer = Writer(stack, recipe, out)
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


class Writer:
    """One CSV file per load and table; its columns are all that any step of it has."""

    def __init__(self, stack: ExitStack, recipe: Recipe, out: Path) -> None:
        self.stack, self.out, self.source = stack, out, recipe.source.key
        self.counts: dict[str, int] = {}
        self.files: dict[str, Any] = {}
        self.columns: dict[str, list[str]] = {"1/Source": ["key", "name", "nature", "date", "synthetic"]}
        for step in recipe.steps:
            values = [step.values, *(state.values for state in step.states)]
            self._columns(
                f"{step.load}/{step.table}", ["key", *(["name"] if step.make else []), *(c for v in values for c in v)]
            )
        for correction in recipe.corrections:
            self._columns(f"{correction.load}/{correction.table}", ["key", *correction.values])
        for columns in self.columns.values():
            if columns is not self.columns["1/Source"]:
                columns += LAST_COLUMNS

    def _columns(self, name: str, columns: list[str]) -> None:
        known = self.columns.setdefault(name, [])
        known += [column for column in dict.fromkeys(columns) if column not in known]

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
