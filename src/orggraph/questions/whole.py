"""A question with all that it needs. In: a question, and the others of its folder. Out: what to ask, one after another; then the
whole answer.

Lists that come in pages are asked for page by page; cursors keep their load. One whose rows are published figures needs the
questions that count them. All answers are of one load: where a load comes between two of them, all are asked again. Whoever asks
drives it: a command asks its engine, the service its threads.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from typing import NamedTuple

from orggraph.errors import OrggraphError
from orggraph.graphql.engine import Engine
from orggraph.questions.asking import Answered, ask
from orggraph.questions.checking import check_question, check_questions
from orggraph.questions.figures import beside, counting
from orggraph.questions.paged import FIRST, After, Paged, onward
from orggraph.questions.question import Folder, Question, QuestionError, Ready

TRIES = 3
MOST_ROWS = 200_000
"""Of one answer that is held with all its pages: a table in a terminal, a page, a data frame."""


class Ask(NamedTuple):
    """What to ask next."""

    ready: Ready
    typed: Mapping[str, str]
    after: After = FIRST


Steps = Generator[Ask, Answered, Answered]


def whole(ready: Ready, others: Iterable[Ready], typed: Mapping[str, str]) -> Steps:
    """Gives what to ask and is sent the answers; returns the whole. Raises QuestionError."""
    by_name = {one.name: one for one in others}
    for _ in range(TRIES):
        answered = yield from _pages(ready, typed)
        if ready.question.entry.figures is None:
            return answered
        counted = {}
        for name in counting(answered):
            if name in by_name:
                shared = {key: text for key, text in _as_typed(answered).items() if key in by_name[name].parameters}
                counted[name] = yield Ask(by_name[name], shared)
        if all(one.load == answered.load for one in counted.values()):
            return beside(answered, counted)
    raise QuestionError("loads came while the question was asked; ask again", "LOADS_CAME")


def _pages(ready: Ready, typed: Mapping[str, str]) -> Steps:
    """All pages as one answer."""
    first = page = yield Ask(ready, typed)
    after = FIRST
    while page.more:
        after = onward(after, page)
        if len(first.rows) > MOST_ROWS:
            message = f"{ready.name} has more than {MOST_ROWS:,} rows, which are written to files only"
            raise QuestionError(f"{message}: orggraph ask {ready.name} -o FILE.csv, or .xlsx, .json, .md", "TOO_MANY")
        page = yield Ask(ready, typed, after)
        first.rows.extend(page.rows)
    return first


def _as_typed(answered: Answered) -> dict[str, str]:
    return {name: str(value) for name, value in answered.values.items()}


def ask_one(engine: Engine, folder: Folder, question: Question, typed: Mapping[str, str], lang: str) -> Answered:
    """Asks a question of a folder; the others are looked at only where they are needed. Raises OrggraphError."""
    ready = ready_to_ask(engine, question)
    others = check_questions(engine, folder).ready if ready.question.entry.figures else ()
    return ask_whole(engine, others, ready, typed, lang)


def ask_paged(engine: Engine, folder: Folder, question: Question, typed: Mapping[str, str], lang: str) -> Paged:
    """The same page by page, however many rows there are. Raises OrggraphError."""
    ready = ready_to_ask(engine, question)
    if ready.question.entry.figures is not None:
        return Paged(ask_one(engine, folder, question, typed, lang))
    return Paged(ask(engine, ready, typed, lang), lambda after: ask(engine, ready, typed, lang, after))


def ready_to_ask(engine: Engine, question: Question) -> Ready:
    """A question that the store can be asked. Raises OrggraphError, which says why not."""
    ready, problems = check_question(engine, question)
    if ready is None:
        raise OrggraphError("\n".join(map(str, problems)), "BAD_QUESTION")
    return ready


def ask_whole(engine: Engine, others: Iterable[Ready], ready: Ready, typed: Mapping[str, str], lang: str) -> Answered:
    """Asks a question of an engine. Raises QuestionError, RequestErrors."""
    steps = whole(ready, others, typed)
    try:
        wanted = next(steps)
        while True:
            wanted = steps.send(ask(engine, wanted.ready, wanted.typed, lang, wanted.after))
    except StopIteration as done:
        found = done.value
        assert isinstance(found, Answered)
        return found
