"""``orggraph export rdf``: the graph, or a day of it, as RDF."""

from __future__ import annotations

import signal
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from orggraph.cli import writing
from orggraph.cli.counting import counted
from orggraph.cli.options import DEFAULT_STORE, Base, Store
from orggraph.cli.progress import loading_progress
from orggraph.errors import OrggraphError
from orggraph.output.placing import is_stream
from orggraph.rdf.asked import Asked
from orggraph.rdf.export import Form
from orggraph.rdf.export import export as export_graph
from orggraph.rdf.filing import whole_file


class Certainty(StrEnum):
    CERTAIN = "CERTAIN"
    POSSIBLE = "POSSIBLE"


SUFFIXES = {
    ".nq": Form.NQUADS,
    ".nt": Form.NTRIPLES,
    ".ttl": Form.TURTLE,
    ".trig": Form.TRIG,
    ".jsonld": Form.JSONLD,
}
PACKED = (".gz", ".zst")


def rdf(
    store: Store = DEFAULT_STORE,
    output: Annotated[Path | None, writing.output("The file; .gz and .zst are packed.")] = None,
    format: Annotated[
        Form | None, typer.Option(help="The form; unless said, what the file's name says, else nquads.")
    ] = None,
    at: Annotated[str | None, typer.Option(help="Only what is so on a day: 2020-03-31.")] = None,
    during: Annotated[
        str | None, typer.Option(help="Only what is so in a range: 2019, 2019-03, 2019-03-01..2020-01-01, 2019-03-01..")
    ] = None,
    certainty: Annotated[Certainty, typer.Option(help="What is sure, or also what may be.")] = Certainty.POSSIBLE,
    known_at: Annotated[str | None, typer.Option(help="As known at a time: 2020-03-31T12:00:00+08:00.")] = None,
    load: Annotated[int | None, typer.Option(help="As known at a load, by its number.")] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Every version, in a named graph of the load that brought it.")
    ] = False,
    base: Base = None,
    force: writing.Force = False,
) -> None:
    """Write the graph as RDF: the same bytes for the same graph. · 导出 RDF

    Example: orggraph export rdf --store orggraph.db --history -o graph.nq.gz
    """
    asked = Asked(at, during, known_at, load, certainty is Certainty.CERTAIN, history, base)
    form = _form_of(output, format)
    writing.ready(output, force)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what is half is taken away
    with loading_progress() as watch:
        if output is None:
            export_graph(store, asked, form, sys.stdout.buffer.write, watch)
            return
        with whole_file(output, force) as write:
            told = export_graph(store, asked, form, write, watch)
    writing.tell(output, f"{counted(told.quads, 'quad')} of load {told.load}")


def _form_of(output: Path | None, asked: Form | None) -> Form:
    """The form that is asked for, or that the file's name says: raises OrggraphError where these are two, or there is none. A file
    without an ending says nothing, nor does what is written to as it is."""
    ending = (
        ""
        if output is None or is_stream(output)
        else output.with_suffix("" if output.suffix in PACKED else output.suffix).suffix
    )
    said = SUFFIXES.get(ending.lower())
    if said is not None and asked not in (None, said):
        raise OrggraphError(
            f"{output}: is called as {said} is, and {asked} is asked for; leave --format out or name it {_named(asked)}",
            "FORM",
        )
    if said is None and asked is None and ending:
        every = ", ".join(f"{name} ({form})" for name, form in SUFFIXES.items())
        raise OrggraphError(f"{output}: {ending} is of no form; name it {every}, or say --format", "FORM")
    return asked or said or Form.NQUADS


def _named(form: Form) -> str:
    return next(name for name, one in SUFFIXES.items() if one is form)
