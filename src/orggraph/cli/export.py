"""``orggraph export``: what a store holds, as files that others open."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli.export_check import check
from orggraph.cli.export_graph import gexf, graphml
from orggraph.cli.export_rdf import rdf
from orggraph.cli.options import DEFAULT_STORE, Lang, Store
from orggraph.cli.progress import loading_progress
from orggraph.exporting import How, export_tables, scope_asked
from orggraph.stores.sqlite.opening import open_store

export = typer.Typer(help="Write what a store holds as files. · 导出", no_args_is_help=True, rich_markup_mode=None)


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


@export.callback()
def _group() -> None:
    pass


export.command()(rdf)
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
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
) -> None:
    """Write rows in the columns that loading reads · 导出表格.

    Loaded back unchanged they change nothing; a cell that was corrected corrects.

    Example: orggraph export tables 第一书记 Community -o tables.xlsx
    """
    scope = scope_asked(at, during, known_at, load)
    with loading_progress() as watch:
        how = How(f".{format}", lang, scope, force, watch)
        exported = export_tables(open_store(store, served=True), names or [], output, how)
    print(f"{output}: {sum(exported.rows.values())} rows of {len(exported.rows)} tables")
