"""How far long work is, on a terminal; where the output goes elsewhere, nothing is shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager


class Totals:
    """Of how many rows each step is, where that is known: of reading, what was foreseen for the load; of writing, what was
    read. In: steps and rows as they are told."""

    def __init__(self, foreseen: Sequence[int | None]) -> None:
        self.foreseen = iter(foreseen)
        self.step, self.read = "", 0

    def begins(self, step: str) -> bool:
        """Whether a step is another than the one before."""
        begins, self.step = step != self.step, step
        return begins

    def total(self) -> int | None:
        """The total of the step that has begun."""
        match self.step:
            case "reading":
                return next(self.foreseen, None)
            case "writing":
                return self.read
        return None

    def told(self, rows: int) -> None:
        if self.step == "reading":
            self.read = rows


@contextmanager
def loading_progress(foreseen: Callable[[], Sequence[int | None]] = tuple) -> Iterator[Callable[[str, int], None]]:
    """What work tells of its steps: rows, rows a second, and the time that is left where the rows of a step are known.
    ``foreseen``: about how many rows each load has, asked for only where it is shown."""
    if not sys.stderr.isatty():
        yield lambda _step, _rows: None
        return
    from rich.console import Console
    from rich.progress import (
        Progress,
        ProgressColumn,
        SpinnerColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed or 0:,.0f} rows/s")

    class Rows(ProgressColumn):
        def render(self, task: Task) -> Text:
            of = f" of about {task.total:,.0f}" if task.total and task.total >= task.completed else ""
            return Text(f"{task.completed:,.0f}{of} rows")

    class Left(TimeRemainingColumn):
        def render(self, task: Task) -> Text:
            shown = task.total is not None and task.completed <= task.total
            return Text.assemble(super().render(task), " left") if shown else Text("")

    columns = (SpinnerColumn(), TextColumn("{task.description}"), Rows(), Rate(), TimeElapsedColumn(), Left())
    totals = Totals(foreseen())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:

        def tell(step: str, rows: int) -> None:
            if totals.begins(step):
                for before in progress.task_ids:
                    progress.remove_task(before)
                progress.add_task(step, total=totals.total())
            totals.told(rows)
            progress.update(progress.task_ids[-1], completed=rows)

        yield tell
