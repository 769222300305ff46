"""``orggraph query``: one GraphQL document, answered as JSON, a table or CSV."""

from __future__ import annotations

import json
import re
import sys
from enum import StrEnum
from typing import Annotated, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import typer

from orggraph.cli.options import DEFAULT_STORE, Bound, Document, Store, Variables, bounds, read_document, read_variables
from orggraph.errors import OrggraphError
from orggraph.graphql.engine import RequestErrors
from orggraph.opening import open_engine
from orggraph.output.csv_text import csv_pieces
from orggraph.output.sheet import Column, Sheet
from orggraph.tables import table


class Format(StrEnum):
    JSON = "json"
    TABLE = "table"
    CSV = "csv"


def query(
    document: Document,
    var: Variables = None,
    store: Store = DEFAULT_STORE,
    url: Annotated[str | None, typer.Option(help="Ask this service instead of a store.")] = None,
    token: Annotated[
        str | None, typer.Option(help="The token that the service asks for. · 令牌", envvar="ORGGRAPH_TOKEN")
    ] = None,
    format: Annotated[Format, typer.Option(help="How the answer is printed.")] = Format.JSON,
    bound: Bound = None,
) -> None:
    """Ask a GraphQL document. · 查询

    Example: orggraph query '{ units(first: 3) { nodes { name } } }' --format table
    """
    text, variables, set_ = read_document(document), read_variables(var), bounds(bound)
    unknown = [name for name in variables if not re.search(rf"\${re.escape(name)}\b", text)]
    if unknown:
        raise typer.BadParameter(f"the document has no variable ${unknown[0]}", param_hint="--var")
    try:
        answer = (
            ask_service(url, text, variables, token)
            if url
            else json.loads(open_engine(store, set_).execute(text, variables))
        )
    except RequestErrors as refused:
        answer = {"errors": refused.errors}
    if "data" not in answer:
        told = (
            f"{error['message']} ({error.get('extensions', {}).get('code', 'ERROR')})" for error in answer["errors"]
        )
        raise OrggraphError("\n".join(told))
    print_answer(answer, format)


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


def print_answer(answer: dict[str, Any], format: Format) -> None:
    """An answer on standard output."""
    if format is Format.JSON:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    headings, rows = table(answer["data"])
    if format is Format.CSV:
        sheet = Sheet("", [Column(heading) for heading in headings], rows)
        for piece in csv_pieces(sheet, mark=False):
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    print_table(headings, rows)


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
    console.print(f"{len(rows)} rows", highlight=False)
