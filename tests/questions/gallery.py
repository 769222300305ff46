"""The gallery of questions in the README, made from ``queries/`` and the seed graph."""

from __future__ import annotations

from dataclasses import replace

from orggraph.graphql.engine import Engine
from orggraph.questions.asking import Answered
from orggraph.questions.checking import Set
from orggraph.questions.formats import markdown, numbers_told
from orggraph.questions.question import Ready, find
from orggraph.questions.whole import ask_whole

SHOWN = {
    "unit-deputies-cover-communities": {},
    "communities-without-first-secretary": {"date": "2018-01-20"},
    "part-time-members": {},
    "cadres-at-enterprises": {},
    "career": {},
    "who-changed": {"from": "2018-01-01"},
    "community-workers": {},
    "service-centres": {},
    "rotating-chairs": {},
    "first-secretaries-over-time": {"step": "P1Y"},
}
ROWS = 2
WITH_DOCUMENT = ("unit-deputies-cover-communities", "communities-without-first-secretary")
BEGIN, END = "<!-- gallery -->\n", "<!-- end of gallery -->\n"


def gallery(engine: Engine, questions: Set) -> str:
    """Each question with its document, or where that stands, and the first rows of its table."""
    return "".join(
        _item(
            find(questions.ready, name),
            ask_whole(engine, questions.ready, find(questions.ready, name), typed, "zh"),
            typed,
        )
        for name, typed in SHOWN.items()
    )


def _item(ready: Ready, answered: Answered, typed: dict[str, str]) -> str:
    question = ready.question
    command = " ".join(["orggraph ask", ready.name, *(f"--{name} {text}" for name, text in typed.items())])
    first = replace(answered, rows=answered.rows[:ROWS])
    more = len(answered.rows) - len(first.rows)
    told = "; ".join(numbers_told(answered, "en"))
    return (
        f"**{question.title('en')} · {question.title('zh')}**: `{command}`{_document(ready)}\n\n{markdown(first, 'zh')}\n"
        f"{f'and {more} rows more' if more else ''}{'. ' if more and told else ''}{told}\n\n"
    )


def _document(ready: Ready) -> str:
    if ready.name in WITH_DOCUMENT:
        return f"\n\n```graphql\n{ready.question.document.rstrip()}\n```"
    return f" ([document](queries/{ready.question.folder}/query.graphql))"


def between(readme: str) -> tuple[str, str, str]:
    """What stands before the gallery, the gallery, and what stands after it."""
    before, _, rest = readme.partition(BEGIN)
    middle, _, after = rest.partition(END)
    return before + BEGIN, middle, END + after
