"""``orggraph check``: the whole store against its model."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from msgspec import structs

from orggraph.cli.options import DEFAULT_STORE, Language, Spoken, Store, TableOrJson
from orggraph.cli.progress import loading_progress
from orggraph.errors import Problems
from orggraph.graphql.schema import sdl
from orggraph.settings import default_questions
from orggraph.stores.sqlite.checking import CheckReport
from orggraph.stores.sqlite.checking import check as check_store
from orggraph.stores.sqlite.marks import Mark
from orggraph.stores.sqlite.purging import marks


def check(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]", help="With --questions: the folder of questions, if not the usual one. · 问题目录"
        ),
    ] = None,
    store: Store = DEFAULT_STORE,
    format: Annotated[TableOrJson, typer.Option(help="How what is found is printed.")] = TableOrJson.TABLE,
    questions: Annotated[
        bool, typer.Option("--questions", help="Check the named questions instead: can this store be asked them?")
    ] = False,
    shapes: Annotated[
        bool,
        typer.Option("--shapes", help="Judge the graph by its SHACL shapes instead, as export rdf would write it."),
    ] = False,
    former: Annotated[Path | None, typer.Option("--folder", hidden=True, envvar="ORGGRAPH_QUESTIONS")] = None,
    lang: Spoken = Language.EN,
) -> None:
    """Check a whole store, or its questions · 检查.

    With --shapes its graph as RDF is judged by its SHACL shapes. Exit status 1 if something is broken; warnings are none.

    Example: orggraph check --store orggraph.db

    Questions: orggraph check --questions queries

    Shapes: orggraph check --shapes --format json
    """
    if shapes and questions:
        raise typer.BadParameter("questions and shapes are two checks; ask for one at a time")
    if folder and not questions:
        raise typer.BadParameter(
            "is the folder of questions; say --questions DIR (the store: --store FILE)", param_hint="DIR"
        )
    if shapes:
        from orggraph.cli.check_shapes import check_shapes

        sys.exit(check_shapes(store, format, lang))
    if questions:
        sys.exit(check_named(store, folder or former or default_questions(), format))
    with loading_progress() as watch:
        report = check_store(store, sdl, watch)
    purges = [] if report.unreadable else marks(store)
    print_json(report, purges) if format is TableOrJson.JSON else print_text(report, purges)
    sys.exit(1 if report.problems else 0)


def check_named(store: Path, folder: Path, format: TableOrJson) -> int:
    """Tells what is wrong with the questions of a folder; 1 if anything is."""
    from orggraph.cli.query import print_table
    from orggraph.opening import open_engine
    from orggraph.questions.checking import check_questions
    from orggraph.questions.reading import read_questions

    found = check_questions(open_engine(store), read_questions(folder))
    if format is TableOrJson.JSON:
        told = {"problems": [asdict(one) for one in found.problems], "ready": [one.name for one in found.ready]}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        if found.problems:
            rows: list[list[str]] = [[one.place, one.column, one.message, one.mend] for one in found.problems]
            print_table(["where", "field", "what is wrong", "what to do"], rows)
        print(f"{len(found.ready)} questions can be asked, {len(found.problems)} problems")
    return 1 if found.problems else 0


def print_json(report: CheckReport, purges: list[Mark]) -> None:
    """``problems`` and ``warnings``: the first thousand of each in full; the counts are of all."""
    found = {
        "problems": [asdict(one) for one in report.problems.kept],
        "counts": dict(report.problems.counts),
        "warnings": [asdict(one) for one in report.warnings.kept],
        "warned": dict(report.warnings.counts),
        "versions": report.versions,
        "loads": report.loads,
        "purges": [structs.asdict(mark) for mark in purges],
    }
    print(json.dumps(found, ensure_ascii=False, indent=1))


def print_text(report: CheckReport, purges: list[Mark]) -> None:
    """A row for each problem, then for each warning, and what was purged."""
    from orggraph.cli.loads import print_purges
    from orggraph.cli.query import print_table

    rows = [
        [what, one.code, f"{one.file}:{one.line}" if one.line else one.file, one.column, one.message, one.mend]
        for what, problems in (("problem", report.problems), ("warning", report.warnings))
        for one in problems.kept
    ]
    if rows:
        print_table(["", "code", "where", "column", "what is wrong", "what to do"], rows)
    for what, problems in (("problems", report.problems), ("warnings", report.warnings)):
        for code, number in untold(problems):
            print(f"and {number} more {what} of the kind {code}")
    print_purges(purges)
    counts = f"{report.problems.counts.total()} problems, {report.warnings.counts.total()} warnings"
    print(f"{report.versions} versions of {report.loads} loads: {counts}")


def untold(problems: Problems) -> list[tuple[str, int]]:
    """How many more there are of each kind than are told in full."""
    left = problems.counts.copy()
    left.subtract(one.code for one in problems.kept)
    return sorted((code, number) for code, number in left.items() if number > 0)
