"""Rows of one list and of all lists together are bounded to the row, whatever is printed of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orggraph.graphql.engine import Engine, RequestErrors
from orggraph.opening import open_engine
from orggraph.settings import Bounds

NESTED = "{ units(first: 9) { nodes { name deputyHeads { nodes { name } } } } }"
EDGES = "{ streets { edges { node { name communities { nodes { a: key } edges { certainty } } } } } }"
UNPRINTED = "{ streets { nodes { communities { pageInfo { endCursor } } } } }"


def rows(answer: Any) -> int:
    """Of all lists in an answer; ``nodes`` and ``edges`` of one connection are one list."""
    if isinstance(answer, list):
        return sum(map(rows, answer))
    if not isinstance(answer, dict):
        return 0
    here = max((len(answer[one]) for one in ("nodes", "edges") if one in answer), default=0)
    return here + sum(map(rows, answer.values()))


def refused(path: Path, document: str, bounds: Bounds) -> str:
    """The code of a refusal; blank where the whole answer is given."""
    try:
        open_engine(path, bounds).execute(document)
    except RequestErrors as error:
        return error.code
    return ""


@pytest.mark.parametrize("document", [NESTED, EDGES], ids=["nodes", "edges"])
def test_rows_of_all_lists_are_bounded_to_the_row(
    store_of: Callable[[str], Path], engine_of: Callable[[str], Engine], document: str
) -> None:
    number = rows(json.loads(engine_of("changji").execute(document))["data"])
    assert number > 5
    assert refused(store_of("changji"), document, Bounds(operation_rows=number)) == ""
    assert refused(store_of("changji"), document, Bounds(operation_rows=number - 1)) == "TOO_MANY"


def test_rows_of_which_only_a_cursor_is_printed_are_counted_too(store_of: Callable[[str], Path]) -> None:
    assert refused(store_of("changji"), UNPRINTED, Bounds(operation_rows=99)) == ""
    assert refused(store_of("changji"), UNPRINTED, Bounds(operation_rows=20)) == "TOO_MANY"


def test_rows_of_one_list_are_bounded_to_the_row(
    store_of: Callable[[str], Path], engine_of: Callable[[str], Engine]
) -> None:
    document = "{ communities { nodes { key } } }"
    number = rows(json.loads(engine_of("changji").execute(document))["data"])
    assert refused(store_of("changji"), document, Bounds(list_rows=number)) == ""
    assert refused(store_of("changji"), document, Bounds(list_rows=number - 1)) == "TOO_MANY"
