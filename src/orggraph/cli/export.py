"""``orggraph export``: what a store holds, as files that others open."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli.export_bag import bag
from orggraph.cli.export_check import check
from orggraph.cli.export_graph import gexf, graphml
from orggraph.cli.export_rdf import rdf
from orggraph.cli.options import DEFAULT_STORE, Lang, Questions, Store
from orggraph.cli.progress import loading_progress
from orggraph.cli.writing import Force, ready
from orggraph.errors import OrggraphError
from orggraph.exporting import FORMATS, How, export_tables, scope_asked
from orggraph.opening import open_engine
from orggraph.questions.origins import origins
from orggraph.questions.reading import read_questions
from orggraph.settings import Bounds, default_questions
from orggraph.stores.sqlite.opening import open_store

export = typer.Typer(help="Write what a store holds as files. · 导出", no_args_is_help=True, rich_markup_mode=None)


WIDER = replace(Bounds(), size=3 * Bounds.size, price=4 * Bounds.price)
"""A question asked for its keys asks for more than by itself."""


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


@export.callback()
def _group() -> None:
    pass


export.command()(rdf)
export.command()(bag)
export.command()(graphml)
export.command()(gexf)
export.command()(check)


@export.command()
def tables(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KIND_OR_RELATION]...",
            help="Kinds and relations by any of their names; all that have rows, if none is named.",
        ),
    ] = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help="FILE.xlsx, FILE.csv (one table), FILE.jsonl, or a folder for a file each."
        ),
    ] = Path("tables"),
    store: Store = DEFAULT_STORE,
    format: Annotated[Format, typer.Option(help="Of the files in a folder.")] = Format.CSV,
    lang: Lang = None,
    at: Annotated[str | None, typer.Option(help="Only rows that may hold on this day.")] = None,
    during: Annotated[
        str | None, typer.Option(help="Only rows that may hold on some day of this month, year or range (FROM..UNTIL).")
    ] = None,
    known_at: Annotated[
        str | None, typer.Option(help="Rows as they were known at this moment (2026-11-27T12:00+08:00).")
    ] = None,
    load: Annotated[int | None, typer.Option(help="Rows as they were known at this load.")] = None,
    ask: Annotated[
        str | None,
        typer.Option(
            help="Only what the answer of this question comes from: its entities, and the records that lead to them."
        ),
    ] = None,
    parameters: Annotated[
        list[str] | None,
        typer.Option("-v", "--variable", metavar="NAME=VALUE", help="A parameter of that question; may be repeated."),
    ] = None,
    questions: Questions = None,
    force: Force = False,
) -> None:
    """Write rows in the columns that loading reads · 导出表格.

    Loaded back unchanged they change nothing; a cell that was corrected corrects.

    Example: orggraph export tables 第一书记 Community -o tables.xlsx
    Example: orggraph export tables FirstSecretary --ask unit-deputies-cover-communities -v date=2020-03-31 -o deputies.xlsx
    """
    scope = scope_asked(at, during, known_at, load)
    if output.suffix.lower() in FORMATS:
        ready(output, force)
    keys = _answering(store, questions, ask, parameters or [])
    with loading_progress() as watch:
        how = How(f".{format}", lang, scope, force, keys, watch)
        exported = export_tables(open_store(store, served=True), names or [], output, how)
    print(f"{output}: {sum(exported.rows.values())} rows of {len(exported.rows)} tables")


def _answering(store: Path, questions: Path | None, name: str | None, given: list[str]) -> frozenset[str] | None:
    """The keys of what a question's answer comes from; None where there is no question."""
    if name is None:
        if given:
            raise typer.BadParameter("say of which question: --ask NAME", param_hint="-v")
        return None
    pairs = [one.partition("=") for one in given]
    if wrong := [one for one, (_, equals, _) in zip(given, pairs, strict=True) if not equals]:
        raise typer.BadParameter(f"{wrong[0]}: write NAME=VALUE", param_hint="-v")
    folder = read_questions(questions or default_questions())
    keys = origins(open_engine(store, WIDER), folder, name, {key: text for key, _, text in pairs})
    if not keys:
        raise OrggraphError(f"the answer of {name} is of no entity and no record; there is nothing to write", "NOTHING")
    return keys
