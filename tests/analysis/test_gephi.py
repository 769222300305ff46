"""Gephi's own importers open what we write, with no complaint. Wants Java and `make gephi`."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from orggraph.analysis.asked import graph_scope
from orggraph.analysis.files import Format, write_graph
from orggraph.analysis.graph import networkx_graph
from orggraph.stores.sqlite.opening import open_store
from tests.conftest import ROOT

TOOLKIT = sorted((ROOT / ".venv" / "gephi").glob("gephi-toolkit-*-all.jar"))
JAVA = shutil.which("java")


@pytest.mark.skipif(JAVA is None, reason="there is no Java here")
@pytest.mark.skipif(not TOOLKIT, reason="Gephi's toolkit is not here: make gephi")
def test_gephi_opens_both_forms(store_of: Callable[[str], Path], tmp_path: Path) -> None:
    store = open_store(store_of("changji"))
    graph = networkx_graph(store.model, store.drawn(None, graph_scope(ever=True)))
    files = [tmp_path / f"graph.{format}" for format in Format]
    for format, path in zip(Format, files, strict=True):
        write_graph(graph, path, format, "zh")
    opening = [
        str(JAVA),
        "-Djava.awt.headless=true",
        "-cp",
        str(TOOLKIT[-1]),
        str(Path(__file__).with_name("Opened.java")),
    ]
    command = [*opening, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    counts = f"{graph.number_of_nodes()} {graph.number_of_edges()}"
    assert done.stdout.splitlines() == [f"graph {counts} DOUBLE", f"graph {counts} DATE"], done.stderr
