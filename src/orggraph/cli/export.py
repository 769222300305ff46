"""``orggraph export``: the graph in forms that others read."""

from __future__ import annotations

import typer

from orggraph.cli.export_rdf import rdf

export = typer.Typer(
    no_args_is_help=True, help="Write the graph in a form that others read. · 导出", rich_markup_mode=None
)
export.command()(rdf)


@export.callback()
def _whole() -> None:
    pass
