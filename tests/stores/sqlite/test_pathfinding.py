"""What a search for paths may take, and what it refuses; what it finds is tested against the oracle."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from orggraph.errors import OperationError
from orggraph.graphql.engine import Engine
from orggraph.stores.sqlite import pathfinding, reaching

ASKED = """query($most: Int!, $first: Int!) {
  ever { paths(from: "s-wang", to: "f-sci", maxLength: $most, first: $first) { paths { length } } }
}"""


def lengths(engine: Engine, **variables: Any) -> list[int]:
    data = json.loads(engine.execute(ASKED, variables))["data"]
    return [path["length"] for path in data["ever"]["paths"]["paths"]]


def test_it_gives_no_more_and_goes_no_farther_than_asked(engine_of: Callable[[str], Engine]) -> None:
    engine = engine_of("university")
    assert lengths(engine, most=6, first=5) == [1, 3]
    assert lengths(engine, most=6, first=1) == [1]
    assert lengths(engine, most=2, first=5) == [1]
    assert lengths(engine, most=6, first=0) == []


@pytest.mark.parametrize(("most", "first"), [(0, 5), (13, 5), (6, -1), (6, 101)])
def test_numbers_beyond_its_bounds_are_refused(engine_of: Callable[[str], Engine], most: int, first: int) -> None:
    with pytest.raises(OperationError, match="takes a number from") as refused:
        lengths(engine_of("university"), most=most, first=first)
    assert refused.value.code == "BAD_VALUE"


@pytest.mark.parametrize(("room", "bound"), [(reaching, "READ"), (pathfinding, "STEPS")])
def test_too_much_work_is_refused_and_says_how_to_mend(
    engine_of: Callable[[str], Engine], room: ModuleType, bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, bound, 1)
    with pytest.raises(OperationError, match="name relations with through:") as refused:
        lengths(engine_of("university"), most=6, first=5)
    assert refused.value.code == "TOO_COSTLY"
