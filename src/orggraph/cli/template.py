"""``orggraph template``: a workbook to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli.options import DEFAULT_STORE, Lang, Model, Store
from orggraph.cli.writing import Force, tell
from orggraph.errors import OrggraphError
from orggraph.exporting import WORKBOOK, tables_named
from orggraph.model import load_model
from orggraph.output.placing import placed
from orggraph.output.workbook import write_workbook
from orggraph.records.words import Words
from orggraph.settings import default_model
from orggraph.stores.sqlite.opening import open_store
from orggraph.template import template_sheets


def template(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KIND_OR_RELATION]...", help="Kinds and relations by any of their names; all, if none is named."
        ),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The workbook, FILE.xlsx.")] = Path("template.xlsx"),
    store: Store = DEFAULT_STORE,
    model: Model = None,
    lang: Lang = None,
    force: Force = False,
) -> None:
    """Make a workbook to fill in and load: a sheet each, code lists, rules and an example · 模板.

    The model is the store's, if there is a store and no --model.

    Example: orggraph template 人员 第一书记 -o template.xlsx
    """
    if output.suffix.lower() != WORKBOOK:
        raise OrggraphError(f"{output}: is no workbook; end its name in .xlsx", "FORMAT")
    read = open_store(store).model if model is None and store.exists() else load_model(model or default_model())
    tables = tables_named(read, names or [])
    with placed(output, force) as part, part.open("wb") as file:
        write_workbook(template_sheets(read, tables, lang or Words.ZH), file)
    tell(output, f"{len(tables)} sheets to fill in")
