"""A store → RDF in one of its forms. In: a store's path, what is asked of it, a form. Out: bytes, some at a time, and counts.

``export`` is what others build on (files, packages, HTTP): memory stays flat, and everything is of one published load.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from orggraph.errors import OrggraphError
from orggraph.model import model_of
from orggraph.model.model import Model
from orggraph.rdf.asked import Asked, extent_of
from orggraph.rdf.canonical import blocks
from orggraph.rdf.jsonld import jsonld
from orggraph.rdf.lines import number_of_lines
from orggraph.rdf.turtle import turtle
from orggraph.stores.sqlite.quads import open_quads
from orggraph.watch import Watch

"""Told of the step and of the number of quads, now and then."""
TOLD = 20_000
AT_ONCE = 64 * 1024


class Form(StrEnum):
    """How RDF is written."""

    NQUADS = "nquads"
    NTRIPLES = "ntriples"
    TURTLE = "turtle"
    TRIG = "trig"
    JSONLD = "jsonld"


TRIPLES = (Form.NTRIPLES, Form.TURTLE)


@dataclass
class Exported:
    """``load``: number and time of the newest load that is in it (0 for none). Filled in while it is written."""

    load: int = 0
    at: str = ""
    quads: int = 0


def export(
    store: Path,
    asked: Asked,
    form: Form,
    out: Callable[[bytes], object],
    watch: Watch = lambda _step, _quads: None,
) -> Exported:
    """Gives the whole export to ``out``, piece by piece. Raises StoreError, OrggraphError for what cannot be asked."""
    told = Exported()
    for piece in pieces(store, asked, form, told, watch):
        out(piece)
    return told


def pieces(
    store: Path, asked: Asked, form: Form, told: Exported, watch: Watch = lambda _step, _quads: None
) -> Generator[bytes]:
    """The same for who wants to say when the next piece is due; ``told`` says what the pieces so far are of."""
    if form in TRIPLES and asked.history:
        raise OrggraphError(f"{form} has no graphs of loads; write a history as nquads, trig or jsonld", "FORM")
    with open_quads(store) as quads:
        extent = extent_of(asked, quads)
        model = quads.model if asked.base is None else model_of(quads.texts, base=asked.base)
        loads = quads.loads(extent.load)
        if loads:
            told.load, told.at = loads[-1].number, loads[-1].at
        lines = _counted(blocks(quads, model, extent), told, watch)
        yield from _gathered(written(lines, form, model))


def written(lines: Iterable[bytes], form: Form, model: Model) -> Iterable[bytes]:
    """Canonical lines, those about a subject together, in a form."""
    match form:
        case Form.NQUADS | Form.NTRIPLES:
            return lines
        case Form.TURTLE | Form.TRIG:
            return turtle(lines, model)
        case Form.JSONLD:
            return jsonld(lines, model)
        case _:
            assert_never(form)


def _counted(lines: Iterable[bytes], told: Exported, watch: Watch) -> Iterator[bytes]:
    due = TOLD
    for one in lines:
        told.quads += number_of_lines(one)
        if told.quads >= due:
            watch("writing", told.quads)
            due = told.quads + TOLD
        yield one
    watch("writing", told.quads)


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Small pieces made into larger ones."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= AT_ONCE:
            yield b"".join(held) if len(held) > 1 else piece
            held.clear()
            size = 0
    if held:
        yield b"".join(held)
