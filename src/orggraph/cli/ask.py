"""``orggraph ask``: one question by its name, as a table, CSV, XLSX, JSON or Markdown."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli import writing
from orggraph.cli.options import DEFAULT_STORE, Bound, Language, Questions, Spoken, Store, bounds
from orggraph.exporting import scope_asked
from orggraph.opening import open_streaming
from orggraph.output.placing import placed
from orggraph.questions.asking import Answered
from orggraph.questions.formats import Format, json_pieces, markdown_pieces, numbers_told, table
from orggraph.questions.keys import with_keys
from orggraph.questions.paged import Paged
from orggraph.questions.question import LANG, find
from orggraph.questions.reading import read_questions
from orggraph.questions.spreadsheets import csv_of, xlsx_of
from orggraph.questions.whole import ask_one, ask_paged
from orggraph.settings import default_questions

OUTPUT = writing.output("The file to write; its ending says the format, unless --format does.")
PARAMETERS = {"allow_extra_args": True, "ignore_unknown_options": True}
"""The options of a question are its parameters, which are known when it has been read."""


def ask(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The question: its name or number (orggraph questions lists them).")],
    store: Store = DEFAULT_STORE,
    questions: Questions = None,
    format: Annotated[Format | None, typer.Option(help="How the answer is written.")] = None,
    lang: Spoken = Language.ZH,
    output: Annotated[Path | None, OUTPUT] = None,
    known_at: Annotated[
        str | None, typer.Option(help="The answer as it was known at this moment (2026-11-27T12:00+08:00).")
    ] = None,
    load: Annotated[int | None, typer.Option(help="The answer as it was known at this load.")] = None,
    keys: Annotated[bool, typer.Option("--keys", help="Beside names also the keys of what is named.")] = False,
    bound: Bound = None,
    force: writing.Force = False,
) -> None:
    """Ask a question by its name; its parameters are options (--date 2020-03-31). · 提问

    Example: orggraph ask unit-deputies-cover-communities --date 2020-03-31 --format xlsx -o deputies.xlsx
    """
    form = form_of(format, output)
    writing.ready(output, force)
    engine = open_streaming(store, bounds(bound), scope_asked(None, None, known_at, load).load)
    folder = read_questions(questions or default_questions())
    question = find(folder.questions, name)
    asked = ask_one if form is Format.TABLE else ask_paged
    found = asked(engine, folder, with_keys(engine, question) if keys else question, typed(context.args), lang)
    write(found if isinstance(found, Paged) else Paged(found), form, lang, output, force)


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
        found[name] = value
    return found


def form_of(format: Format | None, output: Path | None) -> Format:
    """The format that is said, else that of the file's ending."""
    endings = {".csv": Format.CSV, ".xlsx": Format.XLSX, ".json": Format.JSON, ".md": Format.MARKDOWN}
    form = format or (endings.get(output.suffix.lower(), Format.TABLE) if output else Format.TABLE)
    if form is Format.XLSX and output is None:
        raise typer.BadParameter("say where the workbook goes: -o FILE.xlsx", param_hint="--format")
    if form is Format.TABLE and output is not None:
        told = "a table is for reading here; write .csv, .xlsx, .json or .md, or say --format"
        raise typer.BadParameter(told, param_hint="-o")
    return form


def write(paged: Paged, form: Format, lang: str, output: Path | None, force: bool) -> None:
    """An answer in a form, into a file or onto standard output; a table, which has one page, onto a terminal."""
    if form is Format.TABLE:
        print_answered(paged.first, lang)
        return
    pieces = _pieces(paged, form, lang)
    if output is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    with placed(output, force) as part, part.open("wb") as file:
        file.writelines(pieces)
    writing.tell(output, f"{paged.taken} rows of load {paged.first.load}")


def _pieces(paged: Paged, form: Format, lang: str) -> Iterable[bytes]:
    match form:
        case Format.CSV:
            return csv_of(paged, lang)
        case Format.XLSX:
            return xlsx_of(paged, lang)
        case Format.JSON:
            return json_pieces(paged)
    return markdown_pieces(paged, lang)


def print_answered(answered: Answered, lang: str) -> None:
    """Title, table, numbers."""
    from orggraph.cli.query import print_table

    given = " · ".join(str(value) for name, value in answered.values.items() if name != LANG)
    print(f"{answered.title(lang)}{f' · {given}' if given else ''}")
    print_table(*table(answered, lang))
    for line in numbers_told(answered, lang):
        print(line)
