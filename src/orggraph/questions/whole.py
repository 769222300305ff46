"""A question with all that it needs: one whose rows are published figures needs the questions that count them.

All answers are of one load: where a load comes between two of them, all are asked again.
"""

from __future__ import annotations

from collections.abc import Mapping

from orggraph.graphql.engine import Engine
from orggraph.questions.asking import Answered, ask
from orggraph.questions.question import Folder, Ready


def ask_whole(engine: Engine, folder: Folder, ready: Ready, typed: Mapping[str, str], lang: str) -> Answered:
    """Asks a question. Raises QuestionError, RequestErrors."""
    return ask(engine, ready, typed, lang)
