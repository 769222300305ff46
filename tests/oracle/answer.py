"""The answer of a document, told plainly: graphql-core walks the SDL, a view answers every field.

In: a Ledger, the SDL as text, a document, variables, today. Out: the whole response as compact JSON text.
"""

from __future__ import annotations

import datetime
import json
from functools import cache
from typing import Any

from graphql import GraphQLResolveInfo, GraphQLSchema, build_schema, graphql_sync

from tests.oracle.ledger import Ledger
from tests.oracle.operation import Operation
from tests.oracle.roots import RootView
from tests.oracle.scope import Scope
from tests.oracle.truth import on_day
from tests.oracle.views import EntityView, RecordView, StateView


@cache
def schema_of(sdl: str) -> GraphQLSchema:
    return build_schema(sdl, assume_valid=True)


def answer(ledger: Ledger, sdl: str, today: datetime.date, operation: Operation) -> str:
    """``{"data":{…}}`` as compact JSON; an invalid operation is a fault of the test and raises."""
    root = RootView(Scope(ledger, len(ledger.loads), on_day(today.toordinal()), certain=False))
    result = graphql_sync(
        schema_of(sdl),
        operation.document,
        root,
        variable_values=operation.variables,
        field_resolver=_field,
        type_resolver=_type,
    )
    if result.errors:
        raise result.errors[0]
    return json.dumps({"data": _whole(result.data)}, ensure_ascii=False, separators=(",", ":"))


def _whole(value: Any) -> Any:
    """Numbers without decimals as whole ones, which are written without a point."""
    match value:
        case dict():
            return {name: _whole(one) for name, one in value.items()}
        case list():
            return [*map(_whole, value)]
        case float():
            return int(value) if value.is_integer() else value
    return value


def _field(view: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    return view.field(info.field_name, arguments)


def _type(view: EntityView | RecordView | StateView, *_: Any) -> str:
    return view.typename
