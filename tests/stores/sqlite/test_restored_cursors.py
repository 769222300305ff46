"""Cursors after a copy was restored: a load that it does not have may have its number again by the next load, and is another one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orggraph.errors import OperationError
from orggraph.graphql.engine import Engine, RequestErrors
from orggraph.graphql.schema import sdl
from orggraph.opening import open_engine
from orggraph.stores.sqlite.copying import back_up, restore
from orggraph.stores.sqlite.load import load
from tests.small_model import FILES, MODEL, put

LISTS = {
    "persons": "persons(first: 2, after: $c) { pageInfo { endCursor } nodes { key } }",
    "a day": 'at(date: "2020-03-31") { persons(first: 2, after: $c) { pageInfo { endCursor } nodes { key } } }',
    "a range": "ever { persons(first: 2, after: $c) { pageInfo { endCursor } nodes { key } } }",
    "an order": "persons(orderBy: [{name: DESC}], first: 2, after: $c) { pageInfo { endCursor } nodes { key } }",
    "records": "records(first: 2, after: $c) { pageInfo { endCursor } nodes { key } }",
    "before": "persons(last: 2, before: $c) { pageInfo { endCursor: startCursor } nodes { key } }",
    "loads": "loads(first: 1, after: $c) { pageInfo { endCursor } nodes { number } }",
    "changes": "changes(since: 0, first: 2, after: $c) { pageInfo { endCursor } nodes { key } }",
}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Of one load; ``copy.db`` beside it too."""
    path = tmp_path / "small.db"
    load(path, {"small.yaml": MODEL}, sdl, [put(tmp_path / "in", FILES)])
    back_up(path, tmp_path / "copy.db", force=False)
    return path


def more(store: Path, name: str) -> None:
    people = "".join(f"q{number},{name}{number}（示例）\n" for number in range(3))
    load(store, None, sdl, [put(store.parent / name, {"人员.csv": f"键,姓名\n{people}"})])


def found(engine: Engine, asked: str, cursor: str | None = None) -> tuple[str, object]:
    """The cursor at the end, the rows."""
    answer = json.loads(engine.execute(f"query($c: String) {{ {asked} }}", {"c": cursor}))["data"]
    while "pageInfo" not in answer:
        (answer,) = answer.values()
    return answer["pageInfo"]["endCursor"], answer["nodes"]


def refused(engine: Engine, asked: str, cursor: str) -> str:
    with pytest.raises((OperationError, RequestErrors)) as told:
        found(engine, asked, cursor)
    error = told.value
    return str(error.errors[0]["extensions"]["code"] if isinstance(error, RequestErrors) else error.code)


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_of_a_load_that_is_gone_is_refused(name: str, store: Path, tmp_path: Path) -> None:
    asked = LISTS[name]
    kept, _ = found(open_engine(store), asked)
    expected = found(open_engine(store), asked, kept) if name not in ("loads", "changes") else None
    more(store, "王芳")
    gone, _ = found(open_engine(store), asked)
    found(open_engine(store), asked, gone)
    served = open_engine(store)  # it was open all the while
    restore(tmp_path / "copy.db", store, force=True)
    assert refused(served, asked, gone) == "CURSOR_LOAD"
    more(store, "赵雷")
    for engine in (served, open_engine(store)):
        assert refused(engine, asked, gone) == "CURSOR_LOAD"
        again, rows = found(engine, asked, kept)  # of a load that the copy has
        assert expected is None or rows == expected[1]
        anew, _ = found(engine, asked)
        assert anew != gone
        found(engine, asked, anew)
        assert again is None or found(engine, asked, again)


def test_a_scope_of_that_load_refuses_it_too(store: Path, tmp_path: Path) -> None:
    asked = f"at(load: 2) {{ {LISTS['persons']} }}"
    more(store, "王芳")
    gone, _ = found(open_engine(store), asked)
    restore(tmp_path / "copy.db", store, force=True)
    more(store, "赵雷")
    assert refused(open_engine(store), asked, gone) == "CURSOR_SCOPE"


def test_a_number_is_that_of_the_load_that_is_there(store: Path, tmp_path: Path) -> None:
    """An id that has a load's number names what is known at that load of this store, as ``at(load:)`` does."""
    asked = 'node(id: "q1~2") { ... on Person { key name } }'
    more(store, "王芳")
    restore(tmp_path / "copy.db", store, force=True)
    more(store, "赵雷")
    answer = json.loads(open_engine(store).execute(f"{{ {asked} }}"))
    assert answer["data"]["node"] == {"key": "q1", "name": "赵雷1（示例）"}
