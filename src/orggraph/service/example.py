"""The question that the page opens with. In: what answers. Out: a document that it answers, and its variables.

The first of the only documents that are answered, or the first of the questions that come with orggraph, if the store's model can be
asked it (a later one may fit any model and have a default that says nothing there); else a list of the model's first kind.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from orggraph.graphql.engine import RequestErrors
from orggraph.model.model import Model
from orggraph.service.account import Account
from orggraph.service.answering import Answering
from orggraph.service.documents import Documents, TheseDocuments
from orggraph.settings import default_questions


@dataclass(frozen=True)
class Example:
    """``variables`` as JSON text, as one types them."""

    document: str
    variables: str


async def example(answering: Answering, documents: Documents) -> Example:
    """The first question that can be answered."""
    for one in questions(documents):
        if await answers(answering, one):
            return one
    return from_model(answering.engine.store.model)


def questions(documents: Documents) -> Iterator[Example]:
    """Those that may be asked, with their defaults, in the order of their names."""
    if isinstance(documents, TheseDocuments):
        yield from (Example(one.text, "") for one in documents.documents)
        return
    from orggraph.questions.reading import read_questions  # only here: few services are asked for their page

    for one in read_questions(default_questions()).questions[:1]:
        given = {name: entry.default for name, entry in one.entry.parameters.items() if entry.default is not None}
        yield Example(one.document, json.dumps(given, ensure_ascii=False))


async def answers(answering: Answering, one: Example) -> bool:
    """Whether it can be answered; nothing is run."""
    try:
        await answering.question(one.document, json.loads(one.variables or "{}"), None, Account())
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
