"""Hooks of schemathesis: what it makes of our scalars, which refusals are promised, and what an answer must be.

Every second document is mended to keep the rules that a schema cannot say (no ``first`` beside ``last``, no null that is
written, …), and must be answered, unless it asks for too much. The others must be answered or refused with a promised code.
Answers are executed again by graphql-core, over themselves: every value must be what the schema says.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from zlib import crc32

import graphql
import schemathesis
from graphql import language as ast
from hypothesis import strategies as st
from schemathesis.graphql import nodes
from schemathesis.graphql.checks import GraphQLClientError

TOO_MUCH = {
    "TOO_COMPLEX",
    "TOO_COSTLY",
    "TOO_DEEP",
    "TOO_MANY",
    "TOO_MANY_DAYS",
    "TOO_MANY_OVERLAPS",
    "TOO_MANY_TOKENS",
    "TIMEOUT",
    "TURNOVER_ON_A_DAY",
    "NOT_GROUPED",
}
"""What a document asks that is right by the schema, and cannot be: too much, or where it has no meaning."""
PROMISED = TOO_MUCH | {"BAD_CURSOR", "BAD_VALUE", "EMPTY_NOT", "EMPTY_OR", "NO_SUCH_LOAD", "NULL_WRITTEN"}
SCHEMA = graphql.build_schema(Path(os.environ["ORGGRAPH_SDL"]).read_text("utf-8"))
KEYS = os.environ["ORGGRAPH_KEYS"].split()
EITHER = {"first": {"last"}, "in": {"from", "until"}, "from": {"until"}}
"""What is dropped beside an argument."""
DAY = re.compile(r"\d{4}(-\d\d){0,2}")

days = st.dates().map(str)
schemathesis.graphql.scalar("Date", days.map(nodes.String))
schemathesis.graphql.scalar(
    "PartialDate", st.one_of(days, days.map(lambda day: day[:7]), days.map(lambda day: day[:4])).map(nodes.String)
)
schemathesis.graphql.scalar("Duration", st.sampled_from(["P1D", "P2W", "P3M", "P1Y"]).map(nodes.String))
schemathesis.graphql.scalar("URI", st.sampled_from(["https://example.org/a", "urn:x:y"]).map(nodes.String))


def is_mended(case: Any) -> bool:
    return isinstance(case.body, str) and case.body.endswith("# mended")


@schemathesis.hook
def map_case(context: schemathesis.HookContext, case: Any) -> Any:
    """Mends every second document that is right by the schema."""
    turn = crc32(case.body.encode())
    if case.meta.generation.mode.is_positive and turn % 2:
        case.body = ast.print_ast(ast.visit(ast.parse(case.body), Mend(turn))) + "# mended"
    return case


class Mend(ast.Visitor):
    """Keeps the rules that a schema cannot say, and asks for what there is."""

    def __init__(self, turn: int) -> None:
        super().__init__()
        self.turn = turn

    def leave_field(self, node: ast.FieldNode, *_: Any) -> None:
        given = {one.name.value: one for one in node.arguments if not is_null(one.value)}
        dropped = {"load", "knownAt", "after", "before"}
        for name, others in EITHER.items():
            dropped |= others if name in given else set()
        if self.next(3):
            dropped.add("where")
        match node.name.value:
            case "changes":
                dropped |= {"until"}
            case "paths" if "from" in given:  # the root's; its list has a field of that name
                given |= {end: _argument(end, self.key()) for end in ("from", "to")}
        if node.name.value == "each":
            given, dropped = {"dates": self.days()}, set()
        node.arguments = tuple(one for name, one in given.items() if name not in dropped)

    def leave_argument(self, node: ast.ArgumentNode, *_: Any) -> None:
        match node.name.value:
            case "first" | "last":
                node.value = ast.IntValueNode(value=str(self.next(20) + 1))
            case "since":
                node.value = ast.IntValueNode(value="0")
            case "maxLength":
                node.value = ast.IntValueNode(value=str(self.next(6) + 1))
            case "text":
                node.value = ast.StringValueNode(value="示")
            case "key" | "id":
                node.value = self.key()
            case "orderBy":
                node.value = ast.ListValueNode(values=tuple(map(by_one_key, orders(node.value))))
            case "ids":
                node.value = ast.ListValueNode(values=(self.key(), self.key()))

    def leave_string_value(self, node: ast.StringValueNode, *_: Any) -> None:
        if DAY.fullmatch(node.value):  # into the years of which something is told
            node.value = f"{2008 + self.next(14)}{node.value[4:]}".replace("-02-29", "-02-28")

    def leave_object_value(self, node: ast.ObjectValueNode, *_: Any) -> None:
        fields = [one for one in node.fields if not is_null(one.value) and not is_empty(one)]
        begins = any(one.name.value == "from" and isinstance(one.value, ast.StringValueNode) for one in fields)
        node.fields = tuple(one for one in fields if not (begins and one.name.value == "until"))

    def enter_selection_set(self, node: ast.SelectionSetNode, *_: Any) -> None:
        typename = ast.FieldNode(name=ast.NameNode(value="__typename"), arguments=(), directives=())
        node.selections = (*node.selections, typename)

    def days(self) -> ast.ArgumentNode:
        days = ast.ListValueNode(values=tuple(ast.StringValueNode(value=f"{year}-07-01") for year in (2012, 2019)))
        return ast.ArgumentNode(name=ast.NameNode(value="dates"), value=days)

    def key(self) -> ast.StringValueNode:
        return ast.StringValueNode(value=KEYS[self.next(len(KEYS))])

    def next(self, below: int) -> int:
        self.turn = crc32(self.turn.to_bytes(4))
        return self.turn % below


def _argument(name: str, value: ast.ValueNode) -> ast.ArgumentNode:
    return ast.ArgumentNode(name=ast.NameNode(value=name), value=value)


def orders(value: ast.ValueNode) -> list[ast.ObjectValueNode]:
    """The orders that say anything."""
    listed = value.values if isinstance(value, ast.ListValueNode) else (value,)
    return [one for one in listed if isinstance(one, ast.ObjectValueNode) and one.fields]


def by_one_key(order: ast.ObjectValueNode) -> ast.ObjectValueNode:
    """An order by the first of its keys, of that key's, and so on."""
    first = order.fields[0]
    if isinstance(first.value, ast.ObjectValueNode):
        first.value = by_one_key(first.value)
    order.fields = (first,)
    return order


def is_null(value: ast.ValueNode) -> bool:
    return isinstance(value, ast.NullValueNode)


def is_empty(one: ast.ObjectFieldNode) -> bool:
    match one.value:
        case ast.ListValueNode(values=values):
            return not values
        case ast.ObjectValueNode(fields=fields):
            return not fields
    return False


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Whether a failure is one."""
    if not isinstance(failure, GraphQLClientError):
        return True
    codes = {error["extensions"]["code"] for error in failure.errors}
    return not codes <= (TOO_MUCH if is_mended(case) else PROMISED)


@schemathesis.check
def answers_are_as_the_schema_says(ctx: Any, response: Any, case: Any) -> None:
    assert response.status_code in (200, 400), response.status_code
    told = response.json()
    if "data" in told and is_mended(case):
        document = graphql.parse(case.body)
        again = graphql.execute_sync(
            SCHEMA, document, told["data"], field_resolver=told_before, type_resolver=told_type
        )
        assert again.errors is None, again.errors
        assert again.data == told["data"]


def told_before(source: Any, info: graphql.GraphQLResolveInfo, **_: Any) -> Any:
    return source[info.path.key]


def told_type(value: Any, *_: Any) -> str:
    return str(value["__typename"])
