"""Validation whose work is bounded. In: schema, AST. Out: what is wrong with it as GraphQL errors; OperationError where it
takes more than it may.

graphql-core's rule on overlapping fields is quadratic and counts what it does; here it stops at our bound. Suggestions
("Did you mean …") cost more than all rules together, so only the first error has one, and unknown types have none.
"""

from __future__ import annotations

from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, specified_rules, validate
from graphql.validation import OverlappingFieldsCanBeMergedRule

from orggraph.errors import OperationError
from orggraph.graphql.alternatives import offering
from orggraph.settings import Bounds

MOST_ERRORS = 10
LONGEST_MESSAGE = 1_000
UNITS = 2
"""What graphql-core counts for one comparison of two fields."""


def problems(schema: GraphQLSchema, ast: DocumentNode, bounds: Bounds, suggest: bool = True) -> list[GraphQLError]:
    """The first errors of a document; none if it is valid. ``suggest``: with names that may be meant."""
    counted: list[OverlappingFieldsCanBeMergedRule] = []

    class Overlaps(OverlappingFieldsCanBeMergedRule):
        def __init__(self, context: Any) -> None:
            super().__init__(context)
            self.rule_context.remaining_complexity_budget = bounds.pairs * UNITS
            counted.append(self)

    rules: list[Any] = [Overlaps if rule is OverlappingFieldsCanBeMergedRule else rule for rule in specified_rules]
    errors = validate(schema, ast, rules, max_errors=MOST_ERRORS, hide_suggestions=True)
    if counted[0].rule_context.remaining_complexity_budget < 0:
        message = f"more than {bounds.pairs} pairs of fields have the same name and must be compared"
        raise OperationError(f"{message}; give them aliases, or write what they share once", "TOO_MANY_OVERLAPS")
    if not errors:
        return []
    if any(error.message == "Validation aborted." for error in errors):
        raise OperationError("the fragments nest too deeply, or spread too many others; write fewer", "TOO_DEEP")
    if not suggest:
        return errors[:MOST_ERRORS]
    others = [rule for rule in rules if rule is not Overlaps]
    return [_with_suggestion(schema, ast, others, errors[0]), *errors[1:MOST_ERRORS]]


def _with_suggestion(schema: GraphQLSchema, ast: DocumentNode, rules: list[Any], first: GraphQLError) -> GraphQLError:
    """The first error, in graphql-core's words with a suggestion, or with all that there is."""
    if first.message.startswith("Unknown type"):
        return first
    told = validate(schema, ast, rules, max_errors=1)
    return offering(schema, told[0] if told and told[0].locations == first.locations else first)
