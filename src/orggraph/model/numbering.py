"""The numbers by which a store knows kinds and relations, in the low bits of the numbers of entities and records.

In: a joined model, and the numbers that a store has given before. Out: the model with its numbers. A number once given
stays, in whatever order a model's files name things; what is new takes the lowest that are free.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count

from msgspec import structs

from orggraph.model.model import Model

NUMBERS = "numbers.json"
"""Stands among the texts of the model that a store keeps; no file of a model has this name, since those end in .yaml."""
Given = Mapping[str, Mapping[str, int]]
NOTHING: Given = {"kinds": {}, "relations": {}}


def read_numbers(texts: Mapping[str, str]) -> Given:
    """The numbers among a store's texts; none among those of a model's files."""
    found: Given = json.loads(texts[NUMBERS]) if NUMBERS in texts else NOTHING
    return found


def numbers_of(model: Model) -> dict[str, dict[str, int]]:
    """The numbers that a model has."""
    return {
        "kinds": {kind.name: kind.number for kind in model.concrete()},
        "relations": {name: relation.number for name, relation in model.relations.items()},
    }


def numbers_text(model: Model) -> str:
    return json.dumps(numbers_of(model))


def numbered(model: Model, given: Given = NOTHING) -> Model:
    """The model with the numbers that were given, and the lowest free ones for what is new, in the order of the files."""
    kinds = _numbers((name for name, kind in model.kinds.items() if not kind.abstract), given["kinds"])
    relations = _numbers(model.relations, given["relations"])
    return structs.replace(
        model,
        kinds={name: replace(kind, number=kinds.get(name, 0)) for name, kind in model.kinds.items()},
        relations={name: replace(one, number=relations[name]) for name, one in model.relations.items()},
    )


def _numbers(names: Iterable[str], given: Mapping[str, int]) -> dict[str, int]:
    taken = set(given.values())
    free = (number for number in count(1) if number not in taken)
    return {name: given[name] if name in given else next(free) for name in names}
