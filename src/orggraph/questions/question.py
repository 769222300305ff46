"""A named question: as it was read, and as a store can be asked it.

``Question`` is what lies in its folder; ``Ready`` is that with what the store's schema makes of its document: the types of its
parameters and where its columns stand in an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from orggraph.errors import OrggraphError, Problem
from orggraph.graphql.shapes import Shape, Variable
from orggraph.model.reading import Reading
from orggraph.questions.entries import QuestionEntry
from orggraph.questions.layout import Layout

LANG = "lang"
"""The variable that is not asked for: it is the language of the table."""
DOCUMENT, ENTRY = "query.graphql", "question.yaml"


class QuestionError(OrggraphError):
    """A question that is not there, or is asked with what it does not take."""

    code = "QUESTION"


@dataclass(frozen=True, eq=False)
class Question:
    """``name``: the folder's without its ``number``. ``reading``: where each part of the entry stands."""

    name: str
    number: str
    document: str
    entry: QuestionEntry
    reading: Reading

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return f"{self.number}-{self.name}" if self.number else self.name

    def problem(self, where: tuple[str, ...], code: str, message: str, mend: str) -> Problem:
        """Something wrong with a part of the entry."""
        return Problem(*self.reading.place(where), ".".join(where), code, "", message, mend)

    def title(self, lang: str) -> str:
        """``lang``: zh or en, here and below."""
        return said(self.entry.title, lang)


@dataclass(frozen=True, eq=False)
class Ready:
    """``parameters``: the variables that who asks may set, in the order of the entry."""

    question: Question
    shape: Shape
    layout: Layout
    parameters: Mapping[str, Variable]

    @property
    def name(self) -> str:
        return self.question.name


@dataclass(frozen=True)
class Folder:
    """The questions of a folder in the order of their names, and what is wrong with others."""

    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()


AnyQuestion = TypeVar("AnyQuestion", Question, Ready)


def find(questions: Iterable[AnyQuestion], asked: str) -> AnyQuestion:
    """The question of a name (with or without its number), or of a number. Raises QuestionError."""
    known: dict[str, AnyQuestion] = {}
    for one in questions:
        question = one.question if isinstance(one, Ready) else one
        known[question.name] = one
        if question.number:
            known.setdefault(f"{question.number}-{question.name}", one)
            known.setdefault(question.number, one)
            known.setdefault(question.number.lstrip("0"), one)
    if asked in known:
        return known[asked]
    near = get_close_matches(asked, known, 1)
    hint = f"did you mean {near[0]}?" if near else "orggraph questions lists them"
    raise QuestionError(f"there is no question {asked}; {hint}", "NO_SUCH_QUESTION")


def said(label: object, lang: str) -> str:
    """What a label, a column, a parameter says in a language."""
    text = getattr(label, lang)
    assert isinstance(text, str)
    return text
