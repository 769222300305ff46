"""The model is data: YAML → entries → lint → one frozen ``Model`` that everything else is derived from."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from orggraph.errors import ModelError
from orggraph.model.joining import join
from orggraph.model.model import Model
from orggraph.model.numbering import NUMBERS, numbered, read_numbers
from orggraph.model.reading import model_texts, read_texts


def load_model(path: Path) -> Model:
    """The model at a YAML file or folder; raises ModelError with every problem found."""
    return model_of(model_texts(path))


def model_of(texts: dict[str, str], linted: bool = False, base: str | None = None) -> Model:
    """The model that the named YAML texts say together; raises ModelError with every problem found.

    ``linted``: the texts have passed the linter before (a store keeps only such) and need not again. Among the texts that
    a store keeps are the numbers by which it knows kinds and relations. ``base``: of the IRIs made by rule, in place of the
    model's own.
    """
    entries, reading = read_texts({name: text for name, text in texts.items() if name != NUMBERS})
    if entries is not None and base is not None:
        entries, linted = replace(entries, model=replace(entries.model, iri=base)), False
    if entries is not None and not linted:
        from orggraph.model.lint import lint  # only here: a service, whose stores' models are linted, starts without it

        lint(entries, reading)
    if entries is None or reading.problems:
        raise ModelError(reading.problems)
    return numbered(join(entries), read_numbers(texts))
