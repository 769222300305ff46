"""What follows from a model as files, in its folder ``derived/``: SDL, DDL, ontology, shapes, a page in each language.

Out: files; with ``check`` nothing is written and a difference is an error, which is how CI keeps them true.
"""

from __future__ import annotations

from pathlib import Path

from orggraph.errors import OrggraphError
from orggraph.graphql.schema import sdl
from orggraph.model import load_model
from orggraph.model.model import Model
from orggraph.model.page import page
from orggraph.rdf.ontology import ontology
from orggraph.rdf.shacl import shapes
from orggraph.rdf.turtle import turtle
from orggraph.stores.sqlite.ddl import ddl


def derived_files(model: Model) -> dict[str, str]:
    """Text by file name."""
    return {
        "schema.graphql": sdl(model),
        "sqlite.sql": ddl(model),
        **explaining_files(model),
    }


def explaining_files(model: Model) -> dict[str, str]:
    """Those that say what a graph of this model means."""
    return {
        "ontology.ttl": _turtle(model, ontology(model)),
        "shapes.ttl": _turtle(model, shapes(model)),
        "model.zh.md": page(model, "zh"),
        "model.en.md": page(model, "en"),
    }


def derive(path: Path, check: bool) -> None:
    """Writes the files, or raises OrggraphError naming those that differ."""
    folder = (path if path.is_dir() else path.parent) / "derived"
    files = derived_files(load_model(path))
    stale = [name for name, text in files.items() if not _is(folder / name, text)]
    if check and stale:
        names = ", ".join(str(folder / name) for name in stale)
        raise OrggraphError(f"not as the model says: {names}; run: orggraph model derive {path}", "STALE")
    folder.mkdir(exist_ok=True)
    for name in stale:
        (folder / name).write_text(files[name], "utf-8")


def _turtle(model: Model, subjects: list[tuple[str, bytes]]) -> str:
    return b"".join(turtle((lines for _, lines in subjects), model)).decode().rstrip("\n") + "\n"


def _is(file: Path, text: str) -> bool:
    return file.exists() and file.read_text("utf-8") == text
