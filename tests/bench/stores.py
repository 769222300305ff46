"""The stores that are measured: the seed graph at a scale, generated and loaded once into ``build/bench``."""

from __future__ import annotations

import shutil
from pathlib import Path

from orggraph.generate import generate
from orggraph.graphql.schema import sdl
from orggraph.model.reading import model_texts
from orggraph.stores.sqlite.load import load

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds" / "changji"


def store(scale: int) -> Path:
    """The file of a store; made anew if the model, the recipe or the code that loads is newer."""
    folder = ROOT / "build" / "bench"
    path = folder / f"changji-{scale}.db"
    inputs = [*ROOT.glob("schema/**/*.yaml"), SEEDS / "recipe.yaml", *ROOT.glob("src/orggraph/**/*.py")]
    if path.exists() and all(path.stat().st_mtime > one.stat().st_mtime for one in inputs):
        return path
    path.unlink(missing_ok=True)
    files = folder / f"changji-{scale}"
    generate(SEEDS / "recipe.yaml", scale, 1, files)
    for file in (SEEDS / "1").glob("*.article.csv"):
        shutil.copy(file, files / "1")
    load(path, model_texts(ROOT / "schema"), sdl, [files])
    shutil.rmtree(files)
    return path
