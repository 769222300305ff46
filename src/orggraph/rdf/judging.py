"""Does a store keep the shapes of its model? In: a store's path. Out: what breaks them, as a SHACL processor reports it of the
graph that ``export`` writes, found by SQL and not by reading that graph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from orggraph.model.entries import Label
from orggraph.model.iris import SH, TYPE
from orggraph.model.model import Model
from orggraph.plan.quads import Extent
from orggraph.rdf.described import describe
from orggraph.rdf.mapping import templates
from orggraph.rdf.shacl import SEVERITY
from orggraph.rdf.shapes import shapes_of
from orggraph.stores.sqlite.quads import Quads, open_quads
from orggraph.stores.sqlite.shape_judging import Violation, violations
from orggraph.watch import Watch

MOST = 1_000


@dataclass(frozen=True)
class Result:
    """A SHACL validation result. IRIs, but for ``value``: a term as N-Quads write it."""

    severity: str
    focus: str
    path: str
    value: str | None
    component: str
    shape: str
    message: Label


@dataclass
class Report:
    """``results``: the first thousand; ``counts``: of all, by constraint component. ``shapes``: how many were asked, of a
    graph that is as of a ``load``."""

    model: Model
    load: int
    shapes: int
    results: list[Result] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def told(self) -> Counter[str]:
        """How many of each component there are in ``results``."""
        return Counter(one.component for one in self.results)


def judge(store: Path, watch: Watch = lambda _step, _rows: None) -> Report:
    """Judges the newest state. Raises StoreError."""
    with open_quads(store) as quads:
        loads = quads.loads()
        report = Report(quads.model, loads[-1].number if loads else 0, len(shapes_of(quads.model).shapes))
        for one in results(quads, watch):
            report.counts[one.component] += 1
            if len(report.results) < MOST:
                report.results.append(one)
        return report


@contextmanager
def results_of(store: Path) -> Iterator[Iterator[Result]]:
    """All results, as they are found."""
    with open_quads(store) as quads:
        yield results(quads)


def results(quads: Quads, watch: Watch = lambda _step, _rows: None) -> Iterator[Result]:
    shapes = shapes_of(quads.model)
    printed = [*templates(quads.model, history=False)]
    for one in violations(quads, shapes, printed, said_otherwise(quads), watch):
        yield _result(shapes.base, one)


def said_otherwise(quads: Quads) -> frozenset[tuple[str, str]]:
    """Things and their classes, of what a graph says besides its rows."""
    typed = f" <{TYPE}> "
    found = set()
    for _, lines in describe(quads.model, Extent(), []):
        for line in lines.decode().splitlines():
            subject, said, object_ = line.partition(typed)
            if said:
                found.add((subject, object_.removesuffix(" .")))
    return frozenset(found)


def _result(base: str, of: Violation) -> Result:
    shape = f"{base}{of.shape.name}/{of.property.name}"
    return Result(SEVERITY, of.focus[1:-1], of.property.path, of.value, SH + of.component, shape, of.property.message)
