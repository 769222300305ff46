"""``orggraph figures``: the published figures beside what the graph counts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli.ask import OUTPUT, PARAMETERS, form_of, typed, write
from orggraph.cli.options import DEFAULT_STORE, Bound, Language, Questions, Spoken, Store, bounds
from orggraph.cli.writing import Force, ready
from orggraph.errors import OrggraphError
from orggraph.opening import open_engine
from orggraph.questions.formats import Format
from orggraph.questions.paged import Paged
from orggraph.questions.reading import read_questions
from orggraph.questions.whole import ask_one
from orggraph.settings import default_questions

__all__ = ["PARAMETERS", "figures"]


def figures(
    context: typer.Context,
    store: Store = DEFAULT_STORE,
    questions: Questions = None,
    format: Annotated[Format | None, typer.Option(help="How the table is written.")] = None,
    lang: Spoken = Language.ZH,
    output: Annotated[Path | None, OUTPUT] = None,
    bound: Bound = None,
    force: Force = False,
) -> None:
    """Set the published figures beside what the graph counts. · 公布数字与图中计数对照

    Exit status 1 if the graph does not count to one of them.

    Example: orggraph figures --date 2020-03-31
    """
    form = form_of(format, output)
    ready(output, force)
    folder = read_questions(questions or default_questions())
    found = [one for one in folder.questions if one.entry.figures is not None]
    if not found:
        raise OrggraphError("no question of this folder has figures: in its question.yaml", "NO_FIGURES")
    answered = ask_one(open_engine(store, bounds(bound)), folder, found[0], typed(context.args), lang)
    write(Paged(answered), form, lang, output, force)
    if answered.unmet:
        raise OrggraphError(f"{answered.unmet} of {len(answered.rows)} figures are not met", "UNMET")
