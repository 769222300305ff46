"""Variables → coerced values and their shape. In: what a request brings. Out: what plans' parameters are taken from.

graphql-core's own coercion costs more than the statement; this one is made once per document and agrees with it. What it
cannot accept it leaves to graphql-core, whose words the client then gets.

The *shape* is all that a plan depends on: which variables are there, which fields and list items inside them, and the
values of booleans, of the built-in enums and of what groups are by, the forms of ids.
Example: ``{where: {name: {eq: "甲"}}}`` → ``(("where", (("name", …),)),)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
    type_from_ast,
    value_from_ast,
)
from graphql.execution.values import get_variable_values

from orggraph.graphql.alternatives import offering
from orggraph.graphql.scalars import CLEAN, clean_id
from orggraph.model.names import group_by
from orggraph.plan.ids import parse_id

Shape = Any
Coerce = Callable[[Any], tuple[Any, Shape]]
STRUCTURAL_ENUMS = frozenset({"Certainty", "Lang", "Precision", "Direction", "Kind"})
GROUP_BY = group_by("")
ABSENT = object()
MOST_ERRORS = 10


class Unacceptable(Exception):
    """The value is not of its type; graphql-core will say how."""


class VariableErrors(Exception):
    """What is wrong with the variables, as GraphQL errors."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


def variables_reader(
    schema: GraphQLSchema, operation: OperationDefinitionNode, suggest: bool = True
) -> Callable[[Mapping[str, Any]], tuple[dict[str, Any], Shape]]:
    """A function from raw variables to (coerced, shape); it raises VariableErrors. ``suggest``: with names that may be meant."""
    definitions = operation.variable_definitions or ()
    readers: list[tuple[str, Coerce, Any, bool]] = []
    for definition in definitions:
        type_ = cast(GraphQLInputType, type_from_ast(schema, definition.type))  # a valid document has no other
        default = ABSENT
        if definition.default_value is not None:
            default = value_from_ast(definition.default_value, type_)
        readers.append((definition.variable.name.value, _coercer(type_), default, isinstance(type_, GraphQLNonNull)))

    def read(raw: Mapping[str, Any]) -> tuple[dict[str, Any], Shape]:
        coerced: dict[str, Any] = {}
        shapes = []
        try:
            for name, coerce, default, required in readers:
                value = raw.get(name, default)
                if value is ABSENT:
                    if required:
                        raise Unacceptable
                    continue
                coerced[name], shape = coerce(value)
                shapes.append((name, shape))
        except Unacceptable:
            raise VariableErrors(_errors(schema, operation, raw, suggest)) from None
        return coerced, tuple(shapes)

    return read


def _errors(
    schema: GraphQLSchema, operation: OperationDefinitionNode, raw: Mapping[str, Any], suggest: bool
) -> list[GraphQLError]:
    """The first errors; the first one alone has a suggestion, as those of a document, for a suggestion is dear."""
    definitions = operation.variable_definitions or ()

    def told(most: int, hide: bool) -> list[GraphQLError]:
        found = get_variable_values(schema, definitions, dict(raw), max_errors=most, hide_suggestions=hide)
        return found if isinstance(found, list) else getattr(found, "errors", None) or []

    errors = told(MOST_ERRORS, hide=True)
    first = [offering(schema, one) for one in told(1, hide=False)[:1]] if suggest else errors[:1]
    return [*first, *errors[1:]] or [GraphQLError("A variable has a value that is not of its type.")]


def _coercer(type_: GraphQLInputType) -> Coerce:
    if isinstance(type_, GraphQLNonNull):
        inner = _present(type_.of_type)

        def required(value: Any) -> tuple[Any, Shape]:
            if value is None:
                raise Unacceptable
            return inner(value)

        return required
    coerce = _present(type_)
    return lambda value: (None, None) if value is None else coerce(value)


def _present(type_: GraphQLInputType) -> Coerce:
    match type_:
        case GraphQLList():
            coerce = _list(_coercer(type_.of_type), _bare(type_.of_type))
            return _ids(coerce) if getattr(_bare(type_.of_type), "name", "") == "ID" else coerce
        case GraphQLInputObjectType():
            return _object(type_)
        case GraphQLEnumType():
            return _enum(type_)
    assert isinstance(type_, GraphQLScalarType)
    return _id if type_.name == "ID" else _scalar(CLEAN[type_.name])


def _bare(type_: GraphQLInputType) -> GraphQLInputType:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_


def _list(item: Coerce, of: GraphQLInputType) -> Coerce:
    """The shape of a list: of each object in it; of ids, their different forms; of other scalars, nothing."""

    def shape(shapes: list[Shape]) -> Shape:
        if isinstance(of, GraphQLInputObjectType) or _is_structural(of):
            return tuple(shapes)
        return tuple(dict.fromkeys(shapes)) if getattr(of, "name", "") == "ID" else "*"

    def coerce(value: Any) -> tuple[Any, Shape]:
        found = [item(one) for one in (value if isinstance(value, list) else [value])]
        return [one for one, _ in found], shape([shape for _, shape in found])

    return coerce


def _ids(coerce: Coerce) -> Coerce:
    """The same for a list of nothing but ids in good order, which there may be a thousand of."""

    def quick(value: Any) -> tuple[Any, Shape]:
        try:
            found = list(map(parse_id, value)) if isinstance(value, list) else []
        except TypeError:
            found = []
        if not found or not all(found):
            return coerce(value)
        forms = [one.form for one in found if one]
        return value, (forms[0],) if forms.count(forms[0]) == len(forms) else tuple(dict.fromkeys(forms))

    return quick


def _object(type_: GraphQLInputObjectType) -> Coerce:
    fields: dict[str, Coerce] = {}  # filled when first met: input types refer to themselves

    def coerce(value: Any) -> tuple[Any, Shape]:
        if not isinstance(value, dict):
            raise Unacceptable
        coerced, shapes = {}, []
        for name, inner in value.items():
            if name not in fields:
                if name not in type_.fields:
                    raise Unacceptable
                fields[name] = _coercer(type_.fields[name].type)
            coerced[name], shape = fields[name](inner)
            shapes.append((name, shape))
        return coerced, tuple(shapes)

    return coerce


def _is_structural(type_: GraphQLInputType) -> bool:
    """Whether a plan depends on which value of an enum it is: of the built-in ones, and of what is grouped by."""
    name = getattr(type_, "name", "")
    return isinstance(type_, GraphQLEnumType) and (name in STRUCTURAL_ENUMS or name.endswith(GROUP_BY))


def _enum(type_: GraphQLEnumType) -> Coerce:
    values, structural = frozenset(type_.values), _is_structural(type_)

    def coerce(value: Any) -> tuple[Any, Shape]:
        if not isinstance(value, str) or value not in values:
            raise Unacceptable
        return value, value if structural else "*"

    return coerce


def _id(value: Any) -> tuple[Any, Shape]:
    found = parse_id(value) if isinstance(value, str) else None
    if found is not None:
        return value, found.form
    try:
        return clean_id(value), None
    except ValueError:
        raise Unacceptable from None


def _scalar(clean: Callable[[Any], Any]) -> Coerce:
    def coerce(value: Any) -> tuple[Any, Shape]:
        try:
            cleaned = clean(value)
        except ValueError:
            raise Unacceptable from None
        return cleaned, cleaned if isinstance(cleaned, bool) else "*"

    return coerce
