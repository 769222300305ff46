"""Whatever a document holds, it is refused or stopped with its code, after little work of its own; what is priced is bounded."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse

from orggraph.graphql.engine import Engine, RequestErrors
from orggraph.graphql.figures import Figures
from orggraph.graphql.price import Pricing
from orggraph.opening import open_engine
from orggraph.settings import Bounds, read_bounds
from tests.graphql.hostile import ALL, BOUNDS, Hostile

GENEROUS = 2.0
"""Seconds that no refusal takes, on however slow a machine."""
LIMITLESS = Bounds(size=10**12, price=1e300)
FLAGSHIP = Path(__file__).parents[2] / "queries" / "01-unit-deputies-cover-communities" / "query.graphql"


@pytest.fixture(scope="module")
def engine(store_of: Callable[[str], Path]) -> Engine:
    return open_engine(store_of("changji"), BOUNDS)


@pytest.fixture(scope="module")
def unhurried(store_of: Callable[[str], Path]) -> Engine:
    """With time enough for what is stopped by another bound, on however slow a machine."""
    return open_engine(store_of("changji"), replace(BOUNDS, seconds=60.0))


def figures(engine: Engine, document: str, bounds: Bounds = LIMITLESS) -> tuple[Figures, Pricing]:
    """What a document with one operation comes to."""
    ast = parse(document)
    fragments = {one.name.value: one for one in ast.definitions if isinstance(one, FragmentDefinitionNode)}
    operation = next(one for one in ast.definitions if isinstance(one, OperationDefinitionNode))
    pricing = Pricing(engine.words, engine.schema, engine.store, fragments, {}, bounds)
    return pricing.operation(operation), pricing


def test_there_are_thirty_hostile_documents_of_every_sort() -> None:
    assert len({one.name for one in ALL}) == len(ALL) >= 30
    assert {one.metadata["code"] for one in Bounds.__dataclass_fields__.values()} - {""} <= {one.code for one in ALL}


@pytest.mark.parametrize("hostile", ALL, ids=lambda one: one.name)
def test_a_hostile_document_is_refused_or_stopped_with_its_code(
    engine: Engine, unhurried: Engine, hostile: Hostile
) -> None:
    asked = engine if hostile.code == "TIMEOUT" else unhurried
    began = time.process_time()
    with pytest.raises(RequestErrors) as refused:
        asked.execute(hostile.document, hostile.variables)
    assert refused.value.code == hostile.code, refused.value.message
    assert all(len(error["message"]) <= 1_001 for error in refused.value.errors)
    assert len(refused.value.errors) <= 10
    assert time.process_time() - began < GENEROUS


@pytest.mark.parametrize(
    "name", ["a_fragment_bomb", "a_fragment_that_doubles_forty_times", "fragments_merged_in_every_way"]
)
def test_a_bomb_is_priced_by_its_text(engine: Engine, name: str) -> None:
    document = next(one.document for one in ALL if one.name == name)
    found, pricing = figures(engine, document)
    assert max(found.rows, found.size) > 1_000_000
    assert pricing.merging.work < len(document)


def test_pricing_itself_stops_at_the_size_that_is_allowed(engine: Engine) -> None:
    """Selections can be merged into exponentially many sets: then the walk ends, not only its sum."""
    states = "".join(
        f"fragment S{i} on Person{{a:ever{{...S{(i + 1) % 12} {'...S0' if i == 11 else ''}}} b:ever{{...S{(i * 5 + 1) % 12}}}}} "
        for i in range(12)
    )
    document = '{person(key:"x"){' + " ".join(f"...S{i}" for i in range(12)) + "}} " + states
    with pytest.raises(RequestErrors) as refused:
        engine.execute(document)
    assert refused.value.code in ("TOO_DEEP", "TOO_COMPLEX", "TOO_COSTLY")


def test_the_flagship_is_far_from_every_bound(engine: Engine) -> None:
    found, _ = figures(engine, FLAGSHIP.read_text("utf-8"))
    assert found.rows < Bounds().price / 100
    assert found.size < Bounds().size / 20
    assert found.height < Bounds().depth / 3


@pytest.mark.parametrize(
    ("cheaper", "dearer", "times"),
    [
        ("{units(first: 1) {nodes {name}}}", "{units(first: 10) {nodes {name}}}", 7),
        ("{units(last: 1) {nodes {key}} }", "{units(last: 1) {nodes {key} totalCount}}", 1.4),
        ("{units {totalCount}}", "{units {totalCount pageInfo {hasNextPage}}}", 1.9),
        ("{units {totalCount}}", '{each(dates: ["2019-01-01", "2020-01-01"]) {units {totalCount}}}', 2),
        ('{nodes(ids: ["a"]) {id}}', '{nodes(ids: ["a", "b", "c"]) {id}}', 3),
        ("{units {nodes {name}}}", "{units {nodes {deputyHeads {nodes {name}}}}}", 1.5),
        ("{units {totalCount}}", "{units(where: {deputyHeads: {some: {}}}) {totalCount}}", 1.5),
        (
            "{units(where: {deputyHeads: {count: {gte: 1}}}) {totalCount}}",
            "{units(where: {deputyHeads: {count: {eq: 1}}}) {totalCount}}",
            1.2,
        ),
        (
            "{units(first: 1) {nodes {key}}}",
            "{units(first: 1, orderBy: [{deputyHeads: {count: ASC}}]) {nodes {key}}}",
            5,
        ),
    ],
)
def test_more_is_dearer(engine: Engine, cheaper: str, dearer: str, times: float) -> None:
    assert figures(engine, dearer)[0].rows >= times * figures(engine, cheaper)[0].rows > 0


def test_counts_with_both_bounds_double_the_statement_at_every_level(engine: Engine) -> None:
    def size(depth: int) -> float:
        where = '{name: {eq: "王"}}'
        for i in range(depth):
            where = (
                f"{{{('deputyHeads', 'deputyHeadPosts')[(depth - 1 - i) % 2]}: {{count: {{eq: 1, where: {where}}}}}}}"
            )
        return figures(engine, f"{{units(where: {where}) {{totalCount}}}}")[0].size

    assert size(9) > 1.9 * size(8) > 3.6 * size(7)


def test_a_page_size_in_a_variable_is_priced_each_time(engine: Engine) -> None:
    document = "query($n: Int) { persons(first: $n) { nodes { workplaces { nodes { workers { totalCount } } } } } }"
    few, many = (engine.ask(document, {"n": n}) for n in (1, 2_000))
    assert few.statement is many.statement
    assert many.rows > 1_000 * few.rows
    assert engine.known(document, {"n": 1}) == few


def test_variables_of_wrong_types_are_refused_whatever_their_size(engine: Engine) -> None:
    for value in ({"first": 1}, [[1]], "x" * 100_000, 10**300, True, [None], {"": None}):
        with pytest.raises(RequestErrors) as refused:
            engine.execute("query($n: Int) { persons(first: $n) { nodes { name } } }", {"n": value})
        assert refused.value.code in ("BAD_VARIABLE", "TOO_COSTLY")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("second=2", "did you mean seconds?"),
        ("nothing=2", "one of document_bytes"),
        ("seconds", "a number above 0"),
        ("seconds=nan", "a number above 0"),
        ("list_rows=1.5", "a whole number above 0"),
        ("list_rows=-1", "a whole number above 0"),
    ],
)
def test_a_bound_that_is_none_is_told(given: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("?", r"\?")):
        read_bounds([given])


def test_bounds_are_set_by_name() -> None:
    assert read_bounds(["seconds=2", "list_rows=500"]) == Bounds(seconds=2.0, list_rows=500)


def test_documents_are_kept_by_their_weight_and_the_oldest_go(store_of: Callable[[str], Path]) -> None:
    engine = open_engine(store_of("minimal"), Bounds(documents_kept=1))
    first, long = "{ clubs { totalCount } }", "{ clubs { totalCount } } #" + "长" * 1_500
    engine.execute(first)
    assert engine.known(first, {})
    engine.execute(long)
    assert engine.known(first, {}) is None
    assert engine.known(long, {})
