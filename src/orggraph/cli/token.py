"""``orggraph token``: a token for somebody who may ask a service."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

DAYS = 365


def token(
    name: Annotated[str, typer.Argument(help="Whose it is; the logs call them so.")],
    tokens: Annotated[
        Path,
        typer.Option(
            help="The file that it is added to; made if it is not there. · 令牌文件", envvar="ORGGRAPH_TOKENS"
        ),
    ] = Path("tokens.txt"),
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help=f"The last day that it is good; {DAYS} days from now unless said."),
    ] = None,
    never: Annotated[bool, typer.Option("--never", help="It is good until its line is taken out.")] = False,
) -> None:
    """Make a token and put its hash into the file of those who may ask. · 生成访问令牌

    The token is printed once, and kept nowhere; a running service knows it within a second. To take it back, delete its line.

    Example: orggraph token alice --tokens tokens.txt --until 2027-01-31
    """
    from orggraph.service.tokens import add_token

    if never and until:
        raise typer.BadParameter("say either --until or --never", param_hint="--never")
    if until and until.date() < date.today():
        raise typer.BadParameter(f"{until.date()} is over; name a day from today on", param_hint="--until")
    last = None if never else until.date() if until else date.today() + timedelta(DAYS)
    made = add_token(tokens, name, last)
    told = f"until {last}" if last else "until its line is taken out"
    print(f"the token of {name}, good {told}; it is not shown again:", file=sys.stderr)
    print(made)
