"""Where a command writes, and whether over what is there: one option, one word. What a command is done with is told on standard
output, unless that is what it writes to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from orggraph.output.placing import is_stream, refuse

STANDARD = ("-", "/dev/stdout")

Force = Annotated[bool, typer.Option("--force", help="Overwrite what is there already. · 覆盖已有的文件")]


def output(help: str) -> Any:
    """A file, or standard output: nothing, ``-``."""
    return typer.Option("-o", "--output", help=f"{help} Standard output unless said, or -.", callback=_file)


def _file(path: Path | None) -> Path | None:
    return None if str(path) in STANDARD else path


def ready(path: Path | None, force: bool) -> None:
    """Raises OrggraphError where nothing can be written there: before there is work."""
    if path is not None:
        refuse(path, force)


def tell(path: Path, done: str) -> None:
    """That a file is written."""
    print(f"{path}: {done}", file=sys.stderr if is_stream(path) else sys.stdout)
