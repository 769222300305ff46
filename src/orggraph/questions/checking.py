"""Whether a store can be asked a question. In: an engine, a question as read. Out: a ``Ready`` one, or what is wrong with it:
file, line, field, how to mend it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orggraph.errors import Problem
from orggraph.graphql.engine import Engine, RequestErrors
from orggraph.graphql.shapes import Shape, shape_of
from orggraph.questions.entries import QuestionEntry
from orggraph.questions.layout import PAGE_INFO, Tell, layout_of, one_leaf, one_number
from orggraph.questions.parameters import variables
from orggraph.questions.question import DOCUMENT, LANG, Folder, Question, QuestionError, Ready

EVERYWHERE = ("format", "o", "output", "lang", "store", "questions", "sort", "page", "load", "keys", "bound", "force")
"""Words that mean something of their own wherever a question is asked, and name no parameter."""


@dataclass(frozen=True)
class Set:
    """The questions that a store can be asked, and what is wrong with the others."""

    ready: tuple[Ready, ...]
    problems: tuple[Problem, ...]


def check_questions(engine: Engine, folder: Folder) -> Set:
    """All questions of a folder."""
    ready: list[Ready] = []
    problems = list(folder.problems)
    for question in folder.questions:
        one, wrong = check_question(engine, question)
        problems += wrong
        if one is not None:
            ready.append(one)
    return Set(tuple(ready), tuple(problems))


def check_question(engine: Engine, question: Question) -> tuple[Ready | None, list[Problem]]:
    """One question; ready if there is no problem."""
    problems = _document(engine, question)
    if problems:
        return None, problems
    shape = shape_of(engine.schema, question.document)

    def tell(where: tuple[str, ...], message: str, mend: str) -> None:
        problems.append(question.problem(where, "QUESTION", message, mend))

    entry = question.entry
    _parameters(entry, shape, tell)
    layout = layout_of(entry, shape, tell)
    _numbers(entry, shape, tell)
    _pages(entry, shape, tell)
    _columns_named(entry, tell)
    if problems or layout is None:
        return None, problems
    ready = Ready(question, shape, layout, {name: shape.variables[name] for name in entry.parameters})
    problems = _defaults(engine, ready)
    return (None if problems else ready), problems


def _document(engine: Engine, question: Question) -> list[Problem]:
    file = f"{question.folder}/{DOCUMENT}"
    try:
        names = engine.check(question.document)
    except RequestErrors as refused:
        return [_refused(file, error) for error in refused.errors]
    if len(names) > 1:
        return [Problem(file, 0, "", "SEVERAL", "", "has several operations", "keep one")]
    return []


def _refused(file: str, error: Mapping[str, Any]) -> Problem:
    """What the engine says against a document, at its line."""
    places = error.get("locations") or [{"line": 0}]
    code = str(error["extensions"]["code"])
    mend = "orggraph model sdl prints what this model has" if code == "INVALID_DOCUMENT" else ""
    return Problem(file, places[0]["line"], "", code, "", str(error["message"]), mend)


def _parameters(entry: QuestionEntry, shape: Shape, tell: Tell) -> None:
    known = [name for name in shape.variables if name != LANG and name not in entry.pages]
    for name in entry.parameters:
        where = ("parameters", name)
        if name in EVERYWHERE:
            tell(where, f"{name} means something else wherever one asks", "name the variable otherwise")
        elif name not in shape.variables:
            has = f"it has {', '.join(known)}" if known else "it has none"
            tell(where, f"the document has no variable ${name}", has)
        elif not shape.variables[name].simple:
            tell(where, f"${name} is a list or an object", "take one value: a text, a number, a day, a word")
        if (other := entry.parameters[name].unless) and other not in entry.parameters:
            tell((*where, "unless"), f"{other} is no parameter", f"one of {', '.join(entry.parameters)}")
    for name in known:
        if name not in entry.parameters:
            tell(("parameters",), f"says nothing of ${name}", f"add {name}: {{zh: …, en: …, default: …}}")


def _numbers(entry: QuestionEntry, shape: Shape, tell: Tell) -> None:
    for name, number in entry.numbers.items():
        for key, text in (("path", number.path), ("per", number.per)):
            if text:
                one_number(shape, text, ("numbers", name, key), tell)


def _pages(entry: QuestionEntry, shape: Shape, tell: Tell) -> None:
    for name, path in entry.pages.items():
        variable = shape.variables.get(name)
        if variable is None or variable.type != "String" or variable.required:
            tell(("pages", name), f"the document has no variable ${name}: String", "let a list take it as after:")
        for leaf in PAGE_INFO:
            one_leaf(shape, f"{path}.{leaf}", ("pages", name), tell)


def _columns_named(entry: QuestionEntry, tell: Tell) -> None:
    """Columns that the curve and the figures speak of."""
    named: list[tuple[tuple[str, ...], str]] = []
    if entry.curve is not None:
        named += [(("curve", "x"), entry.curve.x), *((("curve", "y"), one) for one in entry.curve.y)]
    if entry.figures is not None:
        named += [(("figures", key), getattr(entry.figures, key)) for key in ("value", "comparison", "counted")]
    for where, name in named:
        if name not in entry.columns:
            tell(where, f"{name} is no column", f"one of {', '.join(entry.columns)}")


def _defaults(engine: Engine, ready: Ready) -> list[Problem]:
    """A question can be asked as it stands."""
    question = ready.question
    try:
        engine.ask(question.document, variables(ready, {}, "zh"))
    except QuestionError as error:
        return [question.problem(("parameters",), "DEFAULT", error.message, "give it a default")]
    except RequestErrors as refused:
        mend = "mend its default, or the document"
        return [
            question.problem(("parameters",), str(error["extensions"]["code"]), error["message"], mend)
            for error in refused.errors
        ]
    return []
