"""Failures worth keeping: a case in a file, made as small as it still fails.

In: a model's YAML, files, an operation on which product and oracle differ. Out: ``cases/NAME.json``; read again by
``test_cases.py``. Taken away one after the other: loads and files, rows, parts of the model, parts of the document.
"""

from __future__ import annotations

import copy
import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from graphql import GraphQLError

from orggraph.errors import OrggraphError
from orggraph.model import model_of
from tests.oracle.answer import answer, schema_of
from tests.oracle.csv_files import ledger_of_files
from tests.oracle.operation import Operation
from tests.oracle.product import Product
from tests.oracle.shrinking import smaller
from tests.oracle.spans import RowError
from tests.oracle.unordered import in_one_order

CASES = Path(__file__).with_name("cases")
NO_CASE = (OrggraphError, RowError, GraphQLError, LookupError, StopIteration, ValueError)
"""What happens where a piece was taken away that the rest needs."""


@dataclass(frozen=True)
class Kept:
    """A case in a file: ``files`` by folder and name; days are those of the document's own scopes."""

    model: str
    files: Mapping[str, str]
    operation: Operation

    @staticmethod
    def read(path: Path) -> Kept:
        told = json.loads(path.read_text("utf-8"))
        return Kept(told["model"], told["files"], Operation(told["document"], told["variables"]))

    def write(self, path: Path) -> None:
        told = {"document": self.operation.document, "variables": self.operation.variables}
        text = json.dumps({"model": self.model, "files": self.files, **told}, ensure_ascii=False, indent=1)
        path.write_text(text + "\n", "utf-8")

    def answers(self) -> tuple[str, str]:
        """The product's and the oracle's, lists without an order in one."""
        model = model_of({"random.yaml": self.model})
        with Product(self.model, self.files) as product:
            ledger = ledger_of_files(model, self.files).at_times(product.times())
            today = datetime.datetime.now(ZoneInfo(model.timezone)).date()
            wanted = in_one_order(answer(ledger, product.sdl, today, self.operation))
            answered = in_one_order(product.answer(self.operation))
            if answered == wanted:
                product.often_corrected()
                answered = in_one_order(product.answer(self.operation))
            return answered, wanted

    def fault(self) -> str | None:
        """What is wrong, in a word; None if nothing is, or if it is no case at all."""
        try:
            answered, wanted = self.answers()
        except NO_CASE:
            return None
        return None if answered == wanted else answered[:30] if not answered.startswith("{") else "differs"


def smallest(kept: Kept) -> Kept:
    """A case from which nothing more can be taken without losing its fault."""
    seen = kept.fault()
    while seen is not None:
        for attempt in _less(kept):
            if attempt.fault() == seen:
                kept = attempt
                break
        else:
            break
    with Product(kept.model, kept.files) as product:
        schema = schema_of(product.sdl)
    return replace(
        kept, operation=smaller(schema, kept.operation, lambda one: replace(kept, operation=one).fault() == seen)
    )


def _less(kept: Kept) -> Iterator[Kept]:
    """The case without one file, one row, or one part of its model."""
    for name in kept.files:
        yield replace(kept, files={other: text for other, text in kept.files.items() if other != name})
    for name, text in kept.files.items():
        lines = text.splitlines(keepends=True)
        for i in range(1, len(lines)):
            yield replace(kept, files={**kept.files, name: "".join(lines[:i] + lines[i + 1 :])})
    for model in _models(yaml.safe_load(kept.model)):
        yield replace(kept, model=yaml.safe_dump(model, allow_unicode=True, sort_keys=False, width=120))


def _models(entries: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The model without one entry, or one part of an entry."""
    for section in ("derived", "relations", "kinds", "terms", "fields"):
        for name in entries.get(section, {}):
            without = copy.deepcopy(entries)
            del without[section][name]
            yield without
            for part, value in (entries[section][name] or {}).items():
                for inner in value if isinstance(value, dict) and section in ("relations", "kinds") else ():
                    without = copy.deepcopy(entries)
                    del without[section][name][part][inner]
                    yield without
