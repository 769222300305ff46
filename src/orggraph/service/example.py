"""The question that the page opens with. In: an engine. Out: a document that it answers, and its variables.

The first of those that come with orggraph that the store's model can be asked; where none is, a list of the model's first kind.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from orggraph.graphql.engine import Engine, RequestErrors
from orggraph.model.model import Model


@dataclass(frozen=True)
class Example:
    """``variables`` as JSON text, as one types them."""

    document: str
    variables: str


def example(engine: Engine, folder: Path) -> Example:
    """The first question of a folder's (``NAME/query.graphql``, ``NAME/variables.json``) that the engine can answer."""
    return next((one for one in examples(folder) if answers(engine, one)), None) or from_model(engine.store.model)


def examples(folder: Path) -> list[Example]:
    """All questions of a folder, in the order of their names."""
    paths = sorted(folder.glob("*/query.graphql"))
    return [Example(path.read_text("utf-8"), _text(path.with_name("variables.json"))) for path in paths]


def answers(engine: Engine, one: Example) -> bool:
    """Whether the engine can answer it; nothing is run."""
    try:
        engine.ask(one.document, json.loads(one.variables or "{}"))
    except RequestErrors:
        return False
    return True


def from_model(model: Model) -> Example:
    """The first things of the model's first kind."""
    kind = model.concrete()[0]
    fields = "totalCount\n    nodes { key name valid { text(lang: ZH) } }"
    return Example(
        f"# {kind.label.zh} · {kind.label.en}\n{{\n  {kind.plural}(first: 20) {{\n    {fields}\n  }}\n}}\n", ""
    )


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""
