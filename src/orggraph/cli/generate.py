"""``orggraph generate``: a synthetic graph from a recipe."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli.writing import Force


def generate(
    recipe: Annotated[Path, typer.Argument(help="The recipe: a YAML file, or the folder that it is in.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write CSV files into.")],
    scale: Annotated[int, typer.Option(min=1, help="How many times as large.")] = 1,
    seed: Annotated[int, typer.Option(help="Another seed makes another graph; the same seed the same.")] = 1,
    force: Force = False,
) -> None:
    """Make a synthetic graph of any size, the same for the same seed. · 生成

    Example: orggraph generate seeds/changji -o build/changji-10 --scale 10
    """
    from orggraph.generate import generate as make

    rows = make(recipe / "recipe.yaml" if recipe.is_dir() else recipe, scale, seed, output, force)
    print(f"{sum(rows.values())} rows in {len(rows)} files below {output}")
