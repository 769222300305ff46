"""``orggraph ask``: one question by its name, as a table, CSV, XLSX, JSON or Markdown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli.options import DEFAULT_STORE, Bound, Lang, Language, Questions, Store, bounds
from orggraph.errors import OrggraphError
from orggraph.opening import open_engine
from orggraph.questions.asking import Answered
from orggraph.questions.checking import check_question
from orggraph.questions.formats import Format, json_text, markdown, numbers_told, table
from orggraph.questions.question import find
from orggraph.questions.reading import read_questions
from orggraph.questions.whole import ask_whole
from orggraph.settings import default_questions

OUTPUT = typer.Option("-o", "--output", help="The file to write; its ending says the format, unless --format does.")
PARAMETERS = {"allow_extra_args": True, "ignore_unknown_options": True}
"""The options of a question are its parameters, which are known when it has been read."""


def ask(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The question: its name or number (orggraph questions lists them).")],
    store: Store = DEFAULT_STORE,
    questions: Questions = None,
    format: Annotated[Format | None, typer.Option(help="How the answer is written.")] = None,
    lang: Lang = Language.ZH,
    output: Annotated[Path | None, OUTPUT] = None,
    bound: Bound = None,
) -> None:
    """Ask a question by its name; its parameters are options (--date 2020-03-31). · 提问

    Example: orggraph ask unit-deputies-cover-communities --date 2020-03-31 --format xlsx -o deputies.xlsx
    """
    form = format or _by_ending(output)
    if form is Format.XLSX and output is None:
        raise typer.BadParameter("say where the workbook goes: -o FILE.xlsx", param_hint="--format")
    engine = open_engine(store, bounds(bound))
    folder = read_questions(questions or default_questions())
    question = find(folder.questions, name)
    ready, problems = check_question(engine, question)
    if ready is None:
        raise OrggraphError("\n".join(map(str, problems)))
    answered = ask_whole(engine, folder, ready, typed(context.args), lang)
    write(answered, form, lang, output)


def typed(arguments: list[str]) -> dict[str, str]:
    """``["--date", "2020-03-31", "--who=张"]`` → ``{"date": "2020-03-31", "who": "张"}``."""
    found: dict[str, str] = {}
    rest = iter(arguments)
    for one in rest:
        if not one.startswith("--") or one == "--":
            raise typer.BadParameter(f"{one}: write a parameter as --name value")
        name, equals, value = one[2:].partition("=")
        if not equals:
            value = next(rest, "")
        if name in found:
            raise typer.BadParameter(f"--{name} is given twice")
        found[name.replace("-", "_") if name.replace("-", "_") in found else name] = value
    return found


def _by_ending(output: Path | None) -> Format:
    endings = {".csv": Format.CSV, ".xlsx": Format.XLSX, ".json": Format.JSON, ".md": Format.MARKDOWN}
    return endings.get(output.suffix.lower(), Format.TABLE) if output else Format.TABLE


def write(answered: Answered, form: Format, lang: str, output: Path | None) -> None:
    """An answer in a form, into a file or onto standard output."""
    match form:
        case Format.CSV | Format.XLSX:
            from orggraph.questions.spreadsheets import csv_bytes, xlsx_bytes

            body = csv_bytes(answered, lang) if form is Format.CSV else xlsx_bytes(answered, lang)
        case Format.JSON:
            body = json_text(answered).encode()
        case Format.MARKDOWN:
            body = markdown(answered, lang).encode()
        case Format.TABLE if output is None:
            return print_answered(answered, lang)
        case Format.TABLE:
            raise typer.BadParameter("a table is for reading here; write .csv, .xlsx, .json or .md", param_hint="-o")
    if output is None:
        sys.stdout.buffer.write(body)
    else:
        output.write_bytes(body)
        print(f"{output}: {len(answered.rows)} rows of load {answered.load}")
    return None


def print_answered(answered: Answered, lang: str) -> None:
    """Title, table, numbers."""
    from orggraph.cli.query import print_table

    given = " · ".join(str(value) for name, value in answered.values.items() if name != "lang")
    print(f"{answered.title(lang)}{f' · {given}' if given else ''}")
    print_table(*table(answered, lang))
    for line in numbers_told(answered, lang):
        print(line)
