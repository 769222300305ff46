"""A question, asked. In: what is typed, the engine's answer. Out: an ``Answered``: rows, numbers, the load that it is of.

The engine is not asked here but by whoever has one (a command; the service, in its threads): ``variables`` says what to ask,
``answered`` reads the answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orggraph.graphql.engine import Engine
from orggraph.questions.entries import NumberEntry
from orggraph.questions.layout import Value, next_pages, number_at, one_number, rows_of
from orggraph.questions.parameters import variables
from orggraph.questions.question import Ready
from orggraph.questions.words import Heading, headings

Number = int | float | None


@dataclass(frozen=True)
class Answered:
    """``values``: the variables as asked. ``rows``: a value for each of ``headings``. ``numbers``: by name. ``load``: the number
    of the load that all of it is of."""

    ready: Ready
    values: Mapping[str, Any]
    load: int
    headings: tuple[Heading, ...]
    rows: list[list[Value]]
    numbers: Mapping[str, Number] = field(default_factory=dict)
    more: Mapping[str, str] = field(default_factory=dict)
    """Where lists go on: variables of the next page."""
    unmet: int = 0
    """Rows of published figures that the graph does not count to."""

    @property
    def name(self) -> str:
        return self.ready.name

    def title(self, lang: str) -> str:
        return self.ready.question.title(lang)


def ask(
    engine: Engine, ready: Ready, typed: Mapping[str, str], lang: str, after: Mapping[str, str] | None = None
) -> Answered:
    """Asks one document, or its page ``after`` another. Raises QuestionError, RequestErrors."""
    values = {**variables(ready, typed, lang), **(after or {})}
    return answered(ready, values, engine.execute(ready.question.document, values), _seen(engine))


def _seen(engine: Engine) -> int | None:
    """The number of the load that an engine looks back to."""
    if engine.outermost.load is None:
        return None
    told = json.loads(engine.execute("{ at { scope { load } } }"))
    return int(told["data"]["at"]["scope"]["load"])


def answered(ready: Ready, values: Mapping[str, Any], answer: bytes, load: int | None = None) -> Answered:
    """What the engine answered, as rows and numbers; of the last load, unless another is said."""
    told = json.loads(answer)
    data = told["data"]
    entry = ready.question.entry
    numbers = {name: number(ready, one, data) for name, one in entry.numbers.items()}
    rows = list(rows_of(ready.layout, data))
    more = next_pages(entry, ready.shape, data)
    shown = {name: value for name, value in values.items() if name not in entry.pages}
    return Answered(
        ready, shown, told["extensions"]["load"] if load is None else load, headings(ready), rows, numbers, more
    )


def number(ready: Ready, entry: NumberEntry, data: Any) -> Number:
    """One number of an answer, divided and multiplied as the question says."""
    found = _at(ready, entry.path, data)
    if found is None or not (entry.per or entry.times != 1):
        return found
    divisor = _at(ready, entry.per, data) if entry.per else 1
    if not divisor:
        return None
    quotient = found * entry.times / divisor
    return int(quotient) if quotient == int(quotient) else quotient


def _at(ready: Ready, text: str, data: Any) -> Number:
    path = one_number(ready.shape, text, (), _ignore)
    return number_at(data, path, ready.shape.lists) if path else None


def _ignore(*_: object) -> None:
    """Paths were judged when the question was made ready."""
