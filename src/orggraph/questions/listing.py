"""The list of questions. In: those that a store can be asked. Out: what each asks, takes and gives, as JSON values or words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from orggraph.questions.parameters import defaults
from orggraph.questions.question import Ready
from orggraph.questions.words import headings


def listed(questions: Iterable[Ready]) -> list[dict[str, Any]]:
    """One object for each."""
    return [_one(ready) for ready in questions]


def _one(ready: Ready) -> dict[str, Any]:
    entry, given = ready.question.entry, defaults(ready)
    return {
        "name": ready.name,
        "number": ready.question.number,
        "title": {"zh": entry.title.zh, "en": entry.title.en},
        "answers": {"zh": entry.answers.zh, "en": entry.answers.en},
        "parameters": [
            {
                "name": name,
                "zh": entry.parameters[name].zh,
                "en": entry.parameters[name].en,
                "type": one.type,
                **({"choices": list(one.choices)} if one.choices else {}),
                "default": given.get(name),
            }
            for name, one in ready.parameters.items()
        ],
        "columns": [{"name": c.name, "zh": c.zh, "en": c.en, "type": c.type} for c in headings(ready)],
    }


def parameters_in_words(ready: Ready) -> str:
    """``--date 2020-03-31 --certainty POSSIBLE``, as one types them."""
    given = defaults(ready)
    return " ".join(f"--{name} {given.get(name, '…')}" for name in ready.parameters)
