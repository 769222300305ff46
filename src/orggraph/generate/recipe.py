"""A recipe: what a synthetic graph is made of, as data. In: YAML. Out: frozen structs.

``words`` are lists that names are put together from. ``steps`` make entities (``make``) or records (``relate``), in order;
entities made under a name (``as``) are a pool that later steps take ends from. Counts grow with the scale.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import yaml

from orggraph.errors import OrggraphError


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Root of a recipe's parts: immutable, and an unknown key is an error."""


class Source(Part, frozen=True):
    key: str
    name: str
    nature: str
    date: str


class State(Part, frozen=True):
    """A further state of the first ``first`` entities of a step (all, if none is said); ``name`` if it is renamed."""

    values: dict[str, Any]
    first: int | None = None
    name: str | None = None


class Step(Part, frozen=True):
    """``make`` a kind or ``relate`` by a relation: ``count`` rows (times the scale, unless ``fixed``).

    ``name``: a template over ``words``; with ``distinct`` no two are alike. ``values``: by column, what a cell holds (see
    ``cells.py``). ``states``: further rows of the same entities. ``load``: the folder, "1" unless said.
    """

    count: int
    make: str | None = None
    relate: str | None = None
    pool: str | None = None
    name: str | None = None
    distinct: bool = False
    fixed: bool = False
    key: str | None = None
    values: dict[str, Any] = {}
    states: tuple[State, ...] = ()
    load: str = "1"

    @property
    def table(self) -> str:
        return self.make or self.relate or ""


class Correction(Part, frozen=True):
    """Rows of a later load that say something else of every so-many-th row of a pool, at most ``most`` of them."""

    table: str
    pool: str
    every: int
    values: dict[str, Any]
    load: str = "2"
    most: int = 1_000_000


class Recipe(Part, frozen=True):
    source: Source
    words: dict[str, tuple[str, ...]]
    steps: tuple[Step, ...]
    corrections: tuple[Correction, ...] = ()


def read_recipe(path: Path) -> Recipe:
    """The recipe in a YAML file; raises OrggraphError saying what is wrong with it."""
    try:
        recipe = msgspec.convert(yaml.load(path.read_text("utf-8"), yaml.CBaseLoader), Recipe, strict=False)
    except (OSError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise OrggraphError(f"{path}: {error}", "RECIPE") from None
    for step in recipe.steps:
        if bool(step.make) == bool(step.relate):
            raise OrggraphError(f"{path}: a step says either make or relate", "RECIPE")
    return recipe
