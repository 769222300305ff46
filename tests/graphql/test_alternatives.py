"""What is unknown is told with what there is, where nothing near can be proposed, and only to whom the schema is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from orggraph.graphql.engine import RequestErrors
from orggraph.opening import open_engine
from orggraph.settings import Bounds


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{ at(certainty: SURE) { scholars { totalCount } } }", "There are CERTAIN, POSSIBLE."),
        ("{ scholars(zzzz: 1) { totalCount } }", "There are where, orderBy, first, after, last, before."),
        ("{ scholars { zzzz } }", "There are edges, nodes, "),
        ("{ scholars(where: {zzzz: 1}) { totalCount } }", "There are "),
        ("{ scholars { nodes { naem } } }", "Did you mean 'name'"),
    ],
)
def test_what_there_is_is_told(store_of: Callable[[str], Path], document: str, words: str) -> None:
    path = store_of("university")
    with pytest.raises(RequestErrors, match=words):
        open_engine(path).execute(document)
    with pytest.raises(RequestErrors) as refused:
        open_engine(path, introspection=False).execute(document)
    assert words not in str(refused.value)


@pytest.mark.parametrize(
    ("document", "mend"),
    [
        ("{ scholars { totalCount } }", "with first: or where:"),
        ("{ scholars(where: {key: {isNull: false}}) { totalCount } }", "with first:$"),
        ('{ scholars(last: 5, where: {name: {contains: "a"}}) { nodes { name } } }', "--bound price="),
    ],
)
def test_who_asks_too_much_is_told_what_was_not_tried(
    store_of: Callable[[str], Path], document: str, mend: str
) -> None:
    with pytest.raises(RequestErrors, match=mend):
        open_engine(store_of("university"), Bounds(price=0.001)).execute(document)
