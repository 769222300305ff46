"""A request's document → the finished answer. In: text, variables, operation name. Out: JSON bytes, or RequestErrors.

    text ─ bounds ─ parse ─ price ─ validation ─ plan ─ statement ─ bytes

All but the last step is done once per document and shape of variables, and kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    build_ast_schema,
    parse,
    validate,
)

from orggraph.errors import OperationError
from orggraph.graphql.chains import complete_vocabulary
from orggraph.graphql.planner import plan_operation
from orggraph.graphql.price import Pricing
from orggraph.graphql.scalars import put_scalars
from orggraph.graphql.variables import Shape, VariableErrors, variables_reader
from orggraph.plan.nodes import Answer
from orggraph.stores.contract import Statement, Store


@dataclass(frozen=True)
class Bounds:
    """What a document may be, before it is looked at closely. ``price``: rows that its statement may look at."""

    document_bytes: int = 64 * 1024
    tokens: int = 2_000
    price: float = 5_000_000
    documents_kept: int = 1_000


class RequestErrors(OperationError):
    """The request is refused; ``errors`` are GraphQL errors as JSON values."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(str(errors[0]["message"]), str(errors[0]["extensions"]["code"]))
        self.errors = errors


@dataclass
class Prepared:
    """A valid operation, and its statements by shape of variables."""

    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    read: Any
    statements: dict[Shape, Statement] = field(default_factory=dict)


class Engine:
    """Answers operations from one store; for one thread at a time."""

    def __init__(self, store: Store, bounds: Bounds | None = None) -> None:
        self.store = store
        self.bounds = bounds or Bounds()
        self.schema = build_ast_schema(parse(store.sdl), assume_valid=True)
        put_scalars(self.schema)
        self.words = complete_vocabulary(store.model)
        self._prepared: OrderedDict[tuple[str, str | None], Prepared] = OrderedDict()

    def execute(
        self, document: str, variables: Mapping[str, Any] | None = None, operation_name: str | None = None
    ) -> bytes:
        """The whole answer as JSON text. Raises RequestErrors for whatever is refused."""
        try:
            statement, coerced = self.statement(document, variables or {}, operation_name)
            return self.store.answer(statement, coerced)
        except RequestErrors:
            raise
        except VariableErrors as bad:
            raise RequestErrors([_as_json(one, "BAD_VARIABLE") for one in bad.errors]) from None
        except RecursionError:
            error = {
                "message": "the operation is nested too deeply; ask for less at once",
                "extensions": {"code": "TOO_DEEP"},
            }
            raise RequestErrors([error]) from None
        except OperationError as refused:
            raise RequestErrors([{"message": refused.message, "extensions": {"code": refused.code}}]) from None

    def statement(
        self, document: str, variables: Mapping[str, Any], operation_name: str | None = None
    ) -> tuple[Statement, dict[str, Any]]:
        """The statement of an operation, and its coerced variables."""
        prepared = self._prepared.get((document, operation_name))
        if prepared is None:
            prepared = self.prepare(document, variables, operation_name)
        coerced, shape = prepared.read(variables)
        statement = prepared.statements.get(shape)
        if statement is None:
            statement = self.store.compile(self._plan(prepared, coerced))
            if len(prepared.statements) < 100:
                prepared.statements[shape] = statement
        return statement, coerced

    def plan(self, document: str, variables: Mapping[str, Any], operation_name: str | None = None) -> Answer:
        """The plan of an operation."""
        prepared = self.prepare(document, variables, operation_name)
        return self._plan(prepared, prepared.read(variables)[0])

    def _plan(self, prepared: Prepared, coerced: Mapping[str, Any]) -> Answer:
        pricing = Pricing(self.words, self.schema, self.store, prepared.fragments, coerced)
        self._check_price(pricing, prepared.operation)
        return plan_operation(self.words, prepared.operation, prepared.fragments, coerced)

    def prepare(self, document: str, variables: Mapping[str, Any], operation_name: str | None) -> Prepared:
        """A document bounded, parsed, priced and validated; kept for the next time."""
        ast = self._parse(document)
        operation = _operation(ast, operation_name)
        fragments = {d.name.value: d for d in ast.definitions if isinstance(d, FragmentDefinitionNode)}
        self._check_price(Pricing(self.words, self.schema, self.store, fragments, variables), operation)
        if errors := validate(self.schema, ast, max_errors=20):
            raise RequestErrors([_as_json(error, "INVALID_DOCUMENT") for error in errors])
        prepared = Prepared(operation, fragments, variables_reader(self.schema, operation))
        self._prepared[(document, operation_name)] = prepared
        while len(self._prepared) > self.bounds.documents_kept:
            self._prepared.popitem(last=False)
        return prepared

    def _parse(self, document: str) -> DocumentNode:
        size = len(document.encode("utf-8", "surrogatepass"))
        if size > self.bounds.document_bytes:
            message = f"the document has {size} bytes; at most {self.bounds.document_bytes} are read"
            raise OperationError(message, "DOCUMENT_TOO_LONG")
        try:
            return parse(document, max_tokens=self.bounds.tokens)
        except GraphQLSyntaxError as error:
            bounds = {"tokens": "TOO_MANY_TOKENS", "nested too deeply": "TOO_DEEP"}
            code = next((code for words, code in bounds.items() if words in error.message), "SYNTAX")
            raise RequestErrors([_as_json(error, code)]) from None
        except RecursionError:
            raise OperationError("the document is nested too deeply", "TOO_DEEP") from None

    def _check_price(self, pricing: Pricing, operation: OperationDefinitionNode) -> None:
        price = pricing.operation(operation)
        if price > self.bounds.price:
            message = f"the operation would look at about {price:.3g} rows; at most {self.bounds.price:.3g} are allowed"
            raise OperationError(f"{message}; ask for fewer with first: or where:", "TOO_COSTLY")


def _operation(ast: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [d for d in ast.definitions if isinstance(d, OperationDefinitionNode)]
    if name is not None:
        operations = [d for d in operations if d.name and d.name.value == name]
        if not operations:
            raise OperationError(f"the document has no operation {name}", "NO_OPERATION")
    if len(operations) != 1:
        what = "no operation" if not operations else "several operations; say operationName"
        raise OperationError(f"the document has {what}", "NO_OPERATION")
    if operations[0].operation is not OperationType.QUERY:
        raise OperationError("only queries are answered; the graph is changed by orggraph load", "READ_ONLY")
    return operations[0]


def _as_json(error: GraphQLError, code: str) -> dict[str, Any]:
    formatted: dict[str, Any] = {"message": error.message}
    if error.locations:
        formatted["locations"] = [location.formatted for location in error.locations]
    return formatted | {"extensions": {"code": code}}
