"""A request's document → the finished answer. In: text, variables, operation name. Out: JSON bytes, or RequestErrors.

    text ─ bounds ─ parse ─ price ─ validation ─ plan ─ statement ─ bytes

All but the last step is done once per document and shape of variables, and kept; the price also once per size of page.
Every step is bounded (``settings.Bounds``), so that whatever a document holds, it is refused or running soon.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSyntaxError,
    Node,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    Visitor,
    parse,
    visit,
)
from msgspec import Struct
from msgspec.structs import replace

from orggraph.errors import OperationError
from orggraph.graphql.chains import complete_vocabulary
from orggraph.graphql.figures import Figures, about
from orggraph.graphql.introspection import Marked, asks_of_schema, introspected
from orggraph.graphql.planner import plan_operation
from orggraph.graphql.price import Pricing
from orggraph.graphql.scalars import put_scalars
from orggraph.graphql.selection import Document, collect
from orggraph.graphql.unread_schema import schema_of
from orggraph.graphql.validation import LONGEST_MESSAGE, MOST_ERRORS, problems
from orggraph.graphql.values import check_variables, too_complex, with_defaults
from orggraph.graphql.variables import Shape, VariableErrors, variables_reader
from orggraph.plan.nodes import Answer
from orggraph.plan.scope import OUTERMOST, AsOf, Scope
from orggraph.settings import Bounds as Bounds
from orggraph.stores.contract import Measures, Statement, Store

SHAPES_KEPT = 100
PRICES_KEPT = 100
TOLD_BYTES = 8 * 1024 * 1024
"""Of what the schema has told of itself, that is kept."""
READ, ORDINARY = 20, 20_000
"""What keeping a document weighs for each of its characters (its parsed form is that much larger than a statement's text),
and what one of ordinary size weighs with its statements."""


class RequestErrors(OperationError):
    """The request is refused; ``errors`` are GraphQL errors as JSON values."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(str(errors[0]["message"]), str(errors[0]["extensions"]["code"]))
        self.errors = errors


@dataclass
class Kept:
    """A statement for one shape of variables, and its price by size of page, as made of the store's ``measures``."""

    statement: Statement
    measures: Measures
    prices: dict[tuple[Any, ...], float] = field(default_factory=dict)

    def price(self, measures: Measures, page: tuple[Any, ...]) -> float | None:
        """The price of a page, if it was made of these measures."""
        if measures is not self.measures:
            self.measures, self.prices = measures, {}
        return self.prices.get(page)


@dataclass
class Prepared:
    """A valid operation, and what was made of it by shape of variables. ``pages``: the variables that its price depends on;
    ``introspects``: whether it may ask the schema of itself."""

    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    read: Any
    pages: tuple[str, ...]
    weight: int
    introspects: bool
    kept: dict[Shape, Kept] = field(default_factory=dict)

    def page(self, coerced: Mapping[str, Any]) -> tuple[Any, ...]:
        """The values that the price depends on: numbers, days, how many there are in lists."""
        return tuple([_extent(coerced.get(name)) for name in self.pages])


class Question(Struct, frozen=True):
    """A statement that is ready to run with these variables; ``rows``: how many it may look at, as estimated; ``told``: what
    the schema tells of itself in its answer."""

    statement: Statement
    variables: dict[str, Any]
    rows: float
    told: Marked = ()


class Engine:
    """Answers operations from one store; for one thread at a time, but that others may ask for what is ``known``. ``outermost``:
    the scope around all of them."""

    def __init__(
        self, store: Store, bounds: Bounds | None = None, introspection: bool = True, outermost: Scope = OUTERMOST
    ) -> None:
        self.store = store
        self.bounds = bounds or Bounds()
        self.introspection = introspection
        self.outermost = outermost
        self.schema = schema_of(store.sdl)
        put_scalars(self.schema)
        self.words = complete_vocabulary(store.model)
        self._prepared: OrderedDict[tuple[str, str | None], Prepared] = OrderedDict()
        self._weight = 0
        self._told: OrderedDict[tuple[str, str | None, str], Marked] = OrderedDict()

    def looking_back(self, known: AsOf) -> Engine:
        """Another on the same store, that sees all as it was known then, unless a document says otherwise."""
        found = copy(self)
        found.outermost = replace(OUTERMOST, load=known)
        found._prepared, found._weight, found._told = OrderedDict(), 0, OrderedDict()
        return found

    def execute(
        self, document: str, variables: Mapping[str, Any] | None = None, operation_name: str | None = None
    ) -> bytes:
        """The whole answer as JSON text. Raises RequestErrors for whatever is refused."""
        return self.answer(self.ask(document, variables or {}, operation_name), self.store)

    def ask(self, document: str, variables: Mapping[str, Any], operation_name: str | None = None) -> Question:
        """All that is done before a statement runs. Raises RequestErrors."""
        try:
            known = self._known(document, variables, operation_name)
            if known is not None:
                return known
            prepared, rows = self._prepare(document, variables, operation_name)
            made = self._made(prepared, rows, variables)
            if not prepared.introspects:
                return made
            return replace(
                made, told=self._tell(prepared, made.variables, (document, operation_name, repr(made.variables)))
            )
        except REFUSED as error:
            raise refusal(error) from None

    def known(self, document: str, variables: Mapping[str, Any], operation_name: str | None = None) -> Question | None:
        """The same if it was asked before and nothing is left to do; else None. Raises RequestErrors."""
        try:
            return self._known(document, variables, operation_name)
        except REFUSED as error:
            raise refusal(error) from None

    def check(self, document: str) -> tuple[str, ...]:
        """The names of a document's operations, each of which may be asked. Raises RequestErrors. Where an operation wants
        variables, what hangs on them is told when they are there: its plan, and its price if it is too high without them."""
        try:
            ast = self._parse(document)
            names = tuple(d.name.value for d in ast.definitions if isinstance(d, OperationDefinitionNode) and d.name)
            for name in names or (None,):
                if not _wants_variables(_operation(ast, name)):
                    self.ask(document, {}, name)
                elif (document, name) not in self._prepared:
                    self._check_unasked(document, name)
            return names
        except REFUSED as error:
            raise refusal(error) from None

    def _check_unasked(self, document: str, name: str | None) -> None:
        try:
            self._prepare(document, {}, name)
        except OperationError as refused:
            if refused.code != "TOO_COSTLY":
                raise

    @staticmethod
    def answer(question: Question, store: Store, seconds: float | None = None) -> bytes:
        """The whole answer, from a store of the engine's file, in so many seconds. Raises RequestErrors, StoreError."""
        try:
            answer = store.answer(question.statement, question.variables, seconds)
            for mark, told in question.told:
                answer = answer.replace(mark, told, 1)
            return answer
        except REFUSED as error:
            raise refusal(error) from None

    def statement(
        self, document: str, variables: Mapping[str, Any], operation_name: str | None = None
    ) -> tuple[Statement, dict[str, Any]]:
        """The statement of an operation, and its coerced variables. Raises RequestErrors."""
        asked = self.ask(document, variables, operation_name)
        return asked.statement, asked.variables

    def plan(self, document: str, variables: Mapping[str, Any], operation_name: str | None = None) -> Answer:
        """The plan of an operation. Raises RequestErrors."""
        try:
            prepared, _ = self._prepare(document, variables, operation_name)
            return plan_operation(
                self.words, prepared.operation, prepared.fragments, prepared.read(variables)[0], self.outermost
            )
        except REFUSED as error:
            raise refusal(error) from None

    def _known(self, document: str, variables: Mapping[str, Any], operation_name: str | None) -> Question | None:
        prepared = self._prepared.get((document, operation_name))
        check_variables(variables, self.bounds)
        if prepared is None:
            return None
        coerced, shape = prepared.read(variables)
        kept = prepared.kept.get(shape)
        if kept is None:
            return None
        page = prepared.page(coerced)
        rows = kept.price(self.store.measures, page)
        if rows is None:
            rows = self._price(prepared.operation, prepared.fragments, coerced)[0].rows
            if len(kept.prices) < PRICES_KEPT:
                kept.prices[page] = rows
        told: Marked = ()
        if prepared.introspects:
            found = self._told.get((document, operation_name, repr(coerced)))
            if found is None:
                return None
            told = found
        return Question(kept.statement, coerced, rows, told)

    def _prepare(
        self, document: str, variables: Mapping[str, Any], operation_name: str | None
    ) -> tuple[Prepared, float]:
        """A document bounded, parsed, priced and validated, kept for the next time; and the rows it would look at now."""
        prepared = self._prepared.get((document, operation_name))
        if prepared is not None:
            coerced = prepared.read(variables)[0]
            return prepared, self._price(prepared.operation, prepared.fragments, coerced)[0].rows
        ast = self._parse(document)
        operation = _operation(ast, operation_name)
        introspects = asks_of_schema(document, ast)
        if introspects and not self.introspection:
            raise OperationError("what the schema holds is not told here", "INTROSPECTION_OFF")
        fragments = {d.name.value: d for d in ast.definitions if isinstance(d, FragmentDefinitionNode)}
        brought = with_defaults(operation, variables, self.bounds)
        figures, pages = self._price(operation, fragments, brought)
        if errors := problems(self.schema, ast, self.bounds, self.introspection):
            raise RequestErrors([_as_json(error, "INVALID_DOCUMENT") for error in errors])
        read = variables_reader(self.schema, operation, self.introspection)
        prepared = Prepared(operation, fragments, read, tuple(sorted(pages)), READ * len(document), introspects)
        self._prepared[(document, operation_name)] = prepared
        self._weigh(prepared.weight)
        return prepared, figures.rows

    def _made(self, prepared: Prepared, rows: float, variables: Mapping[str, Any]) -> Question:
        """The question of a prepared operation, its statement planned and compiled."""
        coerced, shape = prepared.read(variables)
        answer = plan_operation(self.words, prepared.operation, prepared.fragments, coerced, self.outermost)
        kept = Kept(self.store.compile(answer), self.store.measures, {prepared.page(coerced): rows})
        if len(prepared.kept) < SHAPES_KEPT:
            prepared.kept[shape] = kept
            prepared.weight += len(kept.statement.text)
            self._weigh(len(kept.statement.text))
        return Question(kept.statement, coerced, rows)

    def _tell(self, prepared: Prepared, coerced: dict[str, Any], key: tuple[str, str | None, str]) -> Marked:
        """What the schema tells of itself where an operation asks for it; kept, for it is always the same."""
        of = Document(prepared.fragments, coerced)
        asked = collect(of, (prepared.operation.selection_set,), ("Query",))
        self._told[key] = introspected(self.schema, asked, of, self.bounds.answer_bytes)
        while sum(len(told) for one in self._told.values() for _, told in one) > TOLD_BYTES and len(self._told) > 1:
            self._told.popitem(last=False)
        return self._told[key]

    def _weigh(self, more: int) -> None:
        """Keeps that much more, and lets the oldest documents go for it."""
        self._weight += more
        while self._weight > self.bounds.documents_kept * ORDINARY and len(self._prepared) > 1:
            _, oldest = self._prepared.popitem(last=False)
            self._weight -= oldest.weight

    def _price(
        self,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
    ) -> tuple[Figures, set[str]]:
        """What an operation costs, and the variables that this depends on; raises OperationError above the bounds."""
        pricing = Pricing(self.words, self.schema, self.store, fragments, variables, self.bounds)
        figures = pricing.operation(operation)
        if figures.rows > self.bounds.price:
            message = f"the operation would look at about {about(figures.rows)} rows; at most {self.bounds.price:,.0f} are allowed"
            raise OperationError(f"{message}; {_less(operation, fragments)}", "TOO_COSTLY")
        if figures.size > self.bounds.size:
            raise too_complex(figures.size, self.bounds)
        return figures, pricing.pages

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


REFUSED = (OperationError, VariableErrors, RecursionError)


def refusal(error: OperationError | VariableErrors | RecursionError) -> RequestErrors:
    """Whatever refuses an operation, as it is told."""
    match error:
        case RequestErrors():
            return error
        case VariableErrors(errors=errors):
            return RequestErrors([_as_json(one, "BAD_VARIABLE") for one in errors[:MOST_ERRORS]])
        case OperationError(message=message, code=code, at=at):
            return RequestErrors([_as_json(GraphQLError(message, at if isinstance(at, Node) else None), code)])
    message, code = "the operation is nested too deeply; ask for less at once", "TOO_DEEP"
    return RequestErrors([{"message": message, "extensions": {"code": code}}])


def _less(operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> str:
    """How to ask for less than a document does that bounds its lists already, or does not."""
    bounding = _Bounding()
    for one in (operation, *fragments.values()):
        visit(one, bounding)
    missing = [f"{name}:" for name in ("first", "where") if name not in bounding.found]
    if missing:
        return f"ask for fewer with {' or '.join(missing)}"
    return "ask for less below each row, by keys or with a narrower where:, or allow more with --bound price=NUMBER"


class _Bounding(Visitor):
    """Which arguments that bound lists a document has."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        self.found.add("first" if node.name.value == "last" else node.name.value)


def _extent(value: Any) -> Any:
    return len(value) if isinstance(value, list) else value


def _wants_variables(operation: OperationDefinitionNode) -> bool:
    definitions = operation.variable_definitions or ()
    return any(isinstance(one.type, NonNullTypeNode) and one.default_value is None for one in definitions)


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
    message = error.message
    if len(message) > LONGEST_MESSAGE:
        message = message[:LONGEST_MESSAGE] + "…"
    formatted: dict[str, Any] = {"message": message}
    if error.locations:
        formatted["locations"] = [location.formatted for location in error.locations]
    return formatted | {"extensions": {"code": code}}
