"""Options that several commands have, and how they are read."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from orggraph.errors import OrggraphError
from orggraph.records.words import Words
from orggraph.settings import Bounds, bounds_told, read_numbers

Store = Annotated[Path, typer.Option(help="The store: one SQLite file. · 数据库文件", envvar="ORGGRAPH_STORE")]
Model = Annotated[
    Path | None,
    typer.Option(help="The model: a YAML file or a folder of them. · 模型", envvar="ORGGRAPH_MODEL"),
]
Document = Annotated[str, typer.Argument(help="A GraphQL document, or a file that holds one (- for standard input).")]
Variables = Annotated[
    list[str] | None,
    typer.Option("--var", "-v", help="A variable as name=value (JSON, or plain text); may be repeated."),
]
Bound = Annotated[
    list[str] | None,
    typer.Option(
        help=f"A bound as NAME=VALUE; may be repeated. What goes beyond one is refused with its code: {bounds_told()}."
    ),
]


Lang = Annotated[
    Words | None,
    typer.Option(
        "--lang",
        help="Words of headings, terms and flags; model: its own names and codes. Unless said, zh in a workbook, else model. · 语言",
    ),
]

Called = Annotated[
    Words,
    typer.Option("--lang", help="Words of columns, terms and flags in a table; model: its own names and codes. · 语言"),
]

Questions = Annotated[
    Path | None,
    typer.Option(
        help="The folder of questions (default: queries, else those that come with orggraph). · 问题目录",
        envvar="ORGGRAPH_QUESTIONS",
    ),
]


class Language(StrEnum):
    ZH = "zh"
    EN = "en"


Spoken = Annotated[
    Language, typer.Option("--lang", help="The language of words and headings. · 语言", envvar="ORGGRAPH_LANG")
]


Base = Annotated[
    str | None, typer.Option(help="What the IRIs begin with, in place of what the model says: https://example.org/x/")
]


class TableOrJson(StrEnum):
    TABLE = "table"
    JSON = "json"


DEFAULT_STORE = Path("orggraph.db")


def read_document(document: str) -> str:
    """The text of a document argument."""
    if document == "-":
        return typer.get_text_stream("stdin").read()
    if "{" in document:
        return document
    try:
        return Path(document).read_text("utf-8")
    except OSError as error:
        raise OrggraphError(
            f"{document}: {error.strerror or error}; give a document or a file that holds one"
        ) from None


def read_variables(given: list[str] | None) -> dict[str, Any]:
    """``["date=2020-03-31", "n=5"]`` → ``{"date": "2020-03-31", "n": 5}``."""
    variables: dict[str, Any] = {}
    for one in given or []:
        name, equals, text = one.partition("=")
        if not equals:
            raise typer.BadParameter(f"{one}: write a variable as name=value")
        try:
            variables[name] = json.loads(text)
        except ValueError:
            variables[name] = text
    return variables


def bounds(given: list[str] | None) -> Bounds:
    """``["seconds=2"]`` → that bound set, all others as they are."""
    return Bounds(**numbers(given, Bounds)[0])


def numbers(given: list[str] | None, *kinds: type) -> list[dict[str, Any]]:
    """What is set of each class's fields."""
    try:
        return read_numbers(given or [], *kinds)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--bound") from None
