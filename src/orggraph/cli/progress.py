"""How far long work is, on a terminal; where the output goes elsewhere, nothing is shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def loading_progress() -> Iterator[Callable[[str, int], None]]:
    """What a load tells of its steps: rows, and rows a second."""
    if not sys.stderr.isatty():
        yield lambda _step, _rows: None
        return
    from rich.console import Console
    from rich.progress import Progress, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed or 0:,.0f} rows/s")

    rows = TextColumn("{task.completed:,.0f} rows")
    columns = (SpinnerColumn(), TextColumn("{task.description}"), rows, Rate(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=None)
        yield lambda step, rows: progress.update(task, description=step, completed=rows)
