"""``orggraph query``: one GraphQL document, answered as JSON, a table, CSV or a workbook, onto standard output or into a file."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import typer

from orggraph.cli import writing
from orggraph.cli.counting import counted
from orggraph.cli.options import DEFAULT_STORE, Bound, Document, Store, Variables, bounds, read_document, read_variables
from orggraph.errors import OrggraphError
from orggraph.graphql import shapes
from orggraph.graphql.engine import RequestErrors
from orggraph.opening import open_engine
from orggraph.output.csv_text import csv_pieces
from orggraph.output.placing import placed
from orggraph.output.sheet import DATES, Column, Holds, Sheet
from orggraph.output.workbook import workbook_pieces
from orggraph.tables import columns, table


class Format(StrEnum):
    JSON = "json"
    TABLE = "table"
    CSV = "csv"
    XLSX = "xlsx"


ENDINGS = {".json": Format.JSON, ".csv": Format.CSV, ".xlsx": Format.XLSX}
OUTPUT = writing.output("The file to write; its ending says the format: .json, .csv, .xlsx.")


def query(
    document: Document,
    var: Variables = None,
    store: Store = DEFAULT_STORE,
    url: Annotated[str | None, typer.Option(help="Ask this service instead of a store.")] = None,
    token: Annotated[
        str | None, typer.Option(help="The token that the service asks for. · 令牌", envvar="ORGGRAPH_TOKEN")
    ] = None,
    format: Annotated[
        Format | None, typer.Option(help="How the answer is written; json unless a file says it.")
    ] = None,
    output: Annotated[Path | None, OUTPUT] = None,
    bound: Bound = None,
    force: writing.Force = False,
) -> None:
    """Ask a GraphQL document. · 查询

    Example: orggraph query '{ units(first: 3) { nodes { name } } }' -o units.xlsx
    """
    form = form_of(format, output)
    writing.ready(output, force)
    text, variables, set_ = read_document(document), read_variables(var), bounds(bound)
    unknown = [name for name in variables if not re.search(rf"\${re.escape(name)}\b", text)]
    if unknown:
        raise typer.BadParameter(f"the document has no variable ${unknown[0]}", param_hint="--var")
    types: Mapping[shapes.Path, str] = {}
    try:
        if url:
            answer = ask_service(url, text, variables, token)
        else:
            engine = open_engine(store, set_)
            answer = json.loads(engine.execute(text, variables))
            types = shapes.shape_of(engine.schema, text).leaves if form is Format.XLSX else {}
    except RequestErrors as refused:
        answer = {"errors": refused.errors}
    if "data" not in answer:
        told = (
            f"{error['message']} ({error.get('extensions', {}).get('code', 'ERROR')})" for error in answer["errors"]
        )
        raise OrggraphError("\n".join(told))
    if output is None:
        print_answer(answer, text, form)
        return
    with placed(output, force) as part, part.open("wb") as file:
        file.writelines(pieces(answer, text, form, types))
    writing.tell(output, f"the answer of load {answer.get('extensions', {}).get('load', '?')}")


def form_of(format: Format | None, output: Path | None) -> Format:
    """The format that is said, else that of the file's ending."""
    form = format or (ENDINGS.get(output.suffix.lower(), Format.TABLE) if output else Format.JSON)
    if form is Format.XLSX and output is None:
        raise typer.BadParameter("say where the workbook goes: -o FILE.xlsx", param_hint="--format")
    if form is Format.TABLE and output is not None:
        raise typer.BadParameter(
            "a table is for reading here; write .json, .csv or .xlsx, or say --format", param_hint="-o"
        )
    return form


def ask_service(url: str, document: str, variables: dict[str, Any], token: str | None = None) -> dict[str, Any]:
    """What a GraphQL service answers, refusals included. The address of a service alone will do."""
    if urlsplit(url).path in ("", "/"):
        url = url.rstrip("/") + "/graphql"
    body = json.dumps({"query": document, "variables": variables}).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/graphql-response+json, application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        with urlopen(Request(url, body, headers), timeout=60) as response:
            status, text = response.status, response.read()
    except HTTPError as error:
        status, text = error.code, error.read()
    except (URLError, ValueError) as error:
        raise OrggraphError(f"{url}: {getattr(error, 'reason', error)}; is the service running there?") from None
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or not answer.keys() & {"data", "errors"}:
        raise OrggraphError(f"{url}: answered {status} with what is no GraphQL; does the URL end in /graphql?")
    return answer


def print_answer(answer: dict[str, Any], document: str, form: Format) -> None:
    """An answer on standard output; CSV without the mark that only Excel wants."""
    if form is Format.TABLE:
        print_table(*table(answer["data"], shapes.leaf_paths(document)))
        return
    for piece in pieces(answer, document, form, mark=False):
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


def pieces(
    answer: dict[str, Any],
    document: str,
    form: Format,
    types: Mapping[shapes.Path, str] | None = None,
    mark: bool = True,
) -> Iterator[bytes]:
    """An answer as JSON, CSV or a workbook, whose days are days where the ``types`` of its values say so."""
    if form is Format.JSON:
        yield f"{json.dumps(answer, ensure_ascii=False, indent=2)}\n".encode()
        return
    asked = shapes.leaf_paths(document)
    headings, rows = table(answer["data"], asked)
    holds = [Holds.DAYS if (types or {}).get(path) in DATES else Holds.TEXT for path in columns(asked).values()]
    sheet = Sheet("query", [Column(*one) for one in zip(headings, holds, strict=True)], rows)
    yield from workbook_pieces([sheet]) if form is Format.XLSX else csv_pieces(sheet, mark)


def print_table(headings: list[str], rows: list[list[Any]]) -> None:
    """An aligned table (a Chinese character is two columns wide), and how many rows it has."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    drawn = Table(*headings, box=box.SIMPLE)
    for row in rows:
        drawn.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
    console = Console()
    if not console.is_terminal:  # a file or a pipe has no width: cut nothing
        console = Console(width=max(80, Console(width=100_000).measure(drawn).maximum))
    console.print(drawn)
    console.print(counted(len(rows), "row"), highlight=False)
