"""``orggraph questions``: which questions have a name, and what they take."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from orggraph.cli.options import DEFAULT_STORE, Language, Questions, Spoken, Store, TableOrJson
from orggraph.opening import open_engine
from orggraph.questions.checking import check_questions
from orggraph.questions.listing import listed, parameters_in_words
from orggraph.questions.reading import read_questions
from orggraph.settings import default_questions


def questions(
    store: Store = DEFAULT_STORE,
    questions: Questions = None,
    lang: Spoken = Language.ZH,
    format: Annotated[TableOrJson, typer.Option(help="How the list is printed.")] = TableOrJson.TABLE,
) -> None:
    """List the questions that a store can be asked by name. · 问题清单

    Example: orggraph questions --lang en
    """
    found = check_questions(open_engine(store), read_questions(questions or default_questions()))
    if format is TableOrJson.JSON:
        print(json.dumps(listed(found.ready), ensure_ascii=False, indent=1))
    else:
        from orggraph.cli.query import print_table

        heads = {"zh": ["", "名称", "问题", "参数"], "en": ["", "name", "question", "parameters"]}
        rows = [
            [one.question.number, one.name, one.question.title(lang), parameters_in_words(one)] for one in found.ready
        ]
        print_table(heads[lang], rows)
    if found.problems:
        broken = len({one.file.partition("/")[0] for one in found.problems})
        print(f"{broken} more cannot be asked of this store; orggraph check --questions says why", file=sys.stderr)
