"""The ``orggraph`` command: one file per command; arguments by Typer, tables and progress by Rich.

Only the command that is asked for is imported: a service should be there at once, and hold nothing that it does not use.
Exit status: 0 done, 1 refused (what was asked cannot be done, and why), 2 misuse of the command line.
"""

from __future__ import annotations

import sys
from importlib import import_module
from keyword import iskeyword
from typing import Annotated

import typer

from orggraph import __version__
from orggraph.errors import OrggraphError

COMMANDS = (
    "load", "loads", "changes", "check", "migrate", "backup", "restore", "purge", "serve", "token", "query", "explain",
    "questions", "ask", "figures", "analyse", "generate", "template",
)  # fmt: skip
GROUPS = ("export", "import", "model")


def command_line(*names: str) -> typer.Typer:
    """The command with these of its commands, or all: each is the function of its file's name."""
    app = typer.Typer(
        name="orggraph",
        help="Who holds which role in which organization, where, since when and by whose word. · 组织任职知识图谱",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_whole)  # else one command alone would be taken for the whole
    for name in names or (*COMMANDS, *GROUPS):
        own = f"{name}_" if iskeyword(name) else name
        module = import_module(f"orggraph.cli.{own}")
        found = getattr(module, own)
        if name in GROUPS:
            app.add_typer(found, name=name)
        else:
            app.command(context_settings=getattr(module, "PARAMETERS", None))(found)
    return app


def _version(asked: bool) -> None:
    if asked:
        print(f"orggraph {__version__}")
        raise typer.Exit


def _whole(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which orggraph this is. · 版本")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Runs the command line; an error of ours is told in one line or a list, never as a trace."""
    try:
        asked = sys.argv[1:2]
        command_line(*(asked if asked and asked[0] in (*COMMANDS, *GROUPS) else ()))()
    except OrggraphError as error:
        print(f"orggraph: {error.message}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
