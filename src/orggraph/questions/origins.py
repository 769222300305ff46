"""What the answer of a question comes from. In: a question and its parameters. Out: the keys of entities and records."""

from __future__ import annotations

import json
from collections.abc import Mapping

from orggraph.graphql.engine import Engine
from orggraph.graphql.keyed import keyed, keys_in
from orggraph.questions.layout import next_pages
from orggraph.questions.parameters import variables
from orggraph.questions.question import Folder, find
from orggraph.questions.whole import ready_to_ask


def origins(engine: Engine, folder: Folder, name: str, typed: Mapping[str, str]) -> frozenset[str]:
    """The keys of every entity and record that the answer tells of or leads over, on all its pages. Raises OrggraphError."""
    ready = ready_to_ask(engine, find(folder.questions, name))
    document, values = keyed(engine.schema, ready.question.document), variables(ready, typed, "zh")
    keys: set[str] = set()
    after: dict[str, str] = {}
    while True:
        told = json.loads(engine.execute(document, {**values, **after}))["data"]
        keys.update(keys_in(told))
        more = next_pages(ready.question.entry, ready.shape, told)
        if not more:
            return frozenset(keys)
        after |= more
