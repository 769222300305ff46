"""A scope as a network has the entities and records, and the certainties, that GraphQL lists in it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import networkx as nx
import pytest

import orggraph
from orggraph.analysis.asked import graph_scope
from orggraph.analysis.between import Tie, together
from orggraph.analysis.files import Format, write_graph
from orggraph.analysis.graph import networkx_graph
from orggraph.analysis.measures import bridges, components, entities
from orggraph.analysis.tables import Measure, measured, worded
from orggraph.errors import OrggraphError
from orggraph.model.model import Model
from orggraph.stores.sqlite.opening import open_store
from tests.oracle.random_loads import random_loads
from tests.oracle.random_model import random_model

SCOPES: list[dict[str, Any]] = [
    {"at": "2010-06-15"},
    {"at": "2019-03-01", "certainty": "CERTAIN"},
    {"during": "2019"},
    {"during": "2015-02-01..2018-01-01", "certainty": "CERTAIN"},
    {"during": "..2012-01-01"},
    {"ever": True},
    {"ever": True, "certainty": "CERTAIN", "load": 1},
]
LISTED = "{ entities(first: 1000) { nodes { key certainty name } } records(first: 1000) { nodes { key certainty } } }"


def field(asked: dict[str, Any]) -> str:
    """The field of GraphQL that opens a scope."""
    parts = [f"{name}: {asked[name]}" for name in ("certainty", "load") if name in asked]
    if asked.get("ever"):
        return f"ever({', '.join(parts)})" if parts else "ever"
    if "at" in asked:
        day = asked["at"]
        return f"at({', '.join([f'date: {json.dumps(day)}', *parts])})"
    first, between, until = asked["during"].partition("..")
    days = {"from": first, "until": until} if between else {"in": first}
    parts += [f"{name}: {json.dumps(day)}" for name, day in days.items() if day]
    return f"during({', '.join(parts)})"


@pytest.mark.parametrize("seed", range(8))
def test_it_has_what_graphql_lists(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    text, model = random_model(rng)
    (tmp_path / "model.yaml").write_text(text, "utf-8")
    for name, content in random_loads(rng, model).files.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(content, "utf-8")
    with orggraph.open(tmp_path / "random.db", tmp_path / "model.yaml") as graph:
        graph.load(tmp_path / "in")
        for asked in SCOPES:
            drawn = graph.scope(**asked).to_networkx()
            (listed,) = graph.query(f"{{ {field(asked)} {LISTED} }}").data.values()
            nodes = {one["key"]: (one["certainty"], one["name"]) for one in listed["entities"]["nodes"]}
            assert {key: (data["certainty"], data["name"]) for key, data in drawn.nodes(data=True)} == nodes
            edges = {one["key"]: one["certainty"] for one in listed["records"]["nodes"]}
            assert {key: data["certainty"] for _, _, key, data in drawn.edges(keys=True, data=True)} == edges


@pytest.fixture(scope="session")
def drawn(store_of: Callable[[str], Path]) -> tuple[Model, nx.MultiDiGraph[str]]:
    store = open_store(store_of("university"))
    return store.model, networkx_graph(store.model, store.drawn(None, graph_scope(ever=True)))


def test_files_say_the_same_when_they_are_read_again(drawn: tuple[Model, nx.MultiDiGraph[str]], tmp_path: Path) -> None:
    _, graph = drawn
    for format, read in ((Format.GEXF, _read_gexf), (Format.GRAPHML, _read_graphml)):
        path = tmp_path / f"graph.{format}"
        write_graph(graph, path, format, "zh")
        again = read(path)
        assert {key: data["name"] for key, data in again.nodes(data=True)} == {
            key: data["name"] for key, data in graph.nodes(data=True)
        }
        told = sorted((one, other, data["id"], data["valid_zh"]) for one, other, data in again.edges(data=True))
        assert told == sorted(
            (one, other, key, data["valid_zh"]) for one, other, key, data in graph.edges(keys=True, data=True)
        )
        assert len(told) > 20
        with pytest.raises(OrggraphError, match="is there already"):
            write_graph(graph, path, format, "zh")


def _read_gexf(path: Path) -> nx.Graph[str]:
    return nx.read_gexf(path, version="1.3")


def _read_graphml(path: Path) -> nx.Graph[str]:
    return nx.read_graphml(path, force_multigraph=True)


def test_what_xml_has_no_place_for_is_replaced(tmp_path: Path) -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name="small")
    graph.add_node("o1", name="水\x0b务局𠮷", span=(1, 1, 5, 5))
    write_graph(graph, tmp_path / "graph.gexf", Format.GEXF, "zh")
    assert _read_gexf(tmp_path / "graph.gexf").nodes["o1"]["name"] == "水\ufffd务局𠮷"


def network(*edges: tuple[str, str]) -> nx.MultiDiGraph[str]:
    """A network of one kind and relation; record n joins the n-th two."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number, (one, other) in enumerate(edges, 1):
        graph.add_node(one, name=one.upper(), kind="Office")
        graph.add_node(other, name=other.upper(), kind="Office")
        graph.add_edge(one, other, f"r{number}", relation="Below")
    return graph


TWO_TRIANGLES = network(
    ("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "f"), ("f", "d"), ("x", "y"), ("y", "x")
)


def test_measures_of_two_triangles_on_a_bridge() -> None:
    found = entities(TWO_TRIANGLES)
    rows = {row.key: row for row in found.rows}
    assert (found.pivots, found.nodes) == (8, 8)
    assert [row.key for row in found.rows[:2]] == ["c", "d"]
    assert rows["c"].betweenness == pytest.approx(6 / 21)  # of the 21 pairs of others, {a, b} with {d, e, f}
    assert (rows["c"].records, rows["c"].neighbours, rows["c"].core, rows["c"].component) == (3, 3, 2, 1)
    assert (rows["x"].records, rows["x"].neighbours, rows["x"].core, rows["x"].component) == (2, 1, 1, 2)
    assert [tuple(row) for row in components(TWO_TRIANGLES)] == [(1, 6, 7, "c", "C"), (2, 2, 2, "x", "X")]
    assert [tuple(row) for row in bridges(TWO_TRIANGLES)] == [("r4", "Below", "c", "d", 3)]


def test_an_entity_joined_with_itself_is_measured() -> None:
    (row,) = entities(network(("a", "a"))).rows
    assert (row.records, row.neighbours, row.core) == (2, 0, 0)
    assert bridges(network(("a", "a"))) == ()
    assert entities(nx.MultiDiGraph()).rows == ()


def test_above_the_bound_betweenness_is_an_estimate_and_says_so(drawn: tuple[Model, nx.MultiDiGraph[str]]) -> None:
    model, graph = drawn
    told = measured(graph, model, Measure.ENTITIES, work=1_000)
    assert told.sampled
    assert told.notes[0][1].startswith("betweenness is an estimate from ")
    assert not measured(graph, model, Measure.ENTITIES).sampled


def test_two_records_sit_between_only_if_they_share_a_day_of_the_scope() -> None:
    early, late = Tie("a", "Chief", (10, 10, 20, 20), True), Tie("b", "Chief", (20, 20, 30, 30), True)
    vague = Tie("b", "Chief", (15, 25, 30, 30), True)
    ever, day = (-(10**6), -(10**6), 10**6, 10**6), (12, 12, 13, 13)
    assert together(ever, True, early, late) == (False, False)
    assert together(ever, True, early, vague) == (True, False)
    assert together(ever, True, vague, vague) == (True, True)  # at the latest from 25 on
    assert together(day, False, early, early) == (True, True)


def test_who_sits_between_two_departments(drawn: tuple[Model, nx.MultiDiGraph[str]]) -> None:
    model, graph = drawn
    told = measured(graph, model, Measure.BETWEEN, kind="Institute")
    assert told.rows
    one, other = (told.rows[0][told.columns.index(name)] for name in ("one", "other"))
    named = measured(graph, model, Measure.BETWEEN, [one, other])
    assert {row[0] for row in told.rows if (row[3], row[5]) == (one, other)} <= {row[0] for row in named.rows}
    assert all({row[3], row[5]} == {one, other} for row in named.rows)
    headings, rows = worded(told, graph, model, "zh")
    assert headings[:4] == ["编号", "名称", "类别", "一方"]
    assert rows[0][3] == f"{graph.nodes[one]['name']}（{one}）"
    for keys, kind in (([one], ""), ([], ""), ([one, "nobody"], ""), ([one, other], "Institute")):
        with pytest.raises(OrggraphError):
            measured(graph, model, Measure.BETWEEN, keys, kind)


def test_the_commands_print_and_write(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    def run(*arguments: str, status: int = 0) -> str:
        command = [str(Path(sys.executable).parent / "orggraph"), *arguments, "--store", str(store_of("university"))]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path)
        assert done.returncode == status, done.stderr
        return done.stdout if status == 0 else done.stderr

    told = json.loads(run("analyse", "components", "--ever", "--format", "json"))
    assert told["rows"][0]["number"] == 1
    assert told["total"] >= len(told["rows"])
    assert run("analyse", "entities", "--ever", "--format", "csv", "--first", "1").startswith("编号,名称,类别,记录数,")
    assert run("export", "gexf", "--ever").startswith("graph.gexf: ")
    assert "say a day, a time or --ever" in run("export", "graphml", "--ever", "--at", "2020-01-01", status=1)
    assert "is a kind; name relations" in run("export", "graphml", "--relation", "Source", status=1)
