"""A comparison as a self-contained case: what a reader needs to see a failure again, and nothing else.

In: model, files, operation, both answers. Out: nothing if they are equal, else an AssertionError that tells it all; with
ORGGRAPH_ORACLE_KEEP=1 also a file in ``cases/``, made as small as it still fails, which ``test_cases.py`` replays from then on.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphql import GraphQLError, GraphQLSchema

from tests.oracle.keeping import CASES, Kept, smallest
from tests.oracle.operation import Operation
from tests.oracle.shrinking import smaller
from tests.oracle.unordered import in_one_order

Answerer = Callable[[Operation], str]
REFUSED = ("TOO_COMPLEX", "TOO_MANY:", "TOO_LARGE")
"""The codes of what no statement can hold, one in a thousand operations, and of answers so long that the oracle would take all
memory, one in fifty thousand: refused in words, which is tested elsewhere."""
RULE = "-" * 30


@dataclass(frozen=True)
class Case:
    """``today`` is the day of the outermost scope; the seed alone gives all of it again on that day."""

    seed: int
    model: str
    files: Mapping[str, str]
    schema: GraphQLSchema
    today: datetime.date

    def compare(self, operation: Operation, product: Answerer, oracle: Answerer) -> None:
        """Asserts that both answer the same text; tells the smallest operation found on which they do not."""

        def fault(candidate: Operation) -> str | None:
            answered = product(candidate)
            if answered.startswith(REFUSED) or in_one_order(answered) == in_one_order(oracle(candidate)):
                return None
            return "differs" if answered.startswith("{") else answered[:30]

        def still(candidate: Operation) -> bool:
            try:
                return fault(candidate) == seen
            except GraphQLError:  # a piece less, and it asks for nothing that there is
                return False

        seen = fault(operation)
        if seen is None:
            return
        found = smaller(self.schema, operation, still)
        if os.environ.get("ORGGRAPH_ORACLE_KEEP"):
            smallest(Kept(self.model, self.files, found)).write(CASES / f"seed-{self.seed}.json")
        raise AssertionError(self.told(found, product(found), oracle(found)))

    def told(self, operation: Operation, product: str, oracle: str) -> str:
        parts = [f"seed {self.seed}, today {self.today}"]
        parts += [f"{RULE} model.yaml", self.model]
        parts += [f"{RULE} {name}\n{text}" for name, text in self.files.items()]
        parts += [f"{RULE} document", operation.document]
        parts += [f"{RULE} variables", json.dumps(operation.variables, ensure_ascii=False)]
        parts += [f"{RULE} product", product, f"{RULE} oracle", oracle]
        return "\n".join(["the answers differ", *parts])
