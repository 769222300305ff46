"""The ``orggraph`` command: one file per command; arguments by Typer, tables and progress by Rich.

Exit status: 0 done, 1 refused (what was asked cannot be done, and why), 2 misuse of the command line.
"""

from __future__ import annotations

import sys

import typer

from orggraph.cli.backup import backup
from orggraph.cli.check import check
from orggraph.cli.explain import explain
from orggraph.cli.generate import generate
from orggraph.cli.load import load
from orggraph.cli.loads import loads
from orggraph.cli.migrate import migrate
from orggraph.cli.model import model
from orggraph.cli.purge import purge
from orggraph.cli.query import query
from orggraph.cli.restore import restore
from orggraph.cli.serve import serve
from orggraph.cli.token import token
from orggraph.errors import OrggraphError

app = typer.Typer(
    name="orggraph",
    help="Who holds which role in which organization, where, since when and by whose word. · 组织任职知识图谱",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (load, loads, check, migrate, backup, restore, purge, serve, token, query, explain, generate):
    app.command()(command)
app.add_typer(model, name="model")


def main() -> None:
    """Runs the command line; an error of ours is told in one line or a list, never as a trace."""
    try:
        app()
    except OrggraphError as error:
        print(f"orggraph: {error.message}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
